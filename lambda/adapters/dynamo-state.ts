import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { stateTable } from '../contracts/tables.ts';
import { userRecordSchema } from '../contracts/user-record.ts';
import type { AccountId, UserName } from '../domain/ids.ts';
import type { Instant } from '../domain/time.ts';
import type { UserRecord } from '../domain/tracking.ts';
import type { State } from '../ports.ts';
import { calling, hasCode } from './aws-errors.ts';
import { documents, queried, readItem } from './dynamo-items.ts';

const LEASE = 'lease';
const USER = 'user#';

/** Where a user's record is in the State table. */
export const recordKey = ({ account, userName }: Pick<UserRecord, 'account' | 'userName'>) => ({
  [stateTable.partitionKey]: account,
  [stateTable.sortKey]: `${USER}${userName}`,
});

/** The State table. Every read is strongly consistent. */
export class DynamoState implements State {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = documents(client);
    this.#table = table;
  }

  async *records(account: AccountId): AsyncIterable<UserRecord> {
    const items = queried(this.#client, {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: '#pk = :account and begins_with(#sk, :user)',
      ExpressionAttributeNames: { '#pk': stateTable.partitionKey, '#sk': stateTable.sortKey },
      ExpressionAttributeValues: { ':account': account, ':user': USER },
    });
    for await (const item of items) yield this.#read(item);
  }

  async record(account: AccountId, userName: UserName): Promise<UserRecord | undefined> {
    const command = new GetCommand({
      TableName: this.#table,
      Key: recordKey({ account, userName }),
      ConsistentRead: true,
    });
    const { Item } = await calling('dynamodb:GetItem', () => this.#client.send(command));
    return Item && this.#read(Item);
  }

  takeLease(account: AccountId, holder: string, now: Instant, until: Instant): Promise<boolean> {
    const command = new PutCommand({
      TableName: this.#table,
      Item: { ...leaseKey(account), holder, until, [stateTable.expiry]: Math.ceil(until / 1000) },
      ConditionExpression: 'attribute_not_exists(#pk) or #holder = :holder or #until <= :now',
      ExpressionAttributeNames: { '#pk': stateTable.partitionKey, '#holder': 'holder', '#until': 'until' },
      ExpressionAttributeValues: { ':holder': holder, ':now': now },
    });
    return this.#ifConditionHolds('dynamodb:PutItem', () => this.#client.send(command));
  }

  async releaseLease(account: AccountId, holder: string): Promise<void> {
    const command = new DeleteCommand({
      TableName: this.#table,
      Key: leaseKey(account),
      ConditionExpression: '#holder = :holder',
      ExpressionAttributeNames: { '#holder': 'holder' },
      ExpressionAttributeValues: { ':holder': holder },
    });
    await this.#ifConditionHolds('dynamodb:DeleteItem', () => this.#client.send(command));
  }

  #read(item: Record<string, unknown>): UserRecord {
    return readItem(userRecordSchema, item, `table ${this.#table}`);
  }

  #ifConditionHolds(action: string, write: () => Promise<unknown>): Promise<boolean> {
    return calling(action, async () => {
      try {
        await write();
        return true;
      } catch (error) {
        if (hasCode(error, 'ConditionalCheckFailed')) return false;
        throw error;
      }
    });
  }
}

const leaseKey = (account: AccountId) => ({ [stateTable.partitionKey]: account, [stateTable.sortKey]: LEASE });
