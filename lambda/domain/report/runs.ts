import type { HistoryEvent } from '../events.ts';
import { FailingUsers } from '../failing-users.ts';
import type { AccountId, RunId } from '../ids.ts';
import { instantOf } from '../past/recorded-time.ts';
import { type Instant, toIso } from '../time.ts';
import type { RunRow } from './model.ts';

interface OpenRun {
  readonly runId: RunId;
  readonly at: Instant;
  readonly partsSeen: Set<number>;
  parts: number;
  expected: number;
  swept: number;
  /** Of each account whose sweep came to its end. */
  readonly usersFailed: Map<AccountId, number>;
  /** Of those that are between two parts of it. */
  readonly failing: Map<AccountId, FailingUsers>;
  failedSince: boolean;
  readonly errors: string[];
  /** Expected accounts that were not swept to the end, and what is known of them. */
  readonly open: Map<AccountId, string>;
  readonly skipped: Record<string, number>;
}

const MOST_GAPS = 100;
const MOST_ERRORS = 10;
const UNHEARD = 'not heard of to the end';

/** Whom each run of the period expected, and who was swept. Holds a name only as long as its account is outstanding. */
export class RunsFold {
  /** Every account that was swept to the end in the period. */
  readonly swept: Set<AccountId> = new Set();
  /** When an account last could not be swept, and why. */
  readonly lastFailure: Map<AccountId, { readonly at: Instant; readonly why: string }> = new Map();
  readonly #runs = new Map<RunId, OpenRun>();

  add(event: HistoryEvent, inPeriod: boolean): void {
    if (event.type === 'sweep-failed') {
      this.lastFailure.set(event.account, { at: instantOf(event.time), why: whyFailed(event) });
    }
    if (inPeriod && event.type === 'sweep-finished') this.swept.add(event.account);
    if (event.runId === undefined) return;
    if (inPeriod && (event.type === 'run-started' || event.type === 'run-failed')) this.#begin(event.runId, event);
    const run = this.#runs.get(event.runId);
    if (run === undefined) return;
    switch (event.type) {
      case 'run-started':
        this.#expect(run, event);
        break;
      case 'run-failed':
        run.failedSince = true;
        if (run.errors.length < MOST_ERRORS) run.errors.push(event.details.error);
        break;
      case 'sweep-continued':
        failingIn(run, event);
        break;
      case 'sweep-finished':
        if (run.open.delete(event.account)) run.swept += 1;
        finish(run, event.account, failingIn(run, event));
        break;
      case 'sweep-failed':
        if (run.open.has(event.account)) run.open.set(event.account, whyFailed(event));
        break;
      default:
    }
  }

  rows(): readonly RunRow[] {
    return [...this.#runs.values()].map((run) => ({
      runId: run.runId,
      at: toIso(run.at),
      begun: begunOf(run),
      expected: run.expected,
      swept: run.swept,
      usersFailed: sum(run.usersFailed.values()) + sum([...run.failing.values()].map(({ count }) => count)),
      errors: run.errors,
      gaps: [...run.open].slice(0, MOST_GAPS).map(([account, outcome]) => ({ account, outcome })),
      gapCount: run.open.size,
      skipped: run.skipped,
    }));
  }

  #begin(runId: RunId, { time }: HistoryEvent): void {
    if (this.#runs.has(runId)) return;
    this.#runs.set(runId, {
      runId,
      at: instantOf(time),
      partsSeen: new Set(),
      parts: 0,
      expected: 0,
      swept: 0,
      usersFailed: new Map(),
      failing: new Map(),
      failedSince: false,
      errors: [],
      open: new Map(),
      skipped: {},
    });
  }

  #expect(run: OpenRun, { details }: HistoryEvent<'run-started'>): void {
    // What comes after the record, the queue, may fail; an attempt after it makes that good.
    run.failedSince = false;
    // A schedule event that is delivered twice starts the same run twice.
    if (run.partsSeen.has(details.part.number)) return;
    run.partsSeen.add(details.part.number);
    run.parts = details.part.of;
    run.expected += details.expectedAccounts.length;
    for (const account of details.expectedAccounts) run.open.set(account, UNHEARD);
    for (const { why } of details.skippedAccounts) run.skipped[why] = (run.skipped[why] ?? 0) + 1;
  }
}

/** Who failed in the account so far, this part of its sweep included. */
function failingIn({ failing }: OpenRun, { account, details }: HistoryEvent<'sweep-continued' | 'sweep-finished'>) {
  const users = failing.get(account) ?? new FailingUsers();
  users.add(details);
  failing.set(account, users);
  return users;
}

/** Its names are needed no more; a message that is delivered twice ends a sweep twice. */
function finish({ failing, usersFailed }: OpenRun, account: AccountId, { count }: FailingUsers): void {
  failing.delete(account);
  if (count > 0) usersFailed.set(account, Math.max(count, usersFailed.get(account) ?? 0));
}

const sum = (numbers: Iterable<number>): number => [...numbers].reduce((total, number) => total + number, 0);

function begunOf({ parts, partsSeen, failedSince }: OpenRun): RunRow['begun'] {
  if (parts === 0) return 'no';
  return partsSeen.size >= parts && !failedSince ? 'whole' : 'partly';
}

const whyFailed = ({ details }: HistoryEvent<'sweep-failed'>): string =>
  details.reason === 'no-access' ? `no access: ${details.error}` : details.error;
