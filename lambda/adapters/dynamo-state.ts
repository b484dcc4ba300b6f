import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { cachedUserSchema, fullSweepSchema } from '../contracts/account-memory.ts';
import { stateTable } from '../contracts/tables.ts';
import { userRecordSchema } from '../contracts/user-record.ts';
import type { AccountId, UserName } from '../domain/ids.ts';
import type { CachedUser } from '../domain/inventory.ts';
import type { Instant } from '../domain/time.ts';
import type { UserRecord } from '../domain/tracking.ts';
import type { AccountMemory, FullSweep, State } from '../ports.ts';
import { calling } from './aws-errors.ts';
import { writeInBatches } from './dynamo-batch.ts';
import { documents, queried, readItem } from './dynamo-items.ts';
import { DynamoLeases } from './dynamo-lease.ts';

const USER = 'user#';
const KEYS = 'keys#';
const FULL_SWEEP = 'full-sweep';

/** Where a user's record is in the State table. */
export const recordKey = ({ account, userName }: Pick<UserRecord, 'account' | 'userName'>) => ({
  [stateTable.partitionKey]: account,
  [stateTable.sortKey]: `${USER}${userName}`,
});

/** The State table. Every read is strongly consistent. */
export class DynamoState implements State {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #leases: DynamoLeases;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = documents(client);
    this.#table = table;
    this.#leases = new DynamoLeases(this.#client, table);
  }

  async load(account: AccountId): Promise<AccountMemory> {
    const records = new Map<UserName, UserRecord>();
    const cache = new Map<UserName, CachedUser>();
    let fullSweep: FullSweep | undefined;
    const items = queried(this.#client, {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: '#pk = :account',
      ExpressionAttributeNames: { '#pk': stateTable.partitionKey },
      ExpressionAttributeValues: { ':account': account },
    });
    for await (const item of items) {
      const place = String(item[stateTable.sortKey]);
      if (place.startsWith(USER)) {
        const record = this.#read(item);
        records.set(record.userName, record);
      } else if (place.startsWith(KEYS)) {
        const user = readItem(cachedUserSchema, item, `table ${this.#table}`);
        cache.set(user.userName, user);
      } else if (place === FULL_SWEEP) {
        fullSweep = readItem(fullSweepSchema, item, `table ${this.#table}`);
      }
    }
    return { records, cache, ...(fullSweep && { fullSweep }) };
  }

  remember(account: AccountId, users: readonly CachedUser[]): Promise<void> {
    const puts = users.map((user) => ({ PutRequest: { Item: { ...user, ...keysKey(account, user.userName) } } }));
    return writeInBatches(this.#client, this.#table, puts);
  }

  forget(account: AccountId, userNames: readonly UserName[]): Promise<void> {
    const deletes = userNames.map((userName) => ({ DeleteRequest: { Key: keysKey(account, userName) } }));
    return writeInBatches(this.#client, this.#table, deletes);
  }

  async markFullSweep(account: AccountId, progress: FullSweep): Promise<void> {
    const Item = { [stateTable.partitionKey]: account, [stateTable.sortKey]: FULL_SWEEP, ...progress };
    await calling('dynamodb:PutItem', () => this.#client.send(new PutCommand({ TableName: this.#table, Item })));
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
    return this.#leases.take(account, holder, now, until);
  }

  releaseLease(account: AccountId, holder: string): Promise<void> {
    return this.#leases.release(account, holder);
  }

  #read(item: Record<string, unknown>): UserRecord {
    return readItem(userRecordSchema, item, `table ${this.#table}`);
  }
}

const keysKey = (account: AccountId, userName: UserName) => ({
  [stateTable.partitionKey]: account,
  [stateTable.sortKey]: `${KEYS}${userName}`,
});
