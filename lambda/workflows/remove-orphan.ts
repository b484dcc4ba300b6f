import type { HistoryEvent } from '../domain/events.ts';
import type { AccessKeyId } from '../domain/ids.ts';
import type { RotationEntry } from '../domain/tracking.ts';
import { withoutRotation, withRotation } from '../domain/tracking-changes.ts';
import type { Iam } from '../ports.ts';
import { messageOf } from './message-of.ts';
import type { UserLedger } from './user-ledger.ts';

/**
 * Deletes a key of this rotation whose secret nobody has, and closes the entry: intent, act, outcome. Whoever finds the
 * entry later, named key and all, does the same again: the key may be gone by then, or still be listed although it is.
 *
 * @param cause what is to be told of why, together with the intent.
 */
export async function removeOrphan(
  iam: Pick<Iam, 'deleteKey'>,
  ledger: UserLedger,
  entry: RotationEntry,
  keyId: AccessKeyId,
  cause: readonly HistoryEvent[] = [],
): Promise<void> {
  if (entry.removing === undefined) {
    const intended = ledger.event('delete-intended', keyId, {});
    await ledger.write(withRotation(ledger.tracking, { ...entry, removing: keyId }), [...cause, intended]);
  }
  try {
    await iam.deleteKey(ledger.user.userName, keyId);
  } catch (error) {
    await ledger.writeFailure(ledger.event('delete-failed', keyId, { error: messageOf(error) }));
    throw error;
  }
  const removed = ledger.event('orphan-removed', keyId, { rotationId: entry.rotationId });
  await ledger.write(withoutRotation(ledger.tracking), [removed]);
}
