import { audienceOf } from '../../lambda/domain/events.ts';
import type { AccessKeyId } from '../../lambda/domain/ids.ts';
import { DAY, toIso } from '../../lambda/domain/time.ts';
import { aPolicy } from '../support/builders.ts';
import { onDay, SweepStory } from './support/sweep-story.ts';

const HOUR = DAY / 24;
const disable = { onlyWhenIdleDays: 7, maxHoldDays: 12 };

/** A key that was to be disabled on day 10, and is used every day: on its last day, 22, it goes all the same. */
async function inUse(upTo: number): Promise<{ readonly story: SweepStory; readonly keyId: AccessKeyId }> {
  const story = new SweepStory();
  story.settings = { ...story.settings, policy: aPolicy({ disable }) };
  const { keyId } = story.userWithKey('build-bot', 400);
  await usedThrough(story, keyId, 0, upTo);
  return { story, keyId };
}

async function usedThrough(story: SweepStory, keyId: AccessKeyId, from: number, to: number): Promise<void> {
  for (let day = from; day <= to; day += 1) {
    if (story.iam.key(keyId)?.status === 'Active') story.iam.useKey(keyId, { at: onDay(day) - HOUR });
    await story.sweepOn(day);
  }
}

const lastDays = (story: SweepStory) =>
  story.ledger
    .eventsOf('key-still-used')
    .flatMap(({ time, details }) =>
      details.held ? [[Math.floor((Date.parse(time) - onDay(0)) / DAY), details.disableAt]] : [],
    );

describe('a key that is held because it is used', () => {
  test('its owner and the operators hear until when at most', async () => {
    const { story } = await inUse(15);
    const [waits, ...more] = story.ledger.eventsOf('step-waiting');
    expect(more).toEqual([]);
    expect(waits?.details).toEqual({
      step: 'disable',
      reason: 'in-use',
      until: toIso(onDay(17) - HOUR),
      lastUse: { at: toIso(onDay(10) - HOUR), service: 's3', region: 'eu-central-1' },
      heldUntil: toIso(onDay(22)),
    });
    expect(waits && audienceOf(waits)).toBe('both');
  });

  test('goes on the last day, of which its owner was reminded the day before', async () => {
    const { story, keyId } = await inUse(23);
    expect(lastDays(story)).toEqual([[21, toIso(onDay(22))]]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([22]);
  });

  test('does not go without a full day between the reminder and the end, however late a run is', async () => {
    const { story, keyId } = await inUse(20);
    // The run of day 21 is missed.
    await usedThrough(story, keyId, 22, 24);
    expect(lastDays(story)).toEqual([[22, toIso(onDay(23))]]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([23]);
  });

  test('does not go while the reminder reached nobody', async () => {
    const { story, keyId } = await inUse(20);
    story.deliverNotices = false;
    await usedThrough(story, keyId, 21, 30);
    expect(story.daysOf('key-disabled', keyId)).toEqual([]);
    story.deliverNotices = true;
    await usedThrough(story, keyId, 31, 32);
    expect(story.daysOf('key-disabled', keyId)).toEqual([32]);
    expect(lastDays(story)).toHaveLength(1);
  });

  test('is held as it was told, when a later policy holds nothing', async () => {
    const { story, keyId } = await inUse(12);
    story.settings = { ...story.settings, policy: aPolicy() };
    await usedThrough(story, keyId, 13, 23);
    expect(lastDays(story)).toEqual([[21, toIso(onDay(22))]]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([22]);
  });

  test('is given another last day when somebody restores it and it is used on', async () => {
    const { story, keyId } = await inUse(13);
    story.iam.deactivate(keyId);
    await story.sweepOn(14);
    story.iam.reactivate(keyId);
    await usedThrough(story, keyId, 15, 40);
    expect(story.daysOf('key-reactivated', keyId)).toEqual([15]);
    expect(lastDays(story)).toEqual([[36, toIso(onDay(37))]]);
    expect(story.daysOf('key-disabled', keyId).at(-1)).toBe(37);
  });

  test('in observe mode is reminded of and would go on the same days', async () => {
    const story = new SweepStory();
    story.settings = { ...story.settings, policy: aPolicy({ disable }), mode: 'observe' };
    const { keyId } = story.userWithKey('build-bot', 400);
    await usedThrough(story, keyId, 0, 23);
    expect(story.daysOf('step-waiting', keyId)).toEqual([10]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([22]);
  });
});
