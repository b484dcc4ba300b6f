import {
  type AccountId,
  InvalidIdError,
  parseAccountId,
  parseUserName,
  type UserName,
} from '../../lambda/domain/ids.ts';
import { CommandError } from '../errors.ts';

/** The IAM user that a key belongs to. */
export interface Caller {
  readonly arn: string;
  readonly account: AccountId;
  readonly userName: UserName;
}

/** Who an STS ARN names. Throws CommandError when that is no IAM user: Keyturn rotates the keys of nobody else. */
export function callerIn(arn: string): Caller {
  const [, account = '', name = ''] = /^arn:[\w-]+:iam::(\d+):user\/(?:.*\/)?([^/]+)$/.exec(arn) ?? [];
  try {
    return { arn, account: parseAccountId(account), userName: parseUserName(name) };
  } catch (error) {
    if (!(error instanceof InvalidIdError)) throw error;
    throw new CommandError(
      `This key is that of ${arn}, which is no IAM user: name the profile that holds the user's own access key with --profile.`,
    );
  }
}
