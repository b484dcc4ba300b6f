import { createHash } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { awsAnchors } from '../../cli/aws-anchors.ts';
import { DynamoHistory } from '../../lambda/adapters/dynamo-history.ts';
import { DynamoSeals } from '../../lambda/adapters/dynamo-seals.ts';
import { environment } from '../../lambda/contracts/environment.ts';
import { reportTables } from '../../lambda/domain/report/model.ts';
import { sealHistory } from '../../lambda/workflows/seal-history.ts';
import type { Manifest } from '../../lambda/workflows/write-report.ts';
import { inventory, receiptOf, run, told } from '../report/support.ts';
import { ACCOUNT, anEvent, keyId } from '../support/builders.ts';
import { createTables } from '../support/dynamo-tables.ts';
import { emulated } from '../support/emulated.ts';
import { FakeClock } from '../support/fake-clock.ts';

const { emulator } = emulated();
const region = 'us-east-1';
const Bucket = 'evidence';
const context = { getRemainingTimeInMillis: () => 900_000 };
const daily = { id: '7bf73129-1428-4cd3-a780-95db273d1602', time: '2026-11-02T09:47:00Z' };

let handler: (event: unknown, invocation: typeof context) => Promise<void>;
let s3: S3Client;
let sqs: SQSClient;
let deadLetters: string;

beforeAll(async () => {
  const config = emulator().client(ACCOUNT, region);
  const dynamo = new DynamoDBClient(config);
  const tables = await createTables(dynamo);
  const replaced = told('2026-10-02', 'key-replaced', 1, { incomingKeyId: keyId(2) });
  await new DynamoHistory(dynamo, tables.history).append([
    inventory('2026-09-25', [{ key: 1, created: '2026-07-04' }]),
    ...run('2026-10-02'),
    replaced,
    receiptOf(replaced, '2026-10-02T06:05'),
  ]);
  s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket, ObjectLockEnabledForBucket: true }));
  sqs = new SQSClient(config);
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'dead-letters' }));
  deadLetters = QueueUrl;
  const credentials = await emulator().credentials(ACCOUNT);
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: emulator().url,
    AWS_REGION: region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    POWERTOOLS_LOG_LEVEL: 'SILENT',
    [environment.historyTable]: tables.history,
    [environment.evidenceBucket]: Bucket,
    [environment.deadLetterQueueUrl]: deadLetters,
  });
  ({ handler } = await import('../../lambda/handlers/report.ts'));
}, 120_000);

const namesThere = async () => {
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
  return Contents.map(({ Key }) => Key);
};
const fetched = async (Key: string) => {
  const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
  return Buffer.from((await Body?.transformToByteArray()) ?? []);
};

test("writes last month's files, and a manifest whose hashes are those of what an auditor fetches", async () => {
  await handler(daily, context);
  const files = ['manifest.json', 'report.html', 'report.json', ...reportTables.map((table) => `${table}.csv`)];
  expect((await namesThere()).toSorted()).toEqual(files.map((name) => `reports/2026-10/${name}`).toSorted());
  const manifest: Manifest = JSON.parse((await fetched('reports/2026-10/manifest.json')).toString());
  expect(manifest.files).toHaveLength(files.length - 1);
  for (const { name, bytes, sha256 } of manifest.files) {
    const content = await fetched(name);
    expect([name, content.length, createHash('sha256').update(content).digest('hex')]).toEqual([name, bytes, sha256]);
  }
  const report = JSON.parse((await fetched('reports/2026-10/report.json')).toString());
  expect(report).toMatchObject({
    figures: { rotated: 1 },
    rotations: [{ keyId: keyId(1), notices: [{ receipts: [{ to: 'payments' }] }] }],
  });
  expect((await fetched('reports/2026-10/report.html')).toString()).toContain('evidence for October 2026');
});

test('the next day it finds them written, and leaves them as they are', async () => {
  const before = await fetched('reports/2026-10/manifest.json');
  await handler({ ...daily, time: '2026-11-03T09:47:00Z' }, context);
  expect(await fetched('reports/2026-10/manifest.json')).toEqual(before);
});

test('the newest seal of the day is noted down, and an auditor’s check finds it there', async () => {
  const config = emulator().client(ACCOUNT, region);
  const seals = new DynamoSeals(new DynamoDBClient(config), process.env[environment.historyTable] ?? '');
  const seal = await sealHistory({ seals, clock: new FakeClock('2026-11-04T06:00:00.000Z') }, [anEvent('user-gone')]);
  await handler({ ...daily, time: '2026-11-04T09:47:00Z' }, context);
  expect(await namesThere()).toContain('heads/2026-11-04.json');
  expect(await awsAnchors(config, Bucket)).toEqual({ seals: [{ number: 1, hash: seal?.hash }], faults: [] });
});

test('an event that is none of its schedule’s is parked with the reason', async () => {
  await handler({ hello: 'world' }, context);
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({ QueueUrl: deadLetters, MessageAttributeNames: ['All'] }),
  );
  expect(Messages[0]?.MessageAttributes?.source?.StringValue).toBe('report schedule');
});
