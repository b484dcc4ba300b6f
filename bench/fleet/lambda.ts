import type { Instant } from '../../lambda/domain/time.ts';
import type { Processor } from './model.ts';
import type { VirtualTime } from './virtual-time.ts';

/** What a fresh instance takes before its first invocation. */
const START_MS = 500;
/** Between two invocations of an instance: a message is deleted, the next is received. */
const BETWEEN_MS = 20;

export interface Fed {
  readonly invocations: number;
  /** Of all invocations together: what Lambda is paid for. */
  readonly billedMs: number;
  /** From the first message to the end of the last. */
  readonly runMs: number;
  readonly longestMs: number;
}

/** Feeds a queue to as many instances as its maximum concurrency allows; each invocation gets up to a batch of messages. */
export async function feedQueue<Message>(
  time: VirtualTime,
  messages: readonly Message[],
  { concurrency, batch }: { readonly concurrency: number; readonly batch: number },
  work: (message: Message, processor: Processor) => Promise<void>,
): Promise<Fed> {
  const waiting = messages.toReversed();
  const started = time.now();
  const durations: number[] = [];
  const instance = async (): Promise<void> => {
    const processor: Processor = { freeAt: 0 };
    let readyAt: Instant | undefined;
    for (;;) {
      const taken = waiting.splice(-batch).reverse();
      if (taken.length === 0) return;
      const began = time.now();
      if (readyAt === undefined) await time.wait(START_MS);
      readyAt = time.now();
      await Promise.all(taken.map((message) => work(message, processor)));
      durations.push(time.now() - began);
      await time.wait(BETWEEN_MS);
    }
  };
  await Promise.all(Array.from({ length: concurrency }, instance));
  return {
    invocations: durations.length,
    billedMs: durations.reduce((sum, each) => sum + each, 0),
    runMs: time.now() - started,
    longestMs: durations.reduce((longest, each) => Math.max(longest, each), 0),
  };
}
