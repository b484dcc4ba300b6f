import type { AccessKeyId } from '../../lambda/domain/ids.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';
import { onDay, SweepStory } from './support/sweep-story.ts';

/** Keys that each of the days' sweeps counted as retired for good; days of none are left out. */
async function counted(story: SweepStory, from: number, to: number): Promise<Record<number, number>> {
  const counts: Record<number, number> = {};
  for (let day = from; day <= to; day += 1) {
    story.clock.set(onDay(day) + 7_000);
    const invocation = { holder: `day-${day}`, deadline: Number.POSITIVE_INFINITY };
    const outcome = await sweepAccount(story.world, story.message(onDay(day)), invocation);
    if (outcome.kind === 'no-access') throw new Error('the account could not be entered');
    if (outcome.retiredForGood > 0) counts[day] = outcome.retiredForGood;
    if (story.deliverNotices) await story.deliver();
  }
  return counts;
}

function retiringUnused(story: SweepStory): AccessKeyId {
  const { settings } = story;
  story.settings = { ...settings, policy: { ...settings.policy, neverUsed: 'retire' } };
  const { keyId } = story.userWithKey('unused', 400);
  return keyId;
}

test('a key that was never used is deleted for good', async () => {
  const story = new SweepStory();
  retiringUnused(story);
  expect(await counted(story, 0, 30)).toEqual({ 20: 1 });
});

test('the Inactive key of a user without any other is deleted for good', async () => {
  const story = new SweepStory();
  const { keyId } = story.userWithKey('left', 400);
  story.iam.deactivate(keyId);
  expect(await counted(story, 0, 30)).toEqual({ 10: 1 });
});

test('a key that was replaced is not', async () => {
  const story = new SweepStory();
  const { keyId } = story.userWithKey('build-bot', 400);
  expect(await counted(story, 0, 30)).toEqual({});
  expect(story.daysOf('key-deleted', keyId)).toEqual([20]);
});

test('an owner who deletes the old key and the new one got by without', async () => {
  const story = new SweepStory();
  const { userName } = story.userWithKey('moved-to-a-role', 400);
  await counted(story, 0, 3);
  for (const { keyId } of await story.keysOf(userName)) story.iam.deleteKeyByHand(keyId);
  expect(await counted(story, 4, 30)).toEqual({ 4: 1 });
});

test('an owner who deletes only the old key did not', async () => {
  const story = new SweepStory();
  const { keyId } = story.userWithKey('quick', 400);
  await counted(story, 0, 3);
  story.iam.deleteKeyByHand(keyId);
  expect(await counted(story, 4, 30)).toEqual({});
  expect(story.daysOf('key-deleted', keyId)).toEqual([4]);
});

test('a deletion whose answer was lost is counted once, by the sweep that records it', async () => {
  const story = new SweepStory();
  const keyId = retiringUnused(story);
  story.calls.failOn('iam.deleteKey', { when: 'after', error: new UnavailableError('no answer') });
  expect(await counted(story, 0, 30)).toEqual({ 21: 1 });
  expect(story.daysOf('key-deleted', keyId)).toEqual([21]);
});

test('in observe mode no key is gone, so none is counted', async () => {
  const story = new SweepStory();
  const keyId = retiringUnused(story);
  story.settings = { ...story.settings, mode: 'observe' };
  expect(await counted(story, 0, 30)).toEqual({});
  expect(story.daysOf('key-deleted', keyId)).toEqual([20]);
});
