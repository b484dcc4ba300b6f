import { MINUTE } from '../../lambda/domain/time.ts';
import { NoAccessError } from '../../lambda/ports.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';
import type { CallName } from '../support/calls.ts';
import { DAY_0, SweepStory } from './support/sweep-story.ts';

/** Every call takes a second, as a slow IAM would. */
function slowed({ calls, clock }: SweepStory): void {
  const run = calls.run.bind(calls);
  calls.run = <T>(name: CallName, args: readonly unknown[], effect: () => T | Promise<T>): Promise<T> => {
    if (name.startsWith('iam.')) clock.advance(1_000);
    return run<T>(name, args, effect);
  };
}

/** Lives through all parts of one sweep, with that much time for each; answers with how many there were. */
async function sweepInParts(story: SweepStory, timeMs: number): Promise<number> {
  let message = story.message(DAY_0);
  for (let parts = 1; ; parts += 1) {
    const deadline = story.clock.now() + timeMs;
    const outcome = await sweepAccount(story.world, message, { holder: `part-${parts}`, deadline });
    const next = story.queue.sent.shift();
    if (outcome.kind === 'finished') {
      expect(next).toBeUndefined();
      return parts;
    }
    if (next === undefined || parts > 100) throw new Error('the sweep neither finished nor went on');
    message = { ...message, part: next.part ?? 1, taken: next.taken ?? message.taken };
  }
}

describe('a sweep that runs out of time', () => {
  test('goes on in the next part, reads nobody twice, and comes to the same end', async () => {
    const story = new SweepStory();
    for (let n = 0; n < 300; n += 1) story.userWithKey(`user-${n}`, n < 20 ? 400 : 1);
    slowed(story);
    const parts = await sweepInParts(story, 2 * MINUTE);
    expect(parts).toBeGreaterThan(2);
    expect(story.ledger.eventsOf('key-replaced')).toHaveLength(20);
    expect(story.ledger.eventsOf('sweep-continued')).toHaveLength(parts - 1);
    const reads = story.calls.of('iam.keys').length;
    // Everybody once, and the twenty again right before they are rotated in a later part.
    expect(reads).toBeLessThanOrEqual(300 + 2 * 20 + parts);
  });

  test('the cap counts what earlier parts took', async () => {
    const story = new SweepStory();
    story.settings = { ...story.settings, policy: { ...story.settings.policy, maxStepsPerSweep: 7 } };
    for (let n = 0; n < 40; n += 1) story.userWithKey(`user-${n}`, 400);
    slowed(story);
    await sweepInParts(story, 45_000);
    expect(story.ledger.eventsOf('key-replaced')).toHaveLength(7);
  });

  test('the lease is given back before the next part is sent', async () => {
    const story = new SweepStory();
    for (let n = 0; n < 30; n += 1) story.userWithKey(`user-${n}`, 1);
    slowed(story);
    await sweepAccount(story.world, story.message(DAY_0), { holder: 'one', deadline: story.clock.now() + 5_000 });
    const order = story.calls.log.map(({ name }) => name);
    expect(order.lastIndexOf('queue.sendAll')).toBeGreaterThan(order.lastIndexOf('state.releaseLease'));
  });
});

test('an account that cannot be entered is on record with the reason, and is not tried again', async () => {
  const story = new SweepStory();
  const openAccount = () => Promise.reject(new NoAccessError('Deploy the member stack in that account.'));
  const invocation = { holder: 'one', deadline: Number.POSITIVE_INFINITY };
  const outcome = await sweepAccount({ ...story.world, openAccount }, story.message(), invocation);
  expect(outcome).toEqual({ kind: 'no-access' });
  expect(story.ledger.eventsOf('sweep-failed').map(({ details }) => details.reason)).toEqual(['no-access']);
});
