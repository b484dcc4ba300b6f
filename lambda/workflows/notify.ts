import pLimit from 'p-limit';
import { audienceOf, type HistoryEvent } from '../domain/events.ts';
import type { EventId } from '../domain/ids.ts';
import type { NoticeItem } from '../domain/notices/item.ts';
import type { Owner } from '../domain/owners.ts';
import { type Channel, type Owners, UnavailableError } from '../ports.ts';
import { addressed } from './notify-addressees.ts';
import { about, type Delivery, deliver, inWords } from './notify-delivery.ts';
import { readReceipts } from './notify-receipts.ts';

export interface NotifyWorld extends Omit<Delivery, 'receipts'> {
  readonly owners: Pick<Owners, 'owner' | 'assignments'>;
  readonly channels: {
    readonly sns: Channel;
    /** Absent: this deployment has no Slack. */
    readonly slack?: Channel;
    readonly operators: Channel;
  };
}

/** Slack takes a message a second per channel; this many owners at a time keep both the function and the channels calm. */
const OWNERS_AT_ONCE = 8;

/**
 * Tells owners and operators of these events, in one message per reader and channel. What has a receipt is not sent again,
 * so the stream may deliver twice. What none of an owner's channels takes goes to the operators. Answers with the events
 * that could not be told to anybody, or of which it is unknown: these, and no others, are to be brought again.
 */
export async function notify(world: NotifyWorld, events: readonly HistoryEvent[]): Promise<readonly HistoryEvent[]> {
  const toTell = [...new Map(events.map((event) => [event.id, event])).values()].filter(
    (event) => audienceOf(event) !== 'nobody',
  );
  const untold = new Map<EventId, unknown>();
  const receipts = await readReceipts(world.history, toTell, untold);
  const { byOwner, forOperators } = await addressed(
    world.owners,
    toTell.filter(({ id }) => !untold.has(id)),
    untold,
  );
  const delivery: Delivery = { ...world, receipts };
  const oneOfFew = pLimit(OWNERS_AT_ONCE);
  const leftOver = await Promise.all(
    byOwner.map(({ owner, items }) =>
      oneOfFew(() => apart(items, untold, () => tellOwner(delivery, world.channels, owner, items, untold))),
    ),
  );
  const operatorsItems = [...forOperators, ...leftOver.flat()];
  await apart(operatorsItems, untold, async () => {
    const refused = await deliver(delivery, world.channels.operators, 'operators', operatorsItems, untold);
    for (const [id, error] of refused) untold.set(id, error);
    return [];
  });
  for (const event of toTell) {
    if (untold.has(event.id)) world.log.error('event not told', { ...about([event]), error: untold.get(event.id) });
  }
  return events.filter(({ id }) => untold.has(id));
}

/** Tells an owner over each of its channels; answers with what none of them took, for the operators. */
async function tellOwner(
  delivery: Delivery,
  channels: NotifyWorld['channels'],
  owner: Owner,
  items: readonly NoticeItem[],
  untold: Map<EventId, unknown>,
): Promise<readonly NoticeItem[]> {
  const ways = channelsTo(owner, channels);
  const refusals = await Promise.all(ways.map((channel) => deliver(delivery, channel, owner, items, untold)));
  const refusedByAll = items.filter(({ event }) => refusals.every((refused) => refused.has(event.id)));
  if (refusedByAll.length === 0) return [];
  const errors = refusals.map(
    (refused, at) => `${ways[at]?.name === 'slack' ? 'Slack' : 'SNS'}: ${inWords([...refused.values()][0])}`,
  );
  const why = errors.join('; ') || 'no e-mail address, Slack channel or SNS topic is on record.';
  return refusedByAll.map(({ event }) => ({ event, insteadOf: { kind: 'unreachable', owner, why } }));
}

function channelsTo(owner: Owner, { sns, slack }: NotifyWorld['channels']): readonly Channel[] {
  return [
    ...(owner.slackChannel === undefined ? [] : [slack ?? noSlack]),
    ...(owner.snsTopicArn === undefined && owner.email === undefined ? [] : [sns]),
  ];
}

const noSlack: Channel = {
  name: 'slack',
  send: () => Promise.reject(new UnavailableError('Slack is not set up in this deployment.')),
};

/** Whatever goes wrong with these items, even what nobody foresaw, leaves the others alone. */
async function apart(
  items: readonly NoticeItem[],
  untold: Map<EventId, unknown>,
  tell: () => Promise<readonly NoticeItem[]>,
): Promise<readonly NoticeItem[]> {
  try {
    return await tell();
  } catch (error) {
    for (const { event } of items) untold.set(event.id, error);
    return [];
  }
}
