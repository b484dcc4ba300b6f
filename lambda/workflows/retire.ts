import { isOpen } from '../domain/change-window.ts';
import { deleteAtFrom } from '../domain/deadlines.ts';
import type { HistoryEvent } from '../domain/events.ts';
import type { RequestId } from '../domain/ids.ts';
import type { Step } from '../domain/step.ts';
import type { StepIntent } from '../domain/tracking.ts';
import { withDisableNow, withIntent } from '../domain/tracking-changes.ts';
import { KeyGoneError, type ListedKey } from '../ports.ts';
import { deleted, disabled } from './bookkeeping.ts';
import { messageOf } from './message-of.ts';
import { failed, type Outcome, overtaken, taken } from './outcome.ts';
import { type ActContext, type ActWorld, LONGEST_LIFE } from './rotate.ts';
import type { UserLedger } from './user-ledger.ts';

/** Makes a retiring key Inactive: intent, act, outcome. A sweep that finds the intent alone looks at the key's status. */
export async function disable(
  world: ActWorld,
  context: ActContext,
  ledger: UserLedger,
  { keyId, deleteAt, requestId }: Pick<Extract<Step, { kind: 'disable' }>, 'keyId' | 'deleteAt' | 'requestId'>,
  listed?: readonly ListedKey[],
): Promise<Outcome> {
  const { iam } = world.member;
  const { userName } = ledger.user;
  const keys = listed ?? (await iam.keys(userName));
  const obstacle = disableObstacle(ledger, keys, keyId);
  if (obstacle !== undefined) return overtaken('disable', obstacle);
  // Whoever asked that it stop at once does not wait for the window.
  if (requestId === undefined && isClosed(world, context)) return overtaken('disable', CLOSED);
  await writeIntent(world, context, ledger, keyId, 'disable', requestId);
  try {
    await iam.disableKey(userName, keyId);
  } catch (error) {
    return recordFailure(ledger, 'disable', ledger.event('disable-failed', keyId, { error: messageOf(error) }), error);
  }
  const entry = disabled(ledger, keyId, 'keyturn', context.now, deleteAt);
  if (entry !== undefined) await ledger.write(entry.tracking, [entry.event]);
  return taken('disable');
}

/**
 * Makes a key Inactive that was replaced a moment ago, because somebody asked that it stop at once. When IAM does not list
 * its successor in time, the next sweep does it: what is tracked says so.
 */
export async function disableReplaced(
  world: ActWorld,
  context: ActContext,
  ledger: UserLedger,
  { keyId, createdAt }: Extract<Step, { kind: 'rotate' }>,
): Promise<Outcome | undefined> {
  const { successorKeyId, disableNow } = ledger.tracking.retirements[keyId] ?? {};
  if (successorKeyId === undefined || disableNow === undefined) return undefined;
  const listed = await world.member.iam.keysWith(ledger.user.userName, successorKeyId);
  const deleteAt = deleteAtFrom({ createdAt }, context.now, context.policy);
  return disable(world, context, ledger, { keyId, deleteAt, requestId: disableNow }, listed);
}

/** Deletes a retiring key that is Inactive: intent, act, outcome. */
export async function remove(
  world: ActWorld,
  context: ActContext,
  ledger: UserLedger,
  { keyId }: Extract<Step, { kind: 'delete' }>,
): Promise<Outcome> {
  const { iam } = world.member;
  const { userName } = ledger.user;
  const key = (await iam.keys(userName)).find((listed) => listed.keyId === keyId);
  if (key?.status === 'Active') return overtaken('delete', 'somebody made the key Active again');
  if (key === undefined) return overtaken('delete', 'somebody deleted the key already');
  if (isClosed(world, context)) return overtaken('delete', CLOSED);
  await writeIntent(world, context, ledger, keyId, 'delete');
  try {
    await iam.deleteKey(userName, keyId);
  } catch (error) {
    return recordFailure(ledger, 'delete', ledger.event('delete-failed', keyId, { error: messageOf(error) }), error);
  }
  const entry = deleted(ledger, keyId, 'keyturn');
  await ledger.write(entry.tracking, [entry.event]);
  return taken('delete');
}

/** A sweep may have worked on for long since it was decided that the change window is open. */
const isClosed = ({ clock }: ActWorld, { policy }: ActContext): boolean => !isOpen(policy.changeWindow, clock.now());
const CLOSED = 'the change window has closed';

/** Why the key must not be disabled after all, by its user's keys as they are right now. */
function disableObstacle(ledger: UserLedger, keys: readonly ListedKey[], keyId: string): string | undefined {
  const status = new Map<string, ListedKey['status']>(keys.map((key) => [key.keyId, key.status]));
  if (status.get(keyId) !== 'Active') return 'the key is no longer Active';
  const successor = Object.values(ledger.tracking.retirements).find((entry) => entry.keyId === keyId)?.successorKeyId;
  // The last moment to notice that its owner would be left without any key.
  if (successor !== undefined && status.get(successor) !== 'Active') return `its successor ${successor} is not Active`;
  return undefined;
}

async function writeIntent(
  { clock }: ActWorld,
  { runId, now }: ActContext,
  ledger: UserLedger,
  keyId: Extract<Step, { kind: 'delete' }>['keyId'],
  step: StepIntent['step'],
  requestId?: RequestId,
): Promise<void> {
  const intent = { step, runId, at: now, expiresAt: clock.now() + LONGEST_LIFE };
  const event = ledger.event(step === 'disable' ? 'disable-intended' : 'delete-intended', keyId, {});
  // Whoever finds the intent alone knows from it whose request its outcome answers.
  const intended = withIntent(ledger.tracking, keyId, intent);
  await ledger.write(requestId === undefined ? intended : withDisableNow(intended, keyId, requestId), [event]);
}

/** The intent stays: the act may have taken effect, and the next sweep looks. */
async function recordFailure(
  ledger: UserLedger,
  step: 'disable' | 'delete',
  event: HistoryEvent,
  error: unknown,
): Promise<Outcome> {
  if (error instanceof KeyGoneError) return overtaken(step, 'somebody deleted the key meanwhile');
  await ledger.writeFailure(event);
  return failed(step, messageOf(error));
}
