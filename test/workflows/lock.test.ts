import { MINUTE } from '../../lambda/domain/time.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';
import { onDay, SweepStory } from './support/sweep-story.ts';

/** No worker lives longer, so after it whatever one began may be taken up. */
const LIFE = 15 * MINUTE;

describe.each([
  { step: 'disable', day: 10, call: 'iam.disableKey', outcome: 'key-disabled' },
  { step: 'delete', day: 20, call: 'iam.deleteKey', outcome: 'key-deleted' },
] as const)('a key that somebody began to $step, without its outcome on record', ({ day, call, outcome }) => {
  /** It was done on that day, and nobody heard of it. */
  async function begun() {
    const story = new SweepStory();
    const { keyId } = story.userWithKey('build-bot', 400);
    await story.liveThrough(0, day - 1);
    const error = new UnavailableError('IAM did not answer.');
    story.calls.failOn(call, { when: 'after', error });
    await story.sweepOn(day);
    const begunAt = story.clock.now();
    const sweepAfter = async (life: number) => {
      story.clock.set(begunAt + life);
      const invocation = { holder: `another-${life}`, deadline: Number.POSITIVE_INFINITY };
      await sweepAccount(story.world, story.message(onDay(day)), invocation);
      return story.daysOf(outcome, keyId);
    };
    return { sweepAfter };
  }

  test('is left to that worker as long as it may live', async () => {
    const { sweepAfter } = await begun();
    expect(await sweepAfter(MINUTE)).toEqual([]);
    expect(await sweepAfter(LIFE - 1)).toEqual([]);
  });

  test('is taken up when it can be alive no more', async () => {
    const { sweepAfter } = await begun();
    expect(await sweepAfter(LIFE)).toEqual([day]);
  });
});
