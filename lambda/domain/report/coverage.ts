import type { HistoryEvent } from '../events.ts';
import type { AccountId, RunId, UserName } from '../ids.ts';
import type { Past } from '../past/past.ts';
import { instantOf } from '../past/recorded-time.ts';
import { DAY, daysAfter, type Instant, MINUTE, toIso } from '../time.ts';
import { isWithin, type Span } from './rotations.ts';

/** An inventory is taken by the first run after seven days. */
const INVENTORY_DAYS = 8;
/** A sweep may wait in its queue so long. */
const QUEUE = 12 * 60 * MINUTE;
/** A run may be tried again so long. */
const RETRIES = 2 * 60 * MINUTE;
/** Of a run that does not say when the next one comes: an older version wrote it, or the schedule is the usual one. */
const DAILY_HOURS = 24;

/** A span in which an account was expected to be swept and no inventory tells of its keys. */
export interface Hole extends Span {
  readonly account: AccountId;
}

/** How far the period was looked at. */
export interface Coverage {
  /** The very first run, when it came after the beginning of the period: before it nothing is in scope. */
  readonly scopeFrom?: Instant;
  /** Whether a scheduled run began in the period. */
  readonly ran: boolean;
  /** Accounts that were expected at some time of the period: what a run begins with holds until the next one. */
  readonly accounts: readonly AccountId[];
  /** `2026-10-05`: the schedule wanted a run by then, and none began on that day (UTC). */
  readonly daysWithoutRun: readonly string[];
  readonly holes: readonly Hole[];
  /** Expected at the end, and never listed. */
  readonly withoutInventory: readonly AccountId[];
  /** Users whom the last inventory could not read. */
  readonly unread: readonly { readonly account: AccountId; readonly userName: UserName }[];
}

interface Watched {
  /** Absent: runs do not expect it any more. */
  expectedSince?: Instant;
  left?: Instant;
  /** Until then its keys are known. */
  knownUntil: Instant;
  inventory?: Instant;
}

/** Keeps account of whom runs expected and how fresh the inventories were, from before the period on. */
export class CoverageFold {
  readonly #period: Span;
  readonly #watched = new Map<AccountId, Watched>();
  readonly #begun = new Map<RunId, { readonly parts: Set<number>; readonly accounts: Set<AccountId> }>();
  readonly #holes: Hole[] = [];
  readonly #silent: string[] = [];
  #firstRun: Instant | undefined;
  #lastRun: { readonly at: Instant; readonly nextWithinHours: number } | undefined;
  #ran = false;

  constructor(period: Span) {
    this.#period = period;
  }

  /** Takes the next event, once it is folded into the past. */
  add(event: HistoryEvent, past: Past): void {
    if (event.type === 'run-started' && !event.details.requested) this.#begin(event, instantOf(event.time));
    if (event.type === 'inventory-taken') this.#list(event.account, past.accounts.get(event.account)?.inventory);
  }

  coverage(past: Past): Coverage {
    const { from, to } = this.#period;
    const silent = this.#silentUntil(to, to);
    const [accounts, withoutInventory]: [AccountId[], AccountId[]] = [[], []];
    const holes = [...this.#holes];
    for (const [account, watched] of this.#watched) {
      const { expectedSince, left = Number.NEGATIVE_INFINITY, inventory } = watched;
      if (expectedSince === undefined && left <= from) continue;
      accounts.push(account);
      if (expectedSince === undefined) continue;
      if (inventory === undefined) withoutInventory.push(account);
      const hole = holeOf(account, watched, to);
      if (hole !== undefined) holes.push(hole);
    }
    const firstRun = this.#firstRun;
    return {
      ...(firstRun !== undefined && firstRun > from && { scopeFrom: firstRun }),
      ran: this.#ran,
      accounts,
      daysWithoutRun: [...this.#silent, ...silent],
      holes: holes.filter((hole) => hole.to > from).map((hole) => ({ ...hole, from: Math.max(hole.from, from) })),
      withoutInventory,
      unread: accounts.flatMap((account) =>
        [...(past.accounts.get(account)?.inventory?.unread ?? [])].map((userName) => ({ account, userName })),
      ),
    };
  }

  #begin({ runId, details }: HistoryEvent<'run-started'>, at: Instant): void {
    this.#firstRun ??= at;
    this.#silent.push(...this.#silentUntil(at, dayOf(at)));
    this.#lastRun = { at, nextWithinHours: details.nextWithinHours ?? DAILY_HOURS };
    if (isWithin(this.#period, at)) this.#ran = true;
    if (runId === undefined) return;
    const run = this.#begun.get(runId) ?? { parts: new Set(), accounts: new Set() };
    this.#begun.set(runId, run);
    run.parts.add(details.part.number);
    for (const account of details.expectedAccounts) {
      run.accounts.add(account);
      const watched = this.#watched.get(account) ?? { knownUntil: at };
      this.#watched.set(account, watched);
      if (watched.expectedSince !== undefined) continue;
      watched.expectedSince = at;
      watched.knownUntil = Math.max(watched.knownUntil, at);
    }
    // Whom it does not expect is known when all of its parts are there.
    if (run.parts.size < details.part.of) return;
    this.#begun.delete(runId);
    for (const [account, watched] of this.#watched) if (!run.accounts.has(account)) this.#leave(account, watched, at);
  }

  #leave(account: AccountId, watched: Watched, at: Instant): void {
    if (watched.expectedSince === undefined) return;
    const hole = holeOf(account, watched, at);
    if (hole !== undefined) this.#holes.push(hole);
    delete watched.expectedSince;
    watched.left = at;
  }

  #list(account: AccountId, inventory: { readonly startedAt: Instant } | undefined): void {
    if (inventory === undefined) return;
    const { startedAt } = inventory;
    const watched = this.#watched.get(account) ?? { knownUntil: startedAt };
    this.#watched.set(account, watched);
    if (watched.inventory === startedAt) return;
    const hole = watched.expectedSince === undefined ? undefined : holeOf(account, watched, startedAt);
    if (hole !== undefined) this.#holes.push(hole);
    watched.inventory = startedAt;
    watched.knownUntil = Math.max(watched.knownUntil, daysAfter(startedAt, INVENTORY_DAYS));
  }

  /** The days of the period before `day` on which a run should have begun by `at`, and none did. */
  #silentUntil(at: Instant, day: Instant): readonly string[] {
    const last = this.#lastRun;
    if (last === undefined || at - last.at <= last.nextWithinHours * 60 * MINUTE + RETRIES) return [];
    const days: string[] = [];
    for (let next = Math.max(dayOf(last.at) + DAY, dayOf(this.#period.from)); next < day; next += DAY) {
      days.push(toIso(next).slice(0, 10));
    }
    return days;
  }
}

const dayOf = (at: Instant): Instant => Math.floor(at / DAY) * DAY;

const holeOf = (account: AccountId, { knownUntil }: Watched, to: Instant): Hole | undefined =>
  to - knownUntil > QUEUE ? { account, from: knownUntil, to } : undefined;
