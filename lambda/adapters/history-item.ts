import { historyEventSchema } from '../contracts/history-event.ts';
import { historyTable } from '../contracts/tables.ts';
import { audienceOf, type HistoryEvent } from '../domain/events.ts';
import { readItem } from './dynamo-items.ts';

const { partitionKey, sortKey, indexes, audience } = historyTable;

/** The partition of a user's events; without a user name, of what concerns the account. */
export const historyPartition = (account: string, userName = ''): string => `${account}/${userName}`;

/** An event as the table holds it: itself, its key, and what indexes and the stream's filter look at. */
export const historyItem = (event: HistoryEvent): Record<string, unknown> => ({
  ...event,
  [partitionKey]: historyPartition(event.account, event.userName),
  [sortKey]: event.id,
  [indexes.byDay.partitionKey]: event.time.slice(0, 10),
  [audience]: audienceOf(event),
});

/** The event in an item; throws MalformedItemError. */
export const eventOfItem = (item: Record<string, unknown>, source: string): HistoryEvent =>
  readItem(historyEventSchema, item, source);
