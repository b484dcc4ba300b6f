import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
  type _Record as StreamRecord,
} from '@aws-sdk/client-dynamodb-streams';
import type { ClientConfig } from '../emulator.ts';
import { failedItems } from './batch-response.ts';
import type { DeployedFunction, StreamMapping } from './deployed.ts';
import type { Destinations } from './destinations.ts';
import type { Functions } from './functions.ts';
import { matchesPattern } from './pattern.ts';
import type { Source } from './source.ts';
import { failedBatchRecord, type LambdaStreamRecord, lambdaRecord } from './stream-records.ts';

export interface StreamSourceOptions {
  readonly client: ClientConfig;
  readonly functions: Functions;
  readonly destinations: Destinations;
  readonly now: () => Date;
  readonly giveUpIfEndless: () => void;
}

/**
 * The last record that was done with, by emulator and mapping. Kept beyond one runtime, as Lambda keeps it, so that
 * one started later on the same emulator goes on where the last one stopped.
 */
const checkpoints = new Map<string, string>();

/** Feeds a function from its table's stream, in order. */
export function streamSource(mapping: StreamMapping, deployed: DeployedFunction, options: StreamSourceOptions): Source {
  const { client, functions, destinations, now, giveUpIfEndless } = options;
  const streams = new DynamoDBStreamsClient(client);
  const StreamArn = mapping.sourceArn;
  const checkpoint = `${client.endpoint} ${mapping.id}`;
  const patterns = mapping.filters.map((filter): unknown => JSON.parse(filter));
  let shard: string | undefined;

  async function onlyShard(): Promise<string> {
    const { StreamDescription: stream } = await streams.send(new DescribeStreamCommand({ StreamArn }));
    const id = stream?.Shards?.[0]?.ShardId;
    if (id === undefined) throw new Error(`The stream ${StreamArn} has no shard.`);
    return id;
  }

  /** The next records; the emulator has one shard a stream and keeps all of it, so the start is where it began. */
  async function read(): Promise<StreamRecord[]> {
    shard ??= await onlyShard();
    const after = checkpoints.get(checkpoint);
    const { ShardIterator } = await streams.send(
      new GetShardIteratorCommand({
        StreamArn,
        ShardId: shard,
        ...(after === undefined
          ? { ShardIteratorType: 'TRIM_HORIZON' }
          : { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', SequenceNumber: after }),
      }),
    );
    const { Records: records = [] } = await streams.send(
      new GetRecordsCommand({ ShardIterator, Limit: Math.min(mapping.batchSize, 1000) }),
    );
    return records;
  }

  /** Retries, halves or gives up a batch until nothing of it is left to do. */
  async function handle(batch: readonly LambdaStreamRecord[], retries = 0): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    giveUpIfEndless();
    const { requestId, outcome } = await functions.invoke(deployed, JSON.stringify({ Records: batch }));
    const numbers = batch.map((record) => record.dynamodb.SequenceNumber);
    const failed = failedItems(outcome, numbers, mapping.reportsItemFailures);
    if (failed.size === 0) return;
    // Order matters: everything from the first failure on is done again, even what succeeded.
    const left = batch.slice(numbers.findIndex((number) => failed.has(number)));
    if (left.length < batch.length) return handle(left);
    if (mapping.bisects && left.length > 1) {
      const half = Math.ceil(left.length / 2);
      await handle(left.slice(0, half), retries);
      return handle(left.slice(half), retries);
    }
    if (mapping.maxRetries === undefined || retries < mapping.maxRetries) return handle(left, retries + 1);
    if (mapping.onFailureArn === undefined) return;
    const request = { requestId, functionArn: deployed.arn, invokeCount: retries + 1, outcome };
    await destinations.deliver(
      mapping.onFailureArn,
      JSON.stringify(failedBatchRecord(left, request, { streamArn: StreamArn, shardId: shard ?? '', at: now() })),
    );
  }

  return {
    async pump() {
      let taken = 0;
      for (let records = await read(); records.length > 0; records = await read()) {
        const batch = records.map((record) => lambdaRecord(record, StreamArn));
        await handle(batch.filter((record) => isWanted(record, patterns)));
        const last = batch.at(-1)?.dynamodb.SequenceNumber;
        if (last !== undefined) checkpoints.set(checkpoint, last);
        taken += records.length;
      }
      return taken;
    },
  };
}

function isWanted(record: LambdaStreamRecord, patterns: readonly unknown[]): boolean {
  return patterns.length === 0 || patterns.some((pattern) => matchesPattern(pattern, record));
}
