import pLimit from 'p-limit';
import type { WaitingNotice } from '../domain/delivery.ts';
import type { HistoryEvent } from '../domain/events.ts';
import type { EventId } from '../domain/ids.ts';
import type { Clock, Log, Outbox, Owners, Reader } from '../ports.ts';
import { aboutEvents } from './about-events.ts';
import { type Addressed, addresseesBy } from './notify-addressees.ts';

export interface NotifyWorld {
  readonly owners: Pick<Owners, 'assignments'>;
  readonly outbox: Pick<Outbox, 'put'>;
  readonly clock: Clock;
  readonly log: Log;
}

const READERS_AT_ONCE = 8;

/**
 * Puts what these events tell into the outbox of everybody who is to be told; `deliver` sends it. What is there already,
 * or was told long ago, may be put again: `deliver` knows it by its receipts. Answers with the events that are not there,
 * or of which it is unknown: these, and no others, are to be brought again.
 */
export async function notify(world: NotifyWorld, events: readonly HistoryEvent[]): Promise<readonly HistoryEvent[]> {
  const { clock, log, outbox } = world;
  const untold = new Map<EventId, unknown>();
  const addressed = await addressees(world, events, untold);
  const since = clock.now();
  const oneOfFew = pLimit(READERS_AT_ONCE);
  const put = async (reader: Reader, news: readonly Addressed[]) => {
    try {
      await outbox.put(
        reader,
        news.map(({ item }): WaitingNotice => ({ ...item, since })),
      );
    } catch (error) {
      for (const { item } of news) untold.set(item.event.id, error);
    }
  };
  const byReader = Map.groupBy(addressed, ({ reader }) => reader);
  await Promise.all([...byReader].map(([reader, news]) => oneOfFew(() => put(reader, news))));
  const again = events.filter(({ id }) => untold.has(id));
  for (const event of new Set(again)) {
    log.error('event not in the outbox', { ...aboutEvents([event]), error: untold.get(event.id) });
  }
  return again;
}

async function addressees(
  { owners }: NotifyWorld,
  events: readonly HistoryEvent[],
  untold: Map<EventId, unknown>,
): Promise<readonly Addressed[]> {
  const addresseesOf = addresseesBy(owners);
  const once = new Map(events.map((event) => [event.id, event]));
  const found: Addressed[] = [];
  for (const event of once.values()) {
    try {
      found.push(...(await addresseesOf(event)));
    } catch (error) {
      untold.set(event.id, error);
    }
  }
  return found;
}
