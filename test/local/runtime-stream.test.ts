import { CreateTableCommand, DynamoDBClient, PutItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateEventSourceMappingCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Emulator, startEmulator } from '../../local/emulator.ts';
import { type Runtime, startRuntime } from '../../local/runtime/runtime.ts';
import { createQueue, deployFunction, type ThrowawayQueue } from './throwaway.ts';

let emulator: Emulator;
let runtime: Runtime;
let failedRecords: ThrowawayQueue;

beforeAll(async () => {
  emulator = await startEmulator();
  await deployStreamReader();
  runtime = await startRuntime({ emulator });
}, 600_000);
afterAll(async () => {
  await runtime?.stop();
  await emulator?.stop();
});

const lambda = () => new LambdaClient(emulator.client());
/** What a function printed as JSON, one value a line. */
const printed = (functionName: string): unknown[] => runtime.logs(functionName).map(({ line }) => JSON.parse(line));

async function deployStreamReader(): Promise<void> {
  failedRecords = await createQueue(emulator, 'failed-records');
  const { TableDescription: table } = await new DynamoDBClient(emulator.client()).send(
    new CreateTableCommand({
      TableName: 'history',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_AND_OLD_IMAGES' },
    }),
  );
  const arn = await deployFunction(emulator, {
    name: 'stream-reader',
    source: `
      export const handler = async ({ Records }) => {
        console.log(JSON.stringify(Records.map((record) => record.dynamodb.Keys.pk.S)));
        if (Records.some((record) => record.dynamodb.NewImage.mood.S === 'explosive')) throw new Error('boom');
        const bad = Records.find((record) => record.dynamodb.NewImage.mood.S === 'bad');
        return { batchItemFailures: bad ? [{ itemIdentifier: bad.dynamodb.SequenceNumber }] : [] };
      };`,
  });
  const pattern = { eventName: ['INSERT'], dynamodb: { NewImage: { pk: { S: [{ prefix: 'event' }] } } } };
  await lambda().send(
    new CreateEventSourceMappingCommand({
      FunctionName: arn,
      EventSourceArn: table?.LatestStreamArn,
      StartingPosition: 'TRIM_HORIZON',
      BatchSize: 10,
      MaximumRetryAttempts: 2,
      BisectBatchOnFunctionError: true,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      FilterCriteria: { Filters: [{ Pattern: JSON.stringify(pattern) }] },
      DestinationConfig: { OnFailure: { Destination: failedRecords.arn } },
    }),
  );
}

async function record(pk: string, mood = 'good'): Promise<void> {
  const item = { pk: { S: pk }, mood: { S: mood }, raw: { B: Buffer.from('x') } };
  await new DynamoDBClient(emulator.client()).send(new PutItemCommand({ TableName: 'history', Item: item }));
}

test('a stream brings what the filter lets through, in order; a bad record is retried, put aside, and passed', async () => {
  await record('event-1');
  await record('other-1');
  await record('event-2', 'bad');
  await record('event-1', 'changed');
  await record('event-3');
  await runtime.drain();

  expect(printed('stream-reader')).toEqual([
    ['event-1', 'event-2', 'event-3'],
    ['event-2', 'event-3'],
    ['event-2'],
    ['event-2'],
    ['event-2'],
    ['event-3'],
  ]);
  const [aside, ...others] = await failedRecords.receive();
  expect(others).toEqual([]);
  expect(JSON.parse(aside?.body ?? '{}')).toMatchObject({
    version: '1.0',
    requestContext: {
      functionArn: 'arn:aws:lambda:us-east-1:123456789012:function:stream-reader',
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: 3,
    },
    DDBStreamBatchInfo: { batchSize: 1, startSequenceNumber: expect.any(String), streamArn: expect.any(String) },
  });
});

test('a batch that fails whole is halved until the bad record is alone', async () => {
  const before = printed('stream-reader').length;
  await record('event-6');
  await record('event-7', 'explosive');
  await record('event-8');
  await runtime.drain();

  expect(printed('stream-reader').slice(before)).toEqual([
    ['event-6', 'event-7', 'event-8'],
    ['event-6', 'event-7'],
    ['event-6'],
    ['event-7'],
    ['event-7'],
    ['event-7'],
    ['event-8'],
  ]);
  const [aside] = await failedRecords.receive();
  expect(JSON.parse(aside?.body ?? '{}')).toMatchObject({
    responseContext: { functionError: 'Unhandled' },
    DDBStreamBatchInfo: { batchSize: 1 },
  });
});

test('a runtime started later goes on where the last one stopped', async () => {
  await record('event-4');
  const later = await startRuntime({ emulator });
  try {
    await later.drain();
    expect(later.logs('stream-reader').map(({ line }) => line)).toEqual(['["event-4"]']);
  } finally {
    await later.stop();
  }
});
