import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { DynamoDBClient, UpdateContinuousBackupsCommand } from '@aws-sdk/client-dynamodb';
import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateEventSourceMappingCommand, CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { CreateOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { awsEstate } from '../../cli/aws-estate.ts';
import { AccessDeniedError } from '../../lambda/ports.ts';
import { denied, jsonError } from '../support/aws-answers.ts';
import { createTables } from '../support/dynamo-tables.ts';
import { emulated } from '../support/emulated.ts';
import { useEndpoint } from '../support/endpoint.ts';
import { stubbed } from '../support/stubbed.ts';

const { emulator, freshAccount } = emulated();
const { stub, clientConfig } = stubbed();
useEndpoint(() => emulator().url);

const REGION = 'eu-central-1';

/** An account of its own, and the estate as its administrator sees it. */
function aWorld() {
  const account = freshAccount();
  const config = { ...emulator().client(account), region: REGION };
  const { credentials } = config;
  return { account, config, estate: awsEstate({ credentials, region: REGION }) };
}

const trustOf = (principal: unknown) =>
  JSON.stringify({
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: principal, Action: 'sts:AssumeRole' }],
  });

test('a stack is told with its status and when that was', async () => {
  const { config, estate } = aWorld();
  const template = { Resources: { Topic: { Type: 'AWS::SNS::Topic' } } };
  await new CloudFormationClient(config).send(
    new CreateStackCommand({ StackName: 'KeyturnHub', TemplateBody: JSON.stringify(template) }),
  );
  expect(await estate.stack('KeyturnHub')).toEqual({
    status: 'CREATE_COMPLETE',
    changedAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
  });
  expect(await estate.stack('Elsewhere')).toBeUndefined();
});

test('a table is told with its recovery', async () => {
  const { config, estate } = aWorld();
  const dynamo = new DynamoDBClient(config);
  const { owners, history } = await createTables(dynamo);
  await dynamo.send(
    new UpdateContinuousBackupsCommand({
      TableName: history,
      PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true },
    }),
  );
  expect(await estate.table(history)).toEqual({ status: 'ACTIVE', restorable: true, protectedFromDeletion: false });
  expect(await estate.table(owners)).toMatchObject({ restorable: false });
  expect(await estate.table('elsewhere')).toBeUndefined();
});

test('a topic is told with its subscriptions, beyond one page', async () => {
  const { config, estate } = aWorld();
  const sns = new SNSClient(config);
  const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'operators' }));
  expect(await estate.subscriptions(TopicArn)).toEqual({ confirmed: 0, pending: 0 });
  for (let n = 0; n < 103; n += 1) {
    const Endpoint = `arn:aws:sqs:${REGION}:111122223333:queue-${n}`;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint }));
  }
  expect(await estate.subscriptions(TopicArn)).toEqual({ confirmed: 103, pending: 0 });
});

test('a queue is told with its depth', async () => {
  const { config, estate } = aWorld();
  const sqs = new SQSClient(config);
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'sweeps' }));
  await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one' }));
  expect(await estate.queue(QueueUrl)).toEqual({ waiting: 1, inFlight: 0 });
  expect(await estate.queue(QueueUrl.replace('sweeps', 'elsewhere'))).toBeUndefined();
});

test('a function is told with its event sources', async () => {
  const { account, config, estate } = aWorld();
  const sqs = new SQSClient(config);
  await sqs.send(new CreateQueueCommand({ QueueName: 'sweeps' }));
  const { Role } = await new IAMClient(config).send(
    new CreateRoleCommand({
      RoleName: 'Worker',
      AssumeRolePolicyDocument: trustOf({ Service: 'lambda.amazonaws.com' }),
    }),
  );
  const lambda = new LambdaClient(config);
  await lambda.send(
    new CreateFunctionCommand({
      FunctionName: 'rotate-account',
      Role: Role?.Arn,
      Runtime: 'nodejs22.x',
      Handler: 'index.handler',
      Code: { ZipFile: Buffer.from('UEsFBgAAAAAAAAAAAAAAAAAAAAAAAA==', 'base64') },
    }),
  );
  expect(await estate.eventSources('rotate-account')).toEqual([]);
  const arn = `arn:aws:sqs:${REGION}:${account}:sweeps`;
  await lambda.send(new CreateEventSourceMappingCommand({ FunctionName: 'rotate-account', EventSourceArn: arn }));
  expect(await estate.eventSources('rotate-account')).toEqual([{ arn, state: 'Enabled' }]);
  expect(await estate.eventSources('elsewhere')).toEqual([]);
});

test('a role is told with its trust policy', async () => {
  const { config, estate } = aWorld();
  const AssumeRolePolicyDocument = trustOf({ AWS: 'arn:aws:iam::111122223333:role/KeyturnWorker' });
  await new IAMClient(config).send(new CreateRoleCommand({ RoleName: 'KeyturnMember', AssumeRolePolicyDocument }));
  expect(await estate.role('KeyturnMember')).toEqual({
    statements: [
      {
        effect: 'Allow',
        principals: [{ kind: 'AWS', name: 'arn:aws:iam::111122223333:role/KeyturnWorker' }],
        actions: ['sts:AssumeRole'],
        conditions: [],
      },
    ],
    unread: 0,
  });
  expect(await estate.role('Elsewhere')).toBeUndefined();
});

test('the organisation is told by its ID, and listed whole', async () => {
  const { account, config, estate } = aWorld();
  const client = new OrganizationsClient(config);
  const { Organization } = await client.send(new CreateOrganizationCommand({ FeatureSet: 'ALL' }));
  expect(await estate.organizationId()).toBe(Organization?.Id);
  const { accounts, units } = await estate.organizationTree();
  expect(accounts).toMatchObject([{ account, standing: 'active' }]);
  expect(units).toHaveLength(1);
});

describe('what the caller may not read', () => {
  const refused = () => {
    jest.replaceProperty(process, 'env', { ...process.env, AWS_ENDPOINT_URL: stub().url });
    const { credentials } = clientConfig();
    return awsEstate({ credentials, region: REGION });
  };
  afterEach(() => jest.restoreAllMocks());
  const json = jsonError(400, 'AccessDeniedException', 'You may not.');

  test.each([
    ['stack', denied('cloudformation:DescribeStacks'), 'cloudformation:DescribeStacks'],
    ['table', json, 'dynamodb:DescribeTable'],
    ['queue', json, 'sqs:GetQueueAttributes'],
    ['role', denied('iam:GetRole'), 'iam:GetRole'],
    ['stackHolding', denied('cloudformation:DescribeStackResources'), 'cloudformation:DescribeStackResources'],
    ['organizationId', json, 'organizations:DescribeOrganization'],
    ['organizationTree', denied('sts:AssumeRole'), 'sts:AssumeRole'],
  ] as const)('%s is an error, never an absence', async (method, answer, action) => {
    stub().prepare(answer);
    const error = await refused()
      [method](`${stub().url}/1/q`)
      .catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(AccessDeniedError);
    expect(String(error)).toContain(`AWS denied ${action}`);
  });
});
