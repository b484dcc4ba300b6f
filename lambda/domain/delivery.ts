/** When what waits for a reader may go over a channel. */
import { type HistoryEvent, isTrouble } from './events.ts';
import type { Unreached } from './notices/item.ts';
import { DAY, type Instant, MINUTE } from './time.ts';

/** An event that waits to be told to a reader. */
export interface WaitingNotice {
  readonly event: HistoryEvent;
  /** Why operators are told in place of its owner. */
  readonly insteadOf?: Unreached;
  /** When it was put there. */
  readonly since: Instant;
}

/** What is remembered of one reader and one channel. */
export interface ChannelStanding {
  /** When the last message went that counts against the daily cap. */
  readonly sentAt?: Instant;
  /** Since the channel took nothing any more; absent: nothing is held up. */
  readonly refused?: Refusals;
}

export interface Refusals {
  /** Of the first one since the channel last took something. */
  readonly since: Instant;
  readonly times: number;
  readonly retryAt: Instant;
}

/** A run's news of all accounts should fit into one message: it is waited for until it is quiet for so long … */
const QUIET: number = 10 * MINUTE;
/** … but not longer than this. */
const LONGEST_GATHERING: number = 60 * MINUTE;
/** What came too late for a day's message goes with the next day's news, or alone so long after that message. */
const LATEST_LEFTOVER: number = DAY + 60 * MINUTE;
/** What comes so long after a message is the next day's news, although a run shortly before midnight begins it today. */
const NEXT_RUN: number = 20 * 60 * MINUTE;
const FIRST_PAUSE: number = 5 * MINUTE;
const LONGEST_PAUSE: number = 60 * MINUTE;
/** How long a channel that takes nothing is tried again. */
const GIVEN_UP_AFTER: number = 7 * DAY;

/** Goes at once, cap or no cap: a key stopped working, a user is stuck, or operators are needed. */
export const isUrgent = ({ event, insteadOf }: Pick<WaitingNotice, 'event' | 'insteadOf'>): boolean =>
  isTrouble(event) || insteadOf?.kind === 'unreachable' || (event.type === 'key-disabled' && event.mode === 'enforce');

export const isGivenUp = ({ since }: Pick<WaitingNotice, 'since'>, now: Instant): boolean =>
  since + GIVEN_UP_AFTER <= now;

/** After a refusal: when to try again. 5, 10, 20, 40, then 60 minutes. */
export function afterRefusal(before: Refusals | undefined, now: Instant): Refusals {
  const times = (before?.times ?? 0) + 1;
  const pause = Math.min(FIRST_PAUSE * 2 ** (times - 1), LONGEST_PAUSE);
  return { since: before?.since ?? now, times, retryAt: now + pause };
}

/** What goes now, and when to look at the rest again; nothing is left: absent. */
export interface Portion<Item> {
  readonly go: readonly Item[];
  readonly lookAt?: Instant;
}

export interface Circumstances {
  readonly now: Instant;
  readonly standing: ChannelStanding;
  /** Owners get one message a day; operators as many as it takes. */
  readonly isCapped: boolean;
  readonly wasRefused: (notice: WaitingNotice) => boolean;
}

/** Divides what a reader has not had over a channel yet. */
export function portionOf<Item extends WaitingNotice>(
  pending: readonly Item[],
  { now, standing, isCapped, wasRefused }: Circumstances,
): Portion<Item> {
  const [urgent, rest] = [pending.filter(isUrgent), pending.filter((item) => !isUrgent(item))];
  const restAt = rest.length === 0 ? undefined : Math.max(gatheredAt(rest), isCapped ? capOpensAt(rest, standing) : 0);
  const isRestDue = restAt !== undefined && restAt <= now;
  const due = isRestDue ? [...urgent, ...rest] : urgent;
  const later = isRestDue ? undefined : restAt;
  if (due.length === 0) return portion([], later);
  // What this channel was never offered is worth a try: only then is it known whether anybody is told.
  const retryAt = due.every(wasRefused) ? standing.refused?.retryAt : undefined;
  return retryAt === undefined || retryAt <= now ? portion(due, later) : portion([], earliest(retryAt, later));
}

const portion = <Item>(go: readonly Item[], lookAt: Instant | undefined): Portion<Item> => ({
  go,
  ...(lookAt !== undefined && { lookAt }),
});

export const earliest = (...instants: readonly (Instant | undefined)[]): Instant | undefined => {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? undefined : Math.min(...known);
};

export const latest = (...instants: readonly (Instant | undefined)[]): Instant | undefined => {
  const known = instants.filter((instant) => instant !== undefined);
  return known.length === 0 ? undefined : Math.max(...known);
};

/** When the latest of the news is quiet for long enough, or has been gathered for long enough. */
function gatheredAt(rest: readonly WaitingNotice[]): Instant {
  const arrivals = rest.map(({ since }) => since).toSorted((a, b) => b - a);
  const [last = 0] = arrivals;
  // What has waited since another day, for the cap or for a channel, does not make today's news complete.
  const first = arrivals.reduce((from, at) => (from - at < QUIET ? at : from), last);
  return Math.min(last + QUIET, first + LONGEST_GATHERING);
}

/**
 * From when on another message may go: on another day (UTC) than the last. A leftover alone does not go at midnight, or it
 * would use up the day's message, and the news of the day's run would always be told a day late.
 */
function capOpensAt(rest: readonly WaitingNotice[], { sentAt }: ChannelStanding): Instant {
  if (sentAt === undefined) return 0;
  const nextDay = (Math.floor(sentAt / DAY) + 1) * DAY;
  const isNextNews = ({ since }: WaitingNotice) => since >= Math.min(nextDay, sentAt + NEXT_RUN);
  return rest.some(isNextNews) ? nextDay : sentAt + LATEST_LEFTOVER;
}
