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

describe('a key that nobody tracked, deleted by hand', () => {
  /** Nothing is due of it for months. */
  async function young(name = 'moved-to-a-role') {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey(name, 5);
    await counted(story, 0, 2);
    return { story, userName, keyId };
  }

  const deletions = (story: SweepStory) =>
    story.ledger.eventsOf('key-deleted').map(({ keyId, details }) => ({ keyId, ...details }));

  test("counts once and is on record once, as its user's last one", async () => {
    const { story, keyId } = await young();
    story.iam.deleteKeyByHand(keyId);
    expect(await counted(story, 3, 20)).toEqual({ 3: 1 });
    expect(deletions(story)).toEqual([{ keyId, by: 'somebody' }]);
    expect(story.daysOf('key-deleted', keyId)).toEqual([3]);
  });

  test('counts too where it was switched off first', async () => {
    const { story, keyId } = await young();
    story.iam.deactivate(keyId);
    expect(await counted(story, 3, 5)).toEqual({});
    story.iam.deleteKeyByHand(keyId);
    expect(await counted(story, 6, 20)).toEqual({ 6: 1 });
    expect(deletions(story)).toEqual([{ keyId, by: 'somebody' }]);
  });

  test('counts where the account is only observed: it is gone all the same', async () => {
    const story = new SweepStory();
    story.settings = { ...story.settings, mode: 'observe' };
    const { keyId } = story.userWithKey('moved-to-a-role', 5);
    await counted(story, 0, 2);
    story.iam.deleteKeyByHand(keyId);
    expect(await counted(story, 3, 20)).toEqual({ 3: 1 });
    expect(deletions(story)).toEqual([{ keyId, by: 'somebody' }]);
  });

  test('counts although observe had deleted it in its pretended world', async () => {
    const story = new SweepStory();
    const keyId = retiringUnused(story);
    story.settings = { ...story.settings, mode: 'observe' };
    expect(await counted(story, 0, 25)).toEqual({});
    story.iam.deleteKeyByHand(keyId);
    expect(await counted(story, 26, 40)).toEqual({ 26: 1 });
    expect(deletions(story).filter(({ by }) => by === 'somebody')).toHaveLength(1);
  });

  test('is of no account while its user has another: nobody knows what that one is for', async () => {
    const { story, userName, keyId } = await young();
    story.iam.createKeyByHand(userName);
    await counted(story, 3, 3);
    story.iam.deleteKeyByHand(keyId);
    expect(await counted(story, 4, 20)).toEqual({});
    expect(deletions(story)).toEqual([]);
  });

  test('counts once with another one, and each is on record', async () => {
    const { story, userName, keyId } = await young();
    const other = story.iam.createKeyByHand(userName);
    await counted(story, 3, 3);
    for (const one of [keyId, other]) story.iam.deleteKeyByHand(one);
    expect(await counted(story, 4, 20)).toEqual({ 4: 1 });
    expect(deletions(story)).toEqual([
      { keyId, by: 'somebody' },
      { keyId: other, by: 'somebody' },
    ]);
  });

  test('is known by the record where the cache had not seen it: what Keyturn made and somebody deleted at once', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('quick', 400);
    await counted(story, 0, 0);
    const [, successor] = await story.keysOf(userName);
    for (const one of await story.keysOf(userName)) story.iam.deleteKeyByHand(one.keyId);
    expect(await counted(story, 1, 20)).toEqual({ 1: 1 });
    expect(deletions(story)).toEqual([
      { keyId, by: 'somebody', why: 'rotated' },
      { keyId: successor?.keyId, by: 'somebody' },
    ]);
  });

  test.each(['before', 'after'] as const)('is on record once although the process dies %s the write', async (when) => {
    const { story, keyId } = await young();
    story.iam.deleteKeyByHand(keyId);
    story.calls.failOn('journal.commit', { when, error: new Error('the process died') });
    await counted(story, 3, 20);
    expect(deletions(story)).toEqual([{ keyId, by: 'somebody' }]);
    expect(story.daysOf('key-deleted', keyId)).toEqual([when === 'before' ? 4 : 3]);
  });

  test('waits for a history that cannot be read: unknown is not absent', async () => {
    const { story, userName, keyId } = await young();
    story.iam.deleteKeyByHand(keyId);
    story.calls.failOn('history.query', { when: 'before', error: new UnavailableError('throttled') });
    const { failures } = await story.sweepOn(3);
    expect(failures).toEqual([{ userName, error: expect.stringContaining('throttled') }]);
    expect(deletions(story)).toEqual([]);
    expect(await counted(story, 4, 20)).toEqual({ 4: 1 });
  });

  test('is not believed to be gone while IAM may not list it everywhere yet', async () => {
    const story = new SweepStory();
    const { userName } = story.iam.addUser('new');
    story.clock.set(onDay(0));
    const keyId = story.iam.createKeyByHand(userName);
    await story.sweepOn(0);
    const { keys } = story.iam;
    // Somebody switches it off and asks for a run at once.
    story.iam.deactivate(keyId);
    story.iam.keys = async () => [];
    const again = { holder: 'again', deadline: Number.POSITIVE_INFINITY };
    await sweepAccount(story.world, story.message(), again);
    story.iam.keys = keys;
    expect(deletions(story)).toEqual([]);
    story.iam.deleteKeyByHand(keyId);
    expect(await counted(story, 1, 5)).toEqual({ 1: 1 });
  });

  test('history is asked about such a user alone, and no longer once all is on record', async () => {
    const { story, keyId } = await young();
    story.userWithKey('another', 5);
    story.iam.addUser('without-keys');
    await counted(story, 3, 10);
    const before = story.calls.of('history.query').length;
    story.iam.deleteKeyByHand(keyId);
    await counted(story, 11, 12);
    expect(story.calls.of('history.query')).toHaveLength(before + 1);
    await counted(story, 13, 20);
    expect(story.calls.of('history.query')).toHaveLength(before + 1);
  });
});

describe('a user that is deleted with its keys', () => {
  test.each(['before', 'after'] as const)('is on record once, also if the process dies %s the write', async (when) => {
    const story = new SweepStory();
    const { userName } = story.userWithKey('leaver', 5);
    await counted(story, 0, 2);
    story.iam.deleteUser(userName);
    story.calls.failOn('journal.commit', { when, error: new Error('the process died') });
    await counted(story, 3, 20);
    expect(story.ledger.eventsOf('user-gone').map((event) => event.userName)).toEqual([userName]);
  });

  test('counts once, though nothing was ever tracked of it', async () => {
    const story = new SweepStory();
    const { userName } = story.userWithKey('leaver', 5);
    await counted(story, 0, 2);
    story.iam.deleteUser(userName);
    expect(await counted(story, 3, 3)).toEqual({ 3: 1 });
    const asked = story.calls.of('iam.user').length;
    expect(await counted(story, 4, 20)).toEqual({});
    // It is forgotten: nobody asks for it any more.
    expect(story.calls.of('iam.user')).toHaveLength(asked);
  });

  test('is no matter of another one who has its name and no keys', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('leaver', 5);
    await counted(story, 0, 2);
    story.iam.deleteUser(userName);
    story.iam.addUser(userName);
    expect(await counted(story, 3, 20)).toEqual({});
    expect(story.daysOf('key-deleted', keyId)).toEqual([]);
  });

  test('counts once, with a key on its way out', async () => {
    const story = new SweepStory();
    const { userName } = story.userWithKey('leaver', 400);
    await counted(story, 0, 2);
    story.iam.deleteUser(userName);
    expect(await counted(story, 3, 20)).toEqual({ 3: 1 });
    expect(story.ledger.eventsOf('user-gone')).toHaveLength(1);
  });

  test('does not count again whose last key was counted before', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('leaver', 5);
    await counted(story, 0, 2);
    story.iam.deleteKeyByHand(keyId);
    expect(await counted(story, 3, 3)).toEqual({ 3: 1 });
    story.iam.deleteUser(userName);
    expect(await counted(story, 4, 20)).toEqual({});
  });

  test('does not count without keys', async () => {
    const story = new SweepStory();
    const { userName } = story.iam.addUser('console-only');
    await counted(story, 0, 2);
    story.iam.deleteUser(userName);
    expect(await counted(story, 3, 20)).toEqual({});
    expect(story.ledger.eventsOf('user-gone')).toEqual([]);
  });
});
