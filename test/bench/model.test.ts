import { CallModel, noUsage } from '../../bench/fleet/model.ts';
import { VirtualTime } from '../../bench/fleet/virtual-time.ts';
import { assumed } from '../../bench/options.ts';

const slow = { ...assumed, iamLatencyMs: 50, iamRate: 10, iamBurst: 3, latencyMs: 20, callCpuMs: 0 };

async function elapsed(work: (model: CallModel) => Promise<unknown>, assumptions = slow) {
  const time = new VirtualTime(0);
  const usage = noUsage();
  await time.passUntil(work(new CallModel(time, assumptions, { freeAt: 0 }, usage)));
  return { ms: time.now(), usage };
}

const atOnce = (calls: number, call: () => Promise<void>) => Promise.all(Array.from({ length: calls }, call));

test('IAM takes its latency while there are tokens', async () => {
  expect((await elapsed((model) => atOnce(3, () => model.iam('ListAccessKeys')))).ms).toBe(50);
});

test('and then as long as the account has to wait for the next', async () => {
  // The fourth and fifth wait a tenth of a second each for a token of their own.
  expect((await elapsed((model) => atOnce(5, () => model.iam('ListAccessKeys')))).ms).toBe(250);
});

test('each API has tokens of its own', async () => {
  const both = (model: CallModel) =>
    Promise.all([atOnce(3, () => model.iam('ListAccessKeys')), atOnce(3, () => model.iam('ListUserTags'))]);
  expect((await elapsed(both)).ms).toBe(50);
});

test('tokens come back with time', async () => {
  const later = async (model: CallModel) => {
    await atOnce(3, () => model.iam('ListAccessKeys'));
    await model.wait(300);
    await atOnce(3, () => model.iam('ListAccessKeys'));
  };
  expect((await elapsed(later)).ms).toBe(400);
});

test('what is done at the same time shares the processor', async () => {
  const busy = { ...slow, callCpuMs: 5 };
  expect((await elapsed((model) => atOnce(4, () => model.secretsManager()), busy)).ms).toBe(40);
});

test('every request is counted, with what DynamoDB charges', async () => {
  const { usage } = await elapsed(async (model) => {
    await model.dynamo({ write: 3 });
    await model.dynamo({ read: 2 });
    await model.iam('GetUser');
  });
  expect(Object.fromEntries(usage.requests)).toEqual({ dynamodb: 2, iam: 1 });
  expect(usage).toMatchObject({ writeUnits: 3, readUnits: 2 });
});
