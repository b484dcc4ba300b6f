import type { SweepMessage } from '../contracts/messages.ts';
import { fromIso, type Instant, MINUTE } from '../domain/time.ts';
import { NoAccessError } from '../ports.ts';
import { LONGEST_LIFE } from './rotate.ts';
import { type SweepOutcome, SweepPart, type SweepWorld } from './sweep-part.ts';

export interface Invocation {
  /** Unique to this invocation. */
  readonly holder: string;
  /** By the worker's clock: from then on nothing more is begun. */
  readonly deadline: Instant;
}

/** Another invocation is sweeping the account: the message is put off, and finds little left to do. */
export class LeaseHeldError extends Error {
  override readonly name = 'LeaseHeldError';
}

/** A message this much older than the clock is treated as a run of its own, lest its gaps come out shorter than told. */
const LATE = 60 * MINUTE;

/**
 * The time that a sweep goes by: its run's, so that a key published in a daily run is disabled in the run ten days later
 * and not one day after it; but never later than the worker's clock, and never more than an hour before it.
 */
export function runTime(scheduled: Instant, clock: Instant): Instant {
  return clock - scheduled > LATE ? clock : Math.min(scheduled, clock);
}

/**
 * One sweep over one account: read, decide, carry out, record. One user's failure never stops another's. Throws when the
 * account as a whole could not be swept; that is in history by then, and the message is tried again.
 */
export async function sweepAccount(
  world: SweepWorld,
  message: SweepMessage,
  { holder, deadline }: Invocation,
): Promise<SweepOutcome> {
  const { account, mode } = message;
  const clock = world.clock.now();
  if (!(await world.state.takeLease(account, holder, clock, clock + LONGEST_LIFE))) {
    throw new LeaseHeldError(`account ${account} is being swept by another worker; this message will be tried again`);
  }
  // The wave that the account is in, as dispatch found it.
  const sweep = new SweepPart({ ...world, settings: { ...world.settings, mode } }, message, deadline);
  try {
    return await sweep.run(runTime(fromIso(message.now), clock));
  } catch (error) {
    await sweep.recordFailure(error);
    if (error instanceof NoAccessError) return { kind: 'no-access' };
    throw error;
  } finally {
    await world.state.releaseLease(account, holder);
    await sweep.sendNextPart();
  }
}
