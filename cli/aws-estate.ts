import { CloudFormationClient } from '@aws-sdk/client-cloudformation';
import { DescribeContinuousBackupsCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient, paginateListEventSourceMappings } from '@aws-sdk/client-lambda';
import { DescribeOrganizationCommand, OrganizationsClient } from '@aws-sdk/client-organizations';
import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { calling } from '../lambda/adapters/aws-errors.ts';
import { AwsOrganization } from '../lambda/adapters/organizations.ts';
import { parseRunId } from '../lambda/domain/ids.ts';
import { clientSettings } from '../lambda/platform/aws-clients.ts';
import { awsStacks } from './aws-stacks.ts';
import type { Estate, EventSource } from './estate.ts';
import { ifThere } from './if-there.ts';
import { trustIn } from './trust-policy.ts';

/** Names the session of the role that lists the organisation. */
const LISTING = parseRunId('run-doctor');
/** Organizations throttles the reading of a few hundred units already. */
const LISTING_ATTEMPTS = 12;

/** How the caller's clients are made: credentials, Region, profile. */
export type Own = Pick<ConstructorParameters<typeof SQSClient>[0] & object, 'credentials' | 'region' | 'profile'>;

/** Looks at what is deployed with the caller's own credentials; reads only. */
export function awsEstate(own: Own): Estate {
  const settings = { ...clientSettings, ...own };
  const dynamo = new DynamoDBClient(settings);
  const iam = new IAMClient(settings);
  const lambda = new LambdaClient(settings);
  const sns = new SNSClient(settings);
  // So that an endpoint that is set in the environment counts for queues too.
  const sqs = new SQSClient({ ...settings, useQueueUrlAsEndpoint: false });
  const patient = { ...settings, maxAttempts: LISTING_ATTEMPTS };
  const organizations = new OrganizationsClient(settings);
  return {
    ...awsStacks(new CloudFormationClient(settings)),
    table: async (name) => {
      const table = await ifThere('dynamodb:DescribeTable', ['ResourceNotFoundException'], async () => {
        const { Table } = await dynamo.send(new DescribeTableCommand({ TableName: name }));
        return Table;
      });
      if (table?.TableStatus === undefined) return undefined;
      const backups = await calling('dynamodb:DescribeContinuousBackups', () =>
        dynamo.send(new DescribeContinuousBackupsCommand({ TableName: name })),
      );
      const { PointInTimeRecoveryDescription: recovery } = backups.ContinuousBackupsDescription ?? {};
      return {
        status: table.TableStatus,
        restorable: recovery?.PointInTimeRecoveryStatus === 'ENABLED',
        protectedFromDeletion: table.DeletionProtectionEnabled === true,
      };
    },
    subscriptions: (TopicArn) =>
      ifThere('sns:ListSubscriptionsByTopic', ['NotFound'], async () => {
        const arns: (string | undefined)[] = [];
        for await (const { Subscriptions = [] } of paginateListSubscriptionsByTopic({ client: sns }, { TopicArn })) {
          arns.push(...Subscriptions.map(({ SubscriptionArn }) => SubscriptionArn));
        }
        const confirmed = arns.filter((arn) => arn?.startsWith('arn:')).length;
        return { confirmed, pending: arns.filter((arn) => arn === 'PendingConfirmation').length };
      }),
    queue: (QueueUrl) =>
      ifThere('sqs:GetQueueAttributes', ['QueueDoesNotExist', 'NonExistentQueue'], async () => {
        const { Attributes = {} } = await sqs.send(
          new GetQueueAttributesCommand({
            QueueUrl,
            AttributeNames: ['ApproximateNumberOfMessages', 'ApproximateNumberOfMessagesNotVisible'],
          }),
        );
        const { ApproximateNumberOfMessages: waiting, ApproximateNumberOfMessagesNotVisible: inFlight } = Attributes;
        return { waiting: Number(waiting), inFlight: Number(inFlight) };
      }),
    eventSources: async (FunctionName) => {
      const found = await ifThere('lambda:ListEventSourceMappings', ['ResourceNotFoundException'], async () => {
        const sources: EventSource[] = [];
        for await (const page of paginateListEventSourceMappings({ client: lambda }, { FunctionName })) {
          for (const { EventSourceArn: arn = '', State: state = 'unknown' } of page.EventSourceMappings ?? []) {
            sources.push({ arn, state });
          }
        }
        return sources;
      });
      return found ?? [];
    },
    role: (RoleName) =>
      ifThere('iam:GetRole', ['NoSuchEntity'], async () => {
        const { Role } = await iam.send(new GetRoleCommand({ RoleName }));
        return Role && trustIn(Role.AssumeRolePolicyDocument ?? '');
      }),
    organizationId: () =>
      ifThere('organizations:DescribeOrganization', ['AWSOrganizationsNotInUseException'], async () => {
        const { Organization } = await organizations.send(new DescribeOrganizationCommand({}));
        return Organization?.Id;
      }),
    organizationTree: (readerRoleArn) =>
      new AwsOrganization({ client: patient, sts: new STSClient(settings), readerRoleArn }).tree(LISTING),
  };
}
