import type { HistoryEvent } from '../domain/events.ts';
import type { AccessKeyId } from '../domain/ids.ts';
import type { Step } from '../domain/step.ts';
import { type Instant, toIso } from '../domain/time.ts';
import type { Tracking } from '../domain/tracking.ts';
import * as changes from '../domain/tracking-changes.ts';
import { refused, restored, snoozed } from './answer-requests.ts';
import { adopted, remindedOfDeletion, remindedStillUsed } from './remind.ts';
import type { UserLedger } from './user-ledger.ts';

/** Steps that change nothing in IAM: they are carried out by writing them down. */
export type BookkeepingStep = Exclude<
  Step,
  { kind: 'rotate' | 'disable' | 'delete' | 'restore' | 'recover' | 'replace-user' }
>;

/** Writes down what the step says; true when there was something to write. */
export async function keepBooks(ledger: UserLedger, step: BookkeepingStep, now: Instant): Promise<boolean> {
  const entry = entryOf(ledger, step, now);
  if (entry === undefined) return false;
  await ledger.write(entry.tracking, [entry.event]);
  return true;
}

/** What is tracked from now on, and the event that tells it. */
export interface Entry {
  readonly tracking: Tracking;
  readonly event: HistoryEvent;
}

function entryOf(ledger: UserLedger, step: BookkeepingStep, now: Instant): Entry | undefined {
  const { tracking } = ledger;
  switch (step.kind) {
    case 'none':
      return undefined;
    case 'warn': {
      const { keyId, thresholdDays, rotateAt } = step;
      const event = ledger.event('rotation-upcoming', keyId, { rotateAt: toIso(rotateAt), thresholdDays });
      return { tracking: changes.withWarning(tracking, keyId, thresholdDays), event };
    }
    case 'start-retirement':
      return started(ledger, step, now);
    case 'cancel-retirement': {
      const event = ledger.event('retirement-cancelled', step.keyId, { why: step.reason });
      return { tracking: changes.withoutRetirement(tracking, step.keyId), event };
    }
    case 'record-disabled':
      return disabled(ledger, step.keyId, step.by, step.at, step.deleteAt);
    case 'record-deleted':
      return deleted(ledger, step.keyId, step.by);
    case 'record-reactivated':
      return reactivated(ledger, step, now);
    case 'wait': {
      if (!step.isNew) return undefined;
      const { keyId, reason, until, lastUse } = step;
      const event = ledger.event('step-waiting', keyId, {
        step: step.step,
        reason,
        ...(until === undefined ? {} : { until: toIso(until) }),
        ...(lastUse === undefined ? {} : { lastUse: { ...lastUse, at: toIso(lastUse.at) } }),
      });
      return { tracking: changes.withWait(tracking, keyId, step.step, reason), event };
    }
    case 'block': {
      if (!step.isNew) return undefined;
      const event = ledger.event('user-blocked', undefined, { reason: step.reason, keys: ledger.user.keys.length });
      return { tracking: changes.withBlocked(tracking, step.reason), event };
    }
    case 'unblock':
      return {
        tracking: changes.withBlocked(tracking, undefined),
        event: ledger.event('user-unblocked', undefined, {}),
      };
    case 'tell-exemption-ending': {
      const { exemptionId, expiresAt } = step;
      const event = ledger.event('exemption-ending', undefined, { exemptionId, expiresAt: toIso(expiresAt) });
      return { tracking: { ...tracking, exemptionTold: exemptionId }, event };
    }
    case 'tell-exemption-ended': {
      const { exemptionTold: _, ...rest } = tracking;
      return { tracking: rest, event: ledger.event('exemption-ended', undefined, { exemptionId: step.exemptionId }) };
    }
    case 'record-adopted':
      return adopted(ledger, step);
    case 'remind-still-used':
      return remindedStillUsed(ledger, step);
    case 'remind-delete-coming':
      return remindedOfDeletion(ledger, step);
    case 'record-restored':
      return restored(ledger, step);
    case 'snooze':
      return snoozed(ledger, step);
    case 'refuse':
      return refused(ledger, step);
    default:
      return step satisfies never;
  }
}

function started(ledger: UserLedger, step: Extract<Step, { kind: 'start-retirement' }>, now: Instant): Entry {
  const { keyId, reason, successorKeyId, disableAt, deleteAt } = step;
  const successor = successorKeyId === undefined ? {} : { successorKeyId };
  const event = ledger.event('retirement-started', keyId, {
    why: reason,
    ...successor,
    ...(disableAt === undefined ? {} : { disableAt: toIso(disableAt) }),
    deleteAt: toIso(deleteAt),
  });
  const promisedAt = disableAt ?? deleteAt;
  const retirement = { keyId, why: reason, ...successor, startedAt: now, announcement: event.id, promisedAt };
  return { tracking: changes.withRetirement(ledger.tracking, retirement), event };
}

/** The entry that closes a disable: the key is Inactive since `at`, and may be deleted at `deleteAt`. */
export function disabled(
  ledger: UserLedger,
  keyId: AccessKeyId,
  by: 'keyturn' | 'somebody',
  at: Instant,
  deleteAt: Instant,
): Entry | undefined {
  const retirement = ledger.tracking.retirements[keyId];
  if (retirement === undefined) return undefined;
  const { intent: _, ...rest } = retirement;
  const { successorKeyId } = rest;
  const event = ledger.event('key-disabled', keyId, {
    by,
    why: rest.why,
    deleteAt: toIso(deleteAt),
    ...(successorKeyId === undefined ? {} : { successorKeyId }),
  });
  const closed = { ...rest, disabledAt: at, announcement: event.id, promisedAt: deleteAt };
  return { tracking: changes.withRetirement(ledger.tracking, closed), event };
}

/** The entry that closes a deletion. */
export function deleted(ledger: UserLedger, keyId: AccessKeyId, by: 'keyturn' | 'somebody'): Entry {
  const why = ledger.tracking.retirements[keyId]?.why;
  const event = ledger.event('key-deleted', keyId, { by, ...(why === undefined ? {} : { why }) });
  return { tracking: changes.withoutKey(ledger.tracking, keyId), event };
}

function reactivated(
  ledger: UserLedger,
  { keyId, disableAt }: Extract<Step, { kind: 'record-reactivated' }>,
  now: Instant,
): Entry | undefined {
  const retirement = ledger.tracking.retirements[keyId];
  if (retirement === undefined) return undefined;
  const { disabledAt: _, intent: __, ...rest } = retirement;
  const { successorKeyId } = rest;
  const event = ledger.event('key-reactivated', keyId, {
    disableAt: toIso(disableAt),
    ...(successorKeyId === undefined ? {} : { successorKeyId }),
  });
  const again = { ...rest, startedAt: now, announcement: event.id, promisedAt: disableAt };
  return { tracking: changes.withRetirement(ledger.tracking, again), event };
}
