import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, paginateQuery, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import type * as z from 'zod/mini';
import { calling } from './aws-errors.ts';

/** What a table or its stream holds is not what this version of Keyturn can read; says which item and which fields. */
export class MalformedItemError extends Error {
  override readonly name = 'MalformedItemError';
}

/** Speaks of items as plain objects; a field that is undefined is not stored. */
export const documents = (client: DynamoDBClient): DynamoDBDocumentClient =>
  DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });

/** Parses an item that was read from `source`. Throws MalformedItemError. */
export function readItem<T>(schema: z.ZodMiniType<T>, item: Record<string, unknown>, source: string): T {
  const parsed = schema.safeParse(item);
  if (parsed.success) return parsed.data;
  const faults = parsed.error.issues.map((issue) => `${issue.path.join('.') || 'the item'}: ${issue.message}`);
  const { pk, sk } = item;
  throw new MalformedItemError(`Item '${pk}', '${sk}' of ${source} cannot be read: ${faults.join('; ')}.`);
}

/** Every item that a query finds, page by page; throws UnavailableError when a page fails. */
export async function* queried(
  client: DynamoDBDocumentClient,
  input: QueryCommandInput,
): AsyncGenerator<Record<string, unknown>> {
  const pages = paginateQuery({ client }, input)[Symbol.asyncIterator]();
  for (;;) {
    const page = await calling('dynamodb:Query', () => pages.next());
    if (page.done) return;
    yield* page.value.Items ?? [];
  }
}
