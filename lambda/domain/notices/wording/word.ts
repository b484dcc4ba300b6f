import type { EventType, HistoryEvent } from '../../events.ts';
import { code } from '../phrase.ts';
import { isPartly, keyAdopted, keyStillUsed } from './adoption.ts';
import { keyInUse, keyReactivated } from './delay.ts';
import { deletionUpcoming, keyDeleted } from './deleted.ts';
import { isSettled, keyDisabled } from './disabled.ts';
import { exemptionEnded, exemptionEnding, exemptionGranted, exemptionRevoked } from './exemption.ts';
import { keyRestored, keySnoozed, requestRefused } from './request.ts';
import { retirementCancelled, retirementStarted } from './retirement.ts';
import { keyPublishedAlone, keyReplaced, rotationUpcoming } from './rotation.ts';
import {
  failed,
  orphanRemoved,
  rootKeySeen,
  rotationAbandoned,
  rotationFailed,
  runFailed,
  userBlocked,
} from './trouble.ts';
import type { Voice, Wording } from './wording.ts';

/** The words for an event. */
export function word(event: HistoryEvent, voice: Voice): Wording {
  switch (event.type) {
    case 'rotation-upcoming':
      return rotationUpcoming(event, voice);
    case 'key-replaced':
      return keyReplaced(event, voice);
    case 'key-published':
      return keyPublishedAlone(event, voice);
    case 'key-adopted':
      return keyAdopted(event, voice);
    case 'key-still-used':
      return keyStillUsed(event, voice);
    case 'retirement-started':
      return retirementStarted(event, voice);
    case 'retirement-cancelled':
      return retirementCancelled(event, voice);
    case 'key-disabled':
      return keyDisabled(event, voice);
    case 'deletion-upcoming':
      return deletionUpcoming(event, voice);
    case 'key-deleted':
      return keyDeleted(event, voice);
    case 'key-reactivated':
      return keyReactivated(event, voice);
    case 'key-restored':
      return keyRestored(event, voice);
    case 'key-snoozed':
      return keySnoozed(event, voice);
    case 'request-refused':
      return requestRefused(event, voice);
    case 'step-waiting':
      return event.details.reason === 'in-use' ? keyInUse(event, voice) : onRecord(event, voice);
    case 'exemption-ending':
      return exemptionEnding(event, voice);
    case 'exemption-ended':
      return exemptionEnded(voice);
    case 'exemption-granted':
      return exemptionGranted(event, voice);
    case 'exemption-revoked':
      return exemptionRevoked(event, voice);
    case 'run-failed':
      return runFailed(event, voice);
    case 'sweep-failed':
    case 'disable-failed':
    case 'delete-failed':
    case 'restore-failed':
      return failed(event, voice);
    case 'root-key-seen':
      return rootKeySeen(event, voice);
    case 'user-blocked':
      return userBlocked(event, voice);
    case 'rotation-failed':
      return rotationFailed(event, voice);
    case 'rotation-abandoned':
      return rotationAbandoned(event, voice);
    case 'orphan-removed':
      return orphanRemoved(voice);
    default:
      return onRecord(event, voice);
  }
}

/** Nobody is told of these. Should that change before there are words for one: better these than no notice. */
const onRecord = ({ type }: HistoryEvent, { words }: Voice): Wording => ({
  heading: words('on-record.heading'),
  lines: [words('on-record.lines.what', { type: code(type) })],
});

/** What comes first in a notice: what may be broken now, then what has to be done, then what is good to know. */
const order: readonly EventType[] = [
  'root-key-seen',
  'run-failed',
  'sweep-failed',
  'user-blocked',
  'rotation-failed',
  'disable-failed',
  'delete-failed',
  'restore-failed',
  'key-disabled',
  'key-still-used',
  'step-waiting',
  'key-reactivated',
  'key-restored',
  'key-published',
  'key-replaced',
  'key-snoozed',
  'retirement-started',
  'request-refused',
  'exemption-ending',
  'exemption-ended',
  'exemption-revoked',
  'deletion-upcoming',
  'rotation-upcoming',
  'key-adopted',
  'retirement-cancelled',
  'rotation-abandoned',
  'orphan-removed',
  'key-deleted',
  'exemption-granted',
];

/** Place of an event in a notice: smaller comes first. */
export function urgency(event: HistoryEvent): number {
  const place = order.indexOf(standIn(event));
  return place < 0 ? order.length : place;
}

/** The type of event that matters as much as this one. */
function standIn(event: HistoryEvent): EventType {
  // A key that nobody misses is good to know, no more.
  if (event.type === 'key-disabled' && isSettled(event)) return 'key-deleted';
  return event.type === 'key-adopted' && isPartly(event) ? 'key-still-used' : event.type;
}
