import { deleteGapDays, disableGapDays } from '../../../lambda/domain/policy.ts';
import { daysAfter, fromIso, type Instant, toIso } from '../../../lambda/domain/time.ts';
import {
  type Evidence,
  type Invariant,
  isAskedToStop,
  type KeyChange,
  keyChanges,
  lastAbout,
  RUN_TOLERANCE,
} from './evidence.ts';

/** Nothing is disabled or deleted before its deadline (the two rules of maximum in DESIGN section 3). */
export const nothingBeforeItsDeadline: Invariant = (evidence) =>
  keyChanges(evidence).flatMap((change) => {
    const earliest = earliestFor(evidence, change);
    if (earliest === undefined) return [];
    const { kind, key, user } = change;
    const what = `Key ${key.keyId} of user ${user.userName} was ${kind}`;
    if (earliest === 'never') return [`${what}, and nothing on record had announced it.`];
    if (evidence.runAt >= earliest - RUN_TOLERANCE) return [];
    return [`${what} on ${toIso(evidence.runAt)}, before its deadline ${toIso(earliest)}.`];
  });

const starts = ['key-replaced', 'retirement-started', 'key-reactivated'] as const;

function earliestFor(evidence: Evidence, change: KeyChange): Instant | 'never' | undefined {
  const { kind, was } = change;
  if (kind === 'disabled') return earliestDisable(evidence, change);
  if (kind !== 'deleted') return undefined;
  // A key must have been seen Inactive before.
  return was === 'Active' ? 'never' : earliestDelete(evidence, change);
}

/** The later of the key's age and the full gap since its successor was there, or since the situation was first seen. */
function earliestDisable({ history, policy }: Evidence, { key, user }: KeyChange): Instant | 'never' | undefined {
  const start = lastAbout(history, key.keyId, ...starts, 'key-restored', 'key-snoozed');
  // Whoever asked for more time was given a date.
  if (start?.type === 'key-restored' || start?.type === 'key-snoozed') return fromIso(start.details.until);
  if (isAskedToStop(history, user, key.keyId)) return undefined;
  if (start === undefined) return 'never';
  const gapOver = daysAfter(fromIso(start.time), disableGapDays(policy));
  return Math.max(daysAfter(key.createdAt, policy.disableAfterDays), gapOver);
}

/** The later of the key's age and the full gap since it was disabled, or announced again; a key that was found Inactive: since then. */
function earliestDelete({ history, policy }: Evidence, { key }: KeyChange): Instant | 'never' {
  const byAge = daysAfter(key.createdAt, policy.deleteAfterDays);
  const told = lastAbout(history, key.keyId, 'key-disabled', 'key-snoozed', 'retirement-started');
  if (told === undefined) return 'never';
  if (told.type === 'key-snoozed') return fromIso(told.details.until);
  const gapOver = daysAfter(fromIso(told.time), deleteGapDays(policy));
  // The place of a key that is in the way is needed, however young it is.
  const isInTheWay = told.type === 'retirement-started' && told.details.why === 'blocks-slot';
  return isInTheWay ? gapOver : Math.max(byAge, gapOver);
}
