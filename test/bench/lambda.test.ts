import { feedQueue } from '../../bench/fleet/lambda.ts';
import { VirtualTime } from '../../bench/fleet/virtual-time.ts';

async function fed(messages: number, limits: { readonly concurrency: number; readonly batch: number }) {
  const time = new VirtualTime(0);
  const at: number[] = [];
  const work = async () => {
    at.push(time.now());
    await time.wait(1_000);
  };
  const run = await time.passUntil(feedQueue(time, Array.from({ length: messages }), limits, work));
  return { ...run, at };
}

// A fresh instance takes 500 ms to start; between two invocations pass 20 ms.
test('never are more at work than the maximum concurrency', async () => {
  const run = await fed(4, { concurrency: 2, batch: 1 });
  expect(run).toMatchObject({
    invocations: 4,
    billedMs: 2 * 1_500 + 2 * 1_000,
    longestMs: 1_500,
    at: [500, 500, 1_520, 1_520],
  });
});

test('the messages of a batch are worked on side by side, in one invocation', async () => {
  expect(await fed(20, { concurrency: 2, batch: 10 })).toMatchObject({ invocations: 2, billedMs: 3_000, runMs: 1_520 });
});

test('one that fails fails the whole simulation', async () => {
  const time = new VirtualTime(0);
  const work = () => Promise.reject(new Error('no'));
  await expect(time.passUntil(feedQueue(time, [1], { concurrency: 1, batch: 1 }, work))).rejects.toThrow('no');
});
