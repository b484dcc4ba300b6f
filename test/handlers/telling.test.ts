import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { marshall } from '@aws-sdk/util-dynamodb';
import { DynamoHistory } from '../../lambda/adapters/dynamo-history.ts';
import { DynamoOutbox } from '../../lambda/adapters/dynamo-outbox.ts';
import { DynamoOwners } from '../../lambda/adapters/dynamo-owners.ts';
import { historyItem } from '../../lambda/adapters/history-item.ts';
import { environment } from '../../lambda/contracts/environment.ts';
import { historyTable, ownersTable, stateTable } from '../../lambda/contracts/tables.ts';
import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { parseOwnerId, parseUserName } from '../../lambda/domain/ids.ts';
import type { StreamBatchResponse, StreamEvent } from '../../lambda/platform/stream-batch.ts';
import { type Emulator, startEmulator } from '../../local/emulator.ts';
import {
  ACCOUNT,
  anAccountEvent,
  anAssignment,
  anEvent,
  anOwner,
  at,
  eventId,
  keyId,
  USER,
} from '../support/builders.ts';

const region = 'eu-central-1';
let emulator: Emulator;
let slack: Server;
const posted: unknown[] = [];
let notify: (event: StreamEvent) => Promise<StreamBatchResponse>;
let deliver: (event: unknown, context: { getRemainingTimeInMillis(): number }) => Promise<void>;
let history: DynamoHistory;
let outbox: DynamoOutbox;
/** Milliseconds by which the functions' clock is ahead. */
let ahead = 0;
let sns: SNSClient;
let sqs: SQSClient;
let queues: { readonly notices: string; readonly operators: string; readonly deadLetters: string };
let operatorsTopic: string;

beforeAll(async () => {
  emulator = await startEmulator();
  const config = emulator.client(ACCOUNT, region);
  const dynamo = new DynamoDBClient(config);
  sns = new SNSClient(config);
  sqs = new SQSClient(config);
  await createTables(dynamo);
  history = new DynamoHistory(dynamo, 'history');
  outbox = new DynamoOutbox(dynamo, 'state');
  const owners = new DynamoOwners(dynamo, 'owners');
  await owners.putOwner(anOwner({ slackChannel: '#payments' }));
  await owners.putAssignment(anAssignment());
  const [notices, operators] = [await topicWithQueue('notices'), await topicWithQueue('operators')];
  operatorsTopic = operators.topic;
  await sns.send(new SubscribeCommand({ TopicArn: notices.topic, Protocol: 'email', Endpoint: anOwner().email }));
  queues = { notices: notices.queue, operators: operators.queue, deadLetters: await createQueue('dead-letters') };

  slack = createServer(async (request, response) => {
    let body = '';
    for await (const piece of request) body += piece;
    posted.push(JSON.parse(body));
    response.end('ok');
  });
  await new Promise<void>((resolve) => slack.listen(0, '127.0.0.1', resolve));
  const { port } = slack.address() as AddressInfo;
  await new SecretsManagerClient(config).send(
    new CreateSecretCommand({
      Name: 'slack',
      SecretString: JSON.stringify({ '#payments': `http://127.0.0.1:${port}/` }),
    }),
  );

  const credentials = await emulator.credentials(ACCOUNT);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: emulator.url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    [environment.ownersTable]: 'owners',
    [environment.stateTable]: 'state',
    [environment.historyTable]: 'history',
    [environment.deadLetterQueueUrl]: queues.deadLetters,
    [environment.noticesTopicArn]: notices.topic,
    [environment.operatorsTopicArn]: operators.topic,
    [environment.slackSecretName]: 'slack',
  });
  ({ handler: notify } = await import('../../lambda/handlers/notify.ts'));
  ({ handler: deliver } = await import('../../lambda/handlers/deliver.ts'));
  const realNow = Date.now.bind(Date);
  jest.spyOn(Date, 'now').mockImplementation(() => realNow() + ahead);
}, 120_000);

afterAll(async () => {
  slack.closeAllConnections();
  slack.close();
  await emulator.stop();
});

/** A tick of deliver, so many minutes from now. */
async function tick(minutes: number): Promise<void> {
  ahead += minutes * 60_000;
  const time = new Date(Date.now()).toISOString();
  await deliver({ id: 'a-tick', time }, { getRemainingTimeInMillis: () => 240_000 });
}

const waiting = async () => (await outbox.readers()).map(({ reader }) => reader);

test('a batch with a malformed record: it is parked with the reason, the rest waits in the outbox', async () => {
  const [first, second] = [event(1, 'key-replaced'), event(2, 'key-disabled')];
  const malformed = { ...recordOf(first, '2'), dynamodb: { SequenceNumber: '2', NewImage: { pk: { S: 'x' } } } };

  const answer = await notify({ Records: [recordOf(first, '1'), malformed, recordOf(second, '3')] });

  expect(answer).toEqual({ batchItemFailures: [] });
  const [letter] = await messages(queues.deadLetters);
  expect(letter?.Body).toContain('"S":"x"');
  expect(letter?.MessageAttributes?.error?.StringValue).toContain('cannot be read');
  expect(posted).toEqual([]);
  expect(await waiting()).toEqual(['payments']);
});

test('when it is quiet it is told, in one message over each channel, and that is on record', async () => {
  await tick(15);
  expect(posted).toHaveLength(1);
  expect(JSON.stringify(posted)).toContain(keyId(2));
  const [mail, ...moreMail] = await messages(queues.notices);
  expect(moreMail).toEqual([]);
  expect(JSON.parse(mail?.Body ?? '{}')).toMatchObject({
    Subject: expect.stringContaining('[Keyturn] Key disabled: ci-deploy'),
    Message: expect.stringMatching(/aws secretsmanager get-secret-value/),
    MessageAttributes: {
      owner: { Value: 'payments' },
      account: { Value: ACCOUNT },
      type: { Value: 'several' },
    },
  });
  expect((await receipts()).map(({ channel, to, about }) => [channel, to, about.length]).toSorted()).toEqual([
    ['slack', 'payments', 2],
    ['sns', 'payments', 2],
  ]);
  expect(await waiting()).toEqual([]);
});

test('brought again, nothing is told twice', async () => {
  const again = await notify({
    Records: [recordOf(event(1, 'key-replaced'), '1'), recordOf(event(2, 'key-disabled'), '3')],
  });
  expect(again).toEqual({ batchItemFailures: [] });
  await tick(24 * 60);
  expect(posted).toHaveLength(1);
  expect(await messages(queues.notices)).toEqual([]);
  expect(await receipts()).toHaveLength(2);
  expect(await waiting()).toEqual([]);
});

test('what a topic refuses waits for it, and does not keep others waiting', async () => {
  await sns.send(new DeleteTopicCommand({ TopicArn: operatorsTopic }));
  const stray = event(3, 'key-replaced', { userName: parseUserName('stray') });
  const owned = event(4, 'key-deleted');
  expect(await notify({ Records: [recordOf(stray, '7'), recordOf(owned, '8')] })).toEqual({ batchItemFailures: [] });
  await tick(15);
  expect(posted).toHaveLength(2);
  expect(await waiting()).toEqual(['operators']);
  expect((await outbox.readers())[0]?.standing.channels['operators-topic']?.refused).toMatchObject({ times: 1 });
});

test('what did not get into the outbox is reported under its sequence number, and only that', async () => {
  const items = new DynamoDBClient(emulator.client(ACCOUNT, region));
  await items.send(new DeleteTableCommand({ TableName: 'owners' }));
  const root = anAccountEvent('root-key-seen', { id: eventId(at('2026-01-01T12:00:00.000Z'), 5) });
  expect(await notify({ Records: [recordOf(event(6, 'key-replaced'), '9'), recordOf(root, '10')] })).toEqual({
    batchItemFailures: [{ itemIdentifier: '9' }],
  });
});

test('a tick that cannot look after somebody fails, and one that cannot be understood is parked', async () => {
  await outbox.put(parseOwnerId('payments'), [{ event: event(7, 'key-disabled'), since: Date.now() }]);
  await expect(tick(5)).rejects.toThrow('1 readers could not be looked after; the log says why.');
  await deliver({ id: 'a-tick' }, { getRemainingTimeInMillis: () => 240_000 });
  const [letter] = await messages(queues.deadLetters);
  expect(letter?.MessageAttributes?.error?.StringValue).toContain('cannot be understood: time');
});

function event(n: number, type: HistoryEvent['type'], overrides: Parameters<typeof anEvent>[1] = {}): HistoryEvent {
  const time = '2026-01-01T12:00:00.000Z';
  return anEvent(type, { id: eventId(at(time), n), time, keyId: keyId(n), ...overrides });
}

const recordOf = (told: HistoryEvent, SequenceNumber: string) => ({
  eventID: `record-${SequenceNumber}`,
  dynamodb: { SequenceNumber, NewImage: marshall(historyItem(told)) },
});

async function receipts() {
  const found = [];
  for await (const receipt of history.query({ by: { kind: 'user', account: ACCOUNT, userName: USER } })) {
    if (receipt.type === 'notice-delivered') found.push(receipt.details);
  }
  return found;
}

/** What is in the queue; it is taken out. */
async function messages(QueueUrl: string) {
  const answer = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
  );
  return answer.Messages ?? [];
}

async function createQueue(QueueName: string): Promise<string> {
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
  return QueueUrl;
}

async function topicWithQueue(name: string): Promise<{ readonly topic: string; readonly queue: string }> {
  const { TopicArn: topic = '' } = await sns.send(new CreateTopicCommand({ Name: name }));
  const queue = await createQueue(name);
  const Endpoint = `arn:aws:sqs:${region}:${ACCOUNT}:${name}`;
  await sns.send(new SubscribeCommand({ TopicArn: topic, Protocol: 'sqs', Endpoint }));
  return { topic, queue };
}

async function createTables(dynamo: DynamoDBClient): Promise<void> {
  const { partitionKey, sortKey, indexes } = historyTable;
  const all = Object.values(indexes);
  const attributes = [...new Set([partitionKey, sortKey, ...all.map((index) => index.partitionKey)])];
  const keys = (hash: string, range: string) => [
    { AttributeName: hash, KeyType: 'HASH' as const },
    { AttributeName: range, KeyType: 'RANGE' as const },
  ];
  const onDemand = { BillingMode: 'PAY_PER_REQUEST' as const };
  await dynamo.send(
    new CreateTableCommand({
      TableName: 'history',
      ...onDemand,
      AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })),
      KeySchema: keys(partitionKey, sortKey),
      GlobalSecondaryIndexes: all.map((index) => ({
        IndexName: index.name,
        KeySchema: keys(index.partitionKey, sortKey),
        Projection: { ProjectionType: 'ALL' as const },
      })),
    }),
  );
  for (const [TableName, layout] of [
    ['owners', ownersTable],
    ['state', stateTable],
  ] as const) {
    await dynamo.send(
      new CreateTableCommand({
        TableName,
        ...onDemand,
        AttributeDefinitions: [layout.partitionKey, layout.sortKey].map((AttributeName) => ({
          AttributeName,
          AttributeType: 'S' as const,
        })),
        KeySchema: keys(layout.partitionKey, layout.sortKey),
      }),
    );
  }
}
