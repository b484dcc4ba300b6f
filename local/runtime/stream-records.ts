import type { _Record as StreamRecord } from '@aws-sdk/client-dynamodb-streams';
import type { Outcome } from './container.ts';

export interface LambdaStreamRecord {
  readonly eventID: string | undefined;
  readonly eventName: string | undefined;
  readonly eventVersion: string;
  readonly eventSource: string;
  readonly awsRegion: string | undefined;
  readonly eventSourceARN: string;
  readonly dynamodb: { readonly SequenceNumber: string; readonly ApproximateCreationDateTime: number };
}

/** A stream record as a function gets it: plain JSON, with binaries in base64 and the date in seconds. */
export function lambdaRecord(record: StreamRecord, streamArn: string): LambdaStreamRecord {
  const created = record.dynamodb?.ApproximateCreationDateTime ?? new Date(0);
  const { Keys, NewImage, OldImage, SequenceNumber = '', SizeBytes, StreamViewType } = record.dynamodb ?? {};
  return {
    eventID: record.eventID,
    eventName: record.eventName,
    eventVersion: '1.1',
    eventSource: 'aws:dynamodb',
    awsRegion: streamArn.split(':')[3],
    dynamodb: {
      ApproximateCreationDateTime: Math.floor(created.getTime() / 1000),
      SequenceNumber,
      ...Object.fromEntries(
        Object.entries({ Keys, NewImage, OldImage, SizeBytes, StreamViewType })
          .filter(([, value]) => value !== undefined)
          .map(([name, value]) => [name, withBase64(value)]),
      ),
    },
    eventSourceARN: streamArn,
  };
}

function withBase64(value: unknown): unknown {
  if (value instanceof Uint8Array) return Buffer.from(value).toString('base64');
  if (Array.isArray(value)) return value.map(withBase64);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, part]) => [name, withBase64(part)]));
}

/** What Lambda sends to a stream mapping's on-failure destination: where the records are, not the records. */
export function failedBatchRecord(
  batch: readonly LambdaStreamRecord[],
  request: { requestId: string; functionArn: string; invokeCount: number; outcome: Outcome },
  { streamArn, shardId, at }: { streamArn: string; shardId: string; at: Date },
): object {
  const first = batch[0]?.dynamodb;
  const last = batch.at(-1)?.dynamodb;
  const arrival = (seconds = 0) => new Date(seconds * 1000).toISOString();
  return {
    requestContext: {
      requestId: request.requestId,
      functionArn: request.functionArn,
      condition: 'RetryAttemptsExhausted',
      approximateInvokeCount: request.invokeCount,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      functionError: request.outcome.ok ? null : 'Unhandled',
    },
    version: '1.0',
    timestamp: at.toISOString(),
    DDBStreamBatchInfo: {
      shardId,
      startSequenceNumber: first?.SequenceNumber,
      endSequenceNumber: last?.SequenceNumber,
      approximateArrivalOfFirstRecord: arrival(first?.ApproximateCreationDateTime),
      approximateArrivalOfLastRecord: arrival(last?.ApproximateCreationDateTime),
      batchSize: batch.length,
      streamArn,
    },
  };
}
