import { BatchWriteCommand, type BatchWriteCommandInput, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { UnavailableError } from '../ports.ts';
import { calling } from './aws-errors.ts';
import { pause } from './pause.ts';

/** The most that one BatchWriteItem takes. */
const BATCH = 25;
const ATTEMPTS = 8;

export type BatchRequest = NonNullable<BatchWriteCommandInput['RequestItems']>[string][number];

/** Writes 25 at a time, and again whatever DynamoDB did not get to. */
export async function writeInBatches(
  client: DynamoDBDocumentClient,
  table: string,
  requests: readonly BatchRequest[],
): Promise<void> {
  for (let start = 0; start < requests.length; start += BATCH) {
    let open: BatchRequest[] = requests.slice(start, start + BATCH);
    for (let attempt = 0; open.length > 0; attempt += 1) {
      if (attempt === ATTEMPTS) throw new UnavailableError(`dynamodb:BatchWriteItem left ${open.length} items`);
      if (attempt > 0) await pause(2 ** attempt * 50);
      const command = new BatchWriteCommand({ RequestItems: { [table]: open } });
      const { UnprocessedItems } = await calling('dynamodb:BatchWriteItem', () => client.send(command));
      open = UnprocessedItems?.[table] ?? [];
    }
  }
}
