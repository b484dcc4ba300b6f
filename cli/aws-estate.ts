import { CloudFormationClient, DescribeStacksCommand } from '@aws-sdk/client-cloudformation';
import { DescribeContinuousBackupsCommand, DescribeTableCommand, DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { LambdaClient, paginateListEventSourceMappings } from '@aws-sdk/client-lambda';
import { paginateListSubscriptionsByTopic, SNSClient } from '@aws-sdk/client-sns';
import { GetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { calling, hasCode } from '../lambda/adapters/aws-errors.ts';
import { clientSettings } from '../lambda/platform/aws-clients.ts';
import type { Estate, EventSource } from './estate.ts';

/** How the caller's clients are made: credentials, Region, profile. */
export type Own = Pick<ConstructorParameters<typeof SQSClient>[0] & object, 'credentials' | 'region' | 'profile'>;

/** Looks at what is deployed with the caller's own credentials; reads only. */
export function awsEstate(own: Own): Estate {
  const settings = { ...clientSettings, ...own };
  const cloudFormation = new CloudFormationClient(settings);
  const dynamo = new DynamoDBClient(settings);
  const iam = new IAMClient(settings);
  const lambda = new LambdaClient(settings);
  const sns = new SNSClient(settings);
  // So that an endpoint that is set in the environment counts for queues too.
  const sqs = new SQSClient({ ...settings, useQueueUrlAsEndpoint: false });
  return {
    stack: (name) =>
      ifThere('cloudformation:DescribeStacks', ['ValidationError'], async () => {
        const { Stacks = [] } = await cloudFormation.send(new DescribeStacksCommand({ StackName: name }));
        const [stack] = Stacks;
        if (stack?.StackStatus === undefined) return undefined;
        const changed = stack.LastUpdatedTime ?? stack.CreationTime;
        return { status: stack.StackStatus, ...(changed && { changedAt: changed.toISOString() }) };
      }),
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
        return Role && { principals: principalsIn(Role.AssumeRolePolicyDocument ?? '') };
      }),
  };
}

/** Calls AWS; undefined when it answers with one of the codes that say there is no such thing. */
async function ifThere<T>(
  action: string,
  gone: readonly string[],
  call: () => Promise<T | undefined>,
): Promise<T | undefined> {
  return calling(action, async () => {
    try {
      return await call();
    } catch (error) {
      if (hasCode(error, ...gone)) return undefined;
      throw error;
    }
  });
}

const oneOrMany = <T extends z.ZodType>(schema: T) => z.union([schema.transform((one) => [one]), z.array(schema)]);
const trustPolicy = z.object({
  Statement: oneOrMany(z.object({ Principal: z.object({ AWS: oneOrMany(z.string()) }) })),
});

/** IAM sends the policy URL-encoded. One that names no AWS principals is none of Keyturn's. */
function principalsIn(document: string): readonly string[] {
  const trusted = trustPolicy.safeParse(JSON.parse(decodeURIComponent(document)));
  return trusted.success ? trusted.data.Statement.flatMap(({ Principal }) => Principal.AWS) : [];
}
