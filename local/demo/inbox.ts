import { SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { z } from 'zod';
import type { ClientConfig } from '../emulator.ts';

/** A message that SNS delivered. */
export interface Mail {
  readonly subject: string;
  readonly text: string;
  readonly attributes: Readonly<Record<string, string>>;
}

/** A queue that is subscribed to a topic, in the place of somebody's mail box. */
export interface Inbox {
  /** Takes out what has come since the last call. */
  take(): Promise<readonly Mail[]>;
}

const envelope = z.object({
  Subject: z.string(),
  Message: z.string(),
  MessageAttributes: z.record(z.string(), z.object({ Value: z.string() })).default({}),
});

export interface InboxOptions {
  readonly client: ClientConfig;
  readonly name: string;
  readonly topicArn: string;
  /** Only what is for this owner, by the filter policy that an owner's subscription has. */
  readonly owner?: string;
}

export async function openInbox({ client, name, topicArn, owner }: InboxOptions): Promise<Inbox> {
  const sqs = new SQSClient(client);
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const { Attributes: { QueueArn } = {} } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }),
  );
  await new SNSClient(client).send(
    new SubscribeCommand({
      TopicArn: topicArn,
      Protocol: 'sqs',
      Endpoint: QueueArn,
      ...(owner === undefined ? {} : { Attributes: { FilterPolicy: JSON.stringify({ owner: [owner] }) } }),
    }),
  );
  return {
    async take() {
      const mails: Mail[] = [];
      for (;;) {
        const { Messages: messages = [] } = await sqs.send(
          new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0 }),
        );
        if (messages.length === 0) return mails;
        for (const { Body = '', ReceiptHandle } of messages) {
          const { Subject: subject, Message: text, MessageAttributes } = envelope.parse(JSON.parse(Body));
          const attributes = Object.entries(MessageAttributes).map(([key, { Value }]) => [key, Value]);
          mails.push({ subject, text, attributes: Object.fromEntries(attributes) });
          await sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle }));
        }
      }
    },
  };
}
