import { MINUTE } from '../../lambda/domain/time.ts';
import { NoAccessError } from '../../lambda/ports.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';
import { SweepInParts, slowed } from './support/in-parts.ts';
import { DAY_0, onDay, SweepStory } from './support/sweep-story.ts';

describe('a sweep that runs out of time', () => {
  test('goes on in the next part, reads nobody twice, and comes to the same end', async () => {
    const story = new SweepStory();
    for (let n = 0; n < 300; n += 1) story.userWithKey(`user-${n}`, n < 20 ? 400 : 1);
    slowed(story);
    const parts = await new SweepInParts(story, 2 * MINUTE).toTheEnd();
    expect(parts).toBeGreaterThan(2);
    expect(story.ledger.eventsOf('key-replaced')).toHaveLength(20);
    expect(story.ledger.eventsOf('sweep-continued')).toHaveLength(parts - 1);
    const reads = story.calls.of('iam.keys').length;
    // Everybody once, and the twenty again right before they are rotated in a later part.
    expect(reads).toBeLessThanOrEqual(300 + 2 * 20 + parts);
  });

  test('the cap counts what earlier parts took', async () => {
    const story = new SweepStory();
    story.settings = { ...story.settings, policy: { ...story.settings.policy, maxStepsPerSweep: 7 } };
    for (let n = 0; n < 40; n += 1) story.userWithKey(`user-${n}`, 400);
    slowed(story);
    await new SweepInParts(story, 45_000).toTheEnd();
    expect(story.ledger.eventsOf('key-replaced')).toHaveLength(7);
  });

  test('is not gone on with after days: what goes on record is how things are then', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('user-0', 1);
    for (let n = 1; n < 100; n += 1) story.userWithKey(`user-${n}`, 1);
    slowed(story);
    await new SweepInParts(story, MINUTE).next();
    story.clock.set(onDay(5));
    story.iam.deleteKeyByHand(keyId);
    const other = story.iam.createKeyByHand(userName);
    // Without a report no row tells who has changed.
    story.iam.activeRootKeys = undefined;
    await story.sweepOn(10);
    const [taken] = story.ledger.eventsOf('inventory-taken');
    const found = taken?.details.users.find((user) => user.userName === userName);
    expect(found?.keys.map((key) => key.keyId)).toEqual([other]);
  });

  test('reads again who changed between two of its parts', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('user-0', 1);
    for (let n = 1; n < 100; n += 1) story.userWithKey(`user-${n}`, 1);
    slowed(story);
    const sweep = new SweepInParts(story, MINUTE);
    await sweep.next();
    story.iam.deactivate(keyId);
    await sweep.toTheEnd();
    const [taken] = story.ledger.eventsOf('inventory-taken');
    const found = taken?.details.users.find((user) => user.userName === userName);
    expect(found?.keys.map(({ status }) => status)).toEqual(['Inactive']);
  });

  test('the lease is given back before the next part is sent', async () => {
    const story = new SweepStory();
    for (let n = 0; n < 30; n += 1) story.userWithKey(`user-${n}`, 1);
    slowed(story);
    await sweepAccount(story.world, story.message(DAY_0), { holder: 'one', deadline: story.clock.now() + 5_000 });
    const order = story.calls.log.map(({ name }) => name);
    expect(order.lastIndexOf('queue.sendAll')).toBeGreaterThan(order.lastIndexOf('state.releaseLease'));
  });
});

test('an account that cannot be entered is on record with the reason, and is not tried again', async () => {
  const story = new SweepStory();
  const openAccount = () => Promise.reject(new NoAccessError('Deploy the member stack in that account.'));
  const invocation = { holder: 'one', deadline: Number.POSITIVE_INFINITY };
  const outcome = await sweepAccount({ ...story.world, openAccount }, story.message(), invocation);
  expect(outcome).toEqual({ kind: 'no-access' });
  expect(story.ledger.eventsOf('sweep-failed').map(({ details }) => details.reason)).toEqual(['no-access']);
});
