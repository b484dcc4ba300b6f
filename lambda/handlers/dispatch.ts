import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SQSClient } from '@aws-sdk/client-sqs';
import { STSClient } from '@aws-sdk/client-sts';
import { DynamoHistory } from '../adapters/dynamo-history.ts';
import { AwsOrganization } from '../adapters/organizations.ts';
import { SqsDeadLetters, SqsSweepQueue } from '../adapters/sqs.ts';
import { systemClock as clock } from '../adapters/system-clock.ts';
import { UlidIds } from '../adapters/ulid-ids.ts';
import { scheduleEventSchema } from '../contracts/messages.ts';
import { metric } from '../contracts/metrics.ts';
import { clientSettings } from '../platform/aws-clients.ts';
import { dispatchEnvironment, parseEnvironment } from '../platform/environment-parser.ts';
import { createLog } from '../platform/logger.ts';
import { createCounters } from '../platform/metrics.ts';
import { singleEvent } from '../platform/single-event.ts';
import { dispatch, NotSelectedError } from '../workflows/dispatch.ts';

/** Organizations throttles the reading of a few hundred units already; one call too many would fail the whole run. */
const LISTING_ATTEMPTS = 12;

const { region, settings, ...environment } = parseEnvironment(dispatchEnvironment, process.env);
const client = { ...clientSettings, region };
const sqs = new SQSClient(client);
const log = createLog('dispatch');
const { accounts } = settings;
const world = {
  organization: new AwsOrganization({
    client: { ...client, maxAttempts: LISTING_ATTEMPTS },
    sts: new STSClient(client),
    readerRoleArn: accounts.kind === 'organization' ? accounts.readerRoleArn : undefined,
  }),
  queue: new SqsSweepQueue(sqs, environment.sweepQueueUrl),
  history: new DynamoHistory(new DynamoDBClient(client), environment.historyTable),
  ids: new UlidIds(),
  clock,
  log,
  settings,
};
const counters = createCounters('dispatch');
const deadLetters = new SqsDeadLetters(sqs, environment.deadLetterQueueUrl);

/** Begins a run when the schedule says so, or over single accounts when somebody does. */
export const handler = singleEvent({
  source: 'schedule',
  schema: scheduleEventSchema,
  deadLetters,
  log,
  isFutile: (error) => error instanceof NotSelectedError,
  work: async (event) => {
    const { accounts } = await dispatch(world, event);
    // What a schedule expects is measured against what is swept; who asks for an account expects no more than that.
    if (event.accounts !== undefined) return;
    counters.add(metric.accountsExpected, accounts.length);
    counters.publish();
  },
});
