import { UnavailableError } from '../../lambda/ports.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';
import { onDay, SweepStory } from './support/sweep-story.ts';

/** The day's sweep and what it tells of itself. */
async function swept(story: SweepStory, day: number) {
  story.clock.set(onDay(day) + 7_000);
  const invocation = { holder: `day-${day}`, deadline: Number.POSITIVE_INFINITY };
  const outcome = await sweepAccount(story.world, story.message(onDay(day)), invocation);
  if (outcome.kind === 'no-access') throw new Error('the account could not be entered');
  if (story.deliverNotices) await story.deliver();
  return outcome;
}

test('an old estate is rotated in its first sweep, and nothing is overdue', async () => {
  const story = new SweepStory();
  story.userWithKey('build-bot', 400);
  story.userWithKey('young', 30);
  expect((await swept(story, 0)).figures).toEqual({
    oldestActiveKeyDays: 400,
    overdueKeys: 0,
    blockedUsers: 0,
    deferredSteps: 0,
  });
});

test('what the cap defers is counted, and overdue because only a person can raise it', async () => {
  const story = new SweepStory();
  const { settings } = story;
  story.settings = { ...settings, policy: { ...settings.policy, maxStepsPerSweep: 1 } };
  for (const name of ['a', 'b', 'c']) story.userWithKey(name, 400);
  expect((await swept(story, 0)).figures).toMatchObject({ deferredSteps: 2, overdueKeys: 2 });
  expect((await swept(story, 1)).figures).toMatchObject({ deferredSteps: 1, overdueKeys: 1 });
  expect((await swept(story, 2)).figures).toMatchObject({ deferredSteps: 0, overdueKeys: 0 });
});

test('a disabling that nobody was told of is overdue two days after its date', async () => {
  const story = new SweepStory();
  story.userWithKey('build-bot', 400);
  story.deliverNotices = false;
  await swept(story, 0);
  expect((await swept(story, 11)).figures?.overdueKeys).toBe(0);
  expect((await swept(story, 12)).figures?.overdueKeys).toBe(1);
  story.deliverNotices = true;
  await story.deliver();
  expect((await swept(story, 13)).figures?.overdueKeys).toBe(0);
});

test('failures are counted by what was being done', async () => {
  const story = new SweepStory();
  story.userWithKey('unread', 400);
  story.userWithKey('unstored', 400);
  const error = new UnavailableError('the store is down');
  story.calls.failOn('iam.keys', { when: 'before', error, times: 99, where: (name) => name === 'unread' });
  story.calls.failOn('secrets.store', { when: 'before', error, times: 99 });
  const { failedAt, tally } = await swept(story, 0);
  expect(failedAt).toEqual({ read: 1, rotate: 1, disable: 0, delete: 0, record: 0 });
  expect(tally.failed).toBe(2);
});

test('in observe mode a key is not overdue that would have been rotated', async () => {
  const story = new SweepStory();
  story.settings = { ...story.settings, mode: 'observe' };
  story.userWithKey('build-bot', 400);
  await swept(story, 0);
  expect((await swept(story, 5)).figures).toMatchObject({ overdueKeys: 0, oldestActiveKeyDays: 405 });
});
