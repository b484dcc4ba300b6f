import { MINUTE } from '../../lambda/domain/time.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';
import { aPolicy } from '../support/builders.ts';
import { onDay, SweepStory } from './support/sweep-story.ts';

// Runs are due at 06:00; the window closes at 07:00, and nothing is changed on the 12th.
const changeWindow = {
  weekdays: [1, 2, 3, 4, 5, 6, 7],
  fromHour: 5,
  toHour: 7,
  timeZone: 'UTC',
  freezeDates: ['2026-01-12'],
};

/** A key that is to be disabled on day 10, lived through to the day before. */
async function dueOnDay10() {
  const story = new SweepStory();
  story.settings = { ...story.settings, policy: aPolicy({ changeWindow }) };
  const { keyId } = story.userWithKey('build-bot', 400);
  await story.liveThrough(0, 9);
  return { story, keyId };
}

/** The run of that day, whose worker begins so many minutes after it was due. */
async function sweepLate(story: SweepStory, day: number, minutes: number): Promise<void> {
  story.clock.set(onDay(day) + minutes * MINUTE);
  await sweepAccount(story.world, story.message(onDay(day)), { holder: `day-${day}`, deadline: Infinity });
}

describe('nothing is disabled or deleted outside the change window', () => {
  test.each([
    ['a moment before it closes', 59, [10]],
    ['when it has closed since the run was due', 60, []],
  ])('%s', async (_when, minutes, days) => {
    const { story, keyId } = await dueOnDay10();
    await sweepLate(story, 10, minutes);
    expect(story.daysOf('key-disabled', keyId)).toEqual(days);
  });

  test('why it waits is on record, and the next run does it with the gap counted from there', async () => {
    const { story, keyId } = await dueOnDay10();
    await sweepLate(story, 10, 60);
    expect(story.ledger.eventsOf('step-waiting')[0]?.details).toEqual({
      step: 'disable',
      reason: 'window-closed',
      until: '2026-01-13T05:00:00.000Z',
    });
    await story.liveThrough(11, 25);
    // The 12th is day 11.
    expect(story.daysOf('key-disabled', keyId)).toEqual([12]);
    expect(story.daysOf('key-deleted', keyId)).toEqual([22]);
  });

  test('not a deletion either', async () => {
    const { story, keyId } = await dueOnDay10();
    await story.liveThrough(10, 19);
    await sweepLate(story, 20, 60);
    expect(story.daysOf('key-deleted', keyId)).toEqual([]);
    await story.sweepOn(21);
    expect(story.daysOf('key-deleted', keyId)).toEqual([21]);
  });

  test.each([
    ['disabling', 10, 'disable-intended'],
    ['deleting', 20, 'delete-intended'],
  ] as const)('when it closes between the decision and the act: %s', async (_what, day, intent) => {
    const { story, keyId } = await dueOnDay10();
    if (day > 10) await story.liveThrough(10, day - 1);
    // The last look at the user's keys, right before the act.
    const reads = story.calls.of('iam.keys').length;
    const keys = story.iam.keys.bind(story.iam);
    story.iam.keys = async (userName) => {
      const listed = await keys(userName);
      if (story.calls.of('iam.keys').length > reads + 1) story.clock.set(onDay(day) + 60 * MINUTE);
      return listed;
    };
    await sweepLate(story, day, 59);
    expect(story.calls.of('iam.keys').length).toBeGreaterThan(reads + 1);
    expect(story.daysOf(intent, keyId)).toEqual([]);
    expect(story.ledger.eventsOf('sweep-finished').at(-1)?.details.failed).toBe(0);
  });
});
