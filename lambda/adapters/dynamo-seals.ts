import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { type Seal, sealSchema } from '../contracts/seal.ts';
import { historyTable } from '../contracts/tables.ts';
import type { Seals } from '../ports.ts';
import { calling, hasCode } from './aws-errors.ts';
import { onlyIfNew } from './dynamo-history.ts';
import { documents, queried, readItem } from './dynamo-items.ts';

const { partitionKey, sortKey, seals: PARTITION } = historyTable;

/** The seals in the History table, which nobody may update or delete from. */
export class DynamoSeals implements Seals {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = documents(client);
    this.#table = table;
  }

  async last(): Promise<Seal | undefined> {
    for await (const seal of this.#read({ newestFirst: true, page: 1 })) return seal;
    return undefined;
  }

  async append(seal: Seal): Promise<boolean> {
    const Item = { ...seal, [partitionKey]: PARTITION, [sortKey]: String(seal.number).padStart(12, '0') };
    const command = new PutCommand({ TableName: this.#table, Item, ...onlyIfNew });
    return calling('dynamodb:PutItem', async () => {
      try {
        await this.#client.send(command);
        return true;
      } catch (error) {
        if (hasCode(error, 'ConditionalCheckFailed')) return false;
        throw error;
      }
    });
  }

  all(): AsyncIterable<Seal> {
    return this.#read({ newestFirst: false });
  }

  async *#read({ newestFirst, page }: { readonly newestFirst: boolean; readonly page?: number }): AsyncIterable<Seal> {
    const items = queried(this.#client, {
      TableName: this.#table,
      ConsistentRead: true,
      ScanIndexForward: !newestFirst,
      KeyConditionExpression: '#pk = :seals',
      ExpressionAttributeNames: { '#pk': partitionKey },
      ExpressionAttributeValues: { ':seals': PARTITION },
      ...(page !== undefined && { Limit: page }),
    });
    for await (const item of items) yield readItem(sealSchema, item, `table ${this.#table}`);
  }
}
