import { BatchProcessor, EventType, processPartialResponse } from '@aws-lambda-powertools/batch';
import type { SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod';
import type { DeadLetters, Log } from '../ports.ts';
import { faultsOf } from './faults.ts';

export interface SqsBatchOptions<T> {
  /** Where the messages come from, for letters to the dead-letter queue: the queue's purpose. */
  readonly source: string;
  readonly schema: z.ZodType<T>;
  readonly deadLetters: DeadLetters;
  readonly log: Log;
  /** Handles one message; when it throws, that message alone is delivered again. */
  readonly work: (message: T) => Promise<void>;
}

/**
 * The handler of a queue. A message that cannot be understood would fail for ever: it is parked at once, with the reason,
 * and the others of its batch do not notice.
 */
export function sqsBatch<T>(options: SqsBatchOptions<T>): (event: SQSEvent) => Promise<SQSBatchResponse> {
  const handle = (record: SQSRecord) => handleRecord(options, record);
  // A batch that fails as a whole is answered like any other: each message is named, and none is charged for the others.
  return (event) =>
    processPartialResponse(event, handle, new BatchProcessor(EventType.SQS), { throwOnFullBatchFailure: false });
}

async function handleRecord<T>(options: SqsBatchOptions<T>, { body, messageId }: SQSRecord): Promise<void> {
  const { source, schema, deadLetters, log, work } = options;
  const parsed = parseBody(schema, body);
  if ('fault' in parsed) {
    const error = `Message ${messageId} cannot be understood: ${parsed.fault}.`;
    // When parking fails the message is reported as failed, and comes back: it is never dropped.
    await deadLetters.park({ source, error, body });
    log.error('message parked', { source, error });
    return;
  }
  try {
    await work(parsed.message);
  } catch (error) {
    log.error('message failed', { source, messageId, error });
    throw error;
  }
}

function parseBody<T>(schema: z.ZodType<T>, body: string): { readonly message: T } | { readonly fault: string } {
  let content: unknown;
  try {
    content = JSON.parse(body);
  } catch {
    return { fault: 'it is not JSON' };
  }
  const parsed = schema.safeParse(content);
  if (parsed.success) return { message: parsed.data };
  return { fault: faultsOf(parsed.error) };
}
