/** Whether IAM has the keys that history says, both ways. */
import pLimit from 'p-limit';
import type { KeyStatus } from '../lambda/domain/facts.ts';
import type { AccessKeyId, AccountId, UserName } from '../lambda/domain/ids.ts';
import type { Past } from '../lambda/domain/past/past.ts';
import { type IsoTime, toIso } from '../lambda/domain/time.ts';
import { type ListedKey, UserGoneError } from '../lambda/ports.ts';
import { explain } from './explain.ts';
import type { ReadOnlyIam } from './session.ts';
import type { TrailEvent } from './trail.ts';
import type { UnreadUser } from './unread.ts';

/** History and IAM do not say the same of a key. */
export type IamDifference =
  /** By history the key should be so, and in IAM it is not. */
  | {
      readonly kind: 'status';
      readonly keyId: AccessKeyId;
      readonly userName: UserName;
      /** What IAM calls its user, where that is not the name in history. */
      readonly nameInIam?: UserName;
      readonly inHistory: KeyStatus | 'gone';
      /** Since when, by history. */
      readonly since: IsoTime;
      readonly inIam: KeyStatus | 'gone';
      /** Who did it, by CloudTrail. */
      readonly explainedBy?: TrailEvent;
    }
  /** IAM has the key, and history should know of it: it is older than the last inventory. */
  | ({
      readonly kind: 'not-in-history';
      /** That inventory could not read its user. */
      readonly missedByInventory?: true;
      readonly explainedBy?: TrailEvent;
    } & UnknownKey);

/** A key that IAM has and history does not. */
export interface UnknownKey {
  readonly keyId: AccessKeyId;
  readonly userName: UserName;
  readonly status: KeyStatus;
  readonly createdAt: IsoTime;
}

export interface IamComparison {
  /** Keys that either of the two has. */
  readonly keys: number;
  /** Of them; who has none does not count. */
  readonly users: number;
  /** Since when every key has to be in history; absent: no inventory was ever taken. */
  readonly inventoryOf?: IsoTime;
  readonly differences: readonly IamDifference[];
  /** Younger than the last inventory: the next one lists them. */
  readonly notYet: readonly UnknownKey[];
  /** Users that could not be read: of their keys nothing is known. */
  readonly unread: readonly UnreadUser[];
  /** Why the users could not be listed: then those that history knows of were compared, and nobody else. */
  readonly unlisted?: string;
}

/** Few enough for IAM to answer them all. */
const USERS_AT_ONCE = 4;
const SAY_EVERY = 500;

/**
 * Compares what history knows of the account, gone keys included, with every key that there is.
 *
 * @param among these users alone; default: all that IAM lists.
 */
export async function compareWithIam(
  iam: ReadOnlyIam,
  past: Past,
  account: AccountId,
  say: (line: string) => void,
  among?: ReadonlySet<UserName>,
): Promise<IamComparison> {
  const known = new Map([...past.keys].filter(([, key]) => key.account === account));
  const listed =
    among === undefined
      ? await listUsers(iam, new Set([...known.values()].map((key) => key.userName)))
      : { userNames: [...among] };
  const { live, unread } = await readKeys(iam, listed.userNames, say);
  const inventory = past.accounts.get(account)?.inventory;
  const differences: IamDifference[] = [];
  const notYet: UnknownKey[] = [];
  const users = new Set<UserName>();
  let keys = 0;
  for (const { keyId, userName, status, since } of known.values()) {
    const found = live.get(keyId);
    const isRead = among?.has(userName) ?? true;
    if (found === undefined && (!isRead || unread.some((user) => user.userName === userName))) continue;
    const inIam = found?.status ?? 'gone';
    const nameInIam = found?.userName ?? userName;
    if (inIam !== 'gone' || status !== 'gone') {
      keys += 1;
      users.add(userName);
    }
    if (inIam === status) continue;
    const renamed = nameInIam === userName ? {} : { nameInIam };
    differences.push({ kind: 'status', keyId, userName, ...renamed, inHistory: status, since: toIso(since), inIam });
  }
  for (const { keyId, userName, status, createdAt } of live.values()) {
    if (known.has(keyId)) continue;
    keys += 1;
    users.add(userName);
    const unknown = { keyId, userName, status, createdAt: toIso(createdAt) };
    if (inventory !== undefined && createdAt >= inventory.startedAt) notYet.push(unknown);
    else {
      const missed = inventory?.unread.has(userName) ? ({ missedByInventory: true } as const) : {};
      differences.push({ kind: 'not-in-history', ...unknown, ...missed });
    }
  }
  return {
    keys,
    users: users.size,
    ...(inventory && { inventoryOf: toIso(inventory.startedAt) }),
    differences,
    notYet,
    unread,
    ...(listed.unlisted !== undefined && { unlisted: listed.unlisted }),
  };
}

interface Live extends ListedKey {
  readonly userName: UserName;
}

/** Every key of these users. */
async function readKeys(
  iam: ReadOnlyIam,
  userNames: readonly UserName[],
  say: (line: string) => void,
): Promise<{ readonly live: ReadonlyMap<AccessKeyId, Live>; readonly unread: readonly UnreadUser[] }> {
  const live = new Map<AccessKeyId, Live>();
  const unread: UnreadUser[] = [];
  const concurrent = pLimit(USERS_AT_ONCE);
  let read = 0;
  const readUser = async (userName: UserName) => {
    try {
      for (const key of await iam.keys(userName)) live.set(key.keyId, { ...key, userName });
    } catch (error) {
      // One that is gone has no keys; of one that cannot be read nothing is known.
      if (!(error instanceof UserGoneError)) unread.push({ userName, cause: explain(error).sentence });
    }
    read += 1;
    if (read % SAY_EVERY === 0) say(`IAM: ${read} of ${userNames.length} users`);
  };
  await Promise.all(userNames.map((userName) => concurrent(() => readUser(userName))));
  return { live, unread };
}

/** Every user of the account, or those that history knows of where IAM does not list them. */
async function listUsers(
  iam: ReadOnlyIam,
  known: ReadonlySet<UserName>,
): Promise<{ readonly userNames: readonly UserName[]; readonly unlisted?: string }> {
  const userNames: UserName[] = [];
  try {
    for await (const { userName } of iam.users()) userNames.push(userName);
    return { userNames };
  } catch (error) {
    return { userNames: [...known], unlisted: explain(error).sentence };
  }
}

/** Who did it, of those who are not Keyturn. */
export function explained(difference: IamDifference, byOthers: readonly TrailEvent[]): IamDifference {
  const explainedBy = byOthers.findLast(({ keyId }) => keyId === difference.keyId);
  return explainedBy === undefined ? difference : { ...difference, explainedBy };
}
