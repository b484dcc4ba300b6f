import type { LastUse } from '../../lambda/domain/facts.ts';
import {
  type AccountId,
  parseAccessKeyId,
  parseAccountId,
  parseUserId,
  parseUserName,
  type UserName,
} from '../../lambda/domain/ids.ts';
import type { CachedUser } from '../../lambda/domain/inventory.ts';
import { DAY, type Instant } from '../../lambda/domain/time.ts';
import type { UserRecord } from '../../lambda/domain/tracking.ts';
import type { FullSweep, IamUser, ListedKey } from '../../lambda/ports.ts';

export interface StoredUser {
  readonly user: IamUser;
  readonly createdAt: Instant;
  /** Replaced, never changed, so that copies of an account may share them; `changedAt`: created or status changed. */
  readonly keys: readonly (ListedKey & { readonly changedAt: Instant })[];
}

/** One account with everything that Keyturn keeps about it. */
export interface AccountData {
  readonly account: AccountId;
  readonly users: Map<UserName, StoredUser>;
  readonly records: Map<UserName, UserRecord>;
  readonly cache: Map<UserName, CachedUser>;
  /** The current version of each secret, and those before it. */
  readonly secrets: Map<string, readonly string[]>;
  fullSweep?: FullSweep;
  reportMadeAt?: Instant;
  keysMade: number;
}

export const inUse: LastUse = { kind: 'used', at: 0, service: 's3', region: 'us-east-1' };

/** Users with one key each, of evenly spread ages up to the age of rotation. */
export function newAccount(number: number, users: number, now: Instant, rotateAfterDays: number): AccountData {
  const account = parseAccountId(String(500_000_000_000 + number));
  const data: AccountData = {
    account,
    users: new Map(),
    records: new Map(),
    cache: new Map(),
    secrets: new Map(),
    keysMade: 0,
  };
  for (let n = 0; n < users; n += 1) {
    const userName = parseUserName(`service-${String(n).padStart(4, '0')}`);
    const userId = parseUserId(`AIDAFAKE${String(n).padStart(12, '0')}`);
    const createdAt = now - Math.floor(((n + 0.5) / users) * rotateAfterDays * DAY);
    const user = { userName, userId, path: '/', arn: `arn:aws:iam::${account}:user/${userName}` };
    data.users.set(userName, { user, createdAt, keys: [newKey(data, createdAt)] });
  }
  return data;
}

export function newKey(data: AccountData, createdAt: Instant): StoredUser['keys'][number] {
  data.keysMade += 1;
  const keyId = parseAccessKeyId(`AKIAFAKE${String(data.keysMade).padStart(12, '0')}`);
  return { keyId, status: 'Active', createdAt, changedAt: createdAt };
}

export const copyOf = (data: AccountData): AccountData => ({
  ...data,
  users: new Map(data.users),
  records: new Map(data.records),
  cache: new Map(data.cache),
  secrets: new Map(data.secrets),
});
