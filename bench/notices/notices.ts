import { randomUUID } from 'node:crypto';
import { DELIVER_EVERY_MINUTES, DELIVER_LONGEST_SECONDS } from '../../lambda/contracts/outbox.ts';
import { MINUTE } from '../../lambda/domain/time.ts';
import { deliver } from '../../lambda/workflows/deliver.ts';
import { notify } from '../../lambda/workflows/notify.ts';
import { count, type Result, type Say, seconds, target } from '../benchmark.ts';
import type { BenchOptions } from '../options.ts';
import { type Estate, outgoingKeysOf, rotations } from './owners.ts';
import { openPlace, type Place } from './place.ts';

/** Records that the stream hands over at once, as deployed. */
const STREAM_BATCH = 100;
/** News is told when nothing new came for ten minutes. */
const SETTLING = 11 * MINUTE;
/** An hour of ticks: whatever waits longer than that is as good as lost here. */
const MOST_TICKS = 12;
/** What a function that is stopped at its time-out keeps back. */
const LAST_MESSAGE = 30_000;

/** One run that rotates all keys of all owners, told through the real outbox and channels. */
export async function notices({ owners, ownerKeys, slackChannels }: BenchOptions, say: Say): Promise<Result> {
  const estate: Estate = { owners, keysOfEach: ownerKeys, channels: slackChannels };
  const place = await openPlace(estate, say);
  try {
    const notifyMs = await putIntoOutbox(place, estate, say);
    // The bench's own clock: nobody waits in earnest until the news has settled, nor below until the next tick.
    place.clock.skip(SETTLING);
    const ticks = await untilAllTold(place, say);
    return report(estate, await measured(place, estate, notifyMs, ticks));
  } finally {
    await place.stop();
  }
}

async function putIntoOutbox({ world, clock }: Place, estate: Estate, say: Say): Promise<number> {
  const events = rotations(estate, world.ids, clock.now());
  const started = performance.now();
  for (let from = 0; from < events.length; from += STREAM_BATCH) {
    say(`notify: event ${count(from)} of ${count(events.length)}`);
    const untold = await notify(world, events.slice(from, from + STREAM_BATCH));
    if (untold.length > 0) throw new Error(`notify left ${untold.length} events behind`);
  }
  return performance.now() - started;
}

/** The milliseconds that each tick of deliver took, until nothing waits any more. */
async function untilAllTold({ world, clock, endpoints }: Place, say: Say): Promise<readonly number[]> {
  const ticks: number[] = [];
  while (ticks.length < MOST_TICKS && (await world.outbox.readers()).length > 0) {
    const progress = setInterval(() => say(`deliver: ${endpoints.slack.taken.length} messages in Slack`), 2_000);
    const started = performance.now();
    const deadline = clock.now() + DELIVER_LONGEST_SECONDS * 1_000 - LAST_MESSAGE;
    const told = await deliver(world, { holder: randomUUID(), deadline }).finally(() => clearInterval(progress));
    if (told.kind === 'busy') throw new Error('another delivery holds the lease on the outbox');
    const took = performance.now() - started;
    ticks.push(took);
    // Whole milliseconds, as clocks have them: IDs are made of them.
    clock.skip(Math.max(0, DELIVER_EVERY_MINUTES * MINUTE - Math.round(took)));
  }
  return ticks;
}

/** What came over one channel. */
interface Arrived {
  readonly messages: number;
  /** Keys that no message, or more than one, tells of. */
  readonly lost: number;
  readonly twice: number;
}

type Measured = Awaited<ReturnType<typeof measured>>;

async function measured(
  { endpoints, mailbox, world, log }: Place,
  estate: Estate,
  notifyMs: number,
  ticks: readonly number[],
) {
  const { slack, webhooks } = endpoints;
  const keys = outgoingKeysOf(estate);
  return {
    events: keys.length,
    notifyMs,
    ticks,
    waiting: (await world.outbox.readers()).length,
    refusals: log.lines.filter(({ message }) => message === 'channel refused a notice').length,
    channels: {
      Slack: arrived(slack.taken, keys),
      SNS: arrived(await mailbox(), keys),
      webhook: arrived(webhooks.taken, keys),
    } satisfies Record<string, Arrived>,
    slack: { refused: slack.refused, impatient: slack.impatient },
    receipts: world.history.receipts,
    malformed: slack.malformed + webhooks.malformed,
  };
}

/** Each message names the keys that it tells of. */
export function arrived(messages: readonly string[], keys: readonly string[]): Arrived {
  const times = new Map<string, number>();
  for (const message of messages) {
    for (const key of new Set(message.match(/AKIAFAKE\d{12}/g))) times.set(key, (times.get(key) ?? 0) + 1);
  }
  const told = keys.map((key) => times.get(key) ?? 0);
  return {
    messages: messages.length,
    lost: told.filter((often) => often === 0).length,
    twice: told.filter((often) => often > 1).length,
  };
}

function report({ owners, keysOfEach, channels }: Estate, figures: Measured): Result {
  const all = Object.entries(figures.channels);
  const total = (what: keyof Arrived) => all.reduce((sum, [, channel]) => sum + channel[what], 0);
  const deliverMs = figures.ticks.reduce((sum, tick) => sum + tick, 0);
  return {
    tables: [
      {
        title: `${count(owners)} owners of ${count(keysOfEach)} keys each, all rotated in one run`,
        head: ['Channel', 'Messages', 'Keys told', 'Lost', 'Told twice', '429', 'Against Retry-After'],
        rows: all.map(([name, { messages, lost, twice }]) => [
          name,
          count(messages),
          count(figures.events - lost),
          count(lost),
          count(twice),
          name === 'Slack' ? count(figures.slack.refused) : '-',
          name === 'Slack' ? count(figures.slack.impatient) : '-',
        ]),
      },
      {
        head: ['Function', 'Events', 'Invocations', 'Time', 'Longest'],
        rows: [
          [
            'notify',
            count(figures.events),
            count(Math.ceil(figures.events / STREAM_BATCH)),
            seconds(figures.notifyMs),
            '-',
          ],
          [
            'deliver',
            count(figures.events),
            count(figures.ticks.length),
            seconds(deliverMs),
            seconds(Math.max(0, ...figures.ticks)),
          ],
        ],
      },
    ],
    targets: [
      ...all.map(([name, { messages }]) => target(`messages by ${name}`, messages, { atMost: owners })),
      target('keys that nobody was told of, by any channel', total('lost'), { atMost: 0 }),
      target('keys told twice by a channel', total('twice'), { atMost: 0 }),
      target("posts against Slack's Retry-After", figures.slack.impatient, { atMost: 0 }),
      target('messages that an endpoint could not read', figures.malformed, { atMost: 0 }),
      target('readers for whom something still waits', figures.waiting, { atMost: 0 }),
    ],
    notes: [
      `Each owner is reached by Slack, by e-mail over SNS and by a webhook. Half of them share ${count(channels)} Slack channels, the others get direct messages. The endpoint takes one message a second in each channel and answers 429 with Retry-After to the next; every fifth channel is busy with somebody else's message at first, and again after five of ours.`,
      `The deployed workflows and channels; SNS and Secrets Manager are the local AWS, the tables are in memory and take 5 ms for a call. The ten minutes until news has settled, and the pauses between ticks, are skipped. Receipts written: ${count(figures.receipts)}; messages that a channel refused for the time being: ${count(figures.refusals)}.`,
    ],
    figures,
  };
}
