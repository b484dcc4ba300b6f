import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateBucketCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { DynamoHistory } from '../../lambda/adapters/dynamo-history.ts';
import { environment } from '../../lambda/contracts/environment.ts';
import { run } from '../report/support.ts';
import { ACCOUNT } from '../support/builders.ts';
import { createTables } from '../support/dynamo-tables.ts';
import { emulated } from '../support/emulated.ts';

const { emulator } = emulated();
const folder = mkdtempSync(join(tmpdir(), 'keyturn-bundle-'));
afterAll(() => rmSync(folder, { recursive: true }));
const bundle = join(folder, 'index.js');

beforeAll(() => {
  const bundler = join(__dirname, '../../lib/bundle.ts');
  execFileSync(process.execPath, [bundler, 'report', bundle, '{}'], { stdio: 'inherit' });
}, 60_000);

test('the bundle of the report is one file of at most 450 KB, as any other', () => {
  expect(statSync(bundle).size).toBeLessThanOrEqual(450_000);
});

test('it writes a report, with nothing but itself', async () => {
  const config = emulator().client(ACCOUNT);
  const dynamo = new DynamoDBClient(config);
  const tables = await createTables(dynamo);
  await new DynamoHistory(dynamo, tables.history).append(run('2026-10-02'));
  const s3 = new S3Client({ ...config, forcePathStyle: true });
  await s3.send(new CreateBucketCommand({ Bucket: 'evidence', ObjectLockEnabledForBucket: true }));
  const credentials = await emulator().credentials(ACCOUNT);
  const env = {
    AWS_ENDPOINT_URL: emulator().url,
    AWS_REGION: config.region,
    AWS_ACCESS_KEY_ID: credentials.accessKeyId,
    AWS_SECRET_ACCESS_KEY: credentials.secretAccessKey,
    AWS_SESSION_TOKEN: credentials.sessionToken,
    [environment.historyTable]: tables.history,
    [environment.evidenceBucket]: 'evidence',
    [environment.deadLetterQueueUrl]: 'http://localhost/none',
  };
  const event = JSON.stringify({ id: 'by-hand', time: '2026-11-02T09:47:00Z' });
  const invoke = `require(process.argv[1]).handler(${event}, { getRemainingTimeInMillis: () => 900000 })`;
  // From elsewhere, so that no node_modules are near.
  execFileSync(process.execPath, ['-e', invoke, bundle], { env, cwd: folder, encoding: 'utf8' });
  const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket: 'evidence' }));
  expect(Contents.map(({ Key }) => Key)).toContain('reports/2026-10/manifest.json');
  expect(Contents).toHaveLength(10);
}, 60_000);
