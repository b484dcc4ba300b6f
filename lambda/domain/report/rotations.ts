import type { KeyPast, Mark, RetirementPast } from '../past/key-past.ts';
import { type Instant, toIso } from '../time.ts';
import type { NoticeRow, RotationRow } from './model.ts';

/** A half-open span of time. */
export interface Span {
  readonly from: Instant;
  readonly to: Instant;
}

export const isWithin = ({ from, to }: Span, at: Instant | undefined): boolean =>
  at !== undefined && from <= at && at < to;

/** What became of a key on its way out, when any of it fell into the period. */
export function rotationRow(key: KeyPast, period: Span): RotationRow | undefined {
  const { retirement, account, userName, keyId } = key;
  if (retirement === undefined) return undefined;
  const { why, started, successorKeyId, adopted, disabled, deleted } = retirement;
  if (![started, disabled, deleted].some((mark) => isWithin(period, mark?.at))) return undefined;
  return {
    account,
    userName,
    keyId,
    why,
    ...(successorKeyId && { successorKeyId }),
    begunAt: toIso(started.at),
    begunEvent: started.event,
    notices: retirement.announcements.map(noticeRow),
    ...(adopted && { adoptedAt: adopted.use.at }),
    ...(disabled && { disabledAt: toIso(disabled.at), disabledEvent: disabled.event, disabledBy: disabled.by }),
    ...(deleted && { deletedAt: toIso(deleted.at), deletedEvent: deleted.event }),
    proof: proofOf(key, retirement),
  };
}

const noticeRow = ({ type, event, at, deliveries }: RetirementPast['announcements'][number]): NoticeRow => ({
  about: type,
  event,
  at: toIso(at),
  receipts: deliveries.map((receipt) => ({ ...receipt, at: toIso(receipt.at) })),
});

/** Whether somebody had been told, by a receipt older than the disabling. */
function proofOf(key: KeyPast, retirement: RetirementPast): RotationRow['proof'] {
  const { why, disabled } = retirement;
  if (why === 'blocks-slot' || why === 'inactive-only') return 'not-keyturn';
  if (disabled === undefined) return key.status === 'Active' ? 'not-disabled' : 'not-keyturn';
  if (disabled.by === 'somebody') return 'not-keyturn';
  if (disabled.atOnce) return 'at-once';
  return wasTold(retirement, disabled) ? 'delivered' : 'none';
}

/** Whether a receipt of anything but the disabling itself is as old as it. */
export const wasTold = ({ announcements }: RetirementPast, disabled: Mark): boolean =>
  announcements.some(
    ({ event, deliveries }) => event !== disabled.event && deliveries.some(({ at }) => at <= disabled.at),
  );
