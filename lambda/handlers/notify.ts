import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoHistory } from '../adapters/dynamo-history.ts';
import { DynamoOwners } from '../adapters/dynamo-owners.ts';
import { eventOfImage } from '../adapters/history-stream.ts';
import { Slack } from '../adapters/slack.ts';
import { SlackWebhooks } from '../adapters/slack-webhooks.ts';
import { SnsNotices, SnsOperators } from '../adapters/sns.ts';
import { SqsDeadLetters } from '../adapters/sqs.ts';
import { systemClock as clock } from '../adapters/system-clock.ts';
import { UlidIds } from '../adapters/ulid-ids.ts';
import type { HistoryEvent } from '../domain/events.ts';
import { clientSettings } from '../platform/aws-clients.ts';
import { notifyEnvironment, parseEnvironment } from '../platform/environment-parser.ts';
import { createLog } from '../platform/logger.ts';
import { createCounters } from '../platform/metrics.ts';
import { NoticeCounts } from '../platform/notice-metrics.ts';
import { streamBatch } from '../platform/stream-batch.ts';
import { type NotifyWorld, notify } from '../workflows/notify.ts';

const { slackSecretName, ...environment } = parseEnvironment(notifyEnvironment, process.env);
const settings = { ...clientSettings, region: environment.region };
const dynamo = new DynamoDBClient(settings);
const sns = new SNSClient(settings);
const log = createLog('notify');
const webhooks = slackSecretName && new SlackWebhooks(new SecretsManagerClient(settings), slackSecretName, clock);
const counts = new NoticeCounts(createCounters('notify'));
const channels: NotifyWorld['channels'] = {
  sns: counts.counted(new SnsNotices(sns, environment.noticesTopicArn)),
  operators: counts.counted(new SnsOperators(sns, environment.operatorsTopicArn)),
  ...(webhooks && { slack: counts.counted(new Slack(webhooks)) }),
};
const history = new DynamoHistory(dynamo, environment.historyTable);
const owners = new DynamoOwners(dynamo, environment.ownersTable);
const world: NotifyWorld = { owners, history, ids: new UlidIds(), clock, log, channels };
const deadLetters = new SqsDeadLetters(new SQSClient(settings), environment.deadLetterQueueUrl);

async function work(events: readonly HistoryEvent[]): Promise<readonly HistoryEvent[]> {
  const untold = await notify(world, events);
  counts.publish(untold.length);
  return untold;
}

/** Follows the History table's stream and tells owners and operators what concerns them. */
export const handler = streamBatch({ source: 'history', read: eventOfImage, deadLetters, log, work });
