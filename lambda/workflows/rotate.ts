import type { RotationStage } from '../domain/events.ts';
import type { AccessKeyId, RunId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { secretNameOf } from '../domain/secret-name.ts';
import type { Step } from '../domain/step.ts';
import { type Instant, MINUTE } from '../domain/time.ts';
import { withMade, withoutRotation, withRetirement, withRotation } from '../domain/tracking-changes.ts';
import {
  type Clock,
  ConflictError,
  type CreatedKey,
  type IamUser,
  type Ids,
  KeyQuotaError,
  type ListedKey,
  type MemberAccount,
  NotCreatedError,
  type StoredVersions,
  UserGoneError,
} from '../ports.ts';
import { answeredBy } from './answer-requests.ts';
import { messageOf } from './message-of.ts';
import { failed, type Outcome, overtaken, taken } from './outcome.ts';
import { removeOrphan } from './remove-orphan.ts';
import { type Rotation, replacementOf } from './replacement.ts';
import type { UserLedger } from './user-ledger.ts';

/** A Lambda lives at most 15 minutes: whoever wrote an intent is dead this long after. */
export const LONGEST_LIFE: number = 15 * MINUTE;

export interface ActWorld {
  readonly member: MemberAccount;
  readonly ids: Ids;
  readonly clock: Clock;
}

export interface ActContext {
  readonly runId: RunId;
  readonly now: Instant;
  readonly policy: Policy;
}

/**
 * Replaces a key, in the seven steps of DESIGN section 4. The intent is on record before IAM is touched, and there is
 * room for the new secret before there is a secret; so whatever dies in between, `recover` finds out how far it came.
 *
 * It rests on the keys that the ledger's user was just read with.
 *
 * @param freed keys that this sweep has just deleted: the user is then read once more, and they may still be listed.
 */
export async function rotate(
  world: ActWorld,
  context: ActContext,
  ledger: UserLedger,
  { keyId: outgoingKeyId, request }: Pick<Extract<Step, { kind: 'rotate' }>, 'keyId' | 'request'>,
  freed: ReadonlySet<AccessKeyId>,
): Promise<Outcome> {
  const { iam, secrets } = world.member;
  const { account, userName, arn, path, userId } = ledger.user;
  const listed: readonly ListedKey[] = freed.size > 0 ? await iam.keys(userName) : ledger.user.keys;
  const keys = listed.filter((key) => !freed.has(key.keyId));
  const outgoing = keys.find((key) => key.keyId === outgoingKeyId);
  if (outgoing?.status !== 'Active') return overtaken('rotate', 'the key is no longer Active');
  if (keys.length > 1) return overtaken('rotate', 'the user has a second key by now');
  const user: IamUser = { userName, userId, path, arn };

  const rotation: Rotation = {
    rotationId: world.ids.rotation(world.clock.now()),
    outgoing,
    secretName: secretNameOf(account, userName),
    ...(request && { request }),
  };
  await writeIntent(world, context, ledger, rotation, keys);
  let held: StoredVersions;
  try {
    // Permission, KMS and quota faults come to light here, while nothing has changed.
    held = await secrets.ensure(rotation.secretName, user, account);
  } catch (error) {
    return giveUp(ledger, rotation, 'make-room', error);
  }
  let created: CreatedKey;
  try {
    created = await iam.createKey(userName);
  } catch (error) {
    const certain =
      error instanceof NotCreatedError || error instanceof KeyQuotaError || error instanceof UserGoneError;
    // Uncertain: there may be a key of whom only AWS knows. The entry stays open, and the next sweep looks.
    return certain ? giveUp(ledger, rotation, 'create', error) : leaveOpen(ledger, rotation, 'create', error);
  }
  return carryOn(world, context, ledger, rotation, user, created, held);
}

async function carryOn(
  world: ActWorld,
  context: ActContext,
  ledger: UserLedger,
  rotation: Rotation,
  user: IamUser,
  created: CreatedKey,
  held: StoredVersions,
): Promise<Outcome> {
  const { secrets, prover } = world.member;
  let stored: StoredVersions;
  try {
    stored = await secrets.store(rotation.secretName, ledger.user.account, user.userName, created, held);
  } catch (error) {
    // The only copy of the secret is in this process: a key that nobody will ever hold must not stay Active.
    return removeUnstored(world, ledger, rotation, created, error);
  }
  try {
    await prover.prove(created);
  } catch (error) {
    return leaveOpen(ledger, rotation, 'verify', error);
  }
  try {
    await publishAndRecord(world, context, ledger, rotation, created.keyId, stored);
  } catch (error) {
    return leaveOpen(ledger, rotation, 'publish', error);
  }
  return taken('rotate');
}

async function removeUnstored(
  { member }: ActWorld,
  ledger: UserLedger,
  rotation: Rotation,
  { keyId }: CreatedKey,
  cause: unknown,
): Promise<Outcome> {
  const entry = ledger.tracking.rotation;
  if (entry === undefined) throw new Error('the journal entry of this rotation is closed already: this is a defect');
  const event = failure(ledger, rotation, 'store', cause);
  try {
    await removeOrphan(member.iam, ledger, entry, keyId, [event]);
  } catch {
    // The entry stays open: the next sweep finds the key named in it, or not stored, and deletes it.
  }
  return failed('rotate', event.details.error);
}

/** Steps 6 and 7, alike for a rotation that goes well and one that was taken up again: both may be repeated. */
export async function publishAndRecord(
  { member }: Pick<ActWorld, 'member'>,
  context: ActContext,
  ledger: UserLedger,
  rotation: Rotation,
  incomingKeyId: AccessKeyId,
  holds: StoredVersions,
): Promise<void> {
  await member.secrets.publish(rotation.secretName, incomingKeyId, holds);
  const incoming = { incomingKeyId, secretRegion: member.region, secretArn: holds.arn };
  const { retirement, events } = replacementOf(ledger, rotation, incoming, context);
  const made = withMade(withoutRotation(ledger.tracking), incomingKeyId, ledger.user.keys);
  const tracking = withRetirement(made, retirement);
  await ledger.write(answeredBy(tracking, rotation.request?.id), events);
}

async function writeIntent(
  world: ActWorld,
  context: ActContext,
  ledger: UserLedger,
  { rotationId, outgoing, request }: Rotation,
  keys: readonly ListedKey[],
): Promise<void> {
  const entry = {
    rotationId,
    runId: context.runId,
    outgoingKeyId: outgoing.keyId,
    at: context.now,
    expiresAt: world.clock.now() + LONGEST_LIFE,
    keysBefore: keys.map((key) => key.keyId),
    ...(request && { request }),
  };
  const intended = ledger.event('rotation-intended', outgoing.keyId, { rotationId });
  await ledger.write(withRotation(ledger.tracking, entry), [intended]);
}

/** Nothing is left of the attempt: the entry is closed, and the next sweep starts anew. */
async function giveUp(ledger: UserLedger, rotation: Rotation, stage: RotationStage, error: unknown): Promise<Outcome> {
  const event = failure(ledger, rotation, stage, error);
  await ledger.writeFailure(event, withoutRotation(ledger.tracking));
  return failed('rotate', event.details.error);
}

/** The attempt got somewhere, or may have: the entry stays, and the next sweep takes it up. */
async function leaveOpen(
  ledger: UserLedger,
  rotation: Rotation,
  stage: RotationStage,
  error: unknown,
): Promise<Outcome> {
  // No failure: another worker has taken it up.
  if (error instanceof ConflictError) throw error;
  const event = failure(ledger, rotation, stage, error);
  await ledger.writeFailure(event);
  return failed('rotate', event.details.error);
}

function failure(ledger: UserLedger, { rotationId, outgoing }: Rotation, stage: RotationStage, error: unknown) {
  return ledger.event('rotation-failed', outgoing.keyId, { rotationId, stage, error: messageOf(error) });
}
