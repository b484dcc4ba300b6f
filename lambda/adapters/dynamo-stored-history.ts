import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { historyTable } from '../contracts/tables.ts';
import type { FoundEvent, StoredHistory } from '../ports.ts';
import { eventIdRange } from './dynamo-history.ts';
import { documents, queried } from './dynamo-items.ts';
import { contentOfItem, isInPlace } from './history-item.ts';

const { sortKey, indexes } = historyTable;

/** The History table for who checks it: every item as it is, also one that no command could read. */
export class DynamoStoredHistory implements StoredHistory {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = documents(client);
    this.#table = table;
  }

  async *stored({ by, since, until }: Parameters<StoredHistory['stored']>[0]): AsyncIterable<FoundEvent> {
    const range = eventIdRange({ since, until });
    if (range === 'empty') return;
    const { index, value } =
      by.kind === 'day' ? { index: indexes.byDay, value: by.day } : { index: indexes.byAccount, value: by.account };
    // Whole partitions unless asked otherwise: an ID may be anything, and what it is not must not hide it.
    const bounded = since !== undefined || until !== undefined;
    const items = queried(this.#client, {
      TableName: this.#table,
      IndexName: index.name,
      KeyConditionExpression: `#entry = :entry${bounded ? ' and #id between :first and :last' : ''}`,
      ExpressionAttributeNames: { '#entry': index.partitionKey, ...(bounded && { '#id': sortKey }) },
      ExpressionAttributeValues: { ':entry': value, ...(bounded && { ':first': range.first, ':last': range.last }) },
    });
    for await (const item of items) yield foundIn(item);
  }
}

function foundIn(item: Record<string, unknown>): FoundEvent {
  const { [sortKey]: id, [indexes.byDay.partitionKey]: day } = item;
  return {
    id: String(id),
    content: contentOfItem(item),
    ...(!isInPlace(item) && { misplaced: true }),
    ...(typeof day === 'string' && { day }),
  };
}
