import { parseAccessKeyId, parseUserName } from '../../lambda/domain/ids.ts';
import { MINUTE } from '../../lambda/domain/time.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';
import type { CallName } from '../support/calls.ts';
import { onDay, SweepStory } from './support/sweep-story.ts';

/** How many calls of that name the sweep of that day makes. */
async function callsOn(story: SweepStory, day: number, name: CallName): Promise<number> {
  const before = story.calls.of(name).length;
  await story.sweepOn(day);
  return story.calls.of(name).length - before;
}

function estate(users: number): SweepStory {
  const story = new SweepStory();
  for (let n = 0; n < users; n += 1) story.userWithKey(`user-${n}`, 1);
  return story;
}

describe('an inventory led by the credential report', () => {
  test('the first sweep reads everybody, the second nobody', async () => {
    const story = estate(20);
    expect(await callsOn(story, 0, 'iam.keys')).toBe(20);
    expect(await callsOn(story, 1, 'iam.keys')).toBe(0);
    expect(story.calls.of('iam.users')).toHaveLength(1);
  });

  test('whoever is new or changed is read, and nobody else', async () => {
    const story = estate(20);
    await story.sweepOn(0);
    story.userWithKey('newcomer', 0);
    const [user] = await story.keysOf('user-3' as never);
    story.iam.deactivate(user?.keyId as never);
    expect(await callsOn(story, 1, 'iam.keys')).toBe(2);
    expect(await callsOn(story, 2, 'iam.keys')).toBe(0);
  });

  test('everybody is read again after seven days, and seven days after that', async () => {
    const story = estate(5);
    await story.sweepOn(0);
    const reads: number[] = [];
    for (let day = 1; day <= 15; day += 1) reads.push(await callsOn(story, day, 'iam.keys'));
    expect(reads).toEqual([0, 0, 0, 0, 0, 0, 5, 0, 0, 0, 0, 0, 0, 5, 0]);
  });

  test('after seven days also when the first reading began an hour after its run was due', async () => {
    const story = estate(5);
    story.clock.set(onDay(0) + 55 * MINUTE);
    const late = story.message(onDay(0));
    await sweepAccount(story.world, late, { holder: 'late', deadline: Number.POSITIVE_INFINITY });
    await story.liveThrough(1, 6);
    expect(await callsOn(story, 7, 'iam.keys')).toBe(5);
  });

  test('no report to be had: everybody is read, and root keys are not said to be none', async () => {
    const story = estate(5);
    await story.sweepOn(0);
    story.iam.activeRootKeys = undefined;
    expect(await callsOn(story, 1, 'iam.keys')).toBe(5);
    expect(story.ledger.eventsOf('sweep-finished').at(-1)?.details.rootKeys).toBeUndefined();
  });

  test('a report that cannot be fetched: everybody is read, once', async () => {
    const story = estate(5);
    await story.sweepOn(0);
    story.calls.failOn('iam.credentialReport', { when: 'before', error: new UnavailableError('throttled') });
    expect(await callsOn(story, 1, 'iam.keys')).toBe(5);
    expect(await callsOn(story, 2, 'iam.keys')).toBe(0);
  });

  test('who changed while there was no report is read again when there is one', async () => {
    const story = estate(5);
    await story.sweepOn(0);
    const [key] = await story.keysOf(parseUserName('user-3'));
    story.clock.set(onDay(1));
    story.iam.deactivate(parseAccessKeyId(key?.keyId ?? ''));
    story.calls.failOn('iam.credentialReport', { when: 'before', error: new UnavailableError('throttled') });
    expect(await callsOn(story, 1, 'iam.keys')).toBe(5);
    expect(await callsOn(story, 2, 'iam.keys')).toBe(1);
    expect(await callsOn(story, 3, 'iam.keys')).toBe(0);
  });

  test('a row that cannot be read is in the log: it costs a reading of everybody each time', async () => {
    const story = estate(5);
    await story.sweepOn(0);
    const report = story.iam.credentialReport.bind(story.iam);
    story.iam.credentialReport = async () => ({ rootKeys: (await report())?.rootKeys ?? 0 });
    expect(await callsOn(story, 1, 'iam.keys')).toBe(5);
    expect(story.log.text()).toContain('has a row that cannot be read');
  });

  test('whom a full sweep could not read, the next sweep reads, and not one seven days later', async () => {
    const story = estate(5);
    await story.liveThrough(0, 6);
    const throttled = { when: 'before', error: new UnavailableError('throttled'), times: 3 } as const;
    story.calls.failOn('iam.keys', throttled);
    await story.sweepOn(7);
    expect(await callsOn(story, 8, 'iam.keys')).toBe(3);
    expect(await callsOn(story, 9, 'iam.keys')).toBe(0);
  });

  test('a key that was switched off and on does not look young', async () => {
    const story = new SweepStory();
    const { keyId } = story.userWithKey('build-bot', 80);
    await story.sweepOn(0);
    story.clock.set(onDay(5));
    story.iam.deactivate(keyId);
    story.iam.reactivate(keyId);
    await story.liveThrough(6, 9);
    expect(story.daysOf('key-replaced', keyId)).toEqual([]);
    await story.sweepOn(10);
    expect(story.daysOf('key-replaced', keyId)).toEqual([10]);
  });

  test('a stale report never causes a step: the key it calls due is gone, and IAM is asked first', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('build-bot', 89);
    await story.sweepOn(0);
    story.iam.freezeReport();
    const byHand = story.iam.createKeyByHand(userName);
    story.iam.deleteKeyByHand(keyId);
    await story.sweepOn(1);
    expect(story.calls.of('iam.createKey')).toEqual([]);
    expect(await story.keysOf(userName)).toEqual([{ keyId: byHand, status: 'Active' }]);
  });

  test('a stale report does not hide that a user was deleted, nor that another has its name', async () => {
    const story = new SweepStory();
    const { userName } = story.userWithKey('phoenix', 89);
    await story.sweepOn(0);
    story.iam.freezeReport();
    story.iam.recreateUser(userName);
    const fresh = story.iam.createKeyByHand(userName);
    await story.liveThrough(1, 3);
    expect(await story.keysOf(userName)).toEqual([{ keyId: fresh, status: 'Active' }]);
    story.iam.deleteUser(userName);
    story.iam.thawReport();
    await story.sweepOn(4);
    expect(story.ledger.eventsOf('user-gone')).toHaveLength(1);
  });

  test('a steady day costs two calls of IAM for each rotation, and the next day one reading', async () => {
    const story = estate(50);
    for (let n = 0; n < 5; n += 1) story.userWithKey(`due-${n}`, 89);
    await story.sweepOn(0);
    const before = story.calls.log.length;
    await story.sweepOn(1);
    const iam = story.calls.log.slice(before).filter(({ name }) => name.startsWith('iam.'));
    expect(iam.map(({ name }) => name).toSorted()).toEqual([
      ...Array(5).fill('iam.createKey'),
      'iam.credentialReport',
      ...Array(5).fill('iam.keys'),
    ]);
    expect(await callsOn(story, 2, 'iam.keys')).toBe(5);
    expect(await callsOn(story, 3, 'iam.keys')).toBe(0);
  });
});
