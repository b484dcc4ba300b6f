import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { SQSClient } from '@aws-sdk/client-sqs';
import { DynamoHistory } from '../adapters/dynamo-history.ts';
import { DynamoSeals } from '../adapters/dynamo-seals.ts';
import { S3Evidence } from '../adapters/s3-evidence.ts';
import { SqsDeadLetters } from '../adapters/sqs.ts';
import { systemClock as clock } from '../adapters/system-clock.ts';
import { scheduleEventSchema } from '../contracts/messages.ts';
import { fromIso } from '../domain/time.ts';
import { clientSettings } from '../platform/aws-clients.ts';
import { parseEnvironment, reportEnvironment } from '../platform/environment-parser.ts';
import { createLog } from '../platform/logger.ts';
import { singleEvent } from '../platform/single-event.ts';
import { reportFiles } from '../rendering/report-files.ts';
import { keepEvidence } from '../workflows/keep-evidence.ts';

const { region, historyTable, evidenceBucket, deadLetterQueueUrl } = parseEnvironment(reportEnvironment, process.env);
const client = { ...clientSettings, region };
const log = createLog('report');
const dynamo = new DynamoDBClient(client);
const world = {
  history: new DynamoHistory(dynamo, historyTable),
  seals: new DynamoSeals(dynamo, historyTable),
  // With the bucket in the path: one name to resolve and to allow, whatever the endpoint.
  evidence: new S3Evidence(new S3Client({ ...client, forcePathStyle: true }), evidenceBucket),
  clock,
  log,
  render: reportFiles,
};
const deadLetters = new SqsDeadLetters(new SQSClient(client), deadLetterQueueUrl);

/** Notes down the day's newest seal, and writes last month's evidence when the schedule says so, unless it is written. */
export const handler = singleEvent({
  source: 'report schedule',
  schema: scheduleEventSchema,
  deadLetters,
  log,
  work: ({ time }) => keepEvidence(world, Math.min(fromIso(time), clock.now())),
});
