import { historyEventSchema } from '../contracts/history-event.ts';
import { historyTable } from '../contracts/tables.ts';
import { audienceOf, type HistoryEvent } from '../domain/events.ts';
import { MalformedItemError, readItem } from './dynamo-items.ts';

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

/** Whether an item lies where its own content puts it: another way in would miss it, or find what this one does not. */
export const isInPlace = (item: Record<string, unknown>): boolean =>
  item[sortKey] === item.id &&
  item[partitionKey] === historyPartition(String(item.account), String(item.userName ?? '')) &&
  item[indexes.byDay.partitionKey] === String(item.time).slice(0, 10);

/** What an item says, without what the table adds for its key and indexes. */
export function contentOfItem(item: Record<string, unknown>): Record<string, unknown> {
  const { [partitionKey]: _, [sortKey]: __, [indexes.byDay.partitionKey]: ___, [audience]: ____, ...content } = item;
  return content;
}

/** The event in an item; throws MalformedItemError, also when another hand put it where it does not belong. */
export function eventOfItem(item: Record<string, unknown>, source: string): HistoryEvent {
  const event = readItem(historyEventSchema, item, source);
  if (isInPlace(item)) return event;
  throw new MalformedItemError(
    `Item '${item[partitionKey]}', '${item[sortKey]}' of ${source} is not where it belongs.`,
  );
}
