import type { EventType, HistoryEvent } from '../../lambda/domain/events.ts';
import type { AccessKeyId, AccountId, OwnerId, RunId, UserName } from '../../lambda/domain/ids.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import { type HistoryQuery, UnavailableError } from '../../lambda/ports.ts';
import { UsageError } from '../errors.ts';
import { eventsOfDays } from '../events-of-days.ts';
import { eventsOfOwner } from '../events-of-owner.ts';
import type { Session } from '../session.ts';

export interface HistoryOptions {
  readonly user?: UserName;
  readonly key?: AccessKeyId;
  readonly account?: AccountId;
  readonly owner?: OwnerId;
  readonly run?: RunId;
  /** UTC day, `2026-11-20`. */
  readonly day?: string;
  readonly allAccounts?: true;
  readonly since?: Instant;
  readonly until?: Instant;
  readonly type?: readonly EventType[];
  readonly limit?: number;
  readonly newestFirst?: boolean;
}

/** Which events are told of. */
export type HistorySubject =
  | HistoryQuery['by']
  | { readonly kind: 'owner'; readonly ownerId: OwnerId }
  /** Of every account, between the two ends. */
  | { readonly kind: 'everything' };

export interface HistoryReport {
  readonly by: HistorySubject;
  readonly order: 'oldest-first' | 'newest-first';
  /** As they come: any number of them. Whoever reads to the end knows by `more` whether the limit left some out. */
  readonly events: AsyncIterable<HistoryEvent>;
  readonly more: () => boolean;
  /** Why nothing may have been found, for whoever has read to the end; undefined: something was, or there is no telling. */
  readonly hint: () => Promise<string | undefined>;
}

/** Throws UsageError when nothing lies between the two. */
export function checkSpan({ since, until }: Pick<HistoryOptions, 'since' | 'until'>): void {
  if (since !== undefined && until !== undefined && since >= until) {
    throw new UsageError('--since has to be earlier than --until.');
  }
}

/** Throws UsageError when no event could ever be found, or when finding them would take reading the whole table. */
export function checkRange(options: HistoryOptions): void {
  const { since, owner, allAccounts } = options;
  checkSpan(options);
  if (since === undefined && allAccounts) {
    throw new UsageError('--all-accounts needs a --since: history of all accounts is read day by day.');
  }
  if (since === undefined && owner !== undefined) {
    throw new UsageError('--owner needs a --since, such as --since 90d.');
  }
}

/** Reads history by user, key, account, owner, run or day: each has its own way in, so the table is never scanned. */
export function history(session: Session, options: HistoryOptions): HistoryReport {
  const by = subjectOf(options, session.deployment.settings.hub);
  const order = options.newestFirst ? 'newest-first' : 'oldest-first';
  let more = false;
  let told = 0;
  return {
    by,
    order,
    more: () => more,
    hint: async () => (by.kind === 'user' && told === 0 ? spellingHint(session, by) : undefined),
    events: limited(found(session, by, order, options), options.limit, {
      told: () => {
        told += 1;
      },
      leftOut: () => {
        more = true;
      },
    }),
  };
}

/** History is kept by the name as IAM spells it, and IAM has no two names that differ by case alone. */
async function spellingHint(
  { state }: Session,
  { account, userName }: Extract<HistorySubject, { kind: 'user' }>,
): Promise<string | undefined> {
  const known = await namesIn(state, account);
  if (known === undefined || known.has(userName)) return undefined;
  const spelled = [...known].find((name) => name.toLowerCase() === userName.toLowerCase());
  if (spelled !== undefined) return `IAM spells it '${spelled}': ask with --user ${spelled}.`;
  return `No user ${userName} is known in account ${account} now: check the spelling, also upper and lower case.`;
}

/** Undefined: they cannot be read, for instance because an auditor asks. */
async function namesIn(state: Session['state'], account: AccountId): Promise<ReadonlySet<UserName> | undefined> {
  try {
    const { records, cache } = await state.load(account);
    return new Set([...records.keys(), ...cache.keys()]);
  } catch (error) {
    if (error instanceof UnavailableError) return undefined;
    throw error;
  }
}

function found(
  session: Session,
  by: HistorySubject,
  order: HistoryReport['order'],
  { since, until, type: types }: HistoryOptions,
): AsyncIterable<HistoryEvent> {
  const range = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
  const query = { ...range, order, ...(types === undefined ? {} : { types }) };
  switch (by.kind) {
    case 'owner':
      return eventsOfOwner(session, by.ownerId, query);
    case 'everything':
      return eventsOfDays(session.history, { ...query, since: since ?? 0, until: until ?? session.clock.now() });
    default:
      return session.history.query({ by, ...query });
  }
}

async function* limited(
  events: AsyncIterable<HistoryEvent>,
  limit: number | undefined,
  on: { readonly told: () => void; readonly leftOut: () => void },
): AsyncIterable<HistoryEvent> {
  let told = 0;
  for await (const event of events) {
    if (told === limit) {
      on.leftOut();
      return;
    }
    told += 1;
    on.told();
    yield event;
  }
}

/** Which of the ways in the options mean; the hub's account when they name none. */
function subjectOf(
  { user, key, account, owner, run, day, allAccounts }: HistoryOptions,
  hub: AccountId,
): HistorySubject {
  if (key !== undefined) return { kind: 'key', keyId: key };
  if (run !== undefined) return { kind: 'run', runId: run };
  if (day !== undefined) return { kind: 'day', day };
  if (owner !== undefined) return { kind: 'owner', ownerId: owner };
  if (allAccounts) return { kind: 'everything' };
  if (user !== undefined) return { kind: 'user', account: account ?? hub, userName: user };
  return { kind: 'account', account: account ?? hub };
}
