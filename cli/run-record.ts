/** What history tells of a run: whom it expected, and what became of each account. */
import type { EventType, HistoryEvent, Mode, SkipReason } from '../lambda/domain/events.ts';
import { FailingUsers } from '../lambda/domain/failing-users.ts';
import type { AccountId, RunId } from '../lambda/domain/ids.ts';
import type { IsoTime } from '../lambda/domain/time.ts';
import type { History } from '../lambda/ports.ts';

export type AccountInRun =
  | {
      readonly outcome: 'swept';
      readonly account: AccountId;
      readonly mode: Mode;
      readonly at: IsoTime;
      readonly users: number;
      readonly keys: number;
      /** Steps taken, by kind. */
      readonly steps: Readonly<Record<string, number>>;
      /** Users about whom something was unknown, or whose step failed, in any part of the sweep. */
      readonly usersFailed: number;
      /** Requests that could not be read; absent: none. */
      readonly unreadRequests?: number;
      /** Why there was no credential report, without which nobody knows of root keys. */
      readonly reportMissing?: string;
    }
  | Unswept<'no-access'>
  | Unswept<'failed'>
  /** Expected, and not heard of yet, or not to the end. */
  | {
      readonly outcome: 'outstanding';
      readonly account: AccountId;
      readonly mode: Mode;
      /** What its sweep has done so far; absent: nothing was heard of it. */
      readonly soFar?: SoFar;
    }
  | { readonly outcome: 'skipped'; readonly account: AccountId; readonly why: SkipReason };

/** An account between two parts of its sweep. */
export interface SoFar {
  /** The last part that is over. */
  readonly part: number;
  /** When that was. */
  readonly at: IsoTime;
  readonly steps: Readonly<Record<string, number>>;
  readonly usersFailed: number;
}

interface Unswept<Outcome> {
  readonly outcome: Outcome;
  readonly account: AccountId;
  readonly mode: Mode;
  readonly at: IsoTime;
  readonly error: string;
}

export interface RunRecord {
  readonly runId: RunId;
  /** When it was first heard of. */
  readonly at: IsoTime;
  /** `whole`: all that it expects is on record and queued; `partly`: it failed or died before that; `no`: it never came so far. */
  readonly begun: 'whole' | 'partly' | 'no';
  /** Somebody asked for it: it is about the accounts that they named alone. */
  readonly requested?: true;
  /** Why it could not begin, one for each attempt that failed. */
  readonly errors: readonly string[];
  /** Sorted by account. */
  readonly accounts: readonly AccountInRun[];
}

/** Swept, but for some of its users or of the requests about them. */
export const isInPart = (one: AccountInRun): boolean =>
  one.outcome === 'swept' && (one.usersFailed > 0 || one.unreadRequests !== undefined);

const ofRuns = ['run-started', 'run-failed'] as const satisfies EventType[];
const ofSweeps = ['sweep-finished', 'sweep-continued', 'sweep-failed'] as const satisfies EventType[];

/**
 * The last runs, newest first; `more` when there are others before them.
 *
 * @param which `scheduled`: without those that somebody asked for, which expect only the accounts that they named.
 */
export async function lastRuns(
  history: Pick<History, 'query'>,
  hub: AccountId,
  limit: number,
  which: 'all' | 'scheduled' = 'all',
): Promise<{ readonly runs: readonly RunId[]; readonly more: boolean }> {
  const runs = new Set<RunId>();
  const by = { kind: 'account', account: hub } as const;
  for await (const event of history.query({ by, types: ofRuns, order: 'newest-first' })) {
    const { runId } = event;
    if (runId === undefined || runs.has(runId) || (which === 'scheduled' && isRequested(event))) continue;
    if (runs.size === limit) return { runs: [...runs], more: true };
    runs.add(runId);
  }
  return { runs: [...runs], more: false };
}

const isRequested = ({ details }: HistoryEvent): boolean => 'requested' in details && details.requested === true;

/** One run from its own events; undefined when history knows none of that ID. */
export async function readRun(history: Pick<History, 'query'>, runId: RunId): Promise<RunRecord | undefined> {
  const events: HistoryEvent[] = [];
  const query = { by: { kind: 'run', runId }, types: [...ofRuns, ...ofSweeps] } as const;
  for await (const event of history.query(query)) events.push(event);
  const [first] = events;
  if (first === undefined) return undefined;
  const requested = events.some(isRequested) ? { requested: true as const } : {};
  return { runId, at: first.time, ...requested, ...begunOf(events), accounts: accountsOf(events) };
}

function begunOf(events: readonly HistoryEvent[]): Pick<RunRecord, 'begun' | 'errors'> {
  const started = ofType(events, 'run-started');
  const failures = ofType(events, 'run-failed');
  const errors = failures.map(({ details }) => details.error);
  const last = started.at(-1);
  if (last === undefined) return { begun: 'no', errors };
  const seen = new Set(started.map(({ details }) => details.part.number));
  // The queue comes after the record: a failure after it means that some accounts may not be queued.
  const failedSince = failures.some(({ id }) => id > last.id);
  return { begun: seen.size >= last.details.part.of && !failedSince ? 'whole' : 'partly', errors };
}

function accountsOf(events: readonly HistoryEvent[]): readonly AccountInRun[] {
  const accounts = new Map<AccountId, AccountInRun>();
  for (const { mode, details } of ofType(events, 'run-started')) {
    const { expectedAccounts, enforcingAccounts, skippedAccounts } = details;
    const enforcing = new Set(enforcingAccounts);
    for (const { account, why } of skippedAccounts) accounts.set(account, { account, outcome: 'skipped', why });
    for (const account of expectedAccounts) {
      const own = enforcing.has(account) ? 'enforce' : mode;
      accounts.set(account, { account, mode: own, outcome: 'outstanding' });
    }
  }
  for (const [account, sweeps] of sweepsByAccount(events)) accounts.set(account, swept(account, sweeps));
  return [...accounts.values()].toSorted((a, b) => (a.account < b.account ? -1 : 1));
}

type SweepEvent = EventOf<(typeof ofSweeps)[number]>;

function sweepsByAccount(events: readonly HistoryEvent[]): ReadonlyMap<AccountId, readonly SweepEvent[]> {
  return Map.groupBy(ofType(events, ...ofSweeps), ({ account }) => account);
}

/** A sweep that came to its end counts, whatever a second delivery of its message met before or after. */
function swept(account: AccountId, sweeps: readonly SweepEvent[]): AccountInRun {
  const finished = ofType(sweeps, 'sweep-finished').at(-1);
  if (finished !== undefined) {
    const { time: at, mode, details } = finished;
    const { users, keys, unreadRequests, reportMissing } = details;
    const unread = { ...(unreadRequests && { unreadRequests }), ...(reportMissing !== undefined && { reportMissing }) };
    return { account, mode, outcome: 'swept', at, users, keys, ...overAllParts(sweeps), ...unread };
  }
  const last = sweeps.at(-1);
  if (last?.type === 'sweep-failed') {
    const { time: at, mode, details } = last;
    return { account, mode, outcome: details.reason, at, error: details.error };
  }
  const mode = last?.mode ?? 'observe';
  if (last === undefined) return { account, mode, outcome: 'outstanding' };
  const { time: at, details } = last;
  return { account, mode, outcome: 'outstanding', soFar: { part: details.part, at, ...overAllParts(sweeps) } };
}

function overAllParts(sweeps: readonly SweepEvent[]): Pick<SoFar, 'steps' | 'usersFailed'> {
  const steps: Record<string, number> = {};
  const failing = new FailingUsers();
  for (const { details } of ofType(sweeps, 'sweep-continued', 'sweep-finished')) {
    for (const [kind, number] of Object.entries(details.steps)) steps[kind] = (steps[kind] ?? 0) + number;
    failing.add(details);
  }
  return { steps, usersFailed: failing.count };
}

type EventOf<T extends EventType> = Extract<HistoryEvent, { readonly type: T }>;

function ofType<T extends EventType>(events: readonly HistoryEvent[], ...types: readonly T[]): EventOf<T>[] {
  const wanted: ReadonlySet<EventType> = new Set(types);
  return events.filter((event): event is EventOf<T> => wanted.has(event.type));
}
