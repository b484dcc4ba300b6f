import { historyItem } from '../../lambda/adapters/history-item.ts';
import { audienceOf } from '../../lambda/domain/events.ts';
import { parseUserName } from '../../lambda/domain/ids.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { inventoryTaken } from '../../lambda/workflows/inventory-taken.ts';
import type { Found } from '../../lambda/workflows/user-reader.ts';
import { ACCOUNT, aReading, at, keyId, NOW, RUN, someSettings, userId } from '../support/builders.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeIds } from '../support/fake-ids.ts';
import { SweepStory } from './support/sweep-story.ts';

const world = { ids: new FakeIds(), clock: new FakeClock('2026-01-01T06:20:00.000Z'), settings: someSettings() };
const taken = (found: readonly Found[]) =>
  inventoryTaken(world, { account: ACCOUNT, runId: RUN }, found, at('2026-01-01T06:17:00.000Z'));

const user = (n: number, keys: number): Found => ({
  kind: 'read',
  user: aReading({
    userName: parseUserName(`user-${n}`),
    userId: userId(n),
    keys: Array.from({ length: keys }, (_, k) => ({ keyId: keyId(n * 2 + k), status: 'Active', createdAt: NOW })),
  }),
});

describe('what an inventory puts on record', () => {
  test('each user with keys: who it is, and every key with its date and status; no path when it is /', () => {
    const [event, ...more] = taken([
      { kind: 'cached', user: aReading({ path: '/team/', arn: 'arn:aws:iam::111122223333:user/team/ci-deploy' }) },
      user(2, 1),
    ]);
    expect(more).toEqual([]);
    expect(event?.details).toEqual({
      part: { number: 1, of: 1 },
      startedAt: '2026-01-01T06:17:00.000Z',
      users: [
        {
          userName: 'ci-deploy',
          userId: userId(1),
          path: '/team/',
          keys: [{ keyId: keyId(1), createdAt: '2026-01-01T00:00:00.000Z', status: 'Active' }],
        },
        {
          userName: 'user-2',
          userId: userId(2),
          keys: [{ keyId: keyId(4), createdAt: '2026-01-01T00:00:00.000Z', status: 'Active' }],
        },
      ],
      unread: [],
    });
  });

  test('users without keys are left out, users that could not be read are named', () => {
    const [event] = taken([user(1, 0), { kind: 'unreadable', userName: parseUserName('broken'), cause: 'throttled' }]);
    expect(event?.details).toMatchObject({ users: [], unread: ['broken'] });
  });

  test('an account without keys has an inventory that says so', () => {
    expect(taken([]).map(({ details }) => details.users)).toEqual([[]]);
  });

  test('the largest account there can be takes a few events, each far below what an item may hold', () => {
    const events = taken(Array.from({ length: 5_000 }, (_, n) => user(n, 2)));
    expect(events.length).toBeLessThanOrEqual(8);
    expect(events.flatMap(({ details }) => details.users)).toHaveLength(5_000);
    expect(events.map(({ details }) => details.part)).toEqual(
      events.map((_, n) => ({ number: n + 1, of: events.length })),
    );
    for (const event of events) expect(JSON.stringify(historyItem(event)).length).toBeLessThan(300_000);
  });

  test('nobody is told of it', () => {
    for (const event of taken([user(1, 1)])) expect(audienceOf(event)).toBe('nobody');
  });
});

describe('a sweep that reads everybody', () => {
  test('records what it found before it changes anything', async () => {
    const story = new SweepStory();
    const { keyId: due } = story.userWithKey('build-bot', 95);
    await story.sweepOn(0);
    const types = story.ledger.events().map(({ type }) => type);
    expect(types.indexOf('inventory-taken')).toBeLessThan(types.indexOf('rotation-intended'));
    const [event] = story.ledger.eventsOf('inventory-taken');
    expect(event?.details.users.flatMap(({ keys }) => keys.map(({ keyId: id }) => id))).toEqual([due]);
  });

  test('when that cannot be recorded, it does not count as done, and is done again', async () => {
    const story = new SweepStory();
    story.userWithKey('build-bot', 5);
    const failure = new UnavailableError('throttled');
    story.calls.failOn('history.append', { when: 'before', error: failure });
    await expect(story.sweepOn(0)).rejects.toThrow(failure);
    expect(story.ledger.eventsOf('inventory-taken')).toEqual([]);
    await story.sweepOn(1);
    expect(story.ledger.eventsOf('inventory-taken')).toHaveLength(1);
  });

  test('in observe too: an inventory changes nothing', async () => {
    const story = new SweepStory();
    story.settings = { ...story.settings, mode: 'observe' };
    story.userWithKey('build-bot', 95);
    await story.sweepOn(0);
    expect(story.ledger.eventsOf('inventory-taken')).toMatchObject([{ mode: 'observe', account: ACCOUNT }]);
  });
});
