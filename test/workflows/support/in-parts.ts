import { sweepMessage } from '../../../lambda/adapters/sweep-message.ts';
import type { SweepMessage } from '../../../lambda/contracts/messages.ts';
import { sweepAccount } from '../../../lambda/workflows/sweep-account.ts';
import type { SweepOutcome } from '../../../lambda/workflows/sweep-part.ts';
import type { CallName } from '../../support/calls.ts';
import { onDay, type SweepStory } from './sweep-story.ts';

/** Every call takes a second, as a slow IAM would. */
export function slowed({ calls, clock }: SweepStory): void {
  const run = calls.run.bind(calls);
  calls.run = <T>(name: CallName, args: readonly unknown[], effect: () => T | Promise<T>): Promise<T> => {
    if (name.startsWith('iam.')) clock.advance(1_000);
    return run<T>(name, args, effect);
  };
}

/** One day's sweep, part by part, with that much time for each. */
export class SweepInParts {
  readonly #story: SweepStory;
  readonly #partMs: number;
  #message: SweepMessage | undefined;

  constructor(story: SweepStory, partMs: number, day = 0) {
    this.#story = story;
    this.#partMs = partMs;
    if (day > 0) story.clock.set(onDay(day));
    this.#message = story.message(onDay(day));
  }

  /** Lives through one part; undefined when the sweep has come to its end. */
  async next(): Promise<SweepOutcome | undefined> {
    const { clock, queue, world } = this.#story;
    if (this.#message === undefined) return undefined;
    const { part } = this.#message;
    const invocation = { holder: `part-${part}`, deadline: clock.now() + this.#partMs };
    const outcome = await sweepAccount(world, this.#message, invocation);
    const sent = queue.sent.shift();
    if (outcome.kind !== 'finished' && sent === undefined) throw new Error('the sweep neither finished nor went on');
    if (outcome.kind === 'finished' && sent !== undefined) throw new Error('the sweep finished and went on');
    this.#message = sent && sweepMessage(sent);
    return outcome;
  }

  /** Lives through all parts; answers with how many there were. */
  async toTheEnd(): Promise<number> {
    for (let parts = 0; parts <= 100; parts += 1) if ((await this.next()) === undefined) return parts;
    throw new Error('the sweep does not come to its end');
  }
}
