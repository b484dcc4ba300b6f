import { earliest, type WaitingNotice } from '../domain/delivery.ts';
import type { EventId, OwnerId } from '../domain/ids.ts';
import type { Unreached } from '../domain/notices/item.ts';
import type { Owner } from '../domain/owners.ts';
import { DAY, type Instant } from '../domain/time.ts';
import type { Channel, History, Outbox, Owners, ReaderStanding, WaitingReader } from '../ports.ts';
import { aboutEvents } from './about-events.ts';
import { tellOver } from './deliver-channel.ts';
import type { SendingWorld } from './deliver-messages.ts';
import { Outcome } from './deliver-outcome.ts';
import { type Receipts, readReceipts } from './deliver-receipts.ts';
import { type Channels, channelsTo } from './owner-channels.ts';

export interface DeliverWorld extends SendingWorld {
  readonly owners: Pick<Owners, 'owner'>;
  readonly history: Pick<History, 'append' | 'query'>;
  readonly outbox: Outbox;
  readonly channels: Channels;
}

export interface Tick {
  readonly now: Instant;
  /** By the clock: from then on no message is begun. */
  readonly deadline: Instant;
}

/** How a reader stands after a tick. */
export interface Served {
  readonly standing: ReaderStanding;
  /** What was due and nobody is known to have been told of, with the reason. */
  readonly untold: ReadonlyMap<EventId, unknown>;
}

/** A standing outlasts the time for which a channel is tried again. */
export const STANDING_KEPT: number = 10 * DAY;

/** What is known of a reader when the telling begins. */
interface Reading {
  readonly world: DeliverWorld;
  readonly waiting: WaitingReader;
  /** What waits, but for what it is not known of whether it was told. */
  readonly notices: readonly WaitingNotice[];
  readonly receipts: Receipts;
  readonly tick: Tick;
}

/** What became of it. */
interface Told {
  /** Needs no more telling. */
  readonly over: readonly WaitingNotice[];
  readonly channels: ReaderStanding['channels'];
  readonly lookAt?: Instant | undefined;
  readonly untold: ReadonlyMap<EventId, unknown>;
}

/**
 * Tells one reader what is due. The order survives a death anywhere: after each message its receipts; then what operators
 * get instead; then how far this has come; and last of all the notices are taken out.
 */
export async function tellReader(world: DeliverWorld, waiting: WaitingReader, tick: Tick): Promise<Served> {
  const { outbox, history, channels } = world;
  const { reader, news, standing: before } = waiting;
  const all = await outbox.waiting(reader);
  const unsure = new Map<EventId, unknown>();
  const events = all.map(({ event }) => event);
  const receipts = await readReceipts(history, events, unsure);
  const notices = all.filter(({ event }) => !unsure.has(event.id));
  const reading: Reading = { world, waiting, notices, receipts, tick };
  const { over, untold, ...told } =
    reader === 'operators'
      ? await tell(reading, 'operators', [channels['operators-topic']])
      : await tellOwner(reading, reader);

  const isEmpty = over.length === all.length;
  const lookAt = unsure.size > 0 ? tick.now : told.lookAt;
  const standing: ReaderStanding = {
    channels: told.channels,
    ...(unsure.size > 0 && { failingSince: before.failingSince ?? tick.now }),
    ...(!isEmpty && { seen: news, ...(lookAt !== undefined && { lookAt }) }),
  };
  await outbox.keep(reader, standing, tick.now + STANDING_KEPT);
  await outbox.remove(
    reader,
    over.map(({ event }) => event.id),
  );
  if (isEmpty) await outbox.close(reader, news);
  return { standing, untold: new Map([...unsure, ...untold]) };
}

async function tellOwner(reading: Reading, id: OwnerId): Promise<Told> {
  const { world, notices, tick } = reading;
  const owner = await world.owners.owner(id);
  if (owner === undefined) return handAllOver(reading, { kind: 'unknown-owner', ownerId: id });
  const ways = channelsTo(owner, world.channels);
  if (ways.length === 0) {
    const why = 'no e-mail address, Slack channel, SNS topic or webhook is on record.';
    return handAllOver(reading, { kind: 'unreachable', owner, why });
  }
  const { outcome, ...told } = await tell(reading, owner, ways);
  const refused = notices.filter((notice) => outcome.isRefusedByAll(notice));
  await handOver(reading, refused, (notice) => ({ kind: 'unreachable', owner, why: outcome.whyNot(notice) }));
  const givenUp = notices.filter((notice) => !told.over.includes(notice) && outcome.isGivenUp(notice, tick.now));
  for (const { event } of givenUp) world.log.warn('notice given up', { ...aboutEvents([event]), to: id });
  return { ...told, over: [...told.over, ...givenUp] };
}

/** Tells what is due over each of the channels. */
async function tell(
  { world, waiting, notices, receipts, tick }: Reading,
  to: Owner | 'operators',
  ways: readonly Channel[],
): Promise<Told & { readonly outcome: Outcome }> {
  const told = await Promise.all(
    ways.map(async (channel) => {
      const before = waiting.standing.channels[channel.name];
      const sending = { channel, to, receipts, deadline: tick.deadline };
      return [channel, await tellOver(world, sending, notices, { before, now: tick.now })] as const;
    }),
  );
  const outcome = new Outcome(to, receipts, told);
  return {
    outcome,
    over: notices.filter((notice) => outcome.isToldEverywhere(notice)),
    channels: Object.fromEntries(told.map(([{ name }, { standing }]) => [name, standing])),
    lookAt: earliest(...told.map(([, { lookAt }]) => lookAt)),
    untold: outcome.untold,
  };
}

async function handAllOver(reading: Reading, insteadOf: Unreached): Promise<Told> {
  await handOver(reading, reading.notices, () => insteadOf);
  return { over: reading.notices, channels: {}, untold: new Map() };
}

/** Puts before the operators what nobody was told of. Doing so again does no harm: their receipts tell. */
async function handOver(
  { world, receipts }: Reading,
  notices: readonly WaitingNotice[],
  insteadOf: (notice: WaitingNotice) => Unreached,
): Promise<void> {
  const open = notices.filter(({ event }) => !receipts.wasTold(event.id));
  await world.outbox.put(
    'operators',
    open.map((notice) => ({ ...notice, insteadOf: insteadOf(notice) })),
  );
}
