import type { AccessKeyId, UserName } from '../../lambda/domain/ids.ts';
import { NotCreatedError, UnavailableError } from '../../lambda/ports.ts';
import type { CallName } from '../support/calls.ts';
import { onDay, SweepStory } from './support/sweep-story.ts';

/** Everything that a sweep calls and that could be its last. */
const reached: readonly CallName[] = [
  'iam.users',
  'iam.user',
  'iam.keys',
  'iam.lastUse',
  'iam.credentialReport',
  'iam.createKey',
  'iam.disableKey',
  'iam.deleteKey',
  'secrets.ensure',
  'secrets.versions',
  'secrets.store',
  'secrets.publish',
  'prover.prove',
  'journal.commit',
  'state.releaseLease',
  'state.remember',
  'state.forget',
  'state.markFullSweep',
  'history.append',
  'history.query',
];

/** The process dies at the n-th call of that name: before or after its effect, and never calls anything again. */
function dieAt(story: SweepStory, name: CallName, when: 'before' | 'after', passing = 0): void {
  let dead = false;
  for (const other of reached) {
    story.calls.failOn(other, { when: 'before', error: new Error('dead'), times: 1_000, where: () => dead });
  }
  let passed = 0;
  story.calls.failOn(name, {
    when,
    error: new Error('died'),
    where: () => {
      if (dead || passed++ < passing) return false;
      dead = true;
      return true;
    },
  });
}

/** The user keeps an Active key its owner holds (one it had before) or can fetch. */
async function expectAUsableKey(story: SweepStory, userName: UserName, held: readonly AccessKeyId[]): Promise<void> {
  const active = (await story.keysOf(userName)).filter((key) => key.status === 'Active');
  const fetched = story.fetched(userName);
  const usable = active.filter((key) => held.includes(key.keyId) || fetched === story.iam.secretOf(key.keyId));
  expect(usable.length).toBeGreaterThan(0);
}

/** Every Active key that its owner did not make is the one its owner can fetch. */
async function expectNoOrphan(story: SweepStory, userName: UserName, held: readonly AccessKeyId[]): Promise<void> {
  for (const { keyId, status } of await story.keysOf(userName)) {
    if (status !== 'Active' || held.includes(keyId)) continue;
    expect(story.fetched(userName)).toBe(story.iam.secretOf(keyId));
  }
}

describe('a rotation that dies is taken up by the next sweep', () => {
  const calls: readonly [CallName, number][] = [
    ['journal.commit', 0],
    ['secrets.ensure', 0],
    ['iam.createKey', 0],
    ['secrets.store', 0],
    ['prover.prove', 0],
    ['secrets.publish', 0],
    ['journal.commit', 1],
  ];
  const moments = calls.flatMap(([name, passing]) =>
    (['before', 'after'] as const).map((when) => [when, name, passing] as const),
  );

  test.each(moments)('%s the effect of %s (after %i of them)', async (when, name, passing) => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('build-bot', 400);
    dieAt(story, name, when, passing);
    await story.sweepOn(0).catch(() => undefined);
    story.calls.heal();
    await expectAUsableKey(story, userName, [keyId]);

    await story.sweepOn(1);
    await expectAUsableKey(story, userName, [keyId]);
    await expectNoOrphan(story, userName, [keyId]);
    expect(story.ledger.eventsOf('key-replaced')).toHaveLength(1);
    expect(await story.keysOf(userName)).toHaveLength(2);
    expect((await story.ledger.record(story.message().account, userName))?.tracking.rotation).toBeUndefined();

    await story.liveThrough(2, 25);
    expect(story.daysOf('key-deleted', keyId)).toHaveLength(1);
    expect(await story.keysOf(userName)).toHaveLength(1);
  });
});

describe('disable and delete that die are taken up by the next sweep', () => {
  const moments = (['before', 'after'] as const).flatMap((when) =>
    (
      [
        [10, 'iam.disableKey', 0],
        [10, 'journal.commit', 0],
        [10, 'journal.commit', 1],
        [20, 'iam.deleteKey', 0],
        [20, 'journal.commit', 0],
        [20, 'journal.commit', 1],
      ] as const
    ).map(([day, name, passing]) => [when, name, passing, day] as const),
  );

  test.each(moments)('%s the effect of %s (after %i of them) on day %i', async (when, name, passing, day) => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('build-bot', 400);
    await story.liveThrough(0, day - 1);
    dieAt(story, name, when, passing);
    await story.sweepOn(day).catch(() => undefined);
    story.calls.heal();
    await story.liveThrough(day + 1, 25);
    expect(story.daysOf('key-disabled', keyId)).toHaveLength(1);
    expect(story.daysOf('key-deleted', keyId)).toHaveLength(1);
    expect(await story.keysOf(userName)).toHaveLength(1);
  });
});

describe('a rotation whose call fails while the process lives', () => {
  const down = new UnavailableError('Secrets Manager is throttling; try again later');

  test('no room for the secret: no key is made, operators learn why, the next sweep starts anew', async () => {
    const story = new SweepStory();
    const { keyId } = story.userWithKey('build-bot', 400);
    story.calls.failOn('secrets.ensure', { when: 'before', error: down });
    const report = await story.sweepOn(0);
    expect(report.failures).toEqual([{ userName: 'build-bot', error: `UnavailableError: ${down.message}` }]);
    expect(story.calls.of('iam.createKey')).toEqual([]);
    expect(story.ledger.eventsOf('rotation-failed')[0]?.details.stage).toBe('make-room');
    await story.sweepOn(1);
    expect(story.daysOf('key-replaced', keyId)).toEqual([1]);
  });

  test('the key cannot be stored: it is deleted at once', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('build-bot', 400);
    story.calls.failOn('secrets.store', { when: 'before', error: down });
    await story.sweepOn(0);
    expect(await story.keysOf(userName)).toEqual([{ keyId, status: 'Active' }]);
    expect(story.ledger.eventsOf('orphan-removed')).toHaveLength(1);
  });

  test('AWS certainly refused to create the key: the entry is closed', async () => {
    const story = new SweepStory();
    const { userName } = story.userWithKey('build-bot', 400);
    story.calls.failOn('iam.createKey', { when: 'before', error: new NotCreatedError('denied') });
    await story.sweepOn(0);
    expect((await story.ledger.record(story.message().account, userName))?.tracking.rotation).toBeUndefined();
  });

  test('nobody knows whether the key was created: the entry stays, the orphan is removed, and the user is rotated', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('build-bot', 400);
    story.calls.failOn('iam.createKey', { when: 'after', error: new UnavailableError('timed out') });
    await story.sweepOn(0);
    expect(await story.keysOf(userName)).toHaveLength(2);
    await story.sweepOn(1);
    expect(story.daysOf('key-replaced', keyId)).toEqual([1]);
    await expectNoOrphan(story, userName, [keyId]);
  });

  test('STS does not know the key yet: it is published by the next sweep, and not before', async () => {
    const story = new SweepStory();
    const { keyId } = story.userWithKey('build-bot', 400);
    story.calls.failOn('prover.prove', { when: 'before', error: down });
    await story.sweepOn(0);
    expect(story.daysOf('key-replaced', keyId)).toEqual([]);
    await story.sweepOn(1);
    expect(story.daysOf('key-replaced', keyId)).toEqual([1]);
    expect(story.calls.of('iam.createKey')).toHaveLength(1);
  });
});

describe('what the journal must not take for its own', () => {
  test('a key that its owner made long after the process died is left alone', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('build-bot', 400);
    dieAt(story, 'iam.createKey', 'before');
    await story.sweepOn(0).catch(() => undefined);
    story.calls.heal();
    story.clock.set(onDay(0) + 3 * 3_600_000);
    const byHand = story.iam.createKeyByHand(userName);
    await story.sweepOn(1);
    expect(story.iam.key(byHand)?.status).toBe('Active');
    expect(story.iam.key(keyId)?.status).toBe('Active');
    expect(story.ledger.eventsOf('orphan-removed')).toEqual([]);
    expect(story.daysOf('retirement-started', keyId)).toEqual([1]);
  });

  test('a key that came meanwhile and is in use is left alone', async () => {
    const story = new SweepStory();
    const { userName } = story.userWithKey('build-bot', 400);
    dieAt(story, 'iam.createKey', 'before');
    await story.sweepOn(0).catch(() => undefined);
    story.calls.heal();
    const byHand = story.iam.createKeyByHand(userName);
    story.iam.useKey(byHand);
    await story.sweepOn(1);
    expect(story.iam.key(byHand)?.status).toBe('Active');
  });

  test('while the process that began it may still live, nobody else touches the user', async () => {
    const story = new SweepStory();
    story.userWithKey('build-bot', 400);
    dieAt(story, 'iam.createKey', 'before');
    await story.sweepOn(0).catch(() => undefined);
    story.calls.heal();
    story.clock.advance(60_000);
    await story.ledger.releaseLease(story.message().account, 'invocation-1');
    await story.sweepOn(0);
    expect(story.calls.of('iam.createKey').filter((call) => call.outcome === 'answered')).toEqual([]);
  });
});

describe('one failure spares the others', () => {
  test('a throttled read of one user skips that user alone, and counts as a failure', async () => {
    const story = new SweepStory();
    const { keyId } = story.userWithKey('unlucky', 400);
    const other = story.userWithKey('lucky', 400);
    story.calls.failOn('iam.keys', {
      when: 'before',
      error: new UnavailableError('throttled'),
      where: (userName) => userName === 'unlucky',
    });
    const report = await story.sweepOn(0);
    expect(report.failures).toEqual([{ userName: 'unlucky', error: 'UnavailableError: throttled' }]);
    expect(story.daysOf('key-replaced', keyId)).toEqual([]);
    expect(story.daysOf('key-replaced', other.keyId)).toEqual([0]);
  });

  test('a list of users that breaks off fails the sweep: nothing is done, it is on record, and no user counts as gone', async () => {
    const story = new SweepStory();
    const { keyId } = story.userWithKey('build-bot', 400);
    story.userWithKey('another', 400);
    await story.sweepOn(0);
    story.calls.failOn('iam.users', { when: 'after', error: new UnavailableError('throttled') });
    await expect(story.sweepOn(10)).rejects.toThrow('throttled');
    expect(story.ledger.eventsOf('sweep-failed')).toHaveLength(1);
    expect(story.ledger.eventsOf('user-gone')).toEqual([]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([]);
  });

  test('two workers on one account: the second one is turned away', async () => {
    const story = new SweepStory();
    story.userWithKey('build-bot', 400);
    const [first, second] = await Promise.allSettled([story.sweepOn(0), story.sweepOn(0)]);
    expect([first.status, second.status].sort()).toEqual(['fulfilled', 'rejected']);
    expect(story.calls.of('iam.createKey')).toHaveLength(1);
  });
});
