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
