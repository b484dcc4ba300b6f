import pLimit from 'p-limit';
import { DELIVER_LONGEST_SECONDS } from '../contracts/outbox.ts';
import { earliest } from '../domain/delivery.ts';
import type { EventId } from '../domain/ids.ts';
import type { Instant } from '../domain/time.ts';
import type { Reader, ReaderStanding, WaitingReader } from '../ports.ts';
import { type DeliverWorld, STANDING_KEPT, type Tick, tellReader } from './deliver-reader.ts';

export interface DeliverInvocation {
  /** Unique to this invocation. */
  readonly holder: string;
  /** By the clock: from then on nothing more is begun. */
  readonly deadline: Instant;
}

export type Delivered =
  /** Another invocation is at it. */
  | { readonly kind: 'busy' }
  | {
      readonly kind: 'done';
      /** What was due and nobody is known to have been told of. */
      readonly untold: readonly EventId[];
      /** Readers that could not be looked after, for another reason than a channel's refusal. */
      readonly failed: readonly { readonly reader: Reader; readonly error: unknown }[];
      /** Milliseconds for which the one that waits longest has been held up, by refusals or failures; 0: nobody is. */
      readonly heldUpFor: number;
    };

/** Slack takes a message a second per channel; this many readers at a time keep both the function and the channels calm. */
const READERS_AT_ONCE = 8;
/** Milliseconds kept for the operators, who come last. */
const FOR_OPERATORS = 30_000;

/**
 * Looks after everybody for whom something waits: sends what is due, each reader's in one message per channel, and leaves
 * the rest, and whatever does not fit into the time, for the next tick. Operators come last, because they get what does
 * not reach its owner.
 */
export async function deliver(world: DeliverWorld, { holder, deadline }: DeliverInvocation): Promise<Delivered> {
  const { clock, log, outbox } = world;
  const now = clock.now();
  if (!(await outbox.takeLease(holder, now, now + DELIVER_LONGEST_SECONDS * 1000))) return { kind: 'busy' };
  try {
    return await lookAfterAll(world, { now, deadline });
  } finally {
    // A lease that cannot be given back runs out by itself before the next tick.
    await outbox.releaseLease(holder).catch((error) => log.warn('the lease was not given back', { error }));
  }
}

async function lookAfterAll(world: DeliverWorld, tick: Tick): Promise<Delivered> {
  const { clock, log, outbox } = world;
  const untold: EventId[] = [];
  const failed: { readonly reader: Reader; readonly error: unknown }[] = [];
  const standings = new Map<Reader, ReaderStanding>();
  const lookAfter = async (waiting: WaitingReader, deadline: Instant) => {
    const { reader, standing } = waiting;
    standings.set(reader, standing);
    if (!isDue(waiting, tick.now) || clock.now() >= deadline) return;
    try {
      const served = await tellReader(world, waiting, { ...tick, deadline });
      standings.set(reader, served.standing);
      untold.push(...served.untold.keys());
      for (const [event, error] of served.untold) log.error('event not told', { events: [event], to: reader, error });
    } catch (error) {
      log.error('reader not looked after', { to: reader, error });
      failed.push({ reader, error });
      standings.set(reader, await noteFailure(world, waiting, tick));
    }
  };
  const owners = (await outbox.readers()).filter(({ reader }) => reader !== 'operators').toSorted(untroubledFirst);
  const oneOfFew = pLimit(READERS_AT_ONCE);
  await Promise.all(owners.map((waiting) => oneOfFew(() => lookAfter(waiting, tick.deadline - FOR_OPERATORS))));
  const operators = (await outbox.readers()).find(({ reader }) => reader === 'operators');
  if (operators !== undefined) await lookAfter(operators, tick.deadline);
  const since = earliest(...[...standings.values()].map(heldUpSince));
  return { kind: 'done', untold, failed, heldUpFor: since === undefined ? 0 : Math.max(0, tick.now - since) };
}

/** News is looked at with the next tick; what was looked at before, when its time has come. */
const isDue = ({ news, standing: { seen, lookAt = 0 } }: WaitingReader, now: Instant): boolean =>
  seen !== news || lookAt <= now;

/** Who costs time for nothing does not keep others waiting. */
const untroubledFirst = (a: WaitingReader, b: WaitingReader): number =>
  (heldUpSince(a.standing) ?? 0) - (heldUpSince(b.standing) ?? 0);

const heldUpSince = ({ failingSince, channels }: ReaderStanding): Instant | undefined =>
  earliest(failingSince, ...Object.values(channels).map((channel) => channel?.refused?.since));

/** The next tick tries again, and knows since when it does. */
async function noteFailure(
  { outbox, log }: DeliverWorld,
  { reader, standing }: WaitingReader,
  { now }: Tick,
): Promise<ReaderStanding> {
  const { channels, failingSince = now } = standing;
  const failing: ReaderStanding = { channels, failingSince };
  try {
    await outbox.keep(reader, failing, now + STANDING_KEPT);
  } catch (error) {
    log.warn('a failure is not kept', { to: reader, error });
  }
  return failing;
}
