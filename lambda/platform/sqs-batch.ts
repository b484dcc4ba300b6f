import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type * as z from 'zod/mini';
import type { DeadLetters, Log } from '../ports.ts';
import { faultsOf } from './faults.ts';

export interface SqsBatchOptions<T> {
  /** Where the messages come from, for letters to the dead-letter queue: the queue's purpose. */
  readonly source: string;
  readonly schema: z.ZodMiniType<T>;
  readonly deadLetters: DeadLetters;
  readonly log: Log;
  /** What a message is about, for the log. */
  readonly contextOf?: (message: T) => Readonly<Record<string, string>>;
  /**
   * Handles one message in what is left of the invocation's time; when it throws, that message alone comes again.
   * `received`: how often it has come, this time included.
   */
  readonly work: (message: T, remainingMs: number, received: number) => Promise<void>;
}

/**
 * The handler of a queue. A message that cannot be understood would fail for ever: it is parked at once, with the reason,
 * and the others of its batch do not notice.
 */
export function sqsBatch<T>(
  options: SqsBatchOptions<T>,
): (event: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<SQSBatchResponse> {
  return async ({ Records }, context) => {
    const remainingMs = context.getRemainingTimeInMillis();
    const outcomes = await Promise.allSettled(Records.map((record) => handleRecord(options, record, remainingMs)));
    // Each failed message is named, so that none is charged for the others.
    const failed = Records.filter((_, index) => outcomes[index]?.status === 'rejected');
    return { batchItemFailures: failed.map(({ messageId }) => ({ itemIdentifier: messageId })) };
  };
}

async function handleRecord<T>(
  options: SqsBatchOptions<T>,
  { body, messageId, attributes }: SQSRecord,
  remainingMs: number,
): Promise<void> {
  const { source, schema, deadLetters, log, work, contextOf } = options;
  const parsed = parseBody(schema, body);
  if ('fault' in parsed) {
    const error = `Message ${messageId} cannot be understood: ${parsed.fault}.`;
    // When parking fails the message is reported as failed, and comes back: it is never dropped.
    await deadLetters.park({ source, error, body });
    log.error('message parked', { source, error });
    return;
  }
  try {
    // Whoever calls the function by hand may leave the attributes out.
    await work(parsed.message, remainingMs, Number(attributes?.ApproximateReceiveCount ?? 1));
  } catch (error) {
    log.error('message failed', { ...contextOf?.(parsed.message), source, messageId, error });
    throw error;
  }
}

function parseBody<T>(schema: z.ZodMiniType<T>, body: string): { readonly message: T } | { readonly fault: string } {
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
