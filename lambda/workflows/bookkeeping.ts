import { adoptionOf } from '../domain/adoption.ts';
import type { EventDetails } from '../domain/events.ts';
import type { AccessKeyId } from '../domain/ids.ts';
import { lastUseOf } from '../domain/reported-use.ts';
import type { Step } from '../domain/step.ts';
import { fromIso, type Instant, toIso } from '../domain/time.ts';
import type { Retirement } from '../domain/tracking.ts';
import * as changes from '../domain/tracking-changes.ts';
import { answeredBy, refused, restored, snoozed } from './answer-requests.ts';
import type { Entry } from './entry.ts';
import { adopted, onRecord, remindedOfDeletion, remindedStillUsed } from './remind.ts';
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
      const { keyId, reason, until, lastUse, heldUntil, requestId, behind } = step;
      const asked = requestId === undefined ? {} : { requestId };
      const event = ledger.event('step-waiting', keyId, {
        step: step.step,
        reason,
        ...(until === undefined ? {} : { until: toIso(until) }),
        ...(lastUse === undefined ? {} : { lastUse: { ...lastUse, at: toIso(lastUse.at) } }),
        ...(heldUntil === undefined ? {} : { heldUntil: toIso(heldUntil) }),
        ...asked,
        ...(behind === undefined ? {} : { behind }),
      });
      const waiting = changes.withWait(tracking, keyId, { step: step.step, reason, ...asked });
      return { tracking: heldUntil ? changes.withHold(waiting, keyId, { until: heldUntil }) : waiting, event };
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
      const retiring = step.retiring.map(({ at, ...one }) => ({ ...one, at: toIso(at) }));
      const event = ledger.event('exemption-ending', undefined, {
        exemptionId,
        expiresAt: toIso(expiresAt),
        ...(retiring.length > 0 && { retiring }),
      });
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
  const { keyId, reason, successorKeyId, disableAt, deleteAt, after } = step;
  const successor = successorKeyId === undefined ? {} : { successorKeyId };
  const event = ledger.event('retirement-started', keyId, {
    why: reason,
    ...successor,
    ...(disableAt === undefined ? {} : { disableAt: toIso(disableAt) }),
    deleteAt: toIso(deleteAt),
    ...(after && { after }),
  });
  const promise = { announcement: event.id, promisedAt: disableAt ?? deleteAt };
  const before = after && ledger.tracking.retirements[keyId];
  const retirement = before
    ? changes.announcedAgain(before, now, promise)
    : { keyId, why: reason, ...successor, startedAt: now, ...promise };
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
  const { intent: _, disableNow, disabledBy: __, restoredUntil: ___, hold: ____, putOffFrom, ...rest } = retirement;
  const { successorKeyId } = rest;
  const event = ledger.event('key-disabled', keyId, {
    by,
    why: rest.why,
    deleteAt: toIso(deleteAt),
    ...(successorKeyId === undefined ? {} : { successorKeyId }),
    ...usesOf(ledger, rest),
    ...(disableNow === undefined ? {} : { requestId: disableNow }),
  });
  const closed: Retirement = {
    ...rest,
    disabledAt: at,
    announcement: event.id,
    promisedAt: deleteAt,
    ...(by === 'somebody' ? { disabledBy: by } : { changedAt: fromIso(event.time) }),
    // What it may still be restored for counts from its first date.
    ...(putOffFrom?.disable === undefined ? {} : { putOffFrom: { disable: putOffFrom.disable } }),
  };
  return { tracking: answeredBy(changes.withRetirement(ledger.tracking, closed), disableNow), event };
}

/** Whether the successor is in use, and when the key itself was last used, where that is known. */
function usesOf(
  { user }: UserLedger,
  retirement: Retirement,
): Pick<EventDetails['key-disabled'], 'adopted' | 'lastUse'> {
  const find = (keyId: AccessKeyId | undefined) => user.keys.find((key) => key.keyId === keyId);
  const adoption = adoptionOf(retirement, find(retirement.successorKeyId));
  const { lastUse } = lastUseOf(find(retirement.keyId));
  return {
    ...(adoption === undefined ? {} : { adopted: adoption.kind === 'adopted' }),
    ...(lastUse === undefined ? {} : { lastUse: onRecord(lastUse) }),
  };
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
  const { disabledAt: _, disabledBy: __, ...rest } = retirement;
  const { successorKeyId } = rest;
  const event = ledger.event('key-reactivated', keyId, {
    disableAt: toIso(disableAt),
    ...(successorKeyId === undefined ? {} : { successorKeyId }),
  });
  const again = changes.announcedAgain(rest, now, { announcement: event.id, promisedAt: disableAt });
  return { tracking: changes.withRetirement(ledger.tracking, again), event };
}
