import type { UseOnRecord } from '../domain/events.ts';
import type { Use } from '../domain/facts.ts';
import type { Step } from '../domain/step.ts';
import { toIso } from '../domain/time.ts';
import type { Reminder, Retirement } from '../domain/tracking.ts';
import { withHold, withNoted } from '../domain/tracking-changes.ts';
import type { Entry } from './entry.ts';
import type { UserLedger } from './user-ledger.ts';

/** A use as history tells it. */
export const onRecord = ({ at, service, region }: Use): UseOnRecord => ({ at: toIso(at), service, region });

/** The entry for the first use of a successor. */
export function adopted(
  ledger: UserLedger,
  { keyId, successorKeyId, use, outgoingUse, disableAt }: Extract<Step, { kind: 'record-adopted' }>,
): Entry | undefined {
  const retirement = ledger.tracking.retirements[keyId];
  if (retirement === undefined) return undefined;
  const event = ledger.event('key-adopted', successorKeyId, {
    replaces: keyId,
    lastUse: onRecord(use),
    ...(outgoingUse === undefined ? {} : { outgoingLastUse: onRecord(outgoingUse) }),
    disableAt: toIso(disableAt),
  });
  return { tracking: withNoted(ledger.tracking, { ...retirement, adopted: use }), event };
}

/** The entry for a key that is used although its successor is there. */
export function remindedStillUsed(
  ledger: UserLedger,
  { keyId, successorKeyId, reminder, use, adopted, disableAt, held }: Extract<Step, { kind: 'remind-still-used' }>,
): Entry | undefined {
  const retirement = ledger.tracking.retirements[keyId];
  if (retirement === undefined) return undefined;
  const { secret } = retirement;
  const event = ledger.event('key-still-used', keyId, {
    reminder,
    lastUse: onRecord(use),
    successorKeyId,
    adopted,
    disableAt: toIso(disableAt),
    ...(held && { held }),
    ...(secret && { secretRegion: secret.region, ...(secret.arn && { secretArn: secret.arn }) }),
  });
  const tracking = held
    ? withHold(ledger.tracking, keyId, { until: disableAt, announcement: event.id })
    : withNoted(ledger.tracking, withReminder(retirement, reminder));
  return { tracking, event };
}

/** The entry for a disabled key that is deleted soon. */
export function remindedOfDeletion(
  ledger: UserLedger,
  { keyId, deleteAt }: Extract<Step, { kind: 'remind-delete-coming' }>,
): Entry | undefined {
  const retirement = ledger.tracking.retirements[keyId];
  if (retirement === undefined) return undefined;
  const event = ledger.event('deletion-upcoming', keyId, { deleteAt: toIso(deleteAt), why: retirement.why });
  return { tracking: withNoted(ledger.tracking, withReminder(retirement, 'delete-coming')), event };
}

const withReminder = (retirement: Retirement, reminder: Reminder): Retirement => ({
  ...retirement,
  reminded: [...(retirement.reminded ?? []), reminder],
});
