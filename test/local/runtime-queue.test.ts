import { CreateEventSourceMappingCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Emulator, startEmulator } from '../../local/emulator.ts';
import { type Runtime, startRuntime } from '../../local/runtime/runtime.ts';
import { createQueue, deployFunction, type ThrowawayQueue } from './throwaway.ts';

let emulator: Emulator;
let runtime: Runtime;
let queue: ThrowawayQueue;
let deadLetters: ThrowawayQueue;

beforeAll(async () => {
  emulator = await startEmulator();
  await deployQueueWorker();
  runtime = await startRuntime({ emulator });
}, 600_000);
afterAll(async () => {
  await runtime?.stop();
  await emulator?.stop();
});

const lambda = () => new LambdaClient(emulator.client());
/** What a function printed as JSON, one value a line. */
const printed = (functionName: string): unknown[] => runtime.logs(functionName).map(({ line }) => JSON.parse(line));

async function deployQueueWorker(): Promise<void> {
  deadLetters = await createQueue(emulator, 'dead-letters');
  const redrive = { deadLetterTargetArn: deadLetters.arn, maxReceiveCount: 3 };
  queue = await createQueue(emulator, 'work', { RedrivePolicy: JSON.stringify(redrive) });
  const arn = await deployFunction(emulator, {
    name: 'queue-worker',
    source: `
      export const handler = async ({ Records }) => {
        console.log(JSON.stringify(Records.map((r) => r.body + '/' + r.attributes.ApproximateReceiveCount)));
        const failed = Records.filter((record) => record.body.startsWith('bad'));
        return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.messageId })) };
      };`,
  });
  await lambda().send(
    new CreateEventSourceMappingCommand({
      FunctionName: arn,
      EventSourceArn: queue.arn,
      BatchSize: 4,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 2 },
    }),
  );
}

test('of a queue’s batch only the failed message comes again, and ends in the dead-letter queue', async () => {
  await queue.send('one', 'bad', 'two');
  await runtime.drain();

  const seen = printed('queue-worker').flat();
  expect(seen.filter((message) => message === 'one/1' || message === 'two/1')).toHaveLength(2);
  expect(seen.filter((message) => String(message).startsWith('bad'))).toEqual(['bad/1', 'bad/2', 'bad/3']);
  expect((await deadLetters.receive()).map(({ body }) => body)).toEqual(['bad']);
});

test('many messages are all handled once, in batches no larger than the mapping’s', async () => {
  const before = printed('queue-worker').length;
  await queue.send(...Array.from({ length: 35 }, (_, index) => `many-${index}`));
  await runtime.drain();

  const batches = printed('queue-worker')
    .slice(before)
    .map((batch) => [batch].flat());
  expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(4);
  expect(new Set(batches.flat()).size).toBe(35);
  expect(batches.flat()).toHaveLength(35);
});

test('draining what never succeeds gives up, and says what was printed last', async () => {
  const endless = await createQueue(emulator, 'endless');
  const arn = await deployFunction(emulator, {
    name: 'endless-worker',
    source: `export const handler = async () => { console.log('never'); throw new Error('never'); };`,
  });
  await lambda().send(new CreateEventSourceMappingCommand({ FunctionName: arn, EventSourceArn: endless.arn }));
  await endless.send('x');

  const bounded = await startRuntime({ emulator, maxInvocationsPerDrain: 5 });
  try {
    await expect(bounded.drain()).rejects.toThrow(/5 invocations[\s\S]*endless-worker: never/);
  } finally {
    await bounded.stop();
  }
});
