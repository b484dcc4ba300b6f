import { NotCreatedError, UnavailableError } from '../../lambda/ports.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';
import { onDay, SweepStory } from './support/sweep-story.ts';

/** The day's sweep and what it tells of itself. */
async function swept(story: SweepStory, day: number) {
  story.clock.set(onDay(day) + 7_000);
  const invocation = { holder: `day-${day}`, deadline: Number.POSITIVE_INFINITY };
  const outcome = await sweepAccount(story.world, story.message(onDay(day)), invocation);
  if (outcome.kind === 'no-access') throw new Error('the account could not be entered');
  if (story.deliverNotices) await story.deliver();
  return outcome;
}

test('an old estate is rotated in its first sweep, and nothing is overdue', async () => {
  const story = new SweepStory();
  story.userWithKey('build-bot', 400);
  story.userWithKey('young', 30);
  expect((await swept(story, 0)).figures).toEqual({
    oldestActiveKeyDays: 400,
    overdueKeys: 0,
    blockedUsers: 0,
    deferredSteps: 0,
  });
});

test('what the cap defers is counted, and overdue because only a person can raise it', async () => {
  const story = new SweepStory();
  const { settings } = story;
  story.settings = { ...settings, policy: { ...settings.policy, maxStepsPerSweep: 1 } };
  for (const name of ['a', 'b', 'c']) story.userWithKey(name, 400);
  expect((await swept(story, 0)).figures).toMatchObject({ deferredSteps: 2, overdueKeys: 2 });
  expect((await swept(story, 1)).figures).toMatchObject({ deferredSteps: 1, overdueKeys: 1 });
  expect((await swept(story, 2)).figures).toMatchObject({ deferredSteps: 0, overdueKeys: 0 });
});

test('a disabling that nobody was told of is overdue two days after its date', async () => {
  const story = new SweepStory();
  story.userWithKey('build-bot', 400);
  story.deliverNotices = false;
  await swept(story, 0);
  expect((await swept(story, 11)).figures?.overdueKeys).toBe(0);
  expect((await swept(story, 12)).figures?.overdueKeys).toBe(1);
  story.deliverNotices = true;
  await story.deliver();
  expect((await swept(story, 13)).figures?.overdueKeys).toBe(0);
});

test('failures are counted by what was being done', async () => {
  const story = new SweepStory();
  story.userWithKey('unread', 400);
  story.userWithKey('unstored', 400);
  const error = new UnavailableError('the store is down');
  story.calls.failOn('iam.keys', { when: 'before', error, times: 99, where: (name) => name === 'unread' });
  story.calls.failOn('secrets.store', { when: 'before', error, times: 99 });
  const { failedAt, tally } = await swept(story, 0);
  expect(failedAt).toEqual({ read: 1, rotate: 1, disable: 0, delete: 0, record: 0 });
  expect(tally.failed).toBe(2);
});

test('in observe mode a key is not overdue that would have been rotated', async () => {
  const story = new SweepStory();
  story.settings = { ...story.settings, mode: 'observe' };
  story.userWithKey('build-bot', 400);
  await swept(story, 0);
  expect((await swept(story, 5)).figures).toMatchObject({ overdueKeys: 0, oldestActiveKeyDays: 405 });
});

describe('what could not be read is seen', () => {
  const denied = new UnavailableError('AWS denied iam:ListAccessKeys.');
  const always = { when: 'before', error: denied, times: 999 } as const;

  test('an account whose keys nobody can read is no account without trouble, on no day', async () => {
    const story = new SweepStory();
    for (const name of ['a', 'b', 'c']) story.userWithKey(name, 400);
    story.calls.failOn('iam.keys', always);
    for (let day = 0; day <= 30; day += 1) {
      const { figures, failedAt } = await swept(story, day);
      expect({ day, figures, read: failedAt.read }).toEqual({ day, figures: {}, read: 3 });
    }
  });

  test('neither is one whose old keys cannot be told apart, as nobody can read when they were used', async () => {
    const story = new SweepStory();
    const { userName } = story.userWithKey('build-bot', 400);
    story.iam.createKeyByHand(userName, { createdAt: onDay(-300) });
    story.calls.failOn('iam.lastUse', always);
    for (const day of [0, 1]) expect(await swept(story, day)).toMatchObject({ figures: {}, failedAt: { read: 1 } });
  });

  test('an overdue key that is known counts, whoever else is unknown', async () => {
    const story = new SweepStory();
    story.userWithKey('unread', 400);
    story.userWithKey('unrotated', 400);
    story.calls.failOn('iam.keys', { ...always, where: (name) => name === 'unread' });
    story.calls.failOn('iam.createKey', { ...always, error: new NotCreatedError('AWS denied iam:CreateAccessKey.') });
    expect((await swept(story, 0)).figures).toEqual({ oldestActiveKeyDays: 400, overdueKeys: 1 });
  });

  test('a missing credential report is on record, with the reason, until there is one', async () => {
    const story = new SweepStory();
    story.userWithKey('build-bot', 30);
    const error = new UnavailableError('AWS denied iam:GenerateCredentialReport.');
    story.calls.failOn('iam.credentialReport', { when: 'before', error });
    expect((await swept(story, 0)).tally).toMatchObject({ reportMissing: expect.stringContaining(error.message) });
    expect(story.ledger.eventsOf('sweep-finished').at(-1)?.details.reportMissing).toContain(error.message);
    expect((await swept(story, 1)).tally).not.toHaveProperty('reportMissing');
    expect(story.ledger.eventsOf('sweep-finished').at(-1)?.details).toMatchObject({ rootKeys: 0 });
  });

  test('a report that AWS does not make in time is missing too', async () => {
    const story = new SweepStory();
    story.iam.activeRootKeys = undefined;
    expect((await swept(story, 0)).tally.reportMissing).toBe('AWS had none ready in time');
  });

  test('a request that cannot be read is counted, and everybody is swept', async () => {
    const story = new SweepStory();
    const { keyId } = story.userWithKey('build-bot', 400);
    story.userWithKey('young', 30);
    story.owners.unreadableRequests.push("Item 'REQUEST', '111122223333#x' cannot be read: reason is missing.");
    const { tally, failedAt } = await swept(story, 0);
    expect(tally).toMatchObject({ users: 2, unreadRequests: 1, steps: { rotate: 1 } });
    expect(failedAt.read).toBe(1);
    expect(story.daysOf('key-replaced', keyId)).toEqual([0]);
    expect(story.log.text()).toContain('a request on the list cannot be read');
    expect(story.log.text()).toContain('reason is missing');
    expect(story.ledger.eventsOf('sweep-finished').at(-1)?.details).toMatchObject({ unreadRequests: 1 });
  });

  test('an exemption that cannot be read stops its account: nobody whom it protects is rotated', async () => {
    const story = new SweepStory();
    const { keyId } = story.userWithKey('build-bot', 400);
    const error = new Error("Item 'EXEMPTION', '111122223333#x' cannot be read: expiresAt is missing.");
    story.calls.failOn('owners.exemptions', { when: 'before', error });
    await expect(swept(story, 0)).rejects.toThrow('expiresAt is missing');
    expect(story.ledger.eventsOf('sweep-failed').at(-1)?.details.error).toContain('expiresAt is missing');
    expect(story.daysOf('key-replaced', keyId)).toEqual([]);
  });
});

test('a key whose rotation fails every day, and is recovered every day, is overdue', async () => {
  const story = new SweepStory();
  story.userWithKey('build-bot', 400);
  // Nobody knows whether there is a key: the entry stays open for the next sweep.
  const error = new UnavailableError('iam:CreateAccessKey timed out.');
  story.calls.failOn('iam.createKey', { when: 'before', error, times: 99 });
  for (let day = 0; day <= 30; day += 1)
    expect([day, (await swept(story, day)).figures?.overdueKeys]).toEqual([day, 1]);
  expect(story.ledger.eventsOf('rotation-abandoned').length).toBeGreaterThan(20);
  story.calls.heal();
  expect((await swept(story, 31)).figures?.overdueKeys).toBe(0);
});
