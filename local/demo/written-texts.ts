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
  const letters = (await deadLetters(stage)).map((text) => ({ where: 'the dead-letter queue', text }));
  return [...(await Promise.all(tables)).flat(), ...letters];
}

/** The templates, bundles and other files that `cdk` made. */
export async function writtenByCdk({ cloudAssembly }: Stage): Promise<readonly WrittenText[]> {
  const entries = await readdir(cloudAssembly, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  return Promise.all(files.map(async (file) => ({ where: file, text: await readFile(file, 'latin1') })));
}

/** What lies in the dead-letter queue, left where it is. */
export async function deadLetters({ emulator, outputs }: Stage): Promise<readonly string[]> {
  const QueueUrl = deadLetterQueueUrl(emulator.url, outputs);
  const sqs = new SQSClient(emulator.client());
  const texts: string[] = [];
  for (;;) {
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 0, VisibilityTimeout: 1 }),
    );
    const seen = new Set(texts);
    const fresh = messages.map(({ Body = '' }) => Body).filter((body) => !seen.has(body));
    if (fresh.length === 0) return texts;
    texts.push(...fresh);
  }
}

/** The URL that the stack tells, at the local AWS. */
export function deadLetterQueueUrl(emulatorUrl: string, outputs: Stage['outputs']): string {
  const url = Object.values(outputs).flatMap((stack) => stack.DeadLetterQueueUrl ?? [])[0];
  if (url === undefined) throw new Error('The deployed stacks tell no DeadLetterQueueUrl.');
  return new URL(new URL(url).pathname, emulatorUrl).href;
}
