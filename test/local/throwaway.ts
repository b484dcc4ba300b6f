import { CreateRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import { CreateFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateQueueCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import type { Emulator } from '../../local/emulator.ts';

export interface ThrowawayFunction {
  readonly name: string;
  /** The whole of index.mjs. */
  readonly source: string;
  readonly environment?: Record<string, string>;
  readonly timeoutSeconds?: number;
}

/** Deploys a function by the Lambda API alone, with a role of its own; resolves to its ARN. */
export async function deployFunction(emulator: Emulator, fn: ThrowawayFunction): Promise<string> {
  const trust = { Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' };
  const { Role: role } = await new IAMClient(emulator.client()).send(
    new CreateRoleCommand({
      RoleName: `${fn.name}-role`,
      AssumeRolePolicyDocument: JSON.stringify({ Version: '2012-10-17', Statement: [trust] }),
    }),
  );
  const { FunctionArn: arn = '' } = await new LambdaClient(emulator.client()).send(
    new CreateFunctionCommand({
      FunctionName: fn.name,
      Runtime: 'nodejs24.x',
      Handler: 'index.handler',
      Role: role?.Arn,
      Timeout: fn.timeoutSeconds ?? 10,
      Code: { ZipFile: zipSync({ 'index.mjs': strToU8(fn.source) }) },
      Environment: { Variables: fn.environment ?? {} },
    }),
  );
  return arn;
}

export interface ThrowawayQueue {
  readonly url: string;
  readonly arn: string;
  send(...bodies: string[]): Promise<void>;
  /** Everything visible now, as it is; it stays in flight afterwards. */
  receive(): Promise<{ body: string; attributes: Record<string, string> }[]>;
}

export async function createQueue(
  emulator: Emulator,
  name: string,
  attributes: Record<string, string> = {},
): Promise<ThrowawayQueue> {
  const sqs = new SQSClient(emulator.client());
  const { QueueUrl: url = '' } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: attributes }));
  const asked = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }));
  return {
    url,
    arn: asked.Attributes?.QueueArn ?? '',
    async send(...bodies) {
      for (let at = 0; at < bodies.length; at += 10) {
        const entries = bodies.slice(at, at + 10).map((body, index) => ({ Id: `m${index}`, MessageBody: body }));
        await sqs.send(new SendMessageBatchCommand({ QueueUrl: url, Entries: entries }));
      }
    },
    async receive() {
      const { Messages: messages = [] } = await sqs.send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, MessageAttributeNames: ['All'] }),
      );
      return messages.map(({ Body: body = '', MessageAttributes: found = {} }) => ({
        body,
        attributes: Object.fromEntries(Object.entries(found).map(([key, value]) => [key, value.StringValue ?? ''])),
      }));
    },
  };
}
