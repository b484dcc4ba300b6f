import type { EventDetails } from '../../lambda/domain/events.ts';
import { parseUserName } from '../../lambda/domain/ids.ts';
import { Past } from '../../lambda/domain/past/past.ts';
import { ACCOUNT, anAccountEvent, anEvent, at, keyId, USER, userId } from '../support/builders.ts';

const RENAMED = parseUserName('ci-deploy-2');
type Listed = EventDetails['inventory-taken']['users'][number];

/** A whole inventory of that day. */
const inventory = (day: string, ...users: readonly Listed[]) =>
  anAccountEvent('inventory-taken', {
    time: `${day}T06:00:00.000Z`,
    details: { part: { number: 1, of: 1 }, startedAt: `${day}T06:00:00.000Z`, users, unread: [] },
  });

const listed = (userName: Listed['userName']): Listed => ({
  userName,
  userId: userId(1),
  keys: [{ keyId: keyId(1), createdAt: '2025-12-01T00:00:00.000Z', status: 'Active' }],
});

describe('a user that is given another name', () => {
  const past = new Past();
  past.add(inventory('2026-01-01', listed(USER)));
  past.add(anEvent('user-gone', { time: '2026-01-05T06:00:00.000Z' }));
  past.add(inventory('2026-01-08', listed(RENAMED)));

  test('has its key under the new name from the next inventory on', () => {
    expect(past.keys.get(keyId(1))).toMatchObject({ userName: RENAMED, status: 'Active' });
  });

  test('and no more once an inventory leaves it out', () => {
    past.add(inventory('2026-01-15'));
    expect(past.keys.get(keyId(1))).toMatchObject({ status: 'gone', since: at('2026-01-15T06:00:00.000Z') });
  });
});

test('a new name that an inventory tells first is the key’s, and the end of the old one is not its end', () => {
  const past = new Past();
  past.add(inventory('2026-01-01', listed(USER)));
  past.add(inventory('2026-01-08', listed(RENAMED)));
  past.add(anEvent('user-gone', { time: '2026-01-08T06:01:00.000Z' }));
  expect(past.keys.get(keyId(1))).toMatchObject({ userName: RENAMED, status: 'Active' });
  expect(past.keysOf(ACCOUNT, USER)).toEqual([]);
  expect(past.keysOf(ACCOUNT, RENAMED)).toHaveLength(1);
});

test('of warnings that many channels took, the last one is among those that are known', () => {
  const past = new Past();
  const channels = ['slack', 'sns', 'email'] as const;
  for (const [warning, day] of ['2026-01-01', '2026-01-08', '2026-01-14'].entries()) {
    const time = `${day}T06:00:00.000Z`;
    const upcoming = anEvent('rotation-upcoming', {
      time,
      details: { rotateAt: '2026-01-15T00:00:00.000Z', thresholdDays: 14 - warning },
    });
    past.add(upcoming);
    for (const channel of channels) {
      past.add(anEvent('notice-delivered', { time, details: { about: [upcoming.id], channel, to: 'operators' } }));
    }
  }
  expect(past.keys.get(keyId(1))?.warned?.deliveries.at(-1)?.at).toBe(at('2026-01-14T06:00:00.000Z'));
});

test('a key that went while the inventory was being read is gone all the same', () => {
  const past = new Past();
  past.add(inventory('2026-01-01', listed(USER)));
  past.add(anEvent('key-deleted', { time: '2026-01-08T06:30:00.000Z', details: { by: 'keyturn' } }));
  past.add({ ...inventory('2026-01-08', listed(USER)), time: '2026-01-08T07:00:00.000Z' });
  expect(past.keys.get(keyId(1))?.status).toBe('gone');
});
