import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { Delivery } from './deliveries.ts';
import type { WrittenText } from './invariants/secrets-stay-secret.ts';
import type { Stage } from './stage.ts';

/** How far the logs and calls were read already. */
export interface ReadSoFar {
  logLines: number;
  calls: number;
}

/** What the functions wrote and sent since the last time: logs, and every call's parameters but a secret's own value. */
export function writtenByFunctions({ runtime, recorder }: Stage, read: ReadSoFar): readonly WrittenText[] {
  const lines = runtime.logs().slice(read.logLines);
  const calls = recorder.calls().slice(read.calls);
  read.logLines += lines.length;
  read.calls += calls.length;
  return [
    ...lines.map(({ functionName, line }) => ({ where: `a log line of ${functionName}`, text: line })),
    ...calls.map(({ service, action, params }) => ({
      where: `a call of ${service}:${action}`,
      text: JSON.stringify(params),
    })),
  ];
}

export const writtenInNotices = (deliveries: readonly Delivery[]): readonly WrittenText[] =>
  deliveries.map(({ channel, to, text, message }) => ({
    where: `a notice to ${to} by ${channel}`,
    text: text + JSON.stringify(message),
  }));

/** Everything that is stored: the three tables item by item, and what lies in the dead-letter queue. */
export async function writtenInStores(stage: Stage): Promise<readonly WrittenText[]> {
  const tables = Object.entries(stage.deployment.tables).map(async ([name, table]) => {
    const texts: WrittenText[] = [];
    const client = new DynamoDBClient(stage.emulator.client());
    for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) {
      texts.push(...Items.map((item) => ({ where: `the ${name} table`, text: JSON.stringify(item) })));
    }
    return texts;
  });
  const letters = (await deadLetters(stage)).map((letter) => ({
    where: 'the dead-letter queue',
    text: JSON.stringify(letter),
  }));
  return [...(await Promise.all(tables)).flat(), ...letters];
}

/** The templates, bundles and other files that `cdk` made. */
export async function writtenByCdk({ cloudAssembly }: Stage): Promise<readonly WrittenText[]> {
  const entries = await readdir(cloudAssembly, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (file) => ({ where: file, text: await readFile(file, 'latin1') })));
}

/** What could not be processed, as it lies in the dead-letter queue. */
export interface DeadLetter {
  readonly body: string;
  /** What Keyturn itself wrote on it: `source` and `error`; nothing for what Lambda or SQS put there. */
  readonly attributes: Readonly<Record<string, string>>;
}

/** What lies in the dead-letter queue; it is left there. */
export async function deadLetters({ emulator, outputs }: Stage): Promise<readonly DeadLetter[]> {
  const QueueUrl = deadLetterQueueUrl(emulator.url, outputs);
  const sqs = new SQSClient(emulator.client());
  const letters = new Map<string, DeadLetter>();
  for (;;) {
    const before = letters.size;
    const { Messages: messages = [] } = await sqs.send(
      // Seen, and at once visible to others again.
      new ReceiveMessageCommand({
        QueueUrl,
        MaxNumberOfMessages: 10,
        VisibilityTimeout: 0,
        MessageAttributeNames: ['All'],
      }),
    );
    for (const { MessageId = '', Body = '', MessageAttributes = {} } of messages) {
      const attributes = Object.entries(MessageAttributes).map(([name, { StringValue = '' }]) => [name, StringValue]);
      letters.set(MessageId, { body: Body, attributes: Object.fromEntries(attributes) });
    }
    if (letters.size === before) return [...letters.values()];
  }
}

/** The URL that the stack tells, at the local AWS. */
export function deadLetterQueueUrl(emulatorUrl: string, outputs: Stage['outputs']): string {
  const url = Object.values(outputs).flatMap((stack) => stack.DeadLetterQueueUrl ?? [])[0];
  if (url === undefined) throw new Error('The deployed stacks tell no DeadLetterQueueUrl.');
  return new URL(new URL(url).pathname, emulatorUrl).href;
}
