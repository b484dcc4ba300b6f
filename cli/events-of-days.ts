import type { HistoryEvent } from '../lambda/domain/events.ts';
import { DAY, type Instant, toIso } from '../lambda/domain/time.ts';
import type { History, HistoryQuery } from '../lambda/ports.ts';
import { dayOf } from './dates.ts';

export interface Range extends Omit<HistoryQuery, 'by'> {
  readonly since: Instant;
  readonly until: Instant;
}

/** The events of all accounts, day by day: there is an index by day, so nothing else is read. */
export async function* eventsOfDays(history: Pick<History, 'query'>, range: Range): AsyncIterable<HistoryEvent> {
  const days: string[] = [];
  for (let at = Math.floor(range.since / DAY) * DAY; at < range.until; at += DAY) days.push(dayOf(toIso(at)));
  if (range.order === 'newest-first') days.reverse();
  for (const day of days) yield* history.query({ ...range, by: { kind: 'day', day } });
}
