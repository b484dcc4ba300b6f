import { CreateAccessKeyCommand, type CreateAccessKeyCommandOutput, type IAMClient } from '@aws-sdk/client-iam';
import { parseAccessKeyId, type UserName } from '../domain/ids.ts';
import { SecretAccessKey } from '../domain/secret-access-key.ts';
import { type CreatedKey, KeyQuotaError, NotCreatedError, UnavailableError, UserGoneError } from '../ports.ts';
import { codeOf, deniedMessage, failureMessage, hasCode, isDenied, isThrottling, statusOf } from './aws-errors.ts';
import { backoff, type Pause } from './pause.ts';

const ACTION = 'iam:CreateAccessKey';

/**
 * Creates a key. `client` must make single attempts: a repeated call could create a second key. Only throttling is
 * tried again, at most `attempts` times in all: AWS then turned the call away before doing anything.
 */
export async function createAccessKey(
  client: IAMClient,
  userName: UserName,
  { attempts, pause }: { readonly attempts: number; readonly pause: Pause },
): Promise<CreatedKey> {
  for (let attempt = 1; ; attempt += 1) {
    let answer: CreateAccessKeyCommandOutput;
    try {
      answer = await client.send(new CreateAccessKeyCommand({ UserName: userName }));
    } catch (error) {
      if (!isThrottling(error) || attempt >= attempts) throw asCreationFailure(userName, error);
      await pause(backoff(attempt, 500, 8_000));
      continue;
    }
    return createdKey(answer);
  }
}

function createdKey({ AccessKey: key }: CreateAccessKeyCommandOutput): CreatedKey {
  if (!key?.AccessKeyId || !key.SecretAccessKey || !key.CreateDate) {
    throw new UnavailableError(`${ACTION} answered without the whole key, and nothing of the answer was kept.`);
  }
  const secret = new SecretAccessKey(key.SecretAccessKey);
  return { keyId: parseAccessKeyId(key.AccessKeyId), createdAt: key.CreateDate.getTime(), secret };
}

function asCreationFailure(userName: UserName, error: unknown): Error {
  const cause = { cause: error };
  if (hasCode(error, 'NoSuchEntity')) return new UserGoneError(`There is no user '${userName}' any more.`, cause);
  if (hasCode(error, 'LimitExceeded')) {
    return new KeyQuotaError(`User '${userName}' already has as many access keys as IAM allows.`, cause);
  }
  if (isDenied(error)) return new NotCreatedError(deniedMessage(ACTION, error), cause);
  if (isCertainRefusal(error)) return new NotCreatedError(failureMessage(ACTION, error), cause);
  // Whether there is a key now is not known. Neither cause nor message is kept: when the SDK stumbles over a good
  // answer, both may quote it, secret included.
  const status = statusOf(error);
  const answered = status === undefined ? 'no answer came' : `the answer was HTTP ${status}`;
  return new UnavailableError(`${ACTION} may or may not have created a key: ${codeOf(error)}, ${answered}.`);
}

/** A 4xx says that AWS did nothing, except when it says that time ran out. */
function isCertainRefusal(error: unknown): boolean {
  const status = statusOf(error) ?? 0;
  return (
    (isThrottling(error) || (status >= 400 && status < 500)) && status !== 408 && !hasCode(error, 'RequestTimeout')
  );
}
