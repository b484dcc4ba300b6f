import { UnavailableError } from '../../lambda/ports.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';
import { onDay, SweepStory } from './support/sweep-story.ts';

/** Six users with old keys, of which a run may replace two. */
function crowd(): SweepStory {
  const story = new SweepStory();
  story.settings = { ...story.settings, policy: { ...story.settings.policy, maxStepsPerSweep: 2 } };
  for (const age of [150, 160, 170, 180, 190, 200]) story.userWithKey(`user-${age}`, age);
  return story;
}

const made = (story: SweepStory): number => story.calls.of('iam.createKey').length;

describe('the caps of a run', () => {
  test('hold for a message that comes again after its sweep was done', async () => {
    const story = crowd();
    await story.sweepOn(0);
    await story.sweepOn(0);
    expect(made(story)).toBe(2);
    await story.sweepOn(1);
    expect(made(story)).toBe(4);
  });

  test('hold for a message that comes again because its sweep failed at its end', async () => {
    const story = crowd();
    story.calls.failOn('history.append', { when: 'before', error: new UnavailableError('DynamoDB did not answer.') });
    await expect(story.sweepOn(0)).rejects.toThrow('DynamoDB did not answer.');
    await story.sweepOn(0);
    expect(made(story)).toBe(2);
  });

  test('hold in observe mode too', async () => {
    const story = crowd();
    story.settings = { ...story.settings, mode: 'observe' };
    await story.sweepOn(0);
    await story.sweepOn(0);
    expect(story.ledger.eventsOf('key-replaced')).toHaveLength(2);
  });

  test('count what follows a recovery: it is deferred, recorded, and done by a later run', async () => {
    const story = crowd();
    story.calls.failOn('iam.createKey', {
      when: 'before',
      error: new UnavailableError('IAM did not answer.'),
      times: 2,
    });
    await story.sweepOn(0);
    expect(story.ledger.eventsOf('key-replaced')).toEqual([]);
    await story.sweepOn(1);
    expect(story.ledger.eventsOf('rotation-abandoned')).toHaveLength(2);
    expect(story.ledger.eventsOf('key-replaced')).toHaveLength(2);
    await story.liveThrough(2, 3);
    expect(story.ledger.eventsOf('key-replaced')).toHaveLength(6);
  });

  test('are asked of history only when something is to be done', async () => {
    const story = crowd();
    await story.liveThrough(0, 3);
    const before = story.calls.of('history.query').length;
    story.deliverNotices = false;
    await sweepAccount(story.world, story.message(onDay(3)), { holder: 'another', deadline: Number.POSITIVE_INFINITY });
    expect(story.calls.of('history.query')).toHaveLength(before);
  });
});
