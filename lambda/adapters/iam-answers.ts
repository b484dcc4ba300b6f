import type { AccessKeyLastUsed, AccessKeyMetadata, User } from '@aws-sdk/client-iam';
import type { KeyStatus, LastUse } from '../domain/facts.ts';
import { InvalidIdError, parseAccessKeyId, parseUserId, parseUserName } from '../domain/ids.ts';
import { type IamUser, type ListedKey, UnavailableError } from '../ports.ts';

/** What AWS always sends. When it is missing the answer is unknown, which never means absent: throws UnavailableError. */
export function complete<T>(action: string, field: string, value: T | undefined): T {
  if (value === undefined) throw new UnavailableError(`${action} answered without ${field}.`);
  return value;
}

export function iamUser(action: string, user: User): IamUser {
  return readable(action, () => ({
    userName: parseUserName(complete(action, 'UserName', user.UserName)),
    userId: parseUserId(complete(action, 'UserId', user.UserId)),
    path: complete(action, 'Path', user.Path),
    arn: complete(action, 'Arn', user.Arn),
  }));
}

export function listedKey(action: string, key: AccessKeyMetadata): ListedKey {
  return readable(action, () => ({
    keyId: parseAccessKeyId(complete(action, 'AccessKeyId', key.AccessKeyId)),
    status: keyStatus(complete(action, 'Status', key.Status)),
    createdAt: complete(action, 'CreateDate', key.CreateDate).getTime(),
  }));
}

/** A key that was never used has no LastUsedDate, and N/A for the rest. */
export function lastUse(answer: AccessKeyLastUsed): LastUse {
  if (answer.LastUsedDate === undefined) return { kind: 'never' };
  const { LastUsedDate, ServiceName = 'N/A', Region = 'N/A' } = answer;
  return { kind: 'used', at: LastUsedDate.getTime(), service: ServiceName, region: Region };
}

/** Where the next page starts; undefined after the last one. */
export function nextMarker(
  action: string,
  page: { readonly IsTruncated?: boolean | undefined; readonly Marker?: string | undefined },
): string | undefined {
  return page.IsTruncated ? complete(action, 'the Marker of its next page', page.Marker) : undefined;
}

// A status that AWS adds one day is certainly not Active.
const keyStatus = (status: string): KeyStatus => (status === 'Active' || status === 'Expired' ? status : 'Inactive');

function readable<T>(action: string, read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof InvalidIdError)) throw cause;
    throw new UnavailableError(`${action} answered something unreadable: ${cause.message}.`, { cause });
  }
}
