import { execSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { DynamoDBClient, PutItemCommand, QueryCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import {
  CreateAccessKeyCommand,
  GenerateCredentialReportCommand,
  GetAccessKeyLastUsedCommand,
  GetCredentialReportCommand,
  IAMClient,
  ListAccessKeysCommand,
  ListUserTagsCommand,
} from '@aws-sdk/client-iam';
import {
  CreateSecretCommand,
  DescribeSecretCommand,
  PutResourcePolicyCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { DynamoState } from '../lambda/adapters/dynamo-state.ts';
import { fromIso } from '../lambda/domain/time.ts';
import { startEmulator } from '../local/emulator.ts';
import { createTables } from '../test/support/dynamo-tables.ts';
import { population } from './sweep/population.ts';

const emulator = await startEmulator();
const pid = execSync(`ps --ppid ${process.pid} -o pid=,comm= | grep python | awk '{print $1}'`).toString().trim();
const cpu = () => {
  const f = readFileSync(`/proc/${pid}/stat`, 'utf8').split(' ');
  return (Number(f[13]) + Number(f[14])) * 10;
};
try {
  const dynamo = new DynamoDBClient(emulator.client());
  const tables = await createTables(dynamo);
  const start = fromIso('2026-03-02T06:17:00Z');
  await emulator.addUsers('111111111111', population(start, { users: 5000, perDay: 55, dueOn: [0, 2] }));
  const state = new DynamoState(dynamo, tables.state);
  const acc = '111111111111' as never;
  const time = async (name: string, n: number, f: (i: number) => Promise<unknown>) => {
    const c = cpu(),
      t = performance.now();
    for (let i = 0; i < n; i++) await f(i);
    console.log(name, 'wall', ((performance.now() - t) / n).toFixed(2), 'cpu', ((cpu() - c) / n).toFixed(2));
  };
  await time('remember 5000', 1, () =>
    state.remember(
      acc,
      Array.from({ length: 5000 }, (_, n) => ({
        account: acc,
        userName: `service-${n}`,
        userId: `AIDAFAKE000000000${n}`,
        path: '/',
        arn: `arn:aws:iam::111111111111:user/service-${n}`,
        keys: [{ keyId: `AKIAFAKE00000000${n}`, status: 'Active', createdAt: start }],
        fingerprint: `${start}|A${start}|I|arn:aws:iam::111111111111:user/service-${n}`,
        userCreatedAt: start,
        readAt: start,
      })) as never,
    ),
  );
  await time('load', 3, () => state.load(acc));
  const tx = (n: number) =>
    dynamo.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          {
            Put: {
              TableName: tables.state,
              Item: {
                pk: { S: acc },
                sk: { S: `user#${n}` },
                v: { N: '1' },
                account: { S: acc },
                userName: { S: 'x' },
                tracking: { M: { warned: { M: {} }, retirements: { M: {} } } },
              },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
          {
            Put: {
              TableName: tables.history,
              Item: {
                pk: { S: `${acc}/u` },
                sk: { S: `e${n}` },
                v: { N: '1' },
                account: { S: acc },
                day: { S: 'd' },
                runId: { S: 'r' },
                keyId: { S: 'k' },
              },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
        ],
      }),
    );
  await time('tx', 200, (i) => tx(i));
  await time('put', 100, (i) =>
    dynamo.send(new PutItemCommand({ TableName: tables.state, Item: { pk: { S: acc }, sk: { S: 'lease' } } })),
  );
  await time('put other table', 100, (i) =>
    dynamo.send(new PutItemCommand({ TableName: tables.owners, Item: { pk: { S: acc }, sk: { S: 'lease' } } })),
  );
  const iam = new IAMClient(emulator.client('111111111111'));
  await iam.send(new GenerateCredentialReportCommand({}));
  await time('report', 5, () => iam.send(new GetCredentialReportCommand({})));
  await time('listkeys', 200, () => iam.send(new ListAccessKeysCommand({ UserName: 'service-00007' })));
  const k = (await iam.send(new ListAccessKeysCommand({ UserName: 'service-00007' }))).AccessKeyMetadata![0]!
    .AccessKeyId!;
  await time('tags', 200, () => iam.send(new ListUserTagsCommand({ UserName: 'service-00007' })));
  await time('lastused', 200, () => iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: k })));
  await time('create', 50, (i) => iam.send(new CreateAccessKeyCommand({ UserName: `service-00${100 + i}` })));
  const sm = new SecretsManagerClient(emulator.client('111111111111'));
  await time('createsecret', 50, (i) => sm.send(new CreateSecretCommand({ Name: `s${i}`, SecretString: 'x' })));
  await time('describe', 50, (i) => sm.send(new DescribeSecretCommand({ SecretId: `s${i}` })));
  await time('put', 50, (i) => sm.send(new PutSecretValueCommand({ SecretId: `s${i}`, SecretString: 'y' })));
  await time('policy', 50, (i) => sm.send(new PutResourcePolicyCommand({ SecretId: `s${i}`, ResourcePolicy: '{}' })));
  await time('sts', 50, (i) => new STSClient(emulator.client('111111111111')).send(new GetCallerIdentityCommand({})));
} finally {
  await emulator.stop();
}
