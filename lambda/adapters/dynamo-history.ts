import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { type DynamoDBDocumentClient, PutCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { encodeTime } from 'ulid';
import { historyTable } from '../contracts/tables.ts';
import type { HistoryEvent } from '../domain/events.ts';
import type { Instant } from '../domain/time.ts';
import type { History, HistoryQuery } from '../ports.ts';
import { calling, hasCode } from './aws-errors.ts';
import { documents, queried } from './dynamo-items.ts';
import { eventOfItem, historyItem, historyPartition } from './history-item.ts';

const { partitionKey, sortKey, indexes } = historyTable;

/** The History table: appended to and queried, nothing else. */
export class DynamoHistory implements History {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = documents(client);
    this.#table = table;
  }

  async append(events: readonly HistoryEvent[]): Promise<void> {
    for (const event of events) {
      const command = new PutCommand({ TableName: this.#table, Item: historyItem(event), ...onlyIfNew });
      await calling('dynamodb:PutItem', async () => {
        try {
          await this.#client.send(command);
        } catch (error) {
          if (!hasCode(error, 'ConditionalCheckFailed')) throw error;
        }
      });
    }
  }

  async *query(query: HistoryQuery): AsyncIterable<HistoryEvent> {
    const range = eventIdRange(query);
    const { types, order = 'oldest-first' } = query;
    if (range === 'empty' || types?.length === 0) return;
    const entry = entryOf(query.by);
    const typeValues = types?.map((type, n) => [`:type${n}`, type] as const);
    const input: QueryCommandInput = {
      TableName: this.#table,
      ...(entry.index === undefined ? { ConsistentRead: true } : { IndexName: entry.index }),
      ScanIndexForward: order === 'oldest-first',
      KeyConditionExpression: '#entry = :entry and #id between :first and :last',
      ...(typeValues && { FilterExpression: `#type in (${typeValues.map(([name]) => name).join(', ')})` }),
      ExpressionAttributeNames: { '#entry': entry.attribute, '#id': sortKey, ...(typeValues && { '#type': 'type' }) },
      ExpressionAttributeValues: {
        ':entry': entry.value,
        ':first': range.first,
        ':last': range.last,
        ...(typeValues && Object.fromEntries(typeValues)),
      },
    };
    for await (const item of queried(this.#client, input)) yield eventOfItem(item, `table ${this.#table}`);
  }
}

/** Puts an event only where there is none: history is never overwritten. */
export const onlyIfNew = {
  ConditionExpression: 'attribute_not_exists(#pk)',
  ExpressionAttributeNames: { '#pk': partitionKey },
} as const;

function entryOf(by: HistoryQuery['by']): {
  readonly index?: string;
  readonly attribute: string;
  readonly value: string;
} {
  switch (by.kind) {
    case 'user':
      return { attribute: partitionKey, value: historyPartition(by.account, by.userName) };
    case 'account-alone':
      return { attribute: partitionKey, value: historyPartition(by.account) };
    case 'key':
      return { index: indexes.byKey.name, attribute: indexes.byKey.partitionKey, value: by.keyId };
    case 'account':
      return { index: indexes.byAccount.name, attribute: indexes.byAccount.partitionKey, value: by.account };
    case 'day':
      return { index: indexes.byDay.name, attribute: indexes.byDay.partitionKey, value: by.day };
    case 'run':
      return { index: indexes.byRun.name, attribute: indexes.byRun.partitionKey, value: by.runId };
    default:
      return by satisfies never;
  }
}

/** The greatest time a ULID can tell. */
const END_OF_TIME = 2 ** 48 - 1;

/** Event IDs are ULIDs: a span of time is a span of IDs, from the least of its first millisecond to the greatest of its last. */
export function eventIdRange({
  since = 0,
  until = END_OF_TIME + 1,
}: {
  readonly since?: Instant | undefined;
  readonly until?: Instant | undefined;
}): 'empty' | { readonly first: string; readonly last: string } {
  const [first, last] = [Math.max(0, Math.ceil(since)), Math.ceil(until) - 1];
  if (last < first) return 'empty';
  return { first: encodeTime(first, 10) + '0'.repeat(16), last: encodeTime(last, 10) + 'Z'.repeat(16) };
}
