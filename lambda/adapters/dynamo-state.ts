import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import {
  BatchWriteCommand,
  type BatchWriteCommandInput,
  DeleteCommand,
  type DynamoDBDocumentClient,
  GetCommand,
  PutCommand,
} from '@aws-sdk/lib-dynamodb';
import { cachedUserSchema, fullSweepSchema } from '../contracts/account-memory.ts';
import { stateTable } from '../contracts/tables.ts';
import { userRecordSchema } from '../contracts/user-record.ts';
import type { AccountId, UserName } from '../domain/ids.ts';
import type { CachedUser } from '../domain/inventory.ts';
import type { Instant } from '../domain/time.ts';
import type { UserRecord } from '../domain/tracking.ts';
import { type AccountMemory, type FullSweep, type State, UnavailableError } from '../ports.ts';
import { calling, hasCode } from './aws-errors.ts';
import { documents, queried, readItem } from './dynamo-items.ts';
import { pause } from './pause.ts';

const LEASE = 'lease';
const USER = 'user#';
const KEYS = 'keys#';
const FULL_SWEEP = 'full-sweep';
/** The most that one BatchWriteItem takes. */
const BATCH = 25;
const BATCH_ATTEMPTS = 8;

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
    return this.#batch(
      users.map((user) => ({ PutRequest: { Item: { ...user, ...keysKey(account, user.userName) } } })),
    );
  }

  forget(account: AccountId, userNames: readonly UserName[]): Promise<void> {
    return this.#batch(userNames.map((userName) => ({ DeleteRequest: { Key: keysKey(account, userName) } })));
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

  /** Writes 25 at a time, and again whatever DynamoDB did not get to. */
  async #batch(requests: readonly BatchRequest[]): Promise<void> {
    for (let start = 0; start < requests.length; start += BATCH) {
      let open: BatchRequest[] = requests.slice(start, start + BATCH);
      for (let attempt = 0; open.length > 0; attempt += 1) {
        if (attempt === BATCH_ATTEMPTS) throw new UnavailableError(`dynamodb:BatchWriteItem left ${open.length} items`);
        if (attempt > 0) await pause(2 ** attempt * 50);
        const command = new BatchWriteCommand({ RequestItems: { [this.#table]: open } });
        const { UnprocessedItems } = await calling('dynamodb:BatchWriteItem', () => this.#client.send(command));
        open = UnprocessedItems?.[this.#table] ?? [];
      }
    }
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

type BatchRequest = NonNullable<BatchWriteCommandInput['RequestItems']>[string][number];

const keysKey = (account: AccountId, userName: UserName) => ({
  [stateTable.partitionKey]: account,
  [stateTable.sortKey]: `${KEYS}${userName}`,
});

const leaseKey = (account: AccountId) => ({ [stateTable.partitionKey]: account, [stateTable.sortKey]: LEASE });
