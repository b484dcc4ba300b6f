import { UnavailableError } from '../../lambda/ports.ts';
import { FakeEstate } from './fake-estate.ts';
import type { Strike } from './fault.ts';

/** One user due on day 0 whose rotation was struck there. */
async function struck(...strikes: readonly Strike[]) {
  const estate = new FakeEstate();
  const ada = await estate.hands().addUser('ada');
  await estate.addKey(ada, 400);
  for (const [day, strike] of strikes.entries()) await estate.sweepOn(day, estate.line(strike));
  const types = async () =>
    (await estate.observe()).history.flatMap(({ type, userName }) => (userName === ada ? [type] : []));
  return { estate, types };
}

/** What the crash matrix found, one story for each. */
describe('found by the crash matrix', () => {
  test('a message that comes back after the lease is over repairs what its first worker left, on the same day', async () => {
    const { estate, types } = await struck({ at: 'secrets.store', fault: 'dies after' });
    await estate.redeliver();
    expect(await types()).toContain('key-replaced');
  });

  test('a key that could not be stored has the intent to delete it on record before it is deleted', async () => {
    const { types } = await struck({ at: 'secrets.store', fault: 'throttled' });
    expect((await types()).filter((type) => !type.startsWith('notice'))).toEqual([
      'rotation-intended',
      'rotation-failed',
      'delete-intended',
      'orphan-removed',
    ]);
  });

  test('history never says that no key had come when an orphan came and was deleted', async () => {
    const { estate, types } = await struck(
      { at: 'iam.createKey', fault: 'dies after' },
      { at: 'iam.deleteKey', fault: 'dies after' },
    );
    await estate.sweepOn(2);
    expect(await types()).toContain('orphan-removed');
    expect(await types()).not.toContain('rotation-abandoned');
  });

  test('a user who failed in an earlier part of a sweep is not tried again in each of the others', async () => {
    const estate = new FakeEstate();
    // More than are swept at once.
    const names = Array.from({ length: 20 }, (_, number) => `user-${number}`);
    for (const name of names) await estate.addKey(await estate.hands().addUser(name), 400);
    estate.callTakes = 1_000;
    estate.timeToLive = 40_000;
    await estate.sweepOn(0, estate.line({ at: 'secrets.ensure', fault: 'outage' }));
    const { history } = await estate.observe();
    const types = history.map(({ type }) => type);
    // Otherwise no part would come after a failure.
    expect(types.indexOf('rotation-failed')).toBeLessThan(types.indexOf('sweep-continued'));
    const failures = history.filter(({ type }) => type === 'rotation-failed').map(({ userName }) => userName);
    expect(failures.toSorted()).toEqual(names.toSorted());
  });

  test('a key that was about to be deleted because nobody could say whether it is stored is never published', async () => {
    const { estate, types } = await struck();
    // It is stored, and nobody knows; nor can it be deleted.
    estate.iam().calls.failOn('iam.deleteKey', { when: 'before', error: new UnavailableError('IAM is down') });
    await estate.sweepOn(0, estate.line({ at: 'secrets.store', fault: 'timed out' }));
    expect(await types()).toContain('delete-failed');
    await estate.sweepOn(1);
    const { users, history } = await estate.observe();
    const published = history.flatMap(({ type, keyId }) => (type === 'key-published' ? [keyId] : []));
    const removed = history.flatMap(({ type, keyId }) => (type === 'orphan-removed' ? [keyId] : []));
    expect(removed).toHaveLength(1);
    expect(published).toHaveLength(1);
    expect(published).not.toEqual(removed);
    expect(users[0]?.keys.map(({ keyId }) => keyId)).toContain(published[0]);
  });
});
