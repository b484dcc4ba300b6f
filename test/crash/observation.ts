import type { HistoryEvent } from '../../lambda/domain/events.ts';
import type { AccessKeyId, AccountId, RunId, UserId, UserName } from '../../lambda/domain/ids.ts';
import type { CachedUser } from '../../lambda/domain/inventory.ts';
import { secretNameOf, secretVersionOf } from '../../lambda/domain/secret-name.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import type { UserRecord } from '../../lambda/domain/tracking.ts';
import type { FullSweep, ListedKey } from '../../lambda/ports.ts';
import type { Ports } from './ports.ts';

/** One user as the world has it at one instant, and what Keyturn remembers of it. */
export interface UserSeen {
  readonly account: AccountId;
  readonly userName: UserName;
  readonly userId: UserId;
  readonly keys: readonly ListedKey[];
  /** Version IDs in the user's secret. */
  readonly stored: ReadonlySet<string>;
  /** The one that its owner fetches. */
  readonly current?: string;
}

/** The world at one instant: IAM, Secrets Manager, State and History of some accounts. */
export interface Observation {
  /** By the clock of whoever looked. */
  readonly at: Instant;
  readonly users: readonly UserSeen[];
  readonly records: readonly UserRecord[];
  readonly cache: readonly CachedUser[];
  readonly fullSweeps: readonly (FullSweep | undefined)[];
  /** Oldest first. */
  readonly history: readonly HistoryEvent[];
}

/** Looks at everything, past the line that may be broken. */
export async function observe(
  ports: Pick<Ports, 'openAccount' | 'state' | 'history'>,
  accounts: readonly AccountId[],
  { at, runId }: { readonly at: Instant; readonly runId: RunId },
): Promise<Observation> {
  const users: UserSeen[] = [];
  const memories = [];
  const history: HistoryEvent[] = [];
  for (const account of accounts) {
    const { iam, secrets } = await ports.openAccount(account, runId);
    for await (const { userName, userId } of iam.users()) {
      const keys = await iam.keys(userName);
      const held = await secrets.versions(secretNameOf(account, userName));
      const current = held?.current === undefined ? {} : { current: held.current };
      users.push({ account, userName, userId, keys, stored: held?.all ?? new Set(), ...current });
    }
    memories.push(await ports.state.load(account));
    for await (const event of ports.history.query({ by: { kind: 'account', account } })) history.push(event);
  }
  return {
    at,
    users,
    records: memories.flatMap(({ records }) => [...records.values()]),
    cache: memories.flatMap(({ cache }) => [...cache.values()]),
    fullSweeps: memories.map(({ fullSweep }) => fullSweep),
    history,
  };
}

export const isStored = ({ stored }: UserSeen, keyId: AccessKeyId): boolean => stored.has(secretVersionOf(keyId));
export const isCurrent = ({ current }: UserSeen, keyId: AccessKeyId): boolean => current === secretVersionOf(keyId);

/** What is remembered of this very user, not of a former one of its name. */
export const recordOf = ({ records }: Observation, user: UserSeen): UserRecord | undefined =>
  records.find(
    ({ account, userName, userId }) => account === user.account && userName === user.userName && userId === user.userId,
  );
