import type { SweepMessage } from '../contracts/messages.ts';
import { messageOf } from './message-of.ts';
import { type Invocation, LeaseHeldError, sweepAccount } from './sweep-account.ts';
import type { SweepOutcome, SweepWorld } from './sweep-part.ts';

/** Seconds. Somebody who stops a leaked key waits for it; and a sweep of a few users is over by then. */
const COMES_AGAIN_IN = 30;

export interface Delivery extends Invocation {
  /** How often the queue has brought the message, this time included. */
  readonly received: number;
}

/**
 * Sweeps the account, or, while another worker does, puts the message off. The queue alone would keep it hidden for as
 * long as a worker may live, and twice over, and take it for a dead letter after three such meetings.
 */
export async function sweepOrPostpone(
  world: SweepWorld,
  message: SweepMessage,
  { received, ...invocation }: Delivery,
): Promise<SweepOutcome | { readonly kind: 'postponed' }> {
  try {
    return await sweepAccount(world, message, invocation);
  } catch (error) {
    // A message that is sent again is counted anew. One that failed, or at which a worker died, is left to the queue's
    // counting: two of them that put each other off would go on for ever.
    if (!(error instanceof LeaseHeldError) || received > 1) throw error;
    await postpone(world, message, error);
    return { kind: 'postponed' };
  }
}

/**
 * Sent before the original is acknowledged, which happens when this has returned. Dying in between leaves two of them:
 * the second finds nothing left to do.
 */
async function postpone({ queue, log }: SweepWorld, message: SweepMessage, held: LeaseHeldError): Promise<void> {
  try {
    await queue.postpone(message, COMES_AGAIN_IN);
  } catch (cause) {
    throw new LeaseHeldError(`${held.message}; it could not be put off: ${messageOf(cause)}`, { cause });
  }
  log.info('sweep postponed: another worker is at the account', { seconds: COMES_AGAIN_IN });
}
