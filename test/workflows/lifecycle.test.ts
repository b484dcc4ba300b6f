import { DAY_0, onDay, SweepStory } from './support/sweep-story.ts';

describe('the life of a key, swept once a day', () => {
  test('a key created on day 0 is rotated on 90, disabled on 100, deleted on 110', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('build-bot', 0);
    await story.liveThrough(0, 125);
    expect(story.daysOf('rotation-upcoming', keyId)).toEqual([76, 87]);
    expect(story.daysOf('key-replaced', keyId)).toEqual([90]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([100]);
    expect(story.daysOf('key-deleted', keyId)).toEqual([110]);
    const [incoming, ...others] = await story.keysOf(userName);
    expect(others).toEqual([]);
    expect(incoming?.status).toBe('Active');
    expect(story.fetched(userName)).toBe(incoming && story.iam.secretOf(incoming.keyId));
    expect(story.typesOf(userName)).toEqual([
      'rotation-upcoming',
      'rotation-upcoming',
      'rotation-intended',
      'key-published',
      'key-replaced',
      'disable-intended',
      'key-disabled',
      'deletion-upcoming',
      'delete-intended',
      'key-deleted',
    ]);
  });

  test('a key 400 days old on day 0 is rotated on 0, disabled on 10, deleted on 20', async () => {
    const story = new SweepStory();
    const { keyId } = story.userWithKey('old-bot', 400);
    await story.liveThrough(0, 25);
    expect(story.daysOf('key-replaced', keyId)).toEqual([0]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([10]);
    expect(story.daysOf('key-deleted', keyId)).toEqual([20]);
  });

  test('a missed fortnight of runs delays steps and skips none', async () => {
    const story = new SweepStory();
    const { keyId } = story.userWithKey('build-bot', 0);
    await story.liveThrough(0, 88);
    await story.sweepOn(104);
    expect(story.daysOf('key-replaced', keyId)).toEqual([104]);
    await story.liveThrough(105, 113);
    expect(story.daysOf('key-disabled', keyId)).toEqual([]);
    await story.sweepOn(114);
    expect(story.daysOf('key-disabled', keyId)).toEqual([114]);
  });

  test('of two old Active keys the one in use stays, and is rotated when the other is gone', async () => {
    const story = new SweepStory();
    const { userName, keyId: inUse } = story.userWithKey('twin', 300);
    const idle = story.iam.createKeyByHand(userName, { createdAt: onDay(-200) });
    story.iam.useKey(inUse, { at: onDay(-1) });
    await story.liveThrough(0, 20);
    expect(story.daysOf('key-disabled', idle)).toEqual([10]);
    expect(story.daysOf('key-deleted', idle)).toEqual([20]);
    expect(story.daysOf('key-replaced', inUse)).toEqual([20]);
    expect(story.daysOf('key-disabled', inUse)).toEqual([]);
  });

  test('an Inactive key in the way is announced, deleted a gap later, and the rotation follows in the same sweep', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('blocked-bot', 200);
    const inTheWay = story.iam.createKeyByHand(userName, { createdAt: onDay(-50) });
    story.iam.deactivate(inTheWay);
    await story.liveThrough(0, 10);
    expect(story.daysOf('retirement-started', inTheWay)).toEqual([0]);
    expect(story.daysOf('key-deleted', inTheWay)).toEqual([10]);
    expect(story.daysOf('key-replaced', keyId)).toEqual([10]);
  });

  test('a user with only an Inactive key never gets a new one', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('dormant', 400);
    story.iam.deactivate(keyId);
    await story.liveThrough(0, 30);
    expect(story.calls.of('iam.createKey')).toEqual([]);
    expect(story.daysOf('key-deleted', keyId)).toEqual([10]);
    expect(await story.keysOf(userName)).toEqual([]);
  });

  test('a reactivated key is told, gets one more gap, and is disabled again', async () => {
    const story = new SweepStory();
    const { keyId } = story.userWithKey('stubborn', 400);
    await story.liveThrough(0, 12);
    story.iam.reactivate(keyId);
    await story.liveThrough(13, 40);
    expect(story.daysOf('key-reactivated', keyId)).toEqual([13]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([10, 23]);
    expect(story.daysOf('key-deleted', keyId)).toEqual([33]);
  });

  test('a user deleted and created again under the same name inherits nothing', async () => {
    const story = new SweepStory();
    const { userName } = story.userWithKey('phoenix', 400);
    await story.liveThrough(0, 5);
    story.clock.set(onDay(5) + 60_000);
    story.iam.recreateUser(userName);
    const fresh = story.iam.createKeyByHand(userName);
    await story.liveThrough(6, 30);
    expect(story.typesOf(userName)).toContain('user-replaced');
    expect(await story.keysOf(userName)).toEqual([{ keyId: fresh, status: 'Active' }]);
    expect(story.fetched(userName)).toBeDefined();
  });

  test('a user that IAM no longer has is closed, once', async () => {
    const story = new SweepStory();
    const { userName } = story.userWithKey('leaver', 400);
    await story.sweepOn(0);
    story.iam.deleteUser(userName);
    await story.liveThrough(1, 3);
    expect(story.ledger.eventsOf('user-gone')).toHaveLength(1);
  });

  test('nothing is disabled before somebody was told', async () => {
    const story = new SweepStory();
    const { keyId } = story.userWithKey('unheard', 400);
    story.deliverNotices = false;
    await story.liveThrough(0, 14);
    expect(story.daysOf('key-disabled', keyId)).toEqual([]);
    expect(story.ledger.eventsOf('step-waiting').map((event) => event.details.reason)).toEqual(['notice-undelivered']);
    story.deliverNotices = true;
    await story.deliver();
    await story.sweepOn(15);
    expect(story.daysOf('key-disabled', keyId)).toEqual([15]);
  });

  test('the key its owner lives on is never disabled: the successor was deleted by hand', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('careless', 400);
    await story.sweepOn(0);
    const successor = (await story.keysOf(userName)).find((key) => key.keyId !== keyId);
    story.iam.deleteKeyByHand(successor?.keyId ?? keyId);
    await story.liveThrough(1, 11);
    expect(story.daysOf('retirement-cancelled', keyId)).toEqual([1]);
    expect(story.daysOf('key-replaced', keyId)).toEqual([0, 1]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([11]);
    const active = (await story.keysOf(userName)).filter((key) => key.status === 'Active');
    expect(active).toHaveLength(1);
    expect(story.fetched(userName)).toBe(story.iam.secretOf(active[0]?.keyId ?? keyId));
  });

  test('caps: the oldest keys first, the rest is deferred, recorded once, and done in later runs', async () => {
    const story = new SweepStory();
    story.settings = { ...story.settings, policy: { ...story.settings.policy, maxStepsPerSweep: 2 } };
    const keys = [150, 160, 170, 180, 190].map((age) => story.userWithKey(`user-${age}`, age).keyId);
    const report = await story.sweepOn(0);
    expect(report.steps.rotate).toBe(2);
    await story.liveThrough(1, 2);
    expect(keys.map((keyId) => story.daysOf('key-replaced', keyId))).toEqual([[2], [1], [1], [0], [0]]);
    expect(story.ledger.eventsOf('step-waiting').map((event) => event.details.reason)).toEqual(['cap', 'cap', 'cap']);
  });

  test('a root access key is told every run and nothing is touched', async () => {
    const story = new SweepStory();
    story.iam.activeRootKeys = 1;
    await story.liveThrough(0, 2);
    expect(story.ledger.eventsOf('root-key-seen')).toHaveLength(3);
    expect(DAY_0).toBe(onDay(0));
  });
});
