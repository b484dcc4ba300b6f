import type { HistoryEvent } from '../../lambda/domain/events.ts';
import type { AccessKeyId } from '../../lambda/domain/ids.ts';
import { deleteGapDays, disableGapDays, type Policy } from '../../lambda/domain/policy.ts';
import { daysAfter, fromIso, type Instant, MINUTE, toIso } from '../../lambda/domain/time.ts';
import type { ListedKey } from '../../lambda/ports.ts';
import { isCurrent, isStored, type Observation, recordOf, type UserSeen } from './observation.ts';

/** A sweep goes by its run's time, and events are dated by the worker's clock (decision 0001). */
const TOLERANCE: Instant = 60 * MINUTE;

export interface Beliefs {
  readonly policy: Policy;
  /** Keys that people made: their owners have them. */
  readonly held: ReadonlySet<AccessKeyId>;
}

/** What DESIGN section 4 promises and `now` breaks, given the instant `before` it. Nothing broken: an empty list. */
export function breaches(before: Observation, now: Observation, beliefs: Beliefs): readonly string[] {
  return now.users.flatMap((user) => {
    const was = before.users.find(({ account, userId }) => account === user.account && userId === user.userId);
    if (was === undefined) return [];
    const broken = [
      ...keepsAUsableKey(now, was, user, beliefs),
      ...hasNoLostKey(now, user, beliefs),
      ...hasNoKeyTooMany(was, user, beliefs),
      ...user.keys.flatMap((key) => wasDisabledRightly(now, was, user, key, beliefs)),
      ...was.keys.flatMap((key) => wasDeletedRightly(before, now, was, user, key, beliefs)),
    ];
    return broken.map((what) => `user ${user.userName}: ${what}`);
  });
}

/** A user keeps an Active key that its owner has or can fetch; one that nobody ever used may go without a successor. */
function keepsAUsableKey(now: Observation, was: UserSeen, is: UserSeen, { held, policy }: Beliefs): readonly string[] {
  const isUsable = (user: UserSeen) => (key: ListedKey) =>
    key.status === 'Active' && (held.has(key.keyId) || isCurrent(user, key.keyId));
  const isUnused = ({ keyId }: ListedKey) =>
    policy.neverUsed === 'retire' && about(now, keyId, 'retirement-started')?.details.why === 'never-used';
  if (is.keys.some(isUsable(is)) || !was.keys.some((key) => isUsable(was)(key) && !isUnused(key))) return [];
  return ['no Active key is left that its owner holds or can fetch'];
}

/** A key that Keyturn made is in the secret and announced, the last one as the one to fetch; or the open journal entry leads the next sweep to it. */
function hasNoLostKey(now: Observation, user: UserSeen, { held }: Beliefs): readonly string[] {
  const isOpen = recordOf(now, user)?.tracking.rotation !== undefined;
  return user.keys.flatMap(({ keyId, status }) => {
    if (status !== 'Active' || held.has(keyId) || isOpen) return [];
    const isPublished = about(now, keyId, 'key-published') !== undefined;
    const isLast = lastPublished(now, user) === keyId;
    if (isPublished && (isLast ? isCurrent(user, keyId) : isStored(user, keyId))) return [];
    const what = isPublished ? 'announced, and not to be fetched' : 'not published';
    return [`${keyId} is Active, ${what}, and no journal entry is open for it`];
  });
}

const lastPublished = ({ history }: Observation, { account, userName }: UserSeen): AccessKeyId | undefined =>
  history.findLast(
    (event) => event.type === 'key-published' && event.account === account && event.userName === userName,
  )?.keyId;

/** Never more than one incoming key, nor more keys than IAM allows; and before a key comes its intent. */
function hasNoKeyTooMany(was: UserSeen, is: UserSeen, { held }: Beliefs): readonly string[] {
  const came = is.keys.filter(({ keyId }) => !held.has(keyId) && !was.keys.some((key) => key.keyId === keyId));
  const all = came.map(({ keyId }) => keyId).join(', ');
  return [
    ...(came.length > 1 ? [`several keys came at once: ${all}`] : []),
    ...(is.keys.length > Math.max(2, was.keys.length) ? [`it has ${is.keys.length} keys`] : []),
  ];
}

function wasDisabledRightly(
  now: Observation,
  was: UserSeen,
  is: UserSeen,
  key: ListedKey,
  beliefs: Beliefs,
): readonly string[] {
  const { keyId } = key;
  const former = was.keys.find((one) => one.keyId === keyId);
  if (former?.status !== 'Active' || key.status === 'Active') return [];
  const successor = successorOf(now, keyId);
  // Somebody asked for it: then nothing is promised but that its user keeps a key.
  const asked = isAskedToStop(now, was, keyId);
  const broken = asked ? [] : announcedChange(now, key, beliefs.policy, 'disabled');
  if (asked && successor === undefined) broken.push('without a successor');
  if (about(now, keyId, 'disable-intended') === undefined) broken.push('without an intent on record');
  if (successor !== undefined) {
    // Nobody may have looked between the making of the one and the stopping of the other.
    const before = was.keys.some((one) => one.keyId === successor) ? was : is;
    const other = before.keys.find((one) => one.keyId === successor);
    const usable = beliefs.held.has(successor) || isCurrent(before, successor);
    if (other?.status !== 'Active' || !usable) broken.push(`while its successor ${successor} cannot be used`);
  }
  return broken.map((how) => `${keyId} was disabled ${how}`);
}

const isAskedToStop = ({ history }: Observation, { account, userName }: UserSeen, keyId: AccessKeyId): boolean =>
  history.some(
    (event) =>
      event.type === 'request-made' &&
      event.details.disableOldNow === true &&
      event.account === account &&
      event.userName === userName &&
      (event.keyId === undefined || event.keyId === keyId),
  );

function wasDeletedRightly(
  before: Observation,
  now: Observation,
  was: UserSeen,
  is: UserSeen,
  key: ListedKey,
  beliefs: Beliefs,
): readonly string[] {
  const { keyId, status } = key;
  if (is.keys.some((one) => one.keyId === keyId)) return [];
  const broken: string[] = [];
  if (about(now, keyId, 'delete-intended') === undefined) broken.push('without an intent on record');
  if (!isOrphan(before, was, keyId, beliefs)) {
    if (status === 'Active') broken.push('while it was Active');
    broken.push(...announcedChange(now, key, beliefs.policy, 'deleted'));
  }
  return broken.map((how) => `${keyId} was deleted ${how}`);
}

/** A key of a rotation that is not over: nobody was ever told of it. */
function isOrphan(before: Observation, was: UserSeen, keyId: AccessKeyId, { held }: Beliefs): boolean {
  const entry = recordOf(before, was)?.tracking.rotation;
  return !held.has(keyId) && entry !== undefined && !entry.keysBefore.includes(keyId);
}

type Announcement = HistoryEvent<
  'key-replaced' | 'retirement-started' | 'key-reactivated' | 'key-disabled' | 'key-restored' | 'key-snoozed'
>;

/** The two rules of maximum in DESIGN section 3, from what is on record; and that somebody was told. */
function announcedChange(now: Observation, key: ListedKey, policy: Policy, change: 'disabled' | 'deleted'): string[] {
  const types = ['key-replaced', 'retirement-started', 'key-reactivated', 'key-restored', 'key-snoozed'] as const;
  const announcement: Announcement | undefined =
    change === 'disabled' ? about(now, key.keyId, ...types) : about(now, key.keyId, ...types, 'key-disabled');
  if (announcement === undefined) return ['without an announcement'];
  const told = now.history.some(
    ({ type, details }) => type === 'notice-delivered' && details.about.includes(announcement.id),
  );
  const due = dueAt(announcement, key, policy, change);
  return [
    ...(told ? [] : ['although nobody was told']),
    ...(now.at >= due - TOLERANCE ? [] : [`before its deadline ${toIso(due)}`]),
  ];
}

function dueAt(announcement: Announcement, key: ListedKey, policy: Policy, change: 'disabled' | 'deleted'): Instant {
  if (announcement.type === 'key-restored' || announcement.type === 'key-snoozed') {
    return fromIso(announcement.details.until);
  }
  const [age, gap] =
    change === 'disabled'
      ? [policy.disableAfterDays, disableGapDays(policy)]
      : [policy.deleteAfterDays, deleteGapDays(policy)];
  const gapOver = daysAfter(fromIso(announcement.time), gap);
  const takesASlot = announcement.type === 'retirement-started' && announcement.details.why === 'blocks-slot';
  return takesASlot ? gapOver : Math.max(gapOver, daysAfter(key.createdAt, age));
}

function successorOf(now: Observation, keyId: AccessKeyId): AccessKeyId | undefined {
  const event = about(now, keyId, 'key-replaced', 'retirement-started');
  return event?.type === 'key-replaced' ? event.details.incomingKeyId : event?.details.successorKeyId;
}

/** The last event of these types about the key. */
function about<T extends HistoryEvent['type']>(
  { history }: Observation,
  keyId: AccessKeyId,
  ...types: readonly T[]
): HistoryEvent<T> | undefined {
  const found = history.findLast((event) => event.keyId === keyId && types.some((type) => type === event.type));
  // The compiler does not see that the found event has one of these types.
  return found as HistoryEvent<T> | undefined;
}
