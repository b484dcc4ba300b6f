import type { EventType, HistoryEvent } from '../domain/events.ts';
import type { AccessKeyId, AccountId, UserName } from '../domain/ids.ts';
import type { CachedUser } from '../domain/inventory.ts';
import { isReal } from '../domain/past/key-past.ts';
import { fromIso, type Instant, MINUTE } from '../domain/time.ts';
import type { UserRecord } from '../domain/tracking.ts';
import type { History } from '../ports.ts';

/** What was known of a user's keys before it was read without any. */
export interface LastKnown {
  readonly cached?: CachedUser;
  readonly record?: UserRecord;
}

const ends = ['key-deleted', 'orphan-removed', 'user-gone'] as const satisfies EventType[];

/** Whether the same user had keys when it was last read, and has none now. */
export const isEmptied = (fresh: CachedUser, cached: CachedUser | undefined): boolean =>
  fresh.keys.length === 0 && cached?.userId === fresh.userId && cached.keys.length > 0;

/** IAM may list a key after seconds only, and not yet everywhere: that such a young one is not there proves nothing. */
const SETTLING = 5 * MINUTE;

/** A key of the user is so young that the reading may have missed it. */
export const isTooEarly = ({ readAt }: CachedUser, cached: CachedUser | undefined): boolean =>
  cached?.keys.some(({ createdAt }) => readAt < createdAt + SETTLING) === true;

/**
 * The keys that the user had and that went without a word: neither Keyturn nor an earlier sweep put their end on record.
 * Asks history, once, about users that had keys and have none, and about nobody else. Throws when it cannot be read.
 */
export async function unrecordedEnds(
  history: Pick<History, 'query'>,
  { account, userName }: { readonly account: AccountId; readonly userName: UserName },
  last: LastKnown,
): Promise<readonly AccessKeyId[]> {
  const known = keysOf(last);
  if (known.length === 0) return [];
  const readAt = last.cached?.readAt ?? Number.NEGATIVE_INFINITY;
  const ended = new Set<AccessKeyId>();
  for await (const event of history.query({ by: { kind: 'user', account, userName }, types: ends })) {
    if (isEndOfUser(event, readAt)) return [];
    if (event.keyId !== undefined && isReal(event)) ended.add(event.keyId);
  }
  return known.filter((keyId) => !ended.has(keyId));
}

/** All that the user had by then is gone with it. */
const isEndOfUser = (event: HistoryEvent, since: Instant): boolean =>
  event.type === 'user-gone' && fromIso(event.time) >= since;

/** Those that were read, and those on their way out with what Keyturn made or found in their place. */
function keysOf({ cached, record }: LastKnown): readonly AccessKeyId[] {
  const tracked = Object.values(record?.tracking.retirements ?? {});
  return [
    ...new Set([
      ...(cached?.keys.map(({ keyId }) => keyId) ?? []),
      ...tracked.flatMap(({ keyId, successorKeyId }) => (successorKeyId ? [keyId, successorKeyId] : [keyId])),
    ]),
  ];
}
