import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoSeals } from '../adapters/dynamo-seals.ts';
import { contentOfImage } from '../adapters/history-stream.ts';
import { SqsDeadLetters } from '../adapters/sqs.ts';
import { systemClock as clock } from '../adapters/system-clock.ts';
import type { Sealable } from '../contracts/seal.ts';
import { clientSettings } from '../platform/aws-clients.ts';
import { parseEnvironment, sealEnvironment } from '../platform/environment-parser.ts';
import { createLog } from '../platform/logger.ts';
import { streamBatch } from '../platform/stream-batch.ts';
import { sealHistory } from '../workflows/seal-history.ts';

const { region, historyTable, deadLetterQueueUrl } = parseEnvironment(sealEnvironment, process.env);
const settings = { ...clientSettings, region };
const seals = new DynamoSeals(new DynamoDBClient(settings), historyTable);
const deadLetters = new SqsDeadLetters(new SQSClient(settings), deadLetterQueueUrl);
const log = createLog('seal');

async function work(events: readonly Sealable[]): Promise<readonly Sealable[]> {
  const seal = await sealHistory({ seals, clock }, events);
  log.info('sealed', { number: seal?.number, events: events.length });
  return [];
}

/** Follows the History table's stream and adds what is written there to the chain of seals. */
export const handler = streamBatch({ source: 'history (seal)', read: contentOfImage, deadLetters, log, work });
