import { onDay, SweepStory } from './support/sweep-story.ts';

function observed(): SweepStory {
  const story = new SweepStory();
  story.settings = { ...story.settings, mode: 'observe' };
  return story;
}

const mutations = ['iam.createKey', 'iam.disableKey', 'iam.deleteKey', 'secrets.ensure', 'secrets.store'] as const;

describe('observe mode', () => {
  test('125 days change nothing, and history tells what would have been done, and when', async () => {
    const story = observed();
    const young = story.userWithKey('build-bot', 0);
    const old = story.userWithKey('old-bot', 400);
    await story.liveThrough(0, 125);
    for (const name of mutations) expect(story.calls.of(name)).toEqual([]);
    for (const [keyId, days] of [
      [young.keyId, [90, 100, 110]],
      [old.keyId, [0, 10, 20]],
    ] as const) {
      expect([
        ...story.daysOf('key-replaced', keyId),
        ...story.daysOf('key-disabled', keyId),
        ...story.daysOf('key-deleted', keyId),
      ]).toEqual(days);
    }
    // The key that would have replaced the old one would itself have been due on day 90.
    const [next] = story.ledger.eventsOf('key-replaced').filter((event) => event.keyId?.startsWith('WOULDBE'));
    expect(next?.time.slice(0, 10)).toBe('2026-04-01');
    expect(new Set(story.ledger.events().map((event) => event.mode))).toEqual(new Set(['observe']));
  });

  test('the pretended world starts afresh when its owner changes the real one', async () => {
    const story = observed();
    const { userName, keyId } = story.userWithKey('build-bot', 400);
    await story.liveThrough(0, 3);
    story.clock.set(onDay(3) + 60_000);
    story.iam.deleteKeyByHand(keyId);
    const fresh = story.iam.createKeyByHand(userName);
    await story.liveThrough(4, 30);
    expect(story.daysOf('key-disabled', keyId)).toEqual([]);
    expect(story.daysOf('key-replaced', fresh)).toEqual([]);
  });

  test('switching to enforce starts from what is really there', async () => {
    const story = observed();
    const { keyId } = story.userWithKey('build-bot', 400);
    await story.liveThrough(0, 15);
    story.settings = { ...story.settings, mode: 'enforce' };
    await story.liveThrough(16, 40);
    expect(story.iam.key(keyId)).toBeUndefined();
    const enforced = story.ledger.events().filter((event) => event.mode === 'enforce' && event.keyId === keyId);
    expect(enforced.filter((event) => event.type === 'key-replaced').map((event) => event.time.slice(0, 10))).toEqual([
      '2026-01-17',
    ]);
    expect(enforced.filter((event) => event.type === 'key-disabled').map((event) => event.time.slice(0, 10))).toEqual([
      '2026-01-27',
    ]);
  });
});
