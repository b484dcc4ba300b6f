import type { RequestId } from '../domain/ids.ts';
import type { Step } from '../domain/step.ts';
import { toIso } from '../domain/time.ts';
import type { Retirement, Tracking } from '../domain/tracking.ts';
import { withRetirement } from '../domain/tracking-changes.ts';
import type { Entry } from './bookkeeping.ts';
import type { UserLedger } from './user-ledger.ts';

/** What is tracked once a request is answered: it is never answered twice. */
export const answered = (tracking: Tracking, requestId: RequestId): Tracking => ({
  ...tracking,
  answered: [...(tracking.answered ?? []).filter((other) => other !== requestId), requestId],
});

/** The entry that closes a restore: the key works until then, and its owner has been promised that it does. */
export function restored(
  ledger: UserLedger,
  { keyId, requestId, until }: Pick<Extract<Step, { kind: 'restore' }>, 'keyId' | 'requestId' | 'until'>,
): Entry | undefined {
  const retirement = ledger.tracking.retirements[keyId];
  if (retirement === undefined) return undefined;
  const { disabledAt: _, intent: __, disableNow: ___, ...rest } = retirement;
  const { successorKeyId } = rest;
  const event = ledger.event('key-restored', keyId, {
    requestId,
    until: toIso(until),
    ...(successorKeyId === undefined ? {} : { successorKeyId }),
  });
  const again: Retirement = { ...rest, announcement: event.id, promisedAt: until };
  return { tracking: answered(withRetirement(ledger.tracking, again), requestId), event };
}

/** The entry for a step that is put off. */
export function snoozed(
  ledger: UserLedger,
  { keyId, requestId, step, until }: Extract<Step, { kind: 'snooze' }>,
): Entry | undefined {
  const retirement = ledger.tracking.retirements[keyId];
  if (retirement === undefined) return undefined;
  const { successorKeyId } = retirement;
  const event = ledger.event('key-snoozed', keyId, {
    requestId,
    step,
    until: toIso(until),
    ...(successorKeyId === undefined ? {} : { successorKeyId }),
  });
  const later: Retirement = { ...retirement, announcement: event.id, promisedAt: until };
  return { tracking: answered(withRetirement(ledger.tracking, later), requestId), event };
}

/** The entry for a request that is not carried out. */
export function refused(
  ledger: UserLedger,
  { requestId, request, keyId, why }: Extract<Step, { kind: 'refuse' }>,
): Entry {
  const event = ledger.event('request-refused', keyId, { requestId, request, why });
  return { tracking: answered(ledger.tracking, requestId), event };
}
