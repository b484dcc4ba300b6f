import { parseUserId, parseUserName, type UserId } from '../../lambda/domain/ids.ts';
import { Past } from '../../lambda/domain/past/past.ts';
import { standingAt } from '../../lambda/domain/past/standing.ts';
import { toIso } from '../../lambda/domain/time.ts';
import { ACCOUNT, anEvent, anExemption } from '../support/builders.ts';
import { sampleDetails } from '../support/sample-details.ts';
import { onDay, SweepStory } from '../workflows/support/sweep-story.ts';

/** What history says of every key that is there, in the words of `keysThere`. */
function keysByHistory(story: SweepStory): readonly string[] {
  const past = new Past();
  for (const event of story.ledger.events()) past.add(event);
  const there = [...past.keys.values()].filter(({ status }) => status !== 'gone');
  return there
    .map(({ userName, keyId, status, created }) => `${userName} ${keyId} ${status} ${dayOf(created?.at)}`)
    .toSorted();
}

/** Every key that IAM has. */
async function keysThere(story: SweepStory): Promise<readonly string[]> {
  const lines: string[] = [];
  for await (const { userName } of story.iam.users()) {
    for (const { keyId, status, createdAt } of await story.iam.keys(userName)) {
      lines.push(`${userName} ${keyId} ${status} ${dayOf(createdAt)}`);
    }
  }
  return lines.toSorted();
}

const dayOf = (at: number | undefined): string =>
  at === undefined ? 'unknown' : new Date(at).toISOString().slice(0, 10);

test('day by day history knows what IAM has, of keys too that nothing ever happened to', async () => {
  const story = new SweepStory();
  story.userWithKey('young', 0);
  story.userWithKey('due-soon', 85);
  story.userWithKey('ancient', 400);
  const inactive = story.userWithKey('retired-by-hand', 30);
  story.iam.deactivate(inactive.keyId);
  const twins = story.userWithKey('twins', 200);
  story.iam.createKeyByHand(twins.userName, { createdAt: onDay(-150) });
  for (let day = 0; day <= 130; day += 1) {
    await story.sweepOn(day);
    expect({ day, keys: keysByHistory(story) }).toEqual({ day, keys: await keysThere(story) });
  }
});

test('what owners do by themselves is known from the next inventory on, seven days later at most', async () => {
  const story = new SweepStory();
  const kept = story.userWithKey('kept', 1);
  const deleted = story.userWithKey('deleted', 1);
  story.userWithKey('left', 1);
  await story.sweepOn(0);
  story.iam.deleteKeyByHand(deleted.keyId);
  story.iam.deleteUser('left' as never);
  story.iam.deactivate(kept.keyId);
  const made = story.iam.createKeyByHand(deleted.userName);
  await story.liveThrough(1, 7);
  expect(keysByHistory(story)).toEqual(await keysThere(story));
  expect(keysByHistory(story).join()).toContain(made);
});

test('of a key that is announced again after an exemption the new dates are known, and the exemption for its one user', async () => {
  const story = new SweepStory();
  const { userName, keyId } = story.userWithKey('exempt', 400);
  await story.liveThrough(0, 5);
  await story.owners.putExemption(anExemption({ match: { kind: 'user', userName }, expiresAt: onDay(30) }));
  await story.liveThrough(6, 39);
  const past = new Past();
  for (const event of story.ledger.events()) past.add(event);
  const key = past.keys.get(keyId);
  expect(key?.retirement).toMatchObject({
    why: 'rotated',
    disableAt: onDay(40),
    deleteAt: onDay(50),
    announcements: [{ type: 'key-replaced' }, { type: 'retirement-started' }],
  });
  expect(key?.retirement?.started.at).toBeLessThan(onDay(1));
  expect(key?.waiting).toBeUndefined();
});

test('an exemption for one user is not its namesake’s', () => {
  const userName = parseUserName('exempt');
  const userId = parseUserId('AIDAFAKE0000000000001');
  const past = new Past();
  const covers = { account: ACCOUNT, match: { kind: 'user', userName }, userId } as const;
  const details = { ...sampleDetails['exemption-granted'], covers, expiresAt: toIso(onDay(30)) };
  past.add(anEvent('exemption-granted', { time: toIso(onDay(0)), details }));
  const of = (id?: UserId) =>
    past.exemptions.of({ account: ACCOUNT, userName, path: '/', ...(id && { userId: id }) }, onDay(1))?.userId;
  expect([of(userId), of(), of(parseUserId('AIDAFAKE0000000000002'))]).toEqual([userId, userId, undefined]);
});

test('in observe nothing that is pretended is taken for real', async () => {
  const story = new SweepStory();
  story.settings = { ...story.settings, mode: 'observe' };
  story.userWithKey('ancient', 400);
  story.userWithKey('due-soon', 85);
  for (let day = 0; day <= 40; day += 1) {
    await story.sweepOn(day);
    expect({ day, keys: keysByHistory(story) }).toEqual({ day, keys: await keysThere(story) });
  }
  expect(story.ledger.eventsOf('key-deleted').length).toBeGreaterThan(0);
});

test('each inventory costs one event a week for an account of this size', async () => {
  const story = new SweepStory();
  story.userWithKey('young', 0);
  await story.liveThrough(0, 15);
  expect(story.ledger.eventsOf('inventory-taken').map(({ time }) => time.slice(0, 10))).toEqual([
    '2026-01-01',
    '2026-01-08',
    '2026-01-15',
  ]);
});

test('states and next steps of a key are those of its life', async () => {
  const story = new SweepStory();
  const { keyId } = story.userWithKey('build-bot', 75);
  const lived: string[] = [];
  for (let day = 0; day <= 36; day += 1) {
    await story.sweepOn(day);
    const past = new Past();
    for (const event of story.ledger.events()) past.add(event);
    const key = past.keys.get(keyId);
    if (key === undefined) throw new Error('the key is not known');
    const { state, next } = standingAt(past, key, story.clock.now());
    const line = `${state}${next ? ` ${next.step} on day ${Math.round((next.at - onDay(0)) / 86_400_000)}` : ''}`;
    if (lived.at(-1) !== line) lived.push(line);
  }
  expect(lived).toEqual([
    'current rotate on day 15',
    'warned rotate on day 15',
    'retiring disable on day 25',
    'retiring delete on day 35',
    'gone',
  ]);
});
