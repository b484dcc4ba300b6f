import type { EventDetails } from '../../lambda/domain/events.ts';
import { parseUserName } from '../../lambda/domain/ids.ts';
import { Past } from '../../lambda/domain/past/past.ts';
import { anAccountEvent, anEvent, at, keyId, USER, userId } from '../support/builders.ts';

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

test('a key that went while the inventory was being read is gone all the same', () => {
  const past = new Past();
  past.add(inventory('2026-01-01', listed(USER)));
  past.add(anEvent('key-deleted', { time: '2026-01-08T06:30:00.000Z', details: { by: 'keyturn' } }));
  past.add({ ...inventory('2026-01-08', listed(USER)), time: '2026-01-08T07:00:00.000Z' });
  expect(past.keys.get(keyId(1))?.status).toBe('gone');
});
