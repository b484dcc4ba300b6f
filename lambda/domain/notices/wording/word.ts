import type { EventType, HistoryEvent } from '../../events.ts';
import { code, say } from '../phrase.ts';
import { keyInUse, keyReactivated } from './delay.ts';
import { exemptionEnding, exemptionGranted, exemptionRevoked } from './exemption.ts';
import { keyDeleted, keyDisabled, retirementCancelled, retirementStarted } from './retirement.ts';
import { keyReplaced, rotationUpcoming } from './rotation.ts';
import {
  deleteFailed,
  disableFailed,
  orphanRemoved,
  rootKeySeen,
  rotationAbandoned,
  rotationFailed,
  runFailed,
  sweepFailed,
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
    case 'retirement-started':
      return retirementStarted(event, voice);
    case 'retirement-cancelled':
      return retirementCancelled(event);
    case 'key-disabled':
      return keyDisabled(event, voice);
    case 'key-deleted':
      return keyDeleted(event, voice);
    case 'key-reactivated':
      return keyReactivated(event, voice);
    case 'step-waiting':
      return event.details.reason === 'in-use' ? keyInUse(event, voice) : onRecord(event);
    case 'exemption-ending':
      return exemptionEnding(event, voice);
    case 'exemption-granted':
      return exemptionGranted(event, voice);
    case 'exemption-revoked':
      return exemptionRevoked(event);
    case 'run-failed':
      return runFailed(event);
    case 'sweep-failed':
      return sweepFailed(event);
    case 'root-key-seen':
      return rootKeySeen(event);
    case 'user-blocked':
      return userBlocked(event);
    case 'rotation-failed':
      return rotationFailed(event);
    case 'rotation-abandoned':
      return rotationAbandoned(event);
    case 'orphan-removed':
      return orphanRemoved();
    case 'disable-failed':
      return disableFailed(event);
    case 'delete-failed':
      return deleteFailed(event);
    default:
      return onRecord(event);
  }
}

/** Nobody is told of these. Should that change before there are words for one: better these than no notice. */
const onRecord = ({ type }: HistoryEvent): Wording => ({
  heading: 'On record',
  lines: [say`Keyturn recorded ${code(type)}.`],
});

/** What comes first in a notice: what may be broken now, then what has to be done, then what is good to know. */
const order: readonly EventType[] = [
  'root-key-seen',
  'sweep-failed',
  'user-blocked',
  'rotation-failed',
  'disable-failed',
  'delete-failed',
  'key-disabled',
  'step-waiting',
  'key-reactivated',
  'key-replaced',
  'retirement-started',
  'exemption-ending',
  'exemption-revoked',
  'rotation-upcoming',
  'retirement-cancelled',
  'rotation-abandoned',
  'orphan-removed',
  'key-deleted',
  'exemption-granted',
];

/** Place of an event in a notice: smaller comes first. */
export const urgency = ({ type }: HistoryEvent): number => (order.includes(type) ? order.indexOf(type) : order.length);
