import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoOutbox } from '../adapters/dynamo-outbox.ts';
import { DynamoOwners } from '../adapters/dynamo-owners.ts';
import { eventOfImage } from '../adapters/history-stream.ts';
import { SqsDeadLetters } from '../adapters/sqs.ts';
import { systemClock as clock } from '../adapters/system-clock.ts';
import { metric } from '../contracts/metrics.ts';
import type { HistoryEvent } from '../domain/events.ts';
import { clientSettings } from '../platform/aws-clients.ts';
import { notifyEnvironment, parseEnvironment } from '../platform/environment-parser.ts';
import { createLog } from '../platform/logger.ts';
import { createCounters } from '../platform/metrics.ts';
import { streamBatch } from '../platform/stream-batch.ts';
import { notify } from '../workflows/notify.ts';

const { region, ...environment } = parseEnvironment(notifyEnvironment, process.env);
const settings = { ...clientSettings, region };
const dynamo = new DynamoDBClient(settings);
const log = createLog('notify');
const counters = createCounters('notify');
const owners = new DynamoOwners(dynamo, environment.ownersTable);
const outbox = new DynamoOutbox(dynamo, environment.stateTable);
const deadLetters = new SqsDeadLetters(new SQSClient(settings), environment.deadLetterQueueUrl);

async function work(events: readonly HistoryEvent[]): Promise<readonly HistoryEvent[]> {
  const untold = await notify({ owners, outbox, clock, log }, events);
  counters.add(metric.eventsUntold, untold.length);
  counters.publish();
  return untold;
}

/** Follows the History table's stream and puts into the outbox what owners and operators are to be told. */
export const handler = streamBatch({ source: 'history', read: eventOfImage, deadLetters, log, work });
