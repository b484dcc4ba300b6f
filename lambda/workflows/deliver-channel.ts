import {
  afterRefusal,
  type ChannelStanding,
  earliest,
  isUrgent,
  latest,
  portionOf,
  type WaitingNotice,
} from '../domain/delivery.ts';
import type { EventId } from '../domain/ids.ts';
import type { Instant } from '../domain/time.ts';
import { readerOf, type Sending, type SendingWorld, type Sent, sendOver } from './deliver-messages.ts';

/** What became of what waited for one channel. */
export interface ToldOver {
  readonly sent: Sent;
  readonly standing: ChannelStanding;
  /** When to look at the rest again; absent: nothing is left for this channel. */
  readonly lookAt?: Instant;
}

const nothingSent: Sent = { taken: new Set(), refused: new Map(), withoutReceipt: new Map() };

/** Sends what is due over one channel, and only what the channel has not taken yet. */
export async function tellOver(
  world: SendingWorld,
  sending: Sending,
  notices: readonly WaitingNotice[],
  { before, now }: { readonly before: ChannelStanding | undefined; readonly now: Instant },
): Promise<ToldOver> {
  const { channel, to, receipts } = sending;
  const reader = readerOf(to);
  const deliveredAt = (id: EventId) => receipts.deliveredAt(id, channel.name, reader);
  const pending = notices.filter(({ event }) => deliveredAt(event.id) === undefined);
  // The receipts know of a message whose sender died before it could keep that it went; but not of one in parts, of which
  // something that waited by then is still to go: that may follow today.
  const isWhole = (at: Instant) => pending.every((notice) => isUrgent(notice) || notice.since > at);
  const had = notices.flatMap((notice) => (isUrgent(notice) ? [] : (deliveredAt(notice.event.id) ?? [])));
  const sentAt = latest(before?.sentAt, ...had.filter(isWhole));
  const refused = pending.length === 0 ? undefined : before?.refused;
  const standing: ChannelStanding = { ...(sentAt !== undefined && { sentAt }), ...(refused && { refused }) };
  const { go, lookAt } = portionOf(pending, {
    now,
    standing,
    isCapped: to !== 'operators',
    wasRefused: ({ event }) => receipts.refusalOf(event.id, channel.name, reader) !== undefined,
  });
  if (go.length === 0) return { sent: nothingSent, standing, ...(lookAt !== undefined && { lookAt }) };
  const sent = await sendOver(world, sending, go);
  const next = standingAfter(standing, go, sent, now);
  const open = go.some(({ event: { id } }) => !sent.taken.has(id) && !sent.refused.has(id));
  const again = earliest(lookAt, open ? now : undefined, sent.refused.size > 0 ? next.refused?.retryAt : undefined);
  return { sent, standing: next, ...(again !== undefined && { lookAt: again }) };
}

function standingAfter(
  { sentAt, refused }: ChannelStanding,
  went: readonly WaitingNotice[],
  sent: Sent,
  now: Instant,
): ChannelStanding {
  if (sent.refused.size > 0) {
    return { ...(sentAt !== undefined && { sentAt }), refused: afterRefusal(refused, now) };
  }
  if (sent.taken.size === 0) return { ...(sentAt !== undefined && { sentAt }), ...(refused && { refused }) };
  // A day's message counts when all of it went: the rest of one in parts may still follow today.
  const isWhole = went.every(({ event }) => sent.taken.has(event.id));
  const counts = isWhole && went.some((notice) => !isUrgent(notice));
  const last = counts ? now : sentAt;
  return last === undefined ? {} : { sentAt: last };
}
