import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SESv2Client } from '@aws-sdk/client-sesv2';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import {
  CreateQueueCommand,
  DeleteMessageBatchCommand,
  GetQueueAttributesCommand,
  ReceiveMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import pLimit from 'p-limit';
import { noticeChannels } from '../../lambda/adapters/notice-channels.ts';
import { UlidIds } from '../../lambda/adapters/ulid-ids.ts';
import type { Clock } from '../../lambda/ports.ts';
import { type ClientConfig, startEmulator } from '../../local/emulator.ts';
import { FakeLog } from '../../test/support/fake-log.ts';
import { FakeOutbox } from '../../test/support/fake-outbox.ts';
import { FakeOwners } from '../../test/support/fake-owners.ts';
import type { Say } from '../benchmark.ts';
import { type Endpoints, startEndpoints } from './endpoints.ts';
import { assignmentsOf, channelOf, type Estate, ownersOf } from './owners.ts';
import { PartitionedHistory, SlowCalls } from './tables.ts';

/** Real time, but for the pauses that nobody waits for. */
export class SkippingClock implements Clock {
  #skipped = 0;

  now(): number {
    return Date.now() + this.#skipped;
  }

  skip(milliseconds: number): void {
    this.#skipped += milliseconds;
  }
}

/** Everything that notify and deliver need: the deployed channels on a local AWS and local endpoints, tables in memory. */
export type Place = Awaited<ReturnType<typeof openPlace>>;

/** Every so-manyeth Slack channel is one that others write to. */
const SHARED_EVERY = 5;

export async function openPlace(estate: Estate, say: Say) {
  const endings: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    const names = Array.from({ length: estate.channels }, (_, at) => channelOf(2 * at, estate));
    const endpoints = await startEndpoints(new Set(names.filter((_, at) => at % SHARED_EVERY === 0)));
    endings.push(() => endpoints.stop());
    const emulator = await startEmulator({ onProgress: say });
    endings.push(() => emulator.stop());
    const config = emulator.client();
    const clock = new SkippingClock();
    const owners = new FakeOwners(new SlowCalls());
    await Promise.all([
      ...ownersOf(estate).map((owner) => owners.putOwner(owner)),
      ...assignmentsOf(estate).map((assignment) => owners.putAssignment(assignment)),
    ]);
    const outbox = new FakeOutbox(new SlowCalls());
    const history = new PartitionedHistory();
    const { settings, mailbox } = await install(config, endpoints, names, estate);
    const clients = {
      sns: new SNSClient(config),
      secretsManager: new SecretsManagerClient(config),
      ses: new SESv2Client(config),
    };
    const log = new FakeLog();
    const channels = noticeChannels({ ...settings, command: 'keyturn' }, clients, { clock, log });
    const world = { owners, outbox, history, channels, ids: new UlidIds(), clock, log };
    return { endpoints, mailbox, clock, log, world, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Topics with a mailbox, and the secrets with Slack's and the owners' endpoints. */
async function install(config: ClientConfig, endpoints: Endpoints, names: readonly string[], estate: Estate) {
  const sns = new SNSClient(config);
  const sqs = new SQSClient(config);
  const secrets = new SecretsManagerClient(config);
  const topic = async (Name: string) => (await sns.send(new CreateTopicCommand({ Name }))).TopicArn ?? '';
  const noticesTopicArn = await topic('notices');
  const operatorsTopicArn = await topic('operators');
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'mailbox' }));
  const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  const subscription = { Protocol: 'sqs', Endpoint: Attributes?.QueueArn, Attributes: { RawMessageDelivery: 'true' } };
  for (const TopicArn of [noticesTopicArn, operatorsTopicArn]) {
    await sns.send(new SubscribeCommand({ TopicArn, ...subscription }));
  }
  // The mailbox stands in for all of theirs; notices go only to addresses that are subscribed.
  const oneOfFew = pLimit(20);
  await oneOfFew.map(ownersOf(estate), ({ email: Endpoint }) =>
    sns.send(new SubscribeCommand({ TopicArn: noticesTopicArn, Protocol: 'email', Endpoint })),
  );
  const keep = async (Name: string, content: object) => {
    await secrets.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(content) }));
    return Name;
  };
  const hooks = Object.fromEntries(names.map((name) => [name, endpoints.slackWebhook(name)]));
  const bot = { botToken: 'xoxb-fake-of-the-benchmark', botUrl: endpoints.slackApi };
  const slackSecretName = await keep('slack', { ...hooks, ...bot });
  const ownHooks = ownersOf(estate).map(({ id }) => [id, endpoints.webhook(id)]);
  const webhooksSecretName = await keep('webhooks', Object.fromEntries(ownHooks));
  return {
    settings: { noticesTopicArn, operatorsTopicArn, slackSecretName, webhooksSecretName },
    /** What came by SNS since the last call. */
    mailbox: () => emptied(sqs, QueueUrl),
  };
}

async function emptied(sqs: SQSClient, QueueUrl: string | undefined): Promise<readonly string[]> {
  const texts: string[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
    if (Messages.length === 0) return texts;
    texts.push(...Messages.map(({ Body = '' }) => Body));
    const Entries = Messages.map(({ ReceiptHandle = '' }, at) => ({ Id: String(at), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
