import type { HistoryEvent } from '../domain/events.ts';
import type { Tracking } from '../domain/tracking.ts';

/** What is tracked of a user from now on, and the event that tells it. */
export interface Entry {
  readonly tracking: Tracking;
  readonly event: HistoryEvent;
}
