import { createHash } from 'node:crypto';
import type { HistoryEvent } from '../domain/events.ts';

/** The same for the same events told to the same owner, so that whoever gets a notice twice can know. */
export function idOf(owner: string, events: readonly HistoryEvent[]): string {
  const ids = events.map(({ id }) => id).toSorted();
  return createHash('sha256')
    .update(JSON.stringify([owner, ids]))
    .digest('hex')
    .slice(0, 32);
}
