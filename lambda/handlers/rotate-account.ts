import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoHistory } from '../adapters/dynamo-history.ts';
import { DynamoJournal } from '../adapters/dynamo-journal.ts';
import { DynamoOwners } from '../adapters/dynamo-owners.ts';
import { DynamoState } from '../adapters/dynamo-state.ts';
import { SqsDeadLetters, SqsSweepQueue } from '../adapters/sqs.ts';
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
import { LeaseHeldError } from '../workflows/sweep-account.ts';
import { sweepOrPostpone } from '../workflows/sweep-or-postpone.ts';

const {
  region,
  settings,
  memberRoleName: roleName,
  ...environment
} = parseEnvironment(rotateAccountEnvironment, process.env);
const client = { ...clientSettings, region };
const dynamo = new DynamoDBClient(client);
const sqs = new SQSClient(client);
/** Milliseconds that a step begun at the last moment may take: a new key is proved for half a minute. */
const LAST_STEP = 90_000;
const { stateTable, historyTable, ownersTable, externalId, secretReaders } = environment;
const world = {
  openAccount: accountOpener({
    sts: new STSClient(client),
    region,
    roleName,
    externalId,
    secretReaders,
    secretsHome: settings.secrets,
  }),
  state: new DynamoState(dynamo, stateTable),
  journal: new DynamoJournal(dynamo, { state: stateTable, history: historyTable, owners: ownersTable }),
  history: new DynamoHistory(dynamo, historyTable),
  owners: new DynamoOwners(dynamo, ownersTable),
  queue: new SqsSweepQueue(sqs, environment.sweepQueueUrl),
  ids: new UlidIds(),
  clock,
  settings,
};
const log = createLog('rotate-account');
const counters = createCounters('rotate-account');
const deadLetters = new SqsDeadLetters(sqs, environment.deadLetterQueueUrl);

async function work(message: SweepMessage, remainingMs: number, received: number): Promise<void> {
  const delivery = { holder: randomUUID(), deadline: clock.now() + remainingMs - LAST_STEP, received };
  const sweepLog = log.with(contextOf(message));
  try {
    const outcome = await sweepOrPostpone({ ...world, log: sweepLog }, message, delivery);
    if (outcome.kind === 'postponed') return;
    countSweep(counters, outcome);
    // Which account a metric is about: that is no dimension of it.
    const { figures, failedAt, tally } = outcome.kind === 'no-access' ? {} : outcome;
    const unread = { readsFailed: failedAt?.read, reportMissing: tally?.reportMissing };
    sweepLog.info('sweep ended', { outcome: outcome.kind, ...figures, ...unread });
  } catch (error) {
    // Another worker is at it: nothing failed.
    if (!(error instanceof LeaseHeldError)) countSweep(counters, { kind: 'failed' });
    throw error;
  }
}

/** On every line that is about a sweep. */
const contextOf = ({ runId, account }: SweepMessage) => ({ runId, account });

/** Sweeps one account per message of the sweep queue. */
export const handler = sqsBatch({ source: 'sweeps', schema: sweepMessageSchema, deadLetters, log, work, contextOf });
