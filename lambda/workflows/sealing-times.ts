import { parseEventId } from '../domain/ids.ts';
import { DAY, type Instant, MINUTE } from '../domain/time.ts';
import type { Clock, FoundEvent } from '../ports.ts';
import { timeOf } from './event-time.ts';

/** The stream brings events to be sealed within a minute or two. */
const SEALED_WITHIN = 60 * MINUTE;
/** The stream's shards are sealed one apart from the other: an event may be sealed this long after a younger one. */
const SEALS_OVERLAP = 15 * MINUTE;
/** An event may be this much ahead of the clock of whoever checks, or seals. */
const CLOCKS_DIFFER = 5 * MINUTE;
/** The stream holds an event for a day at most; as much again to spare. */
const SEALED_AT_THE_LATEST = 2 * DAY;

/**
 * Whether an event may be one that is only about to be sealed: it happened within the last hour, by its time and by its
 * ID, and is not far older than what is sealed already. `startedAt` is when the seals began to be read: what was written
 * since, while a long history is read, awaits one too.
 */
export function awaitingSeal(
  sealed: Iterable<string>,
  startedAt: Instant,
  clock: Clock,
): (event: FoundEvent) => boolean {
  let newest = Number.NEGATIVE_INFINITY;
  for (const id of sealed) {
    const at = instantOf(id);
    // One from the future says nothing about how far sealing has come.
    if (at <= startedAt + CLOCKS_DIFFER) newest = Math.max(newest, at);
  }
  const recent = (at: number) => at <= clock.now() + CLOCKS_DIFFER && at >= startedAt - SEALED_WITHIN;
  return ({ id, content }) => {
    const at = instantOf(id);
    return recent(at) && recent(Date.parse(String(content.time))) && at >= newest - SEALS_OVERLAP;
  };
}

/** Whether an event's ID or time is not of when it was written, as its seal shows: somebody dated it back, or ahead. */
export function isMisdated({ id, content }: FoundEvent, sealedAt: Instant): boolean {
  const fits = (at: number) => at <= sealedAt + CLOCKS_DIFFER && at >= sealedAt - SEALED_AT_THE_LATEST;
  return !fits(instantOf(id)) || !fits(Date.parse(String(content.time)));
}

/** NaN of what is no event ID. */
function instantOf(id: string): number {
  try {
    return timeOf(parseEventId(id));
  } catch {
    return Number.NaN;
  }
}
