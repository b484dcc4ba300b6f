import { KeyQuotaError, UnavailableError } from '../../lambda/ports.ts';
import { ACCOUNT, aCreatedKey } from './builders.ts';
import { Calls } from './calls.ts';
import { collect } from './collect.ts';
import { FakeClock } from './fake-clock.ts';
import { FakeIam } from './fake-iam.ts';
import { FakeProver } from './fake-prover.ts';
import { FakeSecrets } from './fake-secrets.ts';

const error = new UnavailableError('IAM is throttled.');

function world() {
  const calls = new Calls();
  const iam = new FakeIam(new FakeClock(), ACCOUNT, calls);
  const { userName } = iam.addUser('ada');
  return { calls, iam, userName, secrets: new FakeSecrets(calls), prover: new FakeProver(iam, calls) };
}

describe('a fault', () => {
  test('before a call leaves the world untouched', async () => {
    const { calls, iam, userName } = world();
    calls.failOn('iam.createKey', { when: 'before', error });
    await expect(iam.createKey(userName)).rejects.toBe(error);
    expect(await iam.keys(userName)).toEqual([]);
  });

  test('after a call loses only its answer', async () => {
    const { calls, iam, userName } = world();
    calls.failOn('iam.createKey', { when: 'after', error });
    await expect(iam.createKey(userName)).rejects.toBe(error);
    expect(await iam.keys(userName)).toHaveLength(1);
  });

  test('strikes once, or as often as it is told, after as many calls as it is told, where it is told', async () => {
    const { calls, iam, userName } = world();
    const other = iam.addUser('bob').userName;
    calls.failOn('iam.keys', { when: 'before', error, after: 1, times: 2, where: (name) => name === userName });
    const outcomes = [];
    for (const name of [other, userName, userName, other, userName, userName]) {
      outcomes.push(
        await iam.keys(name).then(
          () => 'answered',
          () => 'failed',
        ),
      );
    }
    expect(outcomes).toEqual(['answered', 'answered', 'failed', 'answered', 'failed', 'answered']);
  });

  test('that is healed does not strike any more', async () => {
    const { calls, iam, userName } = world();
    calls.failOn('iam.user', { when: 'before', error, times: 9 });
    calls.heal();
    expect((await iam.user(userName)).userName).toBe('ada');
  });

  test('breaks a listing off half-way', async () => {
    const { calls, iam } = world();
    iam.addUser('bob');
    calls.failOn('iam.users', { when: 'after', error });
    const seen: string[] = [];
    const listing = async () => {
      for await (const { userName } of iam.users()) seen.push(userName);
    };
    await expect(listing()).rejects.toBe(error);
    expect(seen).toEqual(['ada']);
    expect(await collect(iam.users())).toHaveLength(2);
  });
});

test('fakes that share one log are heard in the order of their calls, with how each ended', async () => {
  const { calls, iam, userName, secrets } = world();
  const user = await iam.user(userName);
  await secrets.ensure('keyturn/111122223333/ada', user, ACCOUNT);
  iam.createKeyByHand(userName);
  iam.createKeyByHand(userName);
  await expect(iam.createKey(userName)).rejects.toThrow(KeyQuotaError);
  expect(calls.log.map(({ name, outcome }) => `${name} ${outcome}`)).toEqual([
    'iam.user answered',
    'secrets.ensure answered',
    'iam.createKey refused',
  ]);
});

describe('the fake prover', () => {
  test('knows a key of IAM with its own secret', async () => {
    const { iam, userName, prover } = world();
    await prover.prove(await iam.createKey(userName));
  });

  test('knows no other, no disabled one, and none with another secret', async () => {
    const { iam, userName, prover } = world();
    await expect(prover.prove(aCreatedKey())).rejects.toThrow(UnavailableError);
    const key = await iam.createKey(userName);
    await expect(prover.prove({ ...key, secret: aCreatedKey().secret })).rejects.toThrow(UnavailableError);
    iam.deactivate(key.keyId);
    await expect(prover.prove(key)).rejects.toThrow(UnavailableError);
  });
});

describe('the fake IAM, by hand,', () => {
  test('has no two users whose names differ in case only', () => {
    expect(() => world().iam.addUser('ADA')).toThrow(/IAM already has 'ada'/);
  });

  test('lets nobody use a key that is not Active', () => {
    const { iam, userName } = world();
    const key = iam.createKeyByHand(userName);
    iam.deactivate(key);
    expect(() => iam.useKey(key)).toThrow(/Inactive/);
    iam.reactivate(key);
    iam.useKey(key);
  });

  test('makes a deleted user anew with nothing of the former one', () => {
    const { iam, userName } = world();
    const key = iam.createKeyByHand(userName);
    const latter = iam.recreateUser(userName);
    expect(latter.arn).toBe(`arn:aws:iam::${ACCOUNT}:user/ada`);
    expect(iam.key(key)).toBeUndefined();
  });

  test('can have more keys than the quota, as AWS did after concurrent calls', async () => {
    const { iam, userName } = world();
    for (let n = 0; n < 3; n += 1) iam.exceedQuota(userName);
    expect(await iam.keys(userName)).toHaveLength(3);
  });
});
