import type { HistoryEvent } from '../domain/events.ts';
import type { EventId } from '../domain/ids.ts';
import type { NoticeItem } from '../domain/notices/item.ts';
import { messagesFor } from '../domain/notices/messages.ts';
import { quote } from '../domain/notices/phrase.ts';
import type { Owner } from '../domain/owners.ts';
import { type Channel, type Clock, type History, type Ids, type Log, UnavailableError } from '../ports.ts';
import { messageOf } from './message-of.ts';
import { type Outcome, type Receipts, receiptsFor } from './notify-receipts.ts';

export interface Delivery {
  readonly history: Pick<History, 'append' | 'query'>;
  readonly ids: Pick<Ids, 'event'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly receipts: Receipts;
}

/**
 * Sends what this reader has not had over this channel yet, and writes each message's receipts before the next is sent.
 * Answers with the events that the channel refused. A message that was taken but has no receipt counts as `untold`: the
 * gates open on receipts, so it is better told twice.
 */
export async function deliver(
  delivery: Delivery,
  channel: Channel,
  to: Owner | 'operators',
  items: readonly NoticeItem[],
  untold: Map<EventId, unknown>,
): Promise<ReadonlyMap<EventId, unknown>> {
  const { history, log, receipts } = delivery;
  const reader = to === 'operators' ? to : to.id;
  const refused = new Map<EventId, unknown>();
  const pending = items.filter(({ event }) => !receipts.wasDelivered(event.id, channel.name, reader));
  for (const { items: told, ...notice } of messagesFor(channel.name, to, pending)) {
    const events = told.map(({ event }) => event);
    try {
      await channel.send({ to, events, ...notice });
    } catch (error) {
      for (const { id } of events) refused.set(id, error);
      log.warn('channel refused a notice', { ...about(events), channel: channel.name, to: reader, error });
      await noteRefusal(delivery, channel, reader, events, error);
      continue;
    }
    log.info('notice sent', { ...about(events), channel: channel.name, to: reader });
    try {
      await history.append(receiptsFor(delivery, events, channel.name, reader, { type: 'notice-delivered' }));
    } catch (error) {
      for (const { id } of events) untold.set(id, error);
    }
  }
  return refused;
}

/** Records the first refusal of an event, not one for every retry. Without the record the notice still takes its way. */
async function noteRefusal(
  { history, receipts, log, clock, ids }: Delivery,
  { name }: Channel,
  reader: Parameters<typeof receiptsFor>[3],
  events: readonly HistoryEvent[],
  error: unknown,
): Promise<void> {
  const unrecorded = events.filter(({ id }) => !receipts.hasFailed(id, name, reader));
  if (unrecorded.length === 0) return;
  const outcome: Outcome = { type: 'notice-failed', error: quote(inWords(error)) };
  try {
    await history.append(receiptsFor({ clock, ids }, unrecorded, name, reader, outcome));
  } catch (failure) {
    log.warn('a refused notice is not on record', { ...about(events), channel: name, to: reader, error: failure });
  }
}

/** A channel's refusal says all in its message; of anything else the name may help. */
export const inWords = (error: unknown): string =>
  error instanceof UnavailableError ? error.message : messageOf(error);

/** What a log line is about. A notice may tell of several runs and accounts; they are then all named. */
export function about(events: readonly HistoryEvent[]): Readonly<Record<string, unknown>> {
  const runs = new Set(events.flatMap(({ runId }) => runId ?? []));
  const accounts = new Set(events.map(({ account }) => account));
  return {
    ...(runs.size > 0 && { runId: [...runs].toSorted().join(', ') }),
    account: [...accounts].toSorted().join(', '),
    events: events.map(({ id }) => id),
  };
}
