import type { HistoryEvent } from '../../lambda/domain/events.ts';
import type { AccessKeyId, AccountId } from '../../lambda/domain/ids.ts';
import { isCurrent, type Observation, type UserSeen } from './observation.ts';

/** What tells of attempts and of their telling, and so may differ from one way to the other. Everything else is fact. */
const passing: ReadonlySet<HistoryEvent['type']> = new Set<HistoryEvent['type']>([
  'run-started',
  'run-failed',
  'sweep-finished',
  'sweep-continued',
  'sweep-failed',
  'rotation-intended',
  'rotation-failed',
  'rotation-abandoned',
  'orphan-removed',
  'disable-intended',
  'disable-failed',
  'delete-intended',
  'delete-failed',
  'restore-intended',
  'restore-failed',
  'notice-delivered',
  'notice-failed',
]);

/** What the world has come to, without identifiers and dates: for each user, lines that a person can compare. */
export type Outcome = Readonly<Record<string, readonly string[]>>;

export function outcomeOf(
  seen: Observation,
  { labels, accounts }: { readonly labels: ReadonlyMap<AccessKeyId, string>; readonly accounts: readonly AccountId[] },
): Outcome {
  const name = namer(seen, labels);
  const names = new Set([
    ...seen.users.map(keyOf),
    ...seen.records.map(keyOf),
    ...seen.cache.map(keyOf),
    ...seen.history.flatMap((event) => (event.userName === undefined ? [] : [keyOf(event)])),
  ]);
  return Object.fromEntries([...names].sort().map((user) => [labelled(user, accounts), linesOf(seen, user, name)]));
}

function linesOf(seen: Observation, key: string, name: (keyId: AccessKeyId | undefined) => string): readonly string[] {
  const user = seen.users.find((one) => keyOf(one) === key);
  const record = seen.records.find((one) => keyOf(one) === key);
  const events = seen.history.filter((event) => event.userName !== undefined && keyOf(event) === key);
  return [
    user === undefined
      ? 'no such user'
      : `keys: ${list(user.keys.map(({ keyId, status }) => `${name(keyId)} ${status}`))}`,
    ...(user === undefined ? [] : [`fetches: ${fetched(user, name)}`]),
    `cached: ${seen.cache.some((one) => keyOf(one) === key)}`,
    ...(record === undefined ? ['no record'] : trackingOf(record, user, name)),
    `history: ${list(events.filter(({ type }) => !passing.has(type)).map((event) => factOf(event, name)))}`,
  ];
}

function fetched(user: UserSeen, name: (keyId: AccessKeyId | undefined) => string): string {
  if (user.current === undefined) return 'nothing';
  return name(user.keys.find(({ keyId }) => isCurrent(user, keyId))?.keyId);
}

function trackingOf(
  { tracking, userId, shadow }: Observation['records'][number],
  user: UserSeen | undefined,
  name: (keyId: AccessKeyId | undefined) => string,
): readonly string[] {
  const retirements = Object.values(tracking.retirements).map(
    ({ keyId, why, successorKeyId, disabledAt, intent }) =>
      `${name(keyId)} ${why}, then ${name(successorKeyId)}, ${disabledAt === undefined ? '' : 'disabled '}${intent?.step ?? ''}`,
  );
  const warned = Object.entries(tracking.warned).map(([keyId, days]) => `${name(keyId as AccessKeyId)} ${days}`);
  const waiting = Object.entries(tracking.waiting).map(
    ([keyId, { step, reason }]) => `${name(keyId as AccessKeyId)} ${step} ${reason}`,
  );
  return [
    `rotation: ${tracking.rotation === undefined ? 'none' : 'open'}`,
    `retiring: ${list(retirements)}`,
    `warned: ${list(warned)}; waiting: ${list(waiting)}; blocked: ${tracking.blocked}`,
    `exemption told: ${tracking.exemptionTold !== undefined}; shadow: ${shadow?.created.length} ${shadow?.disabled.length}`,
    `of ${userId === user?.userId ? 'this' : 'a former'} user`,
  ];
}

function factOf(event: HistoryEvent, name: (keyId: AccessKeyId | undefined) => string): string {
  const { type, keyId, mode } = event;
  const subject = `${mode} ${type} ${name(keyId)}`;
  switch (event.type) {
    case 'key-replaced':
      return `${subject} by ${name(event.details.incomingKeyId)}`;
    case 'key-published':
      return `${subject} for ${name(event.details.replaces)}`;
    case 'retirement-started':
      return `${subject} ${event.details.why} ${name(event.details.successorKeyId)}`;
    case 'key-disabled':
    case 'key-deleted':
      return `${subject} by ${event.details.by}`;
    case 'step-waiting':
      return `${subject} ${event.details.step} ${event.details.reason}`;
    case 'rotation-upcoming':
      return `${subject} ${event.details.thresholdDays}`;
    default:
      return subject;
  }
}

/** Keys by what they are: people's by the label they were given, Keyturn's by the order in which they were published. */
function namer(
  { history }: Observation,
  labels: ReadonlyMap<AccessKeyId, string>,
): (keyId: AccessKeyId | undefined) => string {
  const published = new Map<AccessKeyId, string>();
  const counts = new Map<string, number>();
  for (const event of history) {
    if (event.type !== 'key-published' || event.keyId === undefined) continue;
    const count = (counts.get(keyOf(event)) ?? 0) + 1;
    counts.set(keyOf(event), count);
    if (!published.has(event.keyId)) published.set(event.keyId, `published-${count}`);
  }
  return (keyId) => {
    if (keyId === undefined) return 'none';
    return labels.get(keyId) ?? published.get(keyId) ?? (keyId.startsWith('WOULDBE') ? 'would-be' : 'unpublished');
  };
}

const keyOf = ({ account, userName }: { readonly account: string; readonly userName?: string }): string =>
  `${account}/${userName}`;

const list = (texts: readonly string[]): string => (texts.length === 0 ? 'none' : [...texts].sort().join(', '));

/** A user's name with its account's place in the estate: two lives are compared that differ in their accounts. */
const labelled = (user: string, accounts: readonly AccountId[]): string =>
  accounts.reduce((name, account, at) => name.replace(account, `account-${at + 1}`), user);

/** Where two outcomes differ, line by line. */
export function differences(expected: Outcome, found: Outcome): readonly string[] {
  const users = new Set([...Object.keys(expected), ...Object.keys(found)]);
  return [...users].flatMap((user) => {
    const [wanted, got] = [expected[user] ?? [], found[user] ?? []];
    return Array.from({ length: Math.max(wanted.length, got.length) }, (_, at) => at)
      .filter((at) => wanted[at] !== got[at])
      .map((at) => `${user}: expected ${wanted[at]}; found ${got[at]}`);
  });
}
