import pLimit from 'p-limit';
import { audienceOf, type HistoryEvent, type NoticeChannel } from '../domain/events.ts';
import type { EventId } from '../domain/ids.ts';
import { type Message, messagesFor } from '../domain/notices/messages.ts';
import type { NoticeItem, Unreached } from '../domain/notices/item.ts';
import type { Owner } from '../domain/owners.ts';
import type { Channel, Clock, History, Ids, Log, Owners } from '../ports.ts';
import { messageOf } from './message-of.ts';
import { addressed } from './notify-addressees.ts';
import { type Receipts, readReceipts, recordDelivered, recordFailed } from './notify-receipts.ts';

export interface NotifyWorld {
  readonly owners: Pick<Owners, 'owner' | 'assignments'>;
  readonly history: Pick<History, 'append' | 'query'>;
  readonly ids: Pick<Ids, 'event'>;
  readonly clock: Clock;
  readonly log: Log;
  readonly channels: {
    readonly sns: Channel;
    /** Absent: this deployment has no Slack. */
    readonly slack?: Channel;
    readonly operators: Channel;
  };
}

/** Some events are not told to anybody, or it is unknown whether they are. All others are done: only these are to be retried. */
export class UntoldError extends Error {
  override readonly name = 'UntoldError';
  readonly untold: ReadonlyMap<EventId, unknown>;

  constructor(untold: ReadonlyMap<EventId, unknown>) {
    const [first] = untold.values();
    super(`${untold.size} events could not be told to anybody yet: ${messageOf(first)}`, { cause: first });
    this.untold = untold;
  }
}

/** Slack takes a message a second per channel; a few owners at a time keep the function short and the channels calm. */
const OWNERS_AT_ONCE = 8;

/**
 * Tells owners and operators of these events: one message per reader and channel. What has a receipt is not sent again, so
 * that the stream may deliver twice. What no channel of an owner takes goes to the operators. Throws UntoldError.
 */
export async function notify(world: NotifyWorld, events: readonly HistoryEvent[]): Promise<void> {
  const untold = new Map<EventId, unknown>();
  const toTell = [...new Map(events.map((event) => [event.id, event])).values()].filter(isTold);
  const receipts = await readReceipts(world.history, toTell);
  const { byOwner, forOperators } = await addressed(world.owners, toTell.filter(receipts.isKnown));
  for (const [id, error] of [...receipts.unreadable, ...forOperators.unknown]) untold.set(id, error);

  const oneOfFew = pLimit(OWNERS_AT_ONCE);
  const leftOver = await Promise.all(
    byOwner.map(({ owner, events: theirs }) => oneOfFew(() => tellOwner(world, receipts, owner, theirs, untold))),
  );
  await tellOperators(world, receipts, [...forOperators.items, ...leftOver.flat()], untold);

  if (untold.size === 0) return;
  const error = new UntoldError(untold);
  world.log.error('events not told', { events: [...untold.keys()], error });
  throw error;
}
