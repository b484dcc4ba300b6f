import type { AccessKeyId } from '../domain/ids.ts';
import { secretNameOf, secretVersionOf } from '../domain/secret-name.ts';
import type { RotationEntry } from '../domain/tracking.ts';
import { withMade, withoutRotation } from '../domain/tracking-changes.ts';
import type { ListedKey, StoredVersions } from '../ports.ts';
import { answeredBy } from './answer-requests.ts';
import { failed, type Outcome, taken } from './outcome.ts';
import { removeOrphan } from './remove-orphan.ts';
import { type ActContext, type ActWorld, publishAndRecord } from './rotate.ts';
import type { UserLedger } from './user-ledger.ts';

/**
 * Takes up a rotation that somebody began and did not end. Was its key being deleted? That is brought to its end.
 * Otherwise what IAM and Secrets Manager hold tells how far it came: the incoming key is stored → publish it; a key came
 * since, is not stored and was never used → that key is an orphan whose secret nobody has, delete it; no key came → close
 * the entry. After the latter two the user is decided afresh.
 */
export async function recover(world: ActWorld, context: ActContext, ledger: UserLedger): Promise<Outcome> {
  const entry = ledger.tracking.rotation;
  if (entry === undefined) return failed('recover', 'there is no open rotation to recover: this is a defect');
  const { account, userName } = ledger.user;
  const secretName = secretNameOf(account, userName);
  const keys = await world.member.iam.keys(userName);
  if (entry.removing !== undefined) return finishRemoval(world, ledger, entry, entry.removing, keys);
  const holds = await world.member.secrets.versions(secretName);
  const newcomers = keys.filter((key) => !entry.keysBefore.includes(key.keyId));
  const incoming = newcomers.find((key) => holds?.all.has(secretVersionOf(key.keyId)));
  if (holds !== undefined && incoming !== undefined)
    return finish(world, context, ledger, entry, keys, incoming, holds);
  return clearAway(world, ledger, entry, newcomers);
}

/**
 * The secret is safe, only AWS has a copy, and this role cannot read it back to prove it against STS. That IAM has
 * listed the key as Active, longer after its creation than a process lives, proves the same.
 */
async function finish(
  world: ActWorld,
  context: ActContext,
  ledger: UserLedger,
  entry: RotationEntry,
  keys: readonly ListedKey[],
  incoming: ListedKey,
  holds: StoredVersions,
): Promise<Outcome> {
  const outgoing = keys.find((key) => key.keyId === entry.outgoingKeyId);
  if (incoming.status !== 'Active') {
    return abandon(ledger, entry, `somebody made the incoming key ${incoming.keyId} ${incoming.status}`);
  }
  const { rotationId } = entry;
  const { account, userName } = ledger.user;
  const secretName = secretNameOf(account, userName);
  if (outgoing === undefined) {
    // Its owner deleted the outgoing key meanwhile: publish the new one all the more, there is nothing to retire.
    await world.member.secrets.publish(secretName, incoming.keyId, holds);
    const published = ledger.event('key-published', incoming.keyId, {
      rotationId,
      replaces: entry.outgoingKeyId,
      secretName,
      alone: {
        secretRegion: world.member.region,
        secretArn: holds.arn,
        ...(entry.request && { requestId: entry.request.id }),
      },
    });
    const tracking = withMade(withoutRotation(ledger.tracking), incoming.keyId, keys);
    await ledger.write(answeredBy(tracking, entry.request?.id), [published]);
    return taken('recover');
  }
  const rotation = { rotationId, outgoing, secretName, ...(entry.request && { request: entry.request }) };
  await publishAndRecord(world, context, ledger, rotation, incoming.keyId, holds);
  return taken('recover');
}

async function clearAway(
  world: ActWorld,
  ledger: UserLedger,
  entry: RotationEntry,
  newcomers: readonly ListedKey[],
): Promise<Outcome> {
  // A key made after its process must have died is somebody else's.
  const orphans = newcomers.filter((key) => key.createdAt <= entry.expiresAt);
  const [orphan, ...more] = orphans;
  if (orphan === undefined) return abandon(ledger, entry, 'no key had been created');
  if (more.length > 0) {
    const ids = orphans.map((key) => key.keyId).join(', ');
    const error = `keys ${ids} came while a rotation was under way, and none is stored: delete those that nobody uses`;
    await ledger.writeFailure(failure(ledger, entry, error));
    return failed('recover', error);
  }
  return removeUnused(world, ledger, entry, orphan.keyId);
}

/**
 * Whatever is stored by now: that key was given up, and must never be published. It may still be somebody's, made by
 * hand while the rotation was under way, and have come into use since the deletion was begun.
 */
async function finishRemoval(
  world: ActWorld,
  ledger: UserLedger,
  entry: RotationEntry,
  keyId: AccessKeyId,
  keys: readonly ListedKey[],
): Promise<Outcome> {
  if (keys.some((key) => key.keyId === keyId)) return removeUnused(world, ledger, entry, keyId);
  await removeOrphan(world.member.iam, ledger, entry, keyId);
  return taken('recover');
}

async function removeUnused(
  { member }: ActWorld,
  ledger: UserLedger,
  entry: RotationEntry,
  keyId: AccessKeyId,
): Promise<Outcome> {
  const lastUse = await member.iam.lastUse(keyId);
  if (lastUse.kind !== 'never') return abandon(ledger, entry, `key ${keyId} came meanwhile, and is in use`);
  await removeOrphan(member.iam, ledger, entry, keyId);
  return taken('recover');
}

async function abandon(
  ledger: UserLedger,
  { rotationId, outgoingKeyId }: RotationEntry,
  why: string,
): Promise<Outcome> {
  const event = ledger.event('rotation-abandoned', outgoingKeyId, { rotationId, why });
  await ledger.write(withoutRotation(ledger.tracking), [event]);
  return taken('recover');
}

function failure(ledger: UserLedger, { rotationId, outgoingKeyId }: RotationEntry, error: string) {
  return ledger.event('rotation-failed', outgoingKeyId, { rotationId, stage: 'create', error });
}
