import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoHistory } from '../adapters/dynamo-history.ts';
import { DynamoOutbox } from '../adapters/dynamo-outbox.ts';
import { DynamoOwners } from '../adapters/dynamo-owners.ts';
import { noticeChannels } from '../adapters/notice-channels.ts';
import { SqsDeadLetters } from '../adapters/sqs.ts';
import { systemClock as clock } from '../adapters/system-clock.ts';
import { UlidIds } from '../adapters/ulid-ids.ts';
import { scheduleEventSchema } from '../contracts/messages.ts';
import { DEFAULT_COMMAND } from '../domain/notices/house-style.ts';
import { clientSettings } from '../platform/aws-clients.ts';
import { deliverEnvironment, parseEnvironment } from '../platform/environment-parser.ts';
import { houseStyle } from '../platform/house-style.ts';
import { createLog } from '../platform/logger.ts';
import { createCounters } from '../platform/metrics.ts';
import { NoticeCounts } from '../platform/notice-metrics.ts';
import { singleEvent } from '../platform/single-event.ts';
import { deliver } from '../workflows/deliver.ts';

/** Milliseconds that a message begun at the last moment may take, with its receipts. */
const LAST_MESSAGE = 45_000;
const HOUR = 3_600_000;

const { region, email, ...environment } = parseEnvironment(deliverEnvironment, process.env);
const settings = { ...clientSettings, region };
const dynamo = new DynamoDBClient(settings);
const clients = {
  sns: new SNSClient(settings),
  secretsManager: new SecretsManagerClient(settings),
  ses: new SESv2Client({ ...settings, region: email?.region ?? region }),
};
const log = createLog('deliver');
const style = houseStyle();
const { command = DEFAULT_COMMAND } = style;
const counts = new NoticeCounts(createCounters('deliver'));
const world = {
  owners: new DynamoOwners(dynamo, environment.ownersTable),
  history: new DynamoHistory(dynamo, environment.historyTable),
  outbox: new DynamoOutbox(dynamo, environment.stateTable),
  channels: noticeChannels({ ...environment, ...(email && { email }), command }, clients, { clock, log }, (channel) =>
    counts.counted(channel),
  ),
  ids: new UlidIds(),
  clock,
  log,
  style,
};
const deadLetters = new SqsDeadLetters(new SQSClient(settings), environment.deadLetterQueueUrl);

/** Sends what waits in the outbox and is due. */
export const handler = singleEvent({
  source: 'outbox',
  schema: scheduleEventSchema,
  deadLetters,
  log,
  work: async (_, remainingMs) => {
    const deadline = clock.now() + remainingMs - LAST_MESSAGE;
    const delivered = await deliver(world, { holder: randomUUID(), deadline });
    if (delivered.kind === 'busy') return;
    const { untold, failed, heldUpFor } = delivered;
    counts.publish({ untold: untold.length, heldUpHours: heldUpFor / HOUR });
    // The others were served; that it failed must not look like "nothing to do".
    if (failed.length > 0) throw new Error(`${failed.length} readers could not be looked after; the log says why.`);
  },
});
