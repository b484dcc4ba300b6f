import type { EventType, HistoryEvent } from '../events.ts';
import { daysAfter, type Instant } from '../time.ts';
import {
  type Announcement,
  isReal,
  type KeyPast,
  type Mark,
  type RetirementPast,
  setCreated,
  setStatus,
} from './key-past.ts';
import { instantOf } from './recorded-time.ts';

/** The types of event that say something of one key, or of a user's. A reader of history may leave out all others. */
export const keyEventTypes = [
  'inventory-taken',
  'rotation-upcoming',
  'rotation-intended',
  'rotation-failed',
  'rotation-abandoned',
  'orphan-removed',
  'key-published',
  'key-replaced',
  'key-adopted',
  'retirement-started',
  'retirement-cancelled',
  'disable-failed',
  'key-disabled',
  'delete-failed',
  'key-deleted',
  'key-restored',
  'key-snoozed',
  'key-reactivated',
  'step-waiting',
  'user-blocked',
  'user-unblocked',
  'user-gone',
  'user-replaced',
  'exemption-granted',
  'exemption-revoked',
  'exemption-ended',
  'notice-delivered',
] as const satisfies readonly EventType[];

/** Brings one key forward by one event about it. Answers the announcement that the event is, if it is one. */
export function foldKey(key: KeyPast, event: HistoryEvent): Announcement | undefined {
  const mark: Mark = { at: instantOf(event.time), event: event.id };
  key.lastSeen = mark;
  if (event.userPath !== undefined) key.path = event.userPath;
  if (event.userId !== undefined) key.userId = event.userId;
  if (event.type === 'rotation-upcoming') {
    const rotateAt = instantOf(event.details.rotateAt);
    const deliveries = key.warned?.rotateAt === rotateAt ? key.warned.deliveries.slice(-1) : [];
    key.warned = { ...mark, type: event.type, rotateAt, deliveries };
    setCreated(key, { at: daysAfter(rotateAt, -event.policy.rotateAfterDays), from: 'warning' });
    return key.warned;
  }
  if (!isReal(event)) return undefined;
  // Not in an enforcing account: what somebody did is a fact, what it means for the pretended plan is not.
  if (event.mode === 'observe') return foldFact(key, event, mark.at);
  return foldAct(key, event, mark);
}

function foldFact(key: KeyPast, event: HistoryEvent, at: Instant): undefined {
  if (event.type === 'key-disabled') setStatus(key, 'Inactive', at, 'somebody');
  if (event.type === 'key-deleted') setStatus(key, 'gone', at, 'somebody');
  return undefined;
}

function foldAct(key: KeyPast, event: HistoryEvent, mark: Mark): Announcement | undefined {
  const { at } = mark;
  switch (event.type) {
    case 'rotation-intended':
      key.rotating = mark;
      return undefined;
    case 'rotation-failed':
      key.failure = { ...mark, step: 'rotate', error: event.details.error };
      return undefined;
    case 'rotation-abandoned':
      delete key.rotating;
      return undefined;
    case 'orphan-removed':
      setStatus(key, 'gone', at, 'keyturn');
      return undefined;
    case 'key-published':
      key.replaces = event.details.replaces;
      setCreated(key, { at, from: 'published' });
      return undefined;
    case 'disable-failed':
      key.failure = { ...mark, step: 'disable', error: event.details.error };
      return undefined;
    case 'delete-failed':
      key.failure = { ...mark, step: 'delete', error: event.details.error };
      return undefined;
    case 'retirement-cancelled':
      delete key.retirement;
      delete key.waiting;
      return undefined;
    case 'step-waiting': {
      const { step, reason, until } = event.details;
      key.waiting = { ...mark, step, reason, ...(until === undefined ? {} : { until: instantOf(until) }) };
      return undefined;
    }
    case 'key-replaced':
    case 'retirement-started':
      return beginRetirement(key, event, mark);
    default:
      return foldWayOut(key, event, mark);
  }
}

function beginRetirement(
  key: KeyPast,
  event: HistoryEvent<'key-replaced'> | HistoryEvent<'retirement-started'>,
  mark: Mark,
): Announcement {
  const announcement = { ...mark, type: event.type, deliveries: [] };
  const { disableAt, deleteAt } = event.details;
  if (key.retirement !== undefined && 'after' in event.details) {
    const dates = { ...(disableAt && { disableAt: instantOf(disableAt) }), deleteAt: instantOf(deleteAt) };
    Object.assign(key.retirement, dates).announcements.push(announcement);
    delete key.waiting;
    return announcement;
  }
  const how =
    event.type === 'key-replaced'
      ? ({ why: 'rotated', successorKeyId: event.details.incomingKeyId, secretName: event.details.secretName } as const)
      : {
          why: event.details.why,
          ...(event.details.successorKeyId && { successorKeyId: event.details.successorKeyId }),
        };
  key.retirement = {
    ...how,
    started: mark,
    announcements: [announcement],
    ...(disableAt === undefined ? {} : { disableAt: instantOf(disableAt) }),
    deleteAt: instantOf(deleteAt),
  };
  delete key.rotating;
  delete key.waiting;
  delete key.failure;
  return announcement;
}

function retirementFoundAtItsEnd({ details }: HistoryEvent<'key-disabled'>, started: Mark): RetirementPast {
  const { why, deleteAt, successorKeyId } = details;
  const successor = successorKeyId === undefined ? {} : { successorKeyId };
  return { why, ...successor, started, announcements: [], deleteAt: instantOf(deleteAt) };
}

function foldWayOut(key: KeyPast, event: HistoryEvent, mark: Mark): Announcement | undefined {
  // Of whose beginning nothing is on record, nothing is known to have been told either.
  if (event.type === 'key-disabled') key.retirement ??= retirementFoundAtItsEnd(event, mark);
  const { retirement } = key;
  const announcement: Announcement = { ...mark, type: event.type, deliveries: [] };
  switch (event.type) {
    case 'key-disabled': {
      const { by, deleteAt, requestId } = event.details;
      setStatus(key, 'Inactive', mark.at, by);
      delete key.waiting;
      delete key.failure;
      if (retirement === undefined) return undefined;
      retirement.disabled = { ...mark, by, atOnce: requestId !== undefined };
      retirement.deleteAt = instantOf(deleteAt);
      break;
    }
    case 'key-deleted':
      setStatus(key, 'gone', mark.at, event.details.by);
      delete key.waiting;
      delete key.failure;
      if (retirement !== undefined) retirement.deleted = { ...mark, by: event.details.by };
      return undefined;
    case 'key-reactivated':
    case 'key-restored': {
      setStatus(key, 'Active', mark.at, event.type === 'key-restored' ? 'keyturn' : 'somebody');
      if (retirement === undefined) return undefined;
      delete retirement.disabled;
      retirement.disableAt = instantOf('until' in event.details ? event.details.until : event.details.disableAt);
      break;
    }
    case 'key-snoozed': {
      if (retirement === undefined) return undefined;
      const until = instantOf(event.details.until);
      if (event.details.step === 'disable') retirement.disableAt = until;
      else retirement.deleteAt = until;
      break;
    }
    default:
      return undefined;
  }
  retirement.announcements.push(announcement);
  return announcement;
}
