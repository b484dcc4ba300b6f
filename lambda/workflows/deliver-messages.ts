import type { HistoryEvent } from '../domain/events.ts';
import type { EventId } from '../domain/ids.ts';
import type { HouseStyle } from '../domain/notices/house-style.ts';
import type { NoticeItem } from '../domain/notices/item.ts';
import { messagesFor } from '../domain/notices/messages.ts';
import { quote } from '../domain/notices/phrase.ts';
import type { Owner } from '../domain/owners.ts';
import type { Instant } from '../domain/time.ts';
import { type Channel, type Clock, type History, type Ids, type Log, type Reader, UnavailableError } from '../ports.ts';
import { aboutEvents } from './about-events.ts';
import { type Outcome, type Receipts, receiptsFor } from './deliver-receipts.ts';
import { messageOf } from './message-of.ts';

export interface SendingWorld {
  readonly history: Pick<History, 'append'>;
  readonly ids: Pick<Ids, 'event'>;
  readonly clock: Clock;
  readonly log: Log;
  /** What notices say as the deployment wants it; absent: as Keyturn has it. */
  readonly style?: HouseStyle;
}

export interface Sending {
  readonly channel: Channel;
  readonly to: Owner | 'operators';
  readonly receipts: Receipts;
  /** By the clock: from then on no message is begun. */
  readonly deadline: Instant;
}

/** What became of the items that were to be sent. What is in none of these was not begun in time. */
export interface Sent {
  /** The channel has them, and history says so. */
  readonly taken: ReadonlySet<EventId>;
  readonly refused: ReadonlyMap<EventId, unknown>;
  /** The channel has them, and history does not say so: gates open on receipts, so they are better told twice. */
  readonly withoutReceipt: ReadonlyMap<EventId, unknown>;
}

/** Sends these items over one channel, and writes each message's receipts before the next is sent. */
export async function sendOver(world: SendingWorld, sending: Sending, items: readonly NoticeItem[]): Promise<Sent> {
  const { history, clock, log } = world;
  const { channel, to, deadline } = sending;
  const reader = readerOf(to);
  const [taken, refused, withoutReceipt] = [
    new Set<EventId>(),
    new Map<EventId, unknown>(),
    new Map<EventId, unknown>(),
  ];
  for (const { items: told, ...notice } of messagesFor(channel.name, to, items, world.style)) {
    if (clock.now() >= deadline) break;
    const events = told.map(({ event }) => event);
    try {
      await channel.send({ to, events, ...notice });
    } catch (error) {
      for (const { id } of events) refused.set(id, error);
      log.warn('channel refused a notice', { ...aboutEvents(events), channel: channel.name, to: reader, error });
      await noteRefusal(world, sending, events, error);
      continue;
    }
    log.info('notice sent', { ...aboutEvents(events), channel: channel.name, to: reader });
    try {
      await history.append(receiptsFor(world, events, channel.name, reader, { type: 'notice-delivered' }));
      for (const { id } of events) taken.add(id);
    } catch (error) {
      for (const { id } of events) withoutReceipt.set(id, error);
    }
  }
  return { taken, refused, withoutReceipt };
}

export const readerOf = (to: Owner | 'operators'): Reader => (to === 'operators' ? to : to.id);

/** Records the first refusal of an event, not one for every retry. Without the record the notice still takes its way. */
async function noteRefusal(
  world: SendingWorld,
  { channel: { name }, to, receipts }: Sending,
  events: readonly HistoryEvent[],
  error: unknown,
): Promise<void> {
  const reader = readerOf(to);
  const unrecorded = events.filter(({ id }) => receipts.refusalOf(id, name, reader) === undefined);
  if (unrecorded.length === 0) return;
  const outcome: Outcome = { type: 'notice-failed', error: quote(inWords(error)) };
  try {
    await world.history.append(receiptsFor(world, unrecorded, name, reader, outcome));
  } catch (failure) {
    const about = { ...aboutEvents(events), channel: name, to: reader };
    world.log.warn('a refused notice is not on record', { ...about, error: failure });
  }
}

/** A channel's refusal says all in its message; of anything else the name may help. */
export const inWords = (error: unknown): string =>
  error instanceof UnavailableError ? error.message : messageOf(error);
