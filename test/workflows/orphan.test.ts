import { UnavailableError } from '../../lambda/ports.ts';
import { onDay, SweepStory } from './support/sweep-story.ts';

const unavailable = new UnavailableError('IAM did not answer.');

describe('a key that came while a rotation was under way, and was taken for an orphan', () => {
  /** Nobody knows whether a key was created on day 0, and its owner makes one meanwhile. On day 1 deleting it fails. */
  async function spared() {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('busy-bot', 400);
    story.calls.failOn('iam.createKey', { when: 'before', error: unavailable });
    story.calls.failOn('iam.deleteKey', { when: 'before', error: unavailable });
    await story.sweepOn(0);
    const byHand = story.iam.createKeyByHand(userName);
    await story.sweepOn(1);
    expect(story.ledger.eventsOf('delete-failed')).toHaveLength(1);
    return { story, userName, keyId, byHand };
  }

  test('is deleted by the next sweep when nobody has used it', async () => {
    const { story, byHand } = await spared();
    await story.sweepOn(2);
    expect(story.daysOf('orphan-removed', byHand)).toEqual([2]);
  });

  test('is left alone when its owner uses it by then', async () => {
    const { story, userName, keyId, byHand } = await spared();
    story.iam.useKey(byHand);
    await story.sweepOn(2);
    expect(story.daysOf('orphan-removed', byHand)).toEqual([]);
    expect(story.daysOf('rotation-abandoned', keyId)).toEqual([2]);
    expect(await story.keysOf(userName)).toEqual([
      { keyId, status: 'Active' },
      { keyId: byHand, status: 'Active' },
    ]);
    expect(onDay(0)).toBeLessThan(story.clock.now());
  });

  test('that somebody else has deleted meanwhile is on record as gone', async () => {
    const { story, byHand } = await spared();
    story.iam.deleteKeyByHand(byHand);
    await story.sweepOn(2);
    expect(story.daysOf('orphan-removed', byHand)).toEqual([2]);
    expect(story.calls.of('iam.lastUse').filter(({ args: [asked] }) => asked === byHand)).toHaveLength(1);
  });
});

describe('several keys that came while a rotation was under way', () => {
  test('are left alone, and named every day: any of them may be somebody’s', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('busy-bot', 400);
    story.calls.failOn('iam.createKey', { when: 'after', error: unavailable });
    await story.sweepOn(0);
    // Its owner replaces the old key at the same time, and has not used the new one yet.
    story.iam.deleteKeyByHand(keyId);
    const byHand = story.iam.createKeyByHand(userName);
    const came = await story.keysOf(userName);
    for (const day of [1, 2]) {
      const { failures } = await story.sweepOn(day);
      expect(failures).toMatchObject([{ userName, error: expect.stringContaining(byHand) }]);
    }
    expect(came).toHaveLength(2);
    expect(await story.keysOf(userName)).toEqual(came);
    expect(story.ledger.eventsOf('delete-intended')).toEqual([]);
  });

  test('are a rotation that is over once operators deleted the unused one, as they are told to', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('busy-bot', 400);
    story.calls.failOn('iam.createKey', { when: 'after', error: unavailable });
    await story.sweepOn(0);
    story.iam.deleteKeyByHand(keyId);
    const [made] = await story.keysOf(userName);
    const byHand = story.iam.createKeyByHand(userName);
    await story.sweepOn(1);
    // What operators are told to do.
    if (made !== undefined) story.iam.deleteKeyByHand(made.keyId);
    story.iam.useKey(byHand);
    await story.sweepOn(2);
    expect(story.iam.key(byHand)?.status).toBe('Active');
    expect(story.daysOf('rotation-abandoned', keyId)).toEqual([2]);
  });
});
