import { hasCode, isDenied } from '../../lambda/adapters/aws-errors.ts';
import type { Pause } from '../../lambda/adapters/pause.ts';
import { READ_POLICY, secretNameOf } from '../../lambda/domain/secret-name.ts';
import { CommandError } from '../errors.ts';
import { type Caller, callerIn } from './caller.ts';
import type { KeyPair } from './key-pair.ts';
import type { OutgoingKey } from './outgoing-key.ts';
import type { OwnerAws, SecretText } from './owner-aws.ts';
import { incomingKey } from './secret-value.ts';

/** A user's current key as its secret has it; AWS has accepted it. */
export interface NewKey extends KeyPair {
  readonly caller: Caller;
  /** As stored; undefined when it is not. */
  readonly createdAt: string | undefined;
  readonly storedAt: Date | undefined;
}

export interface Asking {
  readonly aws: OwnerAws;
  readonly region: string;
  readonly pause: Pause;
  /** Name or ARN of the secret, when it is not where it usually is. */
  readonly secretId?: string;
}

/** Fetches the user's current key with the outgoing one, checks that it is this user's, and proves it. */
export async function newKey(asking: Asking, outgoing: OutgoingKey): Promise<NewKey> {
  const caller = await callerWith(asking, outgoing);
  const secretId = asking.secretId ?? secretNameOf(caller.account, caller.userName);
  const { text, storedAt } = await secretText(asking, outgoing, { caller, secretId });
  const incoming = incomingKey(text, secretId, caller);
  // The key that has just been used needs no proof.
  if (incoming.keyId !== outgoing.keyId) await prove(asking, incoming, caller);
  return { ...incoming, caller, storedAt };
}

async function callerWith({ aws, region }: Asking, outgoing: OutgoingKey): Promise<Caller> {
  try {
    return callerIn(await aws.callerOf(outgoing));
  } catch (error) {
    throw whenRefused(error, outgoing, region) ?? error;
  }
}

interface Wanted {
  readonly caller: Caller;
  readonly secretId: string;
}

async function secretText({ aws, region }: Asking, outgoing: OutgoingKey, wanted: Wanted): Promise<SecretText> {
  try {
    return await aws.secret(outgoing, wanted.secretId);
  } catch (error) {
    // Disabled a moment ago.
    throw whenRefused(error, outgoing, region) ?? whenMissing(error, wanted, region) ?? error;
  }
}

/** AWS does not take the outgoing key (any more). */
function whenRefused(error: unknown, { keyId, home }: OutgoingKey, region: string): CommandError | undefined {
  const of = home === undefined ? 'the environment' : `profile '${home.profile}'`;
  if (hasCode(error, 'SignatureDoesNotMatch', 'InvalidSignature', 'IncompleteSignature')) {
    return new CommandError(
      `The secret access key of ${of} is not the one that belongs to key ID ${keyId} (or this computer's clock is wrong): correct it and try again.`,
    );
  }
  if (!hasCode(error, 'InvalidClientTokenId', 'UnrecognizedClient', 'InvalidAccessKeyId')) return undefined;
  return new CommandError(
    `AWS does not accept key ${keyId} of ${of} in ${region}: it has been disabled or deleted. Ask your Keyturn operators for ` +
      `'keyturn restore --key ${keyId}', or whoever manages the IAM user to activate that key in the IAM console, and then ` +
      'run keyturn pull again; docs/pull.md says what else can be done.',
  );
}

/** There is no secret, or not for this user: without rights of its own a user is told the same for both. */
function whenMissing(error: unknown, { caller, secretId }: Wanted, region: string): CommandError | undefined {
  const { userName, account } = caller;
  const foreign = /^arn:[\w-]+:secretsmanager:[\w-]+:(\d{12}):/.exec(secretId)?.[1];
  if (isDenied(error) && foreign !== undefined && foreign !== account) {
    return new CommandError(
      `User ${userName} may not read the secret in account ${foreign}: have the managed policy ${READ_POLICY} of account ` +
        `${account} attached to that user, and check that --secret is the ARN in the notice about the new key.`,
    );
  }
  if (hasCode(error, 'InvalidRequest') && /marked (for deletion|deleted)|scheduled for deletion/.test(String(error))) {
    return new CommandError(`Secret ${secretId} is about to be deleted: tell your Keyturn operators.`);
  }
  if (!isDenied(error) && !hasCode(error, 'ResourceNotFound')) return undefined;
  return new CommandError(
    `There is no new key for user ${userName} of account ${account} in ${region}, or this user may not read it (secret ${secretId}). ` +
      'Either Keyturn has not replaced its key yet, or the secret is elsewhere: the notice about the new key names its Region ' +
      '(--region) and, when it is in another account, its ARN (--secret).',
  );
}

/** Milliseconds; a new key usually works after 3 to 15 s. */
const POLL = 1_500;
const TRIES = 12;

async function prove({ aws, pause }: Asking, incoming: KeyPair, caller: Caller): Promise<void> {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    if (attempt > 0) await pause(POLL);
    try {
      if ((await aws.callerOf(incoming)) === caller.arn) return;
    } catch (error) {
      if (hasCode(error, 'InvalidClientTokenId')) continue;
      if (!hasCode(error, 'SignatureDoesNotMatch')) throw error;
    }
    throw new CommandError(
      `The new key ${incoming.keyId} is not a working key of user ${caller.userName}. Nothing was changed: tell your Keyturn operators.`,
    );
  }
  throw new CommandError(
    `AWS does not accept the new key ${incoming.keyId} (yet), so nothing was changed. Try again in a minute; if it stays so, ` +
      'tell your Keyturn operators that this key may have been disabled or deleted by hand.',
  );
}
