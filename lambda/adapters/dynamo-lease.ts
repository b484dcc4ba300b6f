import { DeleteCommand, type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { stateTable } from '../contracts/tables.ts';
import type { Instant } from '../domain/time.ts';
import { calling, hasCode } from './aws-errors.ts';

/** Leases in the State table, one for each partition. */
export class DynamoLeases {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBDocumentClient, table: string) {
    this.#client = client;
    this.#table = table;
  }

  /** False while another holder's lease has not expired. */
  take(partition: string, holder: string, now: Instant, until: Instant): Promise<boolean> {
    const command = new PutCommand({
      TableName: this.#table,
      Item: { ...leaseKey(partition), holder, until, [stateTable.expiry]: Math.ceil(until / 1000) },
      ConditionExpression: 'attribute_not_exists(#pk) or #holder = :holder or #until <= :now',
      ExpressionAttributeNames: { '#pk': stateTable.partitionKey, '#holder': 'holder', '#until': 'until' },
      ExpressionAttributeValues: { ':holder': holder, ':now': now },
    });
    return ifConditionHolds('dynamodb:PutItem', () => this.#client.send(command));
  }

  /** Harmless when the lease is another's by now. */
  async release(partition: string, holder: string): Promise<void> {
    const command = new DeleteCommand({
      TableName: this.#table,
      Key: leaseKey(partition),
      ConditionExpression: '#holder = :holder',
      ExpressionAttributeNames: { '#holder': 'holder' },
      ExpressionAttributeValues: { ':holder': holder },
    });
    await ifConditionHolds('dynamodb:DeleteItem', () => this.#client.send(command));
  }
}

const leaseKey = (partition: string) => ({ [stateTable.partitionKey]: partition, [stateTable.sortKey]: 'lease' });

/** Writes under a condition, and tells whether it held. */
export const ifConditionHolds = (action: string, write: () => Promise<unknown>): Promise<boolean> =>
  calling(action, async () => {
    try {
      await write();
      return true;
    } catch (error) {
      if (hasCode(error, 'ConditionalCheckFailed')) return false;
      throw error;
    }
  });
