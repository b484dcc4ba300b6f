import type { AccessKeyId, UserName } from '../../lambda/domain/ids.ts';
import { DAY } from '../../lambda/domain/time.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { ACCOUNT, anExemption, someSettings } from '../support/builders.ts';
import { onDay, SweepStory } from './support/sweep-story.ts';

const HOUR = DAY / 24;

/** A key that is 400 days old on day 0: replaced then, disabled on day 10, deleted on day 20. */
async function replacedOnDay0() {
  const story = new SweepStory();
  const { userName, keyId } = story.userWithKey('build-bot', 400);
  await story.sweepOn(0);
  return { story, userName, keyId, successor: await otherKey(story, userName, keyId) };
}

async function otherKey(story: SweepStory, userName: UserName, keyId: AccessKeyId): Promise<AccessKeyId> {
  const other = (await story.keysOf(userName)).find((key) => key.keyId !== keyId);
  if (other === undefined) throw new Error(`${userName} has no other key`);
  return other.keyId;
}

/** Sweeps on those days; the key is used an hour before each. */
async function usedDaily(story: SweepStory, keyId: AccessKeyId, from: number, to: number): Promise<void> {
  for (let day = from; day <= to; day += 1) {
    if (story.iam.key(keyId)?.status === 'Active') story.iam.useKey(keyId, { at: onDay(day) - HOUR });
    await story.sweepOn(day);
  }
}

/** The IAM calls of the sweep of that day. */
async function iamCallsOn(story: SweepStory, day: number): Promise<readonly string[]> {
  const before = story.calls.log.length;
  await story.sweepOn(day);
  return story.calls.log.slice(before).flatMap(({ name }) => (name.startsWith('iam.') ? [name] : []));
}

describe('an owner who installs the new key', () => {
  test('is seen to, once, and left in peace until the old one is deleted', async () => {
    const { story, userName, keyId, successor } = await replacedOnDay0();
    await usedDaily(story, successor, 2, 25);
    expect(story.daysOf('key-adopted', successor)).toEqual([2]);
    expect(story.daysOf('key-still-used', keyId)).toEqual([]);
    expect(story.typesOf(userName).slice(3)).toEqual([
      'key-adopted',
      'disable-intended',
      'key-disabled',
      'deletion-upcoming',
      'delete-intended',
      'key-deleted',
    ]);
    const [adopted] = story.ledger.eventsOf('key-adopted');
    expect(adopted?.details).toEqual({
      replaces: keyId,
      lastUse: { at: '2026-01-03T05:00:00.000Z', service: 's3', region: 'eu-central-1' },
      disableAt: '2026-01-11T06:00:00.000Z',
    });
    expect(story.ledger.eventsOf('key-disabled')[0]?.details).toMatchObject({ adopted: true });
  });

  test('but goes on with the old one too, is told what still uses it', async () => {
    const { story, keyId, successor } = await replacedOnDay0();
    story.iam.useKey(successor, { at: onDay(1) });
    story.iam.useKey(keyId, { at: onDay(1), service: 'sqs', region: 'us-east-1' });
    await story.liveThrough(1, 5);
    const lastUse = { at: '2026-01-02T06:00:00.000Z', service: 'sqs', region: 'us-east-1' };
    expect(story.ledger.eventsOf('key-adopted')[0]?.details).toMatchObject({ outgoingLastUse: lastUse });
    expect(story.ledger.eventsOf('key-still-used')[0]?.details).toMatchObject({ lastUse, adopted: true });
  });

  test('is not mistaken for Keyturn, which has asked STS whose the new key is', async () => {
    const { story, successor } = await replacedOnDay0();
    story.iam.useKey(successor, { at: story.clock.now() + 3_000, service: 'sts', region: 'eu-central-1' });
    await story.liveThrough(1, 3);
    expect(story.daysOf('key-adopted', successor)).toEqual([]);
    story.iam.useKey(successor, { at: onDay(3) + HOUR, service: 'sts', region: 'eu-central-1' });
    await story.sweepOn(4);
    expect(story.daysOf('key-adopted', successor)).toEqual([4]);
  });

  test('on the last day is on record all the same', async () => {
    const { story, keyId, successor } = await replacedOnDay0();
    await story.liveThrough(1, 9);
    story.iam.useKey(successor, { at: onDay(10) - HOUR });
    await story.sweepOn(10);
    expect(story.ledger.eventsOf('key-disabled')[0]).toMatchObject({ keyId, details: { adopted: true } });
    expect(story.daysOf('key-adopted', successor)).toEqual([10]);
  });
});

describe('an owner who ignores everything', () => {
  test('is told when the key that goes was last used', async () => {
    const story = new SweepStory();
    const { keyId } = story.userWithKey('build-bot', 400);
    story.iam.useKey(keyId, { at: onDay(-1), service: 'sqs', region: 'us-east-1' });
    await story.sweepOn(0);
    expect(story.ledger.eventsOf('key-replaced')[0]?.details.lastUse).toEqual({
      at: '2025-12-31T06:00:00.000Z',
      service: 'sqs',
      region: 'us-east-1',
    });
  });

  test('is reminded half-way and the day before, then of the deletion, each once', async () => {
    const { story, keyId, successor } = await replacedOnDay0();
    await usedDaily(story, keyId, 1, 25);
    expect(story.daysOf('key-still-used', keyId)).toEqual([5, 9]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([10]);
    expect(story.daysOf('deletion-upcoming', keyId)).toEqual([17]);
    expect(story.daysOf('key-deleted', keyId)).toEqual([20]);
    expect(story.daysOf('key-adopted', successor)).toEqual([]);
    expect(story.ledger.eventsOf('key-still-used').map(({ details }) => details)).toMatchObject([
      {
        reminder: 'half-way',
        lastUse: { at: '2026-01-06T05:00:00.000Z' },
        successorKeyId: successor,
        adopted: false,
        secretRegion: story.ledger.eventsOf('key-replaced')[0]?.details.secretRegion,
      },
      { reminder: 'day-before', lastUse: { at: '2026-01-10T05:00:00.000Z' }, disableAt: '2026-01-11T06:00:00.000Z' },
    ]);
    expect(story.ledger.eventsOf('key-disabled')[0]?.details).toMatchObject({
      adopted: false,
      lastUse: { at: '2026-01-11T05:00:00.000Z', service: 's3', region: 'eu-central-1' },
    });
  });

  test('and switches the old key on again, is reminded anew', async () => {
    const { story, keyId } = await replacedOnDay0();
    await usedDaily(story, keyId, 1, 18);
    expect(story.daysOf('deletion-upcoming', keyId)).toEqual([17]);
    story.iam.reactivate(keyId);
    await usedDaily(story, keyId, 19, 45);
    expect(story.daysOf('key-reactivated', keyId)).toEqual([19]);
    expect(story.daysOf('key-still-used', keyId)).toEqual([5, 9, 24, 28]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([10, 29]);
    expect(story.daysOf('deletion-upcoming', keyId)).toEqual([17, 36]);
  });
});

describe('what reminding costs', () => {
  test('nothing of IAM, where the report tells: neither adoption nor any reminder', async () => {
    const { story, keyId, successor } = await replacedOnDay0();
    await usedDaily(story, keyId, 1, 4);
    story.iam.useKey(keyId, { at: onDay(5) - HOUR });
    expect(await iamCallsOn(story, 5)).toEqual(['iam.credentialReport']);
    expect(story.daysOf('key-still-used', keyId)).toEqual([5]);
    story.iam.useKey(successor, { at: onDay(6) - HOUR });
    expect(await iamCallsOn(story, 6)).toEqual(['iam.credentialReport']);
    expect(story.daysOf('key-adopted', successor)).toEqual([6]);
    await story.liveThrough(7, 16);
    expect(await iamCallsOn(story, 17)).toEqual(['iam.credentialReport']);
    expect(story.daysOf('deletion-upcoming', keyId)).toEqual([17]);
  });

  test('one look at the key on the days that matter, where the report cannot tell which key is meant', async () => {
    const { story, keyId } = await replacedOnDay0();
    story.iam.deactivate(keyId);
    story.clock.advance(2 * HOUR);
    story.iam.reactivate(keyId);
    await story.liveThrough(1, 3);
    story.iam.useKey(keyId, { at: onDay(3) });
    expect(await iamCallsOn(story, 4)).toEqual(['iam.credentialReport']);
    expect(await iamCallsOn(story, 5)).toEqual(['iam.credentialReport', 'iam.keys', 'iam.lastUse']);
    expect(await iamCallsOn(story, 6)).toEqual(['iam.credentialReport']);
    expect(story.daysOf('key-still-used', keyId)).toEqual([5]);
  });

  test('without any report the keys in question are looked at, and nobody is forgotten', async () => {
    const { story, keyId } = await replacedOnDay0();
    story.iam.activeRootKeys = undefined;
    await usedDaily(story, keyId, 1, 10);
    expect(story.daysOf('key-still-used', keyId)).toEqual([5, 9]);
    expect(story.calls.of('iam.lastUse')).toHaveLength(2);
  });

  test('no room in State: what the report says is not kept', async () => {
    const { story, keyId } = await replacedOnDay0();
    await usedDaily(story, keyId, 1, 3);
    const { cache } = await story.ledger.load(ACCOUNT);
    expect(JSON.stringify([...cache])).not.toMatch(/lastUse|s3/);
  });
});

describe('a reminder', () => {
  test('that cannot be written down neither delays the step before it nor is lost', async () => {
    const { story, keyId, successor } = await replacedOnDay0();
    await story.liveThrough(1, 9);
    story.iam.useKey(successor, { at: onDay(10) - HOUR });
    // Intent, outcome, and then the adoption.
    story.calls.failOn('journal.commit', { when: 'before', error: new UnavailableError('throttled'), after: 2 });
    const tally = await story.sweepOn(10);
    expect(tally.failed).toBe(1);
    expect(story.daysOf('key-disabled', keyId)).toEqual([10]);
    expect(story.daysOf('key-adopted', successor)).toEqual([]);
    await story.sweepOn(11);
    expect(story.daysOf('key-adopted', successor)).toEqual([11]);
  });

  test('leaves a wait that is on record as it is: it is not recorded again', async () => {
    const story = new SweepStory();
    story.deliverNotices = false;
    const { userName, keyId } = story.userWithKey('unheard', 400);
    await story.liveThrough(0, 11);
    const successor = await otherKey(story, userName, keyId);
    story.iam.useKey(successor, { at: onDay(12) - HOUR });
    await story.liveThrough(12, 14);
    expect(story.daysOf('key-adopted', successor)).toEqual([12]);
    expect(story.daysOf('step-waiting', keyId)).toEqual([10]);
  });

  test('in observe mode is about what is real: nobody could have installed a key that was never made', async () => {
    const story = new SweepStory();
    story.settings = someSettings({ mode: 'observe' });
    const { userName, keyId } = story.userWithKey('twin', 300);
    const newer = story.iam.createKeyByHand(userName, { createdAt: onDay(-10) });
    const { keyId: alone } = story.userWithKey('build-bot', 400);
    for (let day = 0; day <= 18; day += 1) {
      for (const used of [keyId, newer, alone]) story.iam.useKey(used, { at: onDay(day) - HOUR });
      await story.sweepOn(day);
    }
    expect(story.ledger.eventsOf('key-adopted')).toEqual([]);
    expect([keyId, alone].map((used) => story.daysOf('key-still-used', used))).toEqual([[5, 9], []]);
    expect([keyId, alone].map((used) => story.daysOf('deletion-upcoming', used))).toEqual([[17], [17]]);
  });
});

test('an exemption that ends is told to be ending, then to have ended, each once', async () => {
  const story = new SweepStory();
  const { userName } = story.userWithKey('ci-deploy', 400);
  await story.owners.putExemption(anExemption({ expiresAt: onDay(20) }));
  await story.liveThrough(0, 25);
  const told = story.ledger.events().filter(({ type }) => type === 'exemption-ending' || type === 'exemption-ended');
  expect(told.map(({ type, time }) => `${type} ${time.slice(0, 10)}`)).toEqual([
    'exemption-ending 2026-01-07',
    'exemption-ended 2026-01-21',
  ]);
  expect(story.typesOf(userName).slice(1, 5)).toEqual([
    'rotation-intended',
    'key-published',
    'key-replaced',
    'exemption-ended',
  ]);
});
