import {
  ChangeMessageVisibilityCommand,
  DeleteMessageCommand,
  type Message,
  type MessageAttributeValue,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import type { ClientConfig } from '../emulator.ts';
import { failedItems } from './batch-response.ts';
import type { DeployedFunction, QueueMapping } from './deployed.ts';
import { queueUrl } from './destinations.ts';
import type { Functions } from './functions.ts';
import { matchesPattern } from './pattern.ts';
import type { Source } from './source.ts';

/** As many containers as a small machine bears; a mapping's own maximum concurrency may ask for fewer. */
const mostPollers = 4;

/** Feeds a function from its queue. */
export function queueSource(
  mapping: QueueMapping,
  deployed: DeployedFunction,
  { client, functions, giveUpIfEndless }: { client: ClientConfig; functions: Functions; giveUpIfEndless: () => void },
): Source {
  const sqs = new SQSClient(client);
  const QueueUrl = queueUrl(client.endpoint, mapping.sourceArn);
  const patterns = mapping.filters.map((filter): unknown => JSON.parse(filter));

  async function receiveBatch(): Promise<Message[]> {
    const batch: Message[] = [];
    while (batch.length < mapping.batchSize) {
      const { Messages: messages = [] } = await sqs.send(
        new ReceiveMessageCommand({
          QueueUrl,
          MaxNumberOfMessages: Math.min(10, mapping.batchSize - batch.length),
          MessageSystemAttributeNames: ['All'],
          MessageAttributeNames: ['All'],
          WaitTimeSeconds: 0,
        }),
      );
      if (messages.length === 0) break;
      batch.push(...messages);
    }
    return batch;
  }

  async function handle(messages: readonly Message[]): Promise<void> {
    giveUpIfEndless();
    const wanted = messages.filter((message) => isWanted(message, patterns));
    const ids = wanted.map(({ MessageId: id = '' }) => id);
    const records = wanted.map((message) => queueRecord(message, mapping.sourceArn));
    const failed =
      wanted.length === 0
        ? new Set<string>()
        : failedItems(
            (await functions.invoke(deployed, JSON.stringify({ Records: records }))).outcome,
            ids,
            mapping.reportsItemFailures,
          );
    await Promise.all(
      messages.map(({ MessageId: id = '', ReceiptHandle }) =>
        // A failed message would show again when its visibility timeout is over; nobody waits for that here. How
        // often it has been received counts on, and the queue's redrive policy takes it from there.
        failed.has(id)
          ? sqs.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }))
          : sqs.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle })),
      ),
    );
  }

  async function poll(): Promise<number> {
    let handled = 0;
    for (let batch = await receiveBatch(); batch.length > 0; batch = await receiveBatch()) {
      await handle(batch);
      handled += batch.length;
    }
    return handled;
  }

  return {
    async pump() {
      const pollers = Math.min(mapping.maxConcurrency ?? mostPollers, mostPollers);
      const handled = await Promise.all(Array.from({ length: pollers }, poll));
      return handled.reduce((sum, each) => sum + each, 0);
    },
  };
}

function isWanted(message: Message, patterns: readonly unknown[]): boolean {
  if (patterns.length === 0) return true;
  const event = { body: parsedIfJson(message.Body ?? ''), attributes: message.Attributes };
  return patterns.some((pattern) => matchesPattern(pattern, event));
}

function parsedIfJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function queueRecord(message: Message, queueArn: string): object {
  return {
    messageId: message.MessageId,
    receiptHandle: message.ReceiptHandle,
    body: message.Body,
    attributes: message.Attributes ?? {},
    messageAttributes: Object.fromEntries(
      Object.entries(message.MessageAttributes ?? {}).map(([name, value]) => [name, attributeFrom(value)]),
    ),
    md5OfBody: message.MD5OfBody,
    eventSource: 'aws:sqs',
    eventSourceARN: queueArn,
    awsRegion: queueArn.split(':')[3],
  };
}

function attributeFrom(value: MessageAttributeValue): object {
  return {
    stringValue: value.StringValue,
    ...(value.BinaryValue === undefined ? {} : { binaryValue: Buffer.from(value.BinaryValue).toString('base64') }),
    stringListValues: [],
    binaryListValues: [],
    dataType: value.DataType,
  };
}
