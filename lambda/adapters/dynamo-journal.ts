import { type DynamoDBClient, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  type DynamoDBDocumentClient,
  TransactWriteCommand,
  type TransactWriteCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { ownersTable, stateTable } from '../contracts/tables.ts';
import type { UserRecord } from '../domain/tracking.ts';
import { type Change, ConflictError, type Journal } from '../ports.ts';
import { calling, hasCode } from './aws-errors.ts';
import { onlyIfNew } from './dynamo-history.ts';
import { documents } from './dynamo-items.ts';
import { requestKey } from './dynamo-owners.ts';
import { recordKey } from './dynamo-state.ts';
import { historyItem } from './history-item.ts';

type Write = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** The tables' names. */
export interface JournalTables {
  readonly state: string;
  readonly history: string;
  /** With the list of requests. */
  readonly owners: string;
}

/** The tables under one transaction. The SDK repeats an unanswered one with the same token: it is written once. */
export class DynamoJournal implements Journal {
  readonly #client: DynamoDBDocumentClient;
  readonly #tables: JournalTables;

  constructor(client: DynamoDBClient, tables: JournalTables) {
    this.#client = documents(client);
    this.#tables = tables;
  }

  async commit(change: Change): Promise<void> {
    const { state, history, owners } = this.#tables;
    const appends = change.events.map((event) => ({
      Put: { TableName: history, Item: historyItem(event), ...onlyIfNew },
    }));
    const writes = [...recordWrites(state, change), ...appends, ...requestWrites(owners, change)];
    if (writes.length === 0) return;
    await calling(
      'dynamodb:TransactWriteItems',
      () => this.#client.send(new TransactWriteCommand({ TransactItems: writes })),
      asConflict,
    );
  }
}

function recordWrites(table: string, { before, after }: Change): Write[] {
  if (after) return [{ Put: { TableName: table, Item: { ...after, ...recordKey(after) }, ...unchangedSince(before) } }];
  if (before) return [{ Delete: { TableName: table, Key: recordKey(before), ...unchangedSince(before) } }];
  return [];
}

function requestWrites(table: string, { answers }: Change): Write[] {
  if (answers === undefined) return [];
  const stillListed = {
    ConditionExpression: 'attribute_exists(#pk)',
    ExpressionAttributeNames: { '#pk': ownersTable.partitionKey },
  };
  return [{ Delete: { TableName: table, Key: requestKey(answers), ...stillListed } }];
}

/** The UserId too: a record that was closed and begun anew for another user has the same name, and may have the version. */
function unchangedSince(before: UserRecord | undefined) {
  return before
    ? {
        ConditionExpression: '#version = :version and #userId = :userId',
        ExpressionAttributeNames: { '#version': 'version', '#userId': 'userId' },
        ExpressionAttributeValues: { ':version': before.version, ':userId': before.userId },
      }
    : {
        ConditionExpression: 'attribute_not_exists(#pk)',
        ExpressionAttributeNames: { '#pk': stateTable.partitionKey },
      };
}

const conflicts = new Set(['ConditionalCheckFailed', 'TransactionConflict']);

function asConflict(error: unknown): ConflictError | undefined {
  const reasons = error instanceof TransactionCanceledException ? (error.CancellationReasons ?? []) : [];
  if (!hasCode(error, 'TransactionConflict') && !reasons.some(({ Code }) => conflicts.has(Code ?? '')))
    return undefined;
  return new ConflictError('The record was changed by somebody else meanwhile; nothing of this change was written.', {
    cause: error,
  });
}
