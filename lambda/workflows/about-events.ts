import type { HistoryEvent } from '../domain/events.ts';

/** What a log line is about. A notice may tell of several runs and accounts; they are then all named. */
export function aboutEvents(events: readonly HistoryEvent[]): Readonly<Record<string, unknown>> {
  const runs = new Set(events.flatMap(({ runId }) => runId ?? []));
  const accounts = new Set(events.map(({ account }) => account));
  return {
    ...(runs.size > 0 && { runId: [...runs].toSorted().join(', ') }),
    account: [...accounts].toSorted().join(', '),
    events: events.map(({ id }) => id),
  };
}
