import type { DeadLetters, Log } from '../ports.ts';

/** What Lambda brings from a table's stream, as far as it is used; the image is whatever it is until `read` has parsed it. */
export interface StreamEvent {
  readonly Records: readonly StreamRecord[];
}

interface StreamRecord {
  readonly eventID?: string | undefined;
  readonly dynamodb?: { readonly SequenceNumber?: string | undefined; readonly NewImage?: unknown } | undefined;
}

export interface StreamBatchResponse {
  readonly batchItemFailures: { itemIdentifier: string }[];
}

export interface StreamBatchOptions<T> {
  /** Where the records come from, for letters to the dead-letter queue: the table's purpose. */
  readonly source: string;
  /** Parses a record's new image; throws when it is not what it should be. */
  readonly read: (image: unknown) => T;
  readonly deadLetters: DeadLetters;
  readonly log: Log;
  /** Handles all items of a batch together; answers with those to be delivered again. When it throws, all are. */
  readonly work: (items: readonly T[]) => Promise<readonly T[]>;
}

/** The handler of a table's stream. A record that cannot be read would block its shard: it is parked, with the reason. */
export function streamBatch<T>(options: StreamBatchOptions<T>): (event: StreamEvent) => Promise<StreamBatchResponse> {
  return async ({ Records }) => {
    const failed: StreamRecord[] = [];
    const items = new Map<T, StreamRecord>();
    for (const record of Records) {
      try {
        const item = await readOrPark(options, record);
        if (item !== undefined) items.set(item.read, record);
      } catch (error) {
        options.log.error('stream record could not be parked', { source: options.source, error });
        failed.push(record);
      }
    }
    if (items.size > 0) failed.push(...(await failures(options, items)));
    return { batchItemFailures: failed.map((record) => ({ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' })) };
  };
}

async function readOrPark<T>(
  { source, read, deadLetters, log }: StreamBatchOptions<T>,
  record: StreamRecord,
): Promise<{ readonly read: T } | undefined> {
  let fault: string;
  try {
    return { read: read(record.dynamodb?.NewImage) };
  } catch (error) {
    fault = error instanceof Error ? error.message : String(error);
  }
  const error = `Stream record ${record.eventID ?? '(without ID)'} cannot be read: ${fault}`;
  await deadLetters.park({ source, error, body: JSON.stringify(record) });
  log.error('stream record parked', { source, error });
  return undefined;
}

async function failures<T>(
  { source, work, log }: StreamBatchOptions<T>,
  items: ReadonlyMap<T, StreamRecord>,
): Promise<readonly StreamRecord[]> {
  try {
    const again = new Set(await work([...items.keys()]));
    return [...items].filter(([item]) => again.has(item)).map(([, record]) => record);
  } catch (error) {
    log.error('stream batch failed', { source, error });
    return [...items.values()];
  }
}
