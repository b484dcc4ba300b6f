import type { RequestId } from '../domain/ids.ts';
import type { Step } from '../domain/step.ts';
import { fromIso, toIso } from '../domain/time.ts';
import type { Retirement, Tracking } from '../domain/tracking.ts';
import { withoutReminders, withRetirement } from '../domain/tracking-changes.ts';
import type { Entry } from './entry.ts';
import type { UserLedger } from './user-ledger.ts';

/** What is tracked once a request is answered: it is never answered twice. */
export const answered = (tracking: Tracking, requestId: RequestId): Tracking => ({
  ...tracking,
  answered: [...(tracking.answered ?? []).filter((other) => other !== requestId), requestId],
});

/** As `answered`, where there may have been no request. */
export const answeredBy = (tracking: Tracking, requestId: RequestId | undefined): Tracking =>
  requestId === undefined ? tracking : answered(tracking, requestId);

/** The entry that closes a restore: the key works until then, and its owner has been promised that it does. */
export function restored(
  ledger: UserLedger,
  { keyId, requestId, until }: Pick<Extract<Step, { kind: 'restore' }>, 'keyId' | 'requestId' | 'until'>,
): Entry | undefined {
  const retirement = ledger.tracking.retirements[keyId];
  if (retirement === undefined) return undefined;
  const { disabledAt, intent: _, putOffFrom, ...rest } = retirement;
  const { successorKeyId } = rest;
  const event = ledger.event('key-restored', keyId, {
    requestId,
    until: toIso(until),
    ...(successorKeyId === undefined ? {} : { successorKeyId }),
  });
  const firstDisabledAt = putOffFrom?.disable ?? disabledAt;
  const again: Retirement = {
    ...withoutReminders(rest, 'delete-coming'),
    announcement: event.id,
    promisedAt: until,
    restoredUntil: until,
    changedAt: fromIso(event.time),
    ...(firstDisabledAt === undefined ? {} : { putOffFrom: { disable: firstDisabledAt } }),
  };
  return { tracking: answered(withRetirement(ledger.tracking, again), requestId), event };
}

/** The entry for a step that is put off. */
export function snoozed(
  ledger: UserLedger,
  { keyId, requestId, step, until, insteadOf }: Extract<Step, { kind: 'snooze' }>,
): Entry | undefined {
  const retirement = ledger.tracking.retirements[keyId];
  if (retirement === undefined) return undefined;
  // A step that was begun and came to nothing: the key was just read as it was before.
  const { intent: _, hold: __, ...rest } = retirement;
  const { successorKeyId } = rest;
  const event = ledger.event('key-snoozed', keyId, {
    requestId,
    step,
    until: toIso(until),
    ...(successorKeyId === undefined ? {} : { successorKeyId }),
  });
  // They named a date that no longer holds.
  const unreminded = withoutReminders(rest, 'day-before', 'delete-coming');
  const putOffFrom = { ...rest.putOffFrom, [step]: insteadOf };
  const later: Retirement = { ...unreminded, announcement: event.id, promisedAt: until, putOffFrom };
  return { tracking: answered(withRetirement(ledger.tracking, later), requestId), event };
}

/** The entry for a request that is not carried out. */
export function refused(
  ledger: UserLedger,
  { requestId, request, keyId, why }: Extract<Step, { kind: 'refuse' }>,
): Entry {
  const event = ledger.event('request-refused', keyId, { requestId, request, why });
  return { tracking: answered(withoutRestore(ledger.tracking, requestId), requestId), event };
}

/** A restore that never came to its end is given up with its request. */
function withoutRestore(tracking: Tracking, requestId: RequestId): Tracking {
  const begun = Object.values(tracking.retirements).find(({ intent }) => intent?.restore?.requestId === requestId);
  if (begun === undefined) return tracking;
  const { intent: _, ...rest } = begun;
  return { ...tracking, retirements: { ...tracking.retirements, [rest.keyId]: rest } };
}
