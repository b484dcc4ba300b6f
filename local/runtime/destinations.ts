import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { ClientConfig } from '../emulator.ts';

/** Puts a failed event where it was to go. */
export interface Destinations {
  deliver(arn: string, body: string, attributes?: Readonly<Record<string, string>>): Promise<void>;
}

export function connectDestinations(client: ClientConfig): Destinations {
  const sqs = new SQSClient(client);
  const sns = new SNSClient(client);
  return {
    async deliver(arn, body, attributes = {}) {
      const messageAttributes = Object.fromEntries(
        Object.entries(attributes).map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
      );
      if (arn.includes(':sqs:')) {
        const message = { MessageBody: body, MessageAttributes: messageAttributes };
        await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(client.endpoint, arn), ...message }));
      } else if (arn.includes(':sns:')) {
        await sns.send(new PublishCommand({ TopicArn: arn, Message: body, MessageAttributes: messageAttributes }));
      } else {
        throw new Error(`The local runtime sends failures to queues and topics, not to ${arn}.`);
      }
    },
  };
}

export function queueUrl(endpoint: string, queueArn: string): string {
  const [account, name] = queueArn.split(':').slice(4);
  return `${endpoint}/${account}/${name}`;
}
