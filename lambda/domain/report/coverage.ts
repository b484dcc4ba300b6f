import type { HistoryEvent } from '../events.ts';
import type { AccountId, RunId, UserName } from '../ids.ts';
import type { AccountPast, Past } from '../past/past.ts';
import { instantOf } from '../past/recorded-time.ts';
import { DAY, daysAfter, type Instant, MINUTE, toIso } from '../time.ts';
import { isWithin, type Span } from './rotations.ts';

const HOUR = 60 * MINUTE;
/** An inventory is taken by the first run after so many days. */
const INVENTORY_DAYS = 7;
/** A sweep may wait in its queue so long. */
const QUEUE = 12 * HOUR;
/** A run may be tried again so long. */
const RETRIES = 2 * HOUR;
/** Of a run that does not say when the next one comes: an older version wrote it, or the schedule is the usual one. */
const DAILY_HOURS = 24;

/** A span in which an account was expected to be swept and no inventory tells of its keys. */
export interface Hole extends Span {
  readonly account: AccountId;
}

/** A span in which inventories could not read a user: from the first that could not to the next that could. */
export interface Unread extends Hole {
  readonly userName: UserName;
}

/** How far the period was looked at. */
export interface Coverage {
  /** The very first run, when it came after the beginning of the period: before it nothing is in scope. */
  readonly scopeFrom?: Instant;
  /** Whether a scheduled run began in the period. */
  readonly ran: boolean;
  /** Accounts that a run of the period expected, or that were still expected at its end since a run before. */
  readonly accounts: readonly AccountId[];
  /** `2026-10-05`: the schedule wanted a run by then, and none began on that day (UTC). */
  readonly daysWithoutRun: readonly string[];
  readonly holes: readonly Hole[];
  /** Expected at the end, and never listed. */
  readonly withoutInventory: readonly AccountId[];
  readonly unread: readonly Unread[];
}

interface Watched {
  /** Absent: runs do not expect it any more. */
  expectedSince?: Instant;
  /** When a run last expected it. */
  expectedAt?: Instant;
  /** Until then its keys are known. */
  knownUntil: Instant;
  inventory?: Instant;
  /** Since when inventories could not read these users. */
  unread: ReadonlyMap<UserName, Instant>;
}

/** Keeps account of whom runs expected and how fresh the inventories were, from before the period on. */
export class CoverageFold {
  readonly #period: Span;
  readonly #watched = new Map<AccountId, Watched>();
  readonly #begun = new Map<RunId, { readonly parts: Set<number>; readonly accounts: Set<AccountId> }>();
  readonly #holes: Hole[] = [];
  readonly #unread: Unread[] = [];
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

  coverage(): Coverage {
    const { from, to } = this.#period;
    // A day that is over is over; only on one that is not a run may still be on its way.
    const silent = this.#silentUntil(to % DAY === 0 ? to + RETRIES : to, to);
    const [accounts, withoutInventory]: [AccountId[], AccountId[]] = [[], []];
    const [holes, unread] = [[...this.#holes], [...this.#unread]];
    for (const [account, watched] of this.#watched) {
      const { expectedSince, expectedAt = Number.NEGATIVE_INFINITY, inventory } = watched;
      if (expectedSince !== undefined || expectedAt >= from) accounts.push(account);
      if (expectedSince === undefined) continue;
      if (inventory === undefined) withoutInventory.push(account);
      const hole = holeOf(account, watched, to);
      if (hole !== undefined) holes.push(hole);
      for (const [userName, since] of watched.unread) unread.push({ account, userName, from: since, to });
    }
    const firstRun = this.#firstRun;
    return {
      ...(firstRun !== undefined && firstRun > from && { scopeFrom: firstRun }),
      ran: this.#ran,
      accounts,
      daysWithoutRun: [...this.#silent, ...silent],
      holes: ofPeriod(holes, from),
      withoutInventory,
      unread: ofPeriod(unread, from),
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
      const watched = this.#watch(account, at);
      watched.expectedAt = at;
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
    this.#setUnread(account, watched, [], at);
    delete watched.expectedSince;
  }

  #list(account: AccountId, inventory: AccountPast['inventory']): void {
    if (inventory === undefined) return;
    const { startedAt, unread } = inventory;
    const watched = this.#watch(account, startedAt);
    if (watched.inventory === startedAt) return;
    const hole = watched.expectedSince === undefined ? undefined : holeOf(account, watched, startedAt);
    if (hole !== undefined) this.#holes.push(hole);
    watched.inventory = startedAt;
    const gap = Math.max(this.#lastRun?.nextWithinHours ?? 0, DAILY_HOURS) * HOUR;
    watched.knownUntil = Math.max(watched.knownUntil, daysAfter(startedAt, INVENTORY_DAYS) + gap);
    this.#setUnread(account, watched, unread, startedAt);
  }

  #setUnread(account: AccountId, watched: Watched, names: Iterable<UserName>, at: Instant): void {
    const before = watched.unread;
    watched.unread = new Map([...names].map((userName) => [userName, before.get(userName) ?? at]));
    if (watched.expectedSince === undefined) return;
    for (const [userName, from] of before) {
      if (!watched.unread.has(userName)) this.#unread.push({ account, userName, from, to: at });
    }
  }

  #watch(account: AccountId, at: Instant): Watched {
    const watched = this.#watched.get(account) ?? { knownUntil: at, unread: new Map() };
    this.#watched.set(account, watched);
    return watched;
  }

  /** The days of the period before `day` on which a run should have begun by `at`, and none did. */
  #silentUntil(at: Instant, day: Instant): readonly string[] {
    const last = this.#lastRun;
    if (last === undefined || at - last.at <= last.nextWithinHours * HOUR + RETRIES) return [];
    const days: string[] = [];
    const due = Math.max(dayOf(last.at) + DAY, dayOf(last.at + last.nextWithinHours * HOUR));
    for (let next = Math.max(due, dayOf(this.#period.from)); next < day; next += DAY) {
      days.push(toIso(next).slice(0, 10));
    }
    return days;
  }
}

const dayOf = (at: Instant): Instant => Math.floor(at / DAY) * DAY;

const holeOf = (account: AccountId, { knownUntil }: Watched, to: Instant): Hole | undefined =>
  to - knownUntil > QUEUE ? { account, from: knownUntil, to } : undefined;

/** What reaches into the period, oldest first. */
const ofPeriod = <T extends Hole>(spans: readonly T[], from: Instant): readonly T[] =>
  spans
    .filter((span) => span.to > from)
    .map((span) => ({ ...span, from: Math.max(span.from, from) }))
    .sort((a, b) => a.from - b.from || (a.account < b.account ? -1 : 1));
