import {
  CreateTableCommand,
  DynamoDBClient,
  PutItemCommand,
  ScanCommand,
  TransactWriteItemsCommand,
} from '@aws-sdk/client-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  GenerateCredentialReportCommand,
  GetAccessKeyLastUsedCommand,
  GetCredentialReportCommand,
  IAMClient,
  ListUsersCommand,
} from '@aws-sdk/client-iam';
import { CreateSecretCommand, DescribeSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { type Emulator, startEmulator } from '../../local/emulator.ts';
import { createQueue } from './throwaway.ts';

let emulator: Emulator;

beforeAll(async () => {
  emulator = await startEmulator();
}, 600_000);
afterAll(() => emulator?.stop());

async function createKey(userName: string): Promise<string> {
  const iam = new IAMClient(emulator.client());
  await iam.send(new CreateUserCommand({ UserName: userName }));
  const { AccessKey: key } = await iam.send(new CreateAccessKeyCommand({ UserName: userName }));
  return key?.AccessKeyId ?? '';
}

async function reportRow(userName: string): Promise<string[]> {
  const iam = new IAMClient(emulator.client());
  await iam.send(new GenerateCredentialReportCommand({}));
  const { Content: content } = await iam.send(new GetCredentialReportCommand({}));
  const rows = Buffer.from(content ?? [])
    .toString('utf8')
    .split('\n');
  return rows.find((row) => row.startsWith(`${userName},`))?.split(',') ?? [];
}

const secondsApart = (one: Date | undefined, other: Date) => Math.abs((one?.getTime() ?? 0) - other.getTime()) / 1000;

describe('the clock', () => {
  test('ticks on from where it was set, and can be advanced', async () => {
    const newYear = new Date('2027-01-01T00:00:00Z');
    await emulator.clock.set(newYear);
    expect(emulator.clock.now().getTime()).toBeGreaterThanOrEqual(newYear.getTime());
    expect(secondsApart(emulator.clock.now(), newYear)).toBeLessThan(5);

    await emulator.clock.advance(86_400_000);
    expect(secondsApart(emulator.clock.now(), new Date('2027-01-02T00:00:00Z'))).toBeLessThan(5);
  });

  test('can go back, so that a key can be made that is 400 days old', async () => {
    await emulator.clock.set(new Date('2025-11-27T00:00:00Z'));
    await createKey('old-hand');
    await emulator.clock.set(new Date('2027-01-01T00:00:00Z'));

    const [, , userCreated, , , , , , , keyRotated] = await reportRow('old-hand');
    expect(userCreated).toMatch(/^2025-11-27T00:00:0/);
    expect(keyRotated).toMatch(/^2025-11-27T00:00:0/);
  });

  test('moves what IAM, Secrets Manager, SQS and DynamoDB streams date', async () => {
    const then = new Date('2028-02-29T12:00:00Z');
    await emulator.clock.set(then);

    const iam = new IAMClient(emulator.client());
    await iam.send(new CreateUserCommand({ UserName: 'leap' }));
    const { Users: users = [] } = await iam.send(new ListUsersCommand({}));
    expect(secondsApart(users.find((user) => user.UserName === 'leap')?.CreateDate, then)).toBeLessThan(10);

    const secrets = new SecretsManagerClient(emulator.client());
    await secrets.send(new CreateSecretCommand({ Name: 'leap', SecretString: 'nothing' }));
    const secret = await secrets.send(new DescribeSecretCommand({ SecretId: 'leap' }));
    expect(secondsApart(secret.CreatedDate, then)).toBeLessThan(10);

    expect(secondsApart(await dateOfAStreamRecord(), then)).toBeLessThan(10);
  });

  test('lets delayed and invisible messages appear when their time has come', async () => {
    const sqs = new SQSClient(emulator.client());
    const { url } = await createQueue(emulator, 'delays', { VisibilityTimeout: '60' });
    const received = async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl: url }))).Messages?.length ?? 0;
    await sqs.send(new SendMessageCommand({ QueueUrl: url, MessageBody: 'later', DelaySeconds: 600 }));

    expect(await received()).toBe(0);
    await emulator.clock.advance(601_000);
    expect(await received()).toBe(1);
    expect(await received()).toBe(0);
    await emulator.clock.advance(61_000);
    expect(await received()).toBe(1);
  });
});

test('a key can be made to look used, and unused again', async () => {
  const iam = new IAMClient(emulator.client());
  const keyId = await createKey('worker');
  const lastUsed = async () =>
    (await iam.send(new GetAccessKeyLastUsedCommand({ AccessKeyId: keyId }))).AccessKeyLastUsed;

  const date = new Date('2028-01-01T08:00:00Z');
  await emulator.setLastUsed(keyId, { date, service: 's3', region: 'eu-west-1' });
  expect(await lastUsed()).toEqual({ LastUsedDate: date, ServiceName: 's3', Region: 'eu-west-1' });
  expect(await reportRow('worker')).toContain('2028-01-01T08:00:00+00:00');

  await emulator.setLastUsed(keyId);
  expect(await lastUsed()).toEqual({ ServiceName: 'N/A', Region: 'N/A' });
  await expect(emulator.setLastUsed('AKIAFAKE000000000009')).rejects.toThrow('AKIAFAKE000000000009');
});

test('each account is its own world', async () => {
  const other = emulator.client('222222222222');
  await new IAMClient(other).send(new CreateUserCommand({ UserName: 'only-there' }));

  const here = await new IAMClient(emulator.client()).send(new ListUsersCommand({}));
  expect(here.Users?.map((user) => user.UserName)).not.toContain('only-there');
  expect((await new STSClient(other).send(new GetCallerIdentityCommand({}))).Account).toBe('222222222222');
});

async function dateOfAStreamRecord(): Promise<Date | undefined> {
  const dynamo = new DynamoDBClient(emulator.client());
  const { TableDescription: table } = await dynamo.send(
    new CreateTableCommand({
      TableName: 'dated',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }],
      BillingMode: 'PAY_PER_REQUEST',
      StreamSpecification: { StreamEnabled: true, StreamViewType: 'NEW_IMAGE' },
    }),
  );
  await dynamo.send(new PutItemCommand({ TableName: 'dated', Item: { pk: { S: 'one' } } }));
  const streams = new DynamoDBStreamsClient(emulator.client());
  const StreamArn = table?.LatestStreamArn;
  const { StreamDescription: stream } = await streams.send(new DescribeStreamCommand({ StreamArn }));
  const { ShardIterator } = await streams.send(
    new GetShardIteratorCommand({
      StreamArn,
      ShardId: stream?.Shards?.[0]?.ShardId,
      ShardIteratorType: 'TRIM_HORIZON',
    }),
  );
  const { Records: records = [] } = await streams.send(new GetRecordsCommand({ ShardIterator }));
  return records[0]?.dynamodb?.ApproximateCreationDateTime;
}

test('a transaction that fails undoes its own writes and nobody else’s', async () => {
  const dynamo = new DynamoDBClient(emulator.client());
  await dynamo.send(
    new CreateTableCommand({
      TableName: 'accounts',
      KeySchema: [
        { AttributeName: 'pk', KeyType: 'HASH' },
        { AttributeName: 'sk', KeyType: 'RANGE' },
      ],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'sk', AttributeType: 'S' },
      ],
      BillingMode: 'PAY_PER_REQUEST',
    }),
  );
  const key = (sk: string) => ({ pk: { S: 'a' }, sk: { S: sk } });
  const put = (sk: string) => new PutItemCommand({ TableName: 'accounts', Item: { ...key(sk), n: { N: '0' } } });
  await dynamo.send(put('changed'));
  const failing = new TransactWriteItemsCommand({
    TransactItems: [
      {
        Update: {
          TableName: 'accounts',
          Key: key('changed'),
          UpdateExpression: 'SET n = :one',
          ExpressionAttributeValues: { ':one': { N: '1' } },
        },
      },
      { Put: { TableName: 'accounts', Item: key('never') } },
      {
        ConditionCheck: {
          TableName: 'accounts',
          Key: key('absent'),
          ConditionExpression: 'attribute_exists(pk)',
        },
      },
    ],
  });

  const others = Array.from({ length: 60 }, (_, index) => `other-${index}`);
  const outcomes = await Promise.allSettled(
    others.flatMap((sk): Promise<unknown>[] => [dynamo.send(failing), dynamo.send(put(sk))]),
  );
  expect(outcomes.filter(({ status }) => status === 'rejected')).toHaveLength(60);

  const { Items: items = [] } = await dynamo.send(new ScanCommand({ TableName: 'accounts' }));
  expect(new Set(items.map(({ sk }) => sk?.S))).toEqual(new Set(['changed', ...others]));
  expect(items.find(({ sk }) => sk?.S === 'changed')?.n).toEqual({ N: '0' });
});

test('the credential report begins with the root user, and says how many Active keys it has', async () => {
  const active = async () => {
    const row = await reportRow('<root_account>');
    return [row[8], row[13]];
  };
  expect(await active()).toEqual(['false', 'false']);
  await emulator.setRootKeys('123456789012', 1);
  expect(await active()).toEqual(['true', 'false']);
  await emulator.setRootKeys('123456789012', 2);
  expect(await active()).toEqual(['true', 'true']);
  await emulator.setRootKeys('123456789012', 0);
  await expect(emulator.setRootKeys('123456789012', 3)).rejects.toThrow('0, 1 or 2');
});
