import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import * as z from 'zod/mini';
import type { HistoryEvent } from '../domain/events.ts';
import type { EventId } from '../domain/ids.ts';
import { MalformedItemError } from './dynamo-items.ts';
import { contentOfItem, eventOfItem } from './history-item.ts';

const SOURCE = 'the stream of History';

/** An item as a stream brings it: each attribute under its type, such as `{"S": "…"}`. What is under it `unmarshall` checks. */
const imageSchema = z.record(
  z.string(),
  z.custom<AttributeValue>((value) => typeof value === 'object' && value !== null),
);

/** The event in the new image of a record of the History table's stream. Throws MalformedItemError. */
export const eventOfImage = (image: unknown): HistoryEvent => eventOfItem(itemOf(image), SOURCE);

/**
 * The same as it was written: a newer version may have said more than this one reads, and whoever checks the history takes
 * it as it lies. Throws MalformedItemError.
 */
export function contentOfImage(image: unknown): Readonly<Record<string, unknown>> & { readonly id: EventId } {
  const item = itemOf(image);
  const { id } = eventOfItem(item, SOURCE);
  return { ...contentOfItem(item), id };
}

function itemOf(image: unknown): Record<string, unknown> {
  const parsed = imageSchema.safeParse(image);
  if (!parsed.success) throw new MalformedItemError(`A record of ${SOURCE} holds no DynamoDB item as its new image.`);
  try {
    return unmarshall(parsed.data);
  } catch (cause) {
    throw new MalformedItemError(`A record of ${SOURCE} holds an attribute of no type that DynamoDB knows.`, { cause });
  }
}
