import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoHistory } from '../../lambda/adapters/dynamo-history.ts';
import { environment } from '../../lambda/contracts/environment.ts';
import { ACCOUNT, OTHER_ACCOUNT, someSettings } from '../support/builders.ts';
import { collect } from '../support/collect.ts';
import { createTables } from '../support/dynamo-tables.ts';
import { emulated } from '../support/emulated.ts';

const { emulator } = emulated();
const region = 'eu-central-1';
const scheduled = { id: '7bf73129-1428-4cd3-a780-95db273d1602', time: '2026-01-01T06:17:00Z' };
const context = { getRemainingTimeInMillis: () => 60_000 };

let handler: (event: unknown, invocation: typeof context) => Promise<void>;
let sqs: SQSClient;
let history: DynamoHistory;
let queues: { readonly sweeps: string; readonly deadLetters: string };

beforeAll(async () => {
  const config = emulator().client(ACCOUNT, region);
  const dynamo = new DynamoDBClient(config);
  const tables = await createTables(dynamo);
  history = new DynamoHistory(dynamo, tables.history);
  sqs = new SQSClient(config);
  queues = { sweeps: await createQueue('sweeps'), deadLetters: await createQueue('dead-letters') };
  const credentials = await emulator().credentials(ACCOUNT);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: emulator().url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    POWERTOOLS_DEV: 'true',
    POWERTOOLS_METRICS_DISABLED: 'false',
    [environment.settings]: JSON.stringify(
      someSettings({ accounts: { kind: 'list', accounts: [ACCOUNT, OTHER_ACCOUNT] } }),
    ),
    [environment.historyTable]: tables.history,
    [environment.sweepQueueUrl]: queues.sweeps,
    [environment.deadLetterQueueUrl]: queues.deadLetters,
  });
  ({ handler } = await import('../../lambda/handlers/dispatch.ts'));
}, 120_000);

async function createQueue(QueueName: string): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
  return QueueUrl;
}

async function bodiesIn(QueueUrl: string): Promise<readonly { readonly account?: string }[]> {
  const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
  return Messages.map(({ Body = '{}' }) => JSON.parse(Body));
}

/** What the handler publishes for CloudWatch while it works on the event. */
async function metricsOf(event: unknown): Promise<string> {
  const lines: string[] = [];
  const spy = jest.spyOn(console, 'log').mockImplementation((line: unknown) => void lines.push(String(line)));
  try {
    await handler(event, context);
  } finally {
    spy.mockRestore();
  }
  return lines.join('\n');
}

test('the schedule begins a run over every account, and says how many are expected', async () => {
  expect(await metricsOf(scheduled)).toContain('"AccountsExpected":2');
  expect((await bodiesIn(queues.sweeps)).map(({ account }) => account).toSorted()).toEqual([ACCOUNT, OTHER_ACCOUNT]);
});

test('somebody’s event begins a run over that account, and nothing is expected of the schedule', async () => {
  expect(await metricsOf({ ...scheduled, accounts: [OTHER_ACCOUNT] })).not.toContain('AccountsExpected');
  expect((await bodiesIn(queues.sweeps)).map(({ account }) => account)).toEqual([OTHER_ACCOUNT]);
});

test('one over an account that no run sweeps is parked with the reason, and that is on record; nothing is tried again', async () => {
  await metricsOf({ ...scheduled, accounts: ['777788889999'] });
  expect(await bodiesIn(queues.sweeps)).toEqual([]);
  expect(await bodiesIn(queues.deadLetters)).toMatchObject([{ accounts: ['777788889999'] }]);
  const failed = await collect(history.query({ by: { kind: 'account', account: ACCOUNT }, types: ['run-failed'] }));
  expect(failed.map(({ details }) => details)).toEqual([
    {
      error: expect.stringContaining('no run sweeps 777788889999 (the settings do not select it)'),
      requested: true,
    },
  ]);
});
