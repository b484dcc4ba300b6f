import type { AccountData } from '../../bench/fleet/account-data.ts';
import { copyOf } from '../../bench/fleet/account-data.ts';
import { grownAccounts, messageFor, RUN_AT, settings } from '../../bench/fleet/estate.ts';
import { CallModel, noUsage, type Usage } from '../../bench/fleet/model.ts';
import { VirtualTime } from '../../bench/fleet/virtual-time.ts';
import { worldOf } from '../../bench/fleet/worlds.ts';
import { assumed } from '../../bench/options.ts';
import { perUserSweep } from '../../bench/per-user.ts';
import { DAY } from '../../lambda/domain/time.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';

const USERS = 90;
let samples: readonly AccountData[];
beforeAll(async () => {
  samples = await grownAccounts(USERS, () => undefined);
}, 60_000);

async function swept(
  sweep: (data: AccountData, model: CallModel) => Promise<unknown>,
  sample: AccountData | undefined,
) {
  if (sample === undefined) throw new Error('there is no such sample');
  const time = new VirtualTime(RUN_AT);
  const usage: Usage = noUsage();
  const data = copyOf(sample);
  await time.passUntil(sweep(data, new CallModel(time, assumed, { freeAt: 0 }, usage)));
  return { data, usage, ms: time.now() - RUN_AT };
}

const keyturn = (data: AccountData, model: CallModel) => {
  const invocation = { holder: 'one', deadline: Number.POSITIVE_INFINITY };
  return sweepAccount(worldOf(data, model, settings), messageFor(data.account, RUN_AT), invocation);
};
const perUser = (data: AccountData, model: CallModel) =>
  perUserSweep(worldOf(data, model, settings), messageFor(data.account, RUN_AT), 1);

const keys = ({ users }: AccountData) => [...users.values()].flatMap((user) => user.keys);

test('an account that has lived through months has keys of every age, and some on their way out', () => {
  for (const sample of samples) {
    const ages = keys(sample).map(({ createdAt }) => Math.floor((RUN_AT - createdAt) / DAY));
    expect(new Set(ages.filter((age) => age < 90)).size).toBeGreaterThan(80);
    expect(Math.max(...ages)).toBeLessThanOrEqual(110);
    // One of ninety users each day, for ten days Active and for ten days Inactive.
    expect(keys(sample).filter(({ status }) => status === 'Inactive')).toHaveLength(10);
    expect(keys(sample)).toHaveLength(USERS + 20);
  }
});

test('both sweeps do the same to the account', async () => {
  const [one, other] = [await swept(keyturn, samples[0]), await swept(perUser, samples[0])];
  const shape = (data: AccountData) =>
    keys(data)
      .map(({ keyId, status }) => `${keyId} ${status}`)
      .sort();
  expect(shape(one.data)).toEqual(shape(other.data));
  expect(shape(one.data)).not.toEqual(shape(samples[0] ?? one.data));
});

test('the per-user sweep makes the calls it is said to make', async () => {
  const { usage } = await swept(perUser, samples[0]);
  // The list, and for each user its keys, the last use of each key and its tags; more for those with something to do.
  const least = 1 + 2 * USERS + (USERS + 20);
  expect(usage.requests.get('iam')).toBeGreaterThanOrEqual(least);
  expect(usage.requests.get('iam')).toBeLessThan(least + 20);
});

test('on one day of seven an account is read in full, and never a sample twice', async () => {
  const calls = await Promise.all(
    samples.map(async (sample) => (await swept(keyturn, sample)).usage.requests.get('iam') ?? 0),
  );
  expect(calls.filter((each) => each > USERS)).toHaveLength(1);
  expect(Math.max(...calls.filter((each) => each <= USERS))).toBeLessThan(30);
});

test('a copy is swept without its original noticing', async () => {
  const before = JSON.stringify([...(samples[0]?.users ?? [])]);
  await swept(keyturn, samples[0]);
  expect(JSON.stringify([...(samples[0]?.users ?? [])])).toBe(before);
});
