import { MINUTE, toIso } from '../../lambda/domain/time.ts';
import { anEvent, eventId } from '../support/builders.ts';
import { onDay } from './estate.ts';
import { FakeEstate } from './fake-estate.ts';
import { requested } from './kinds/requested.ts';

/** One user whose key was due on day 0, lived through to these days. */
async function livedTo(...days: readonly number[]) {
  const estate = new FakeEstate();
  const ada = await estate.hands().addUser('ada');
  const outgoing = await estate.addKey(ada, 400);
  for (const day of days) await estate.sweepOn(day);
  const types = async () => (await estate.observe()).history.map(({ type }) => type);
  const made = async () => (await estate.iam().keys(ada)).find(({ keyId }) => !estate.labels.has(keyId))?.keyId;
  return { estate, ada, outgoing, types, made };
}

/** Between the reading of a user and what is done about it, somebody acts. */
function meanwhile(estate: FakeEstate, call: 'keys' | 'createKey', act: () => void): void {
  const iam = estate.iam();
  const real = iam[call].bind(iam);
  let reads = 0;
  Object.assign(iam, {
    [call]: async (userName: Parameters<typeof real>[0]) => {
      reads += 1;
      if (reads === 1) {
        const read = await real(userName);
        act();
        return read;
      }
      return real(userName);
    },
  });
}

describe('right before a key is touched its user is looked at once more', () => {
  test('a successor that somebody switched off since the plan was made keeps the old key alive', async () => {
    const { estate, outgoing, made, types } = await livedTo(0);
    const incoming = await made();
    meanwhile(estate, 'keys', () => incoming && estate.iam().deactivate(incoming));
    await estate.sweepOn(10);
    expect(estate.iam().key(outgoing)?.status).toBe('Active');
    expect(await types()).not.toContain('disable-intended');
  });

  test('a key that its owner switched on again since the plan was made is not deleted', async () => {
    const { estate, outgoing, types } = await livedTo(0, 10);
    meanwhile(estate, 'keys', () => estate.iam().reactivate(outgoing));
    await estate.sweepOn(20);
    expect(estate.iam().key(outgoing)?.status).toBe('Active');
    expect(await types()).not.toContain('delete-intended');
  });
});

test('a user who waited for its turn is read again: a key that was switched off meanwhile gets no successor', async () => {
  const estate = new FakeEstate();
  // More than are worked on at a time, so the last one waits.
  const ahead = Array.from({ length: 20 }, (_, number) => `ahead-${number}`);
  for (const name of ahead) await estate.addKey(await estate.hands().addUser(name), 400);
  const last = await estate.hands().addUser('eve');
  const key = await estate.addKey(last, 400);
  meanwhile(estate, 'createKey', () => {
    estate.clock.advance(2 * 60_000);
    estate.iam().deactivate(key);
  });
  await estate.sweepOn(0);
  expect(await estate.iam().keys(last)).toMatchObject([{ keyId: key, status: 'Inactive' }]);
});

test('a deletion that did not happen frees no place: no rotation is begun', async () => {
  const estate = new FakeEstate();
  const ada = await estate.hands().addUser('ada');
  await estate.addKey(ada, 400);
  const spare = await estate.addKey(ada, 200);
  estate.iam().deactivate(spare);
  await estate.sweepOn(0);
  meanwhile(estate, 'keys', () => estate.iam().reactivate(spare));
  await estate.sweepOn(10);
  const { history } = await estate.observe();
  expect(history.map(({ type }) => type)).not.toContain('rotation-intended');
  expect(estate.iam().key(spare)?.status).toBe('Active');
});

test('a receipt for another notice does not open the gate', async () => {
  const { estate, ada, outgoing } = await livedTo(0);
  estate.tellsPeople = false;
  await estate.sweepOn(10);
  expect(estate.iam().key(outgoing)?.status).toBe('Inactive');
  // Nobody was told of the disabling; that its owner was told of something else since does not count.
  const details = { about: [eventId(onDay(9))], channel: 'sns', to: 'operators' } as const;
  const time = toIso(onDay(11));
  await estate.ports.history.append([anEvent('notice-delivered', { userName: ada, time, details })]);
  await estate.sweepOn(20);
  expect(estate.iam().key(outgoing)?.status).toBe('Inactive');
});

test('a user that the list leaves out, and that IAM still has, is not taken for gone', async () => {
  const { estate, ada, types } = await livedTo(0, 1);
  estate.freezeReport(true);
  // The report is older than this user, whom an unfinished first sweep had read already.
  const late = await estate.hands().addUser('late');
  await estate.addKey(late, 400);
  const { account } = estate;
  const [user] = (await estate.observe()).users.filter(({ userName }) => userName === late);
  if (user === undefined) throw new Error('there is no such user');
  const { userName, userId, keys } = user;
  const reading = { account, userName, userId, path: '/', arn: `arn:aws:iam::${account}:user/late`, keys };
  await estate.ports.state.remember(account, [{ ...reading, fingerprint: '', readAt: estate.clock.now() }]);
  await estate.sweepOn(2);
  expect((await types()).filter((type) => type === 'key-replaced')).toHaveLength(2);
  expect((await estate.observe()).cache.map((one) => one.userName)).toEqual([ada, late]);
});

test('a key that somebody began to restore is left to that process as long as it may live', async () => {
  const restore = requested.find(({ name }) => name === 'restore');
  if (restore === undefined) throw new Error('there is no such kind');
  const estate = new FakeEstate();
  await restore.prepare(estate);
  await restore.act(estate, estate.line({ at: 'iam.enableKey', fault: 'timed out' }));
  const restored = async (after: number) => {
    await estate.goTo(onDay(13) + 7_000 + after);
    estate.pending = [estate.message(13)];
    await estate.workOff();
    return (await estate.observe()).history.filter(({ type }) => type === 'key-restored').length;
  };
  // The other one's went well.
  expect(await restored(14 * MINUTE)).toBe(1);
  expect(await restored(15 * MINUTE)).toBe(2);
});
