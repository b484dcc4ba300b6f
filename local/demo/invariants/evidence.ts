/** What there is to be judged after a run: the world before and after it, what was called, recorded and told. */
import type { HistoryEvent, Mode } from '../../../lambda/domain/events.ts';
import type { AccessKeyId } from '../../../lambda/domain/ids.ts';
import type { Policy } from '../../../lambda/domain/policy.ts';
import { type Instant, MINUTE } from '../../../lambda/domain/time.ts';
import type { RecordedCall } from '../../recorder.ts';
import type { Delivery } from '../deliveries.ts';
import type { ObservedKey, ObservedUser, Snapshot } from '../snapshot.ts';

export interface Evidence {
  /** The run's time. */
  readonly runAt: Instant;
  readonly mode: Mode;
  readonly policy: Policy;
  readonly before: Snapshot;
  readonly after: Snapshot;
  /** Everything on record so far, oldest first. */
  readonly history: readonly HistoryEvent[];
  /** What Keyturn's functions called in this run. */
  readonly calls: readonly RecordedCall[];
  /** Every notice that has arrived so far. */
  readonly deliveries: readonly Delivery[];
  /** Keys whose secret access key their owner has: made by hand, or fetched. */
  readonly heldByOwners: ReadonlySet<AccessKeyId>;
}

/** Says what is wrong, one sentence for each breach; nothing is wrong: an empty list. */
export type Invariant = (evidence: Evidence) => readonly string[];

/** Calls are dated by their run, not to the second: a gap may come out this much shorter (decision 0001). */
export const RUN_TOLERANCE: number = 60 * MINUTE;

/** What became of a key in a run. */
export interface KeyChange {
  readonly user: ObservedUser;
  readonly key: ObservedKey;
  readonly kind: 'created' | 'disabled' | 'deleted' | 'reactivated';
  /** Status before; absent for a new key. */
  readonly was?: string;
}

/** What a run changed in IAM, by comparing both looks. Users deleted or made anew between them are left out. */
export function keyChanges({ before, after }: Pick<Evidence, 'before' | 'after'>): readonly KeyChange[] {
  return after.users.flatMap((user) => {
    const former = before.users.find(({ userId }) => userId === user.userId);
    if (former === undefined) return [];
    const were = new Map(former.keys.map((key) => [key.keyId, key]));
    const are = new Map(user.keys.map((key) => [key.keyId, key]));
    const gone = former.keys
      .filter(({ keyId }) => !are.has(keyId))
      .map((key): KeyChange => ({ user, key, kind: 'deleted', was: key.status }));
    return [...gone, ...user.keys.flatMap((key) => changeOf(user, key, were.get(key.keyId)))];
  });
}

function changeOf(user: ObservedUser, key: ObservedKey, was: ObservedKey | undefined): KeyChange[] {
  if (was === undefined) return [{ user, key, kind: 'created' }];
  if (was.status === key.status) return [];
  return [{ user, key, kind: key.status === 'Active' ? 'reactivated' : 'disabled', was: was.status }];
}

/** Events of this run and after it; oldest first. */
export const recordedSince = ({ history, runAt }: Pick<Evidence, 'history' | 'runAt'>): readonly HistoryEvent[] =>
  history.filter((event) => Date.parse(event.time) >= runAt);

/** The last event of one of these types about the key. */
export function lastAbout<T extends HistoryEvent['type']>(
  history: readonly HistoryEvent[],
  keyId: AccessKeyId,
  ...types: readonly T[]
): HistoryEvent<T> | undefined {
  const found = history.findLast((event) => event.keyId === keyId && types.some((type) => type === event.type));
  // The compiler does not see that the found event has one of these types.
  return found as HistoryEvent<T> | undefined;
}

/** Whether somebody asked that the key stop at once: then no deadline and no notice holds it. */
export const isAskedToStop = (
  history: readonly HistoryEvent[],
  { userName }: ObservedUser,
  keyId: AccessKeyId,
): boolean =>
  history.some(
    (event) =>
      event.type === 'request-made' &&
      event.details.disableOldNow === true &&
      event.userName === userName &&
      (event.keyId === undefined || event.keyId === keyId),
  );

/** Whether the user has an Active key that its owner has or can fetch. */
export const hasUsableKey = ({ keys, secret }: ObservedUser, heldByOwners: ReadonlySet<AccessKeyId>): boolean =>
  keys.some(({ keyId, status }) => status === 'Active' && (heldByOwners.has(keyId) || secret?.currentKeyId === keyId));
