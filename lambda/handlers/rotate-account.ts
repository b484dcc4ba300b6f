import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoHistory } from '../adapters/dynamo-history.ts';
import { DynamoJournal } from '../adapters/dynamo-journal.ts';
import { DynamoOwners } from '../adapters/dynamo-owners.ts';
import { DynamoState } from '../adapters/dynamo-state.ts';
import { SqsDeadLetters } from '../adapters/sqs.ts';
import { accountOpener } from '../adapters/sts.ts';
import { systemClock as clock } from '../adapters/system-clock.ts';
import { UlidIds } from '../adapters/ulid-ids.ts';
import { type SweepMessage, sweepMessageSchema } from '../contracts/messages.ts';
import { clientSettings } from '../platform/aws-clients.ts';
import { parseEnvironment, rotateAccountEnvironment } from '../platform/environment-parser.ts';
import { createLog } from '../platform/logger.ts';
import { createCounters } from '../platform/metrics.ts';
import { sqsBatch } from '../platform/sqs-batch.ts';
import { countSweep } from '../platform/sweep-metrics.ts';
import { sweepAccount } from '../workflows/sweep-account.ts';

const {
  region,
  settings,
  memberRoleName: roleName,
  ...environment
} = parseEnvironment(rotateAccountEnvironment, process.env);
const client = { ...clientSettings, region };
const dynamo = new DynamoDBClient(client);
const { stateTable, historyTable, ownersTable, externalId, secretReaders } = environment;
const world = {
  openAccount: accountOpener({ sts: new STSClient(client), region, roleName, externalId, secretReaders }),
  state: new DynamoState(dynamo, stateTable),
  journal: new DynamoJournal(dynamo, { state: stateTable, history: historyTable }),
  history: new DynamoHistory(dynamo, historyTable),
  owners: new DynamoOwners(dynamo, ownersTable),
  ids: new UlidIds(),
  clock,
  settings,
};
const log = createLog('rotate-account');
const counters = createCounters('rotate-account');
const deadLetters = new SqsDeadLetters(new SQSClient(client), environment.deadLetterQueueUrl);

async function work(message: SweepMessage): Promise<void> {
  const { runId, account } = message;
  const report = await sweepAccount({ ...world, log: log.with({ runId, account }) }, message, randomUUID());
  countSweep(counters, report);
}

/** Sweeps one account per message of the sweep queue. */
export const handler = sqsBatch({ source: 'sweeps', schema: sweepMessageSchema, deadLetters, log, work });
