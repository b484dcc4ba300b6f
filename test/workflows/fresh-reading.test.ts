import { MINUTE } from '../../lambda/domain/time.ts';
import { onDay, SweepStory } from './support/sweep-story.ts';

/** An old Active key, and an Inactive one in its way that is deleted on day 10, so that a rotation follows in that sweep. */
async function beforeTheSlotIsFreed() {
  const story = new SweepStory();
  const { userName, keyId } = story.userWithKey('blocked-bot', 200);
  const inTheWay = story.iam.createKeyByHand(userName, { createdAt: onDay(-50) });
  story.iam.deactivate(inTheWay);
  await story.liveThrough(0, 9);
  return { story, userName, keyId, inTheWay };
}

describe('a rotation into a slot that the same sweep has freed', () => {
  test('goes by the keys as they are then: one deleted meanwhile gets no successor', async () => {
    const { story, userName, keyId, inTheWay } = await beforeTheSlotIsFreed();
    story.calls.failOn('iam.deleteKey', {
      when: 'before',
      error: new Error('never thrown'),
      where: (_, deleted) => {
        if (deleted === inTheWay) story.iam.deleteKeyByHand(keyId);
        return false;
      },
    });
    await story.sweepOn(10);
    expect(story.calls.of('iam.createKey')).toEqual([]);
    expect(await story.keysOf(userName)).toEqual([]);
  });

  test('happens although IAM still lists the deleted key', async () => {
    const { story, userName, keyId, inTheWay } = await beforeTheSlotIsFreed();
    const keys = story.iam.keys.bind(story.iam);
    const ghost = (await keys(userName)).filter((key) => key.keyId === inTheWay);
    story.iam.keys = async (name) => [...(await keys(name)).filter((key) => key.keyId !== inTheWay), ...ghost];
    await story.sweepOn(10);
    expect(story.daysOf('key-replaced', keyId)).toEqual([10]);
  });
});

describe('a user whose keys are none of those that are remembered', () => {
  test('is asked for: a new one of the same name inherits nothing, although the report is from before', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('build-bot', 400);
    await story.liveThrough(0, 9);
    // AWS makes a report every four hours: this one does not show what happens now.
    story.iam.freezeReport();
    story.iam.recreateUser(userName);
    const ofTheNewOne = story.iam.createKeyByHand(userName);
    await story.sweepOn(10);
    const { userId } = await story.iam.user(userName);
    expect(story.ledger.eventsOf('user-replaced')).toMatchObject([{ userName, userId }]);
    // The former one's key went with its user: nobody deleted it.
    expect(story.daysOf('key-deleted', keyId)).toEqual([]);
    expect(await story.keysOf(userName)).toEqual([{ keyId: ofTheNewOne, status: 'Active' }]);
  });
});

describe('a user who waited for its turn, and is read again', () => {
  test('gets no step that nobody planned, and so nobody counted: the run keeps to its cap', async () => {
    const story = new SweepStory();
    // As many are due on day 10 as a run may rotate.
    const cap = 20;
    story.settings = { ...story.settings, policy: { ...story.settings.policy, maxStepsPerSweep: cap } };
    for (let number = 1; number <= cap; number += 1) story.userWithKey(`ahead-${number}`, 81);
    // Replaced by hand: the old key is to be disabled, and as long as it is there its successor cannot be rotated.
    const { userName, keyId: old } = story.userWithKey('eve', 400);
    const successor = story.iam.createKeyByHand(userName, { createdAt: onDay(-85) });
    await story.sweepOn(0);
    // Between the plan and what comes of it.
    story.calls.failOn('state.remember', {
      when: 'before',
      error: new Error('never thrown'),
      where: () => {
        if (story.iam.key(old) !== undefined) {
          story.clock.advance(2 * MINUTE);
          story.iam.deleteKeyByHand(old);
        }
        return false;
      },
    });
    await story.sweepOn(10);
    expect(story.daysOf('key-deleted', old)).toEqual([10]);
    expect(story.daysOf('key-replaced', successor)).toEqual([]);
    expect(story.ledger.eventsOf('key-replaced')).toHaveLength(cap);
    await story.sweepOn(11);
    expect(story.daysOf('key-replaced', successor)).toEqual([11]);
  });
});
