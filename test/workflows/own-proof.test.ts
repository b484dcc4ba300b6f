import { SweepStory } from './support/sweep-story.ts';

/** Whose key Keyturn replaces on day 0; nobody ever uses the new one, which comes of age on day 90. */
async function aForgottenUser(neverUsed: 'rotate' | 'retire') {
  const story = new SweepStory();
  story.settings = { ...story.settings, policy: { ...story.settings.policy, neverUsed } };
  const { userName, keyId } = story.userWithKey('forgotten', 400);
  story.iam.useKey(keyId);
  await story.sweepOn(0);
  const [successor] = (await story.keysOf(userName)).filter((key) => key.keyId !== keyId);
  if (successor === undefined) throw new Error('the key was not replaced');
  return { story, userName, keyId: successor.keyId };
}

test('a key that only Keyturn touched is replaced without a word on its last use', async () => {
  const { story, keyId } = await aForgottenUser('rotate');
  expect(await story.iam.lastUse(keyId)).toMatchObject({ kind: 'used', service: 'sts' });
  await story.liveThrough(1, 91);
  expect(story.ledger.eventsOf('key-adopted')).toEqual([]);
  const replaced = story.ledger.eventsOf('key-replaced').find((event) => event.keyId === keyId);
  expect(replaced).toBeDefined();
  expect(replaced?.details).not.toHaveProperty('lastUse');
});

test('a key that only Keyturn touched retires where the policy retires what is never used', async () => {
  const { story, userName, keyId } = await aForgottenUser('retire');
  await story.liveThrough(1, 112);
  expect(story.ledger.eventsOf('retirement-started').map((event) => [event.keyId, event.details.why])).toEqual([
    [keyId, 'never-used'],
  ]);
  expect(story.daysOf('key-deleted', keyId)).toHaveLength(1);
  expect(await story.keysOf(userName)).toEqual([]);
});

test('one that recovery published is known as made by Keyturn too', async () => {
  const story = new SweepStory();
  const { userName } = story.userWithKey('forgotten', 400);
  story.calls.failOn('secrets.publish', { when: 'after', error: new Error('the process died') });
  await story.sweepOn(0);
  await story.sweepOn(1);
  const record = await story.ledger.record(story.message().account, userName);
  const [, successor] = await story.keysOf(userName);
  expect(record?.tracking.made).toEqual([successor?.keyId]);
});
