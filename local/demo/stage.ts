import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DynamoHistory } from '../../lambda/adapters/dynamo-history.ts';
import { type Deployment, deploymentSchema } from '../../lambda/contracts/deployment.ts';
import { DEPLOYMENT_PARAMETER } from '../../lambda/contracts/environment.ts';
import type { Mode } from '../../lambda/domain/events.ts';
import type { History } from '../../lambda/ports.ts';
import { deployApp, type StackOutputs } from '../deploy.ts';
import { type Emulator, startEmulator } from '../emulator.ts';
import type { OnProgress } from '../progress.ts';
import { projectRoot } from '../project-root.ts';
import { type Recorder, startRecorder } from '../recorder.ts';
import { type Runtime, startRuntime } from '../runtime/runtime.ts';
import type { Mailboxes } from './deliveries.ts';
import { openInbox } from './inbox.ts';
import { type KeyturnCommand, keyturnCommand } from './keyturn-command.ts';
import { type SlackEndpoint, startSlackEndpoint } from './slack-endpoint.ts';

/** Keyturn as deployed to a local AWS, with everything around it that it meets in a company. */
export interface Stage {
  readonly mode: Mode;
  readonly emulator: Emulator;
  readonly recorder: Recorder;
  readonly runtime: Runtime;
  /** What is deployed, as the CLI reads it. */
  readonly deployment: Deployment;
  readonly outputs: StackOutputs;
  /** Folder with the synthesised templates and bundles. */
  readonly cloudAssembly: string;
  readonly mailboxes: Mailboxes;
  readonly history: History;
  readonly keyturn: KeyturnCommand;
  /** What must not appear anywhere either: the Slack webhooks. */
  readonly webhooks: readonly string[];
  stop(): Promise<void>;
}

export interface StageOptions {
  readonly mode: Mode;
  readonly onProgress?: OnProgress;
}

const SLACK_SECRET = 'keyturn-demo-slack-webhooks';
/** Owners as in owners.csv: their Slack channels, and who has a subscription to the notices topic. */
const slackOwners = new Map([
  ['#web', 'web'],
  ['#mobile', 'mobile'],
  ['#payments', 'payments'],
]);
const mailOwners = ['payments', 'data', 'platform'];

/** Starts the local AWS and deploys Keyturn to it with the real `cdk`. Whatever was started is ended if that fails. */
export async function setTheStage({ mode, onProgress = () => {} }: StageOptions): Promise<Stage> {
  const endings: (() => Promise<unknown>)[] = [];
  const stop = async () => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  const opened = async <T>(starting: Promise<T>, end: (started: T) => Promise<unknown>): Promise<T> => {
    const started = await starting;
    endings.push(() => end(started));
    return started;
  };
  try {
    const slack = await opened(startSlackEndpoint(), (started) => started.stop());
    const emulator = await opened(startEmulator({ onProgress }), (started) => started.stop());
    const webhooks = await storeWebhooks(emulator, slack);
    const cloudAssembly = await opened(mkdtemp(join(tmpdir(), 'keyturn-demo-')), (folder) =>
      rm(folder, { recursive: true, force: true }),
    );
    const { outputs } = await deployApp({ ...stacksOf({ mode, emulator, cloudAssembly }), onProgress });
    const { now } = emulator.clock;
    const recorder = await opened(startRecorder({ target: emulator.url, now }), (started) => started.stop());
    const runtime = await opened(startRuntime({ emulator, recorder }), (started) => started.stop());
    const deployment = await readDeployment(emulator);
    return {
      mode,
      emulator,
      recorder,
      runtime,
      deployment,
      outputs,
      cloudAssembly,
      mailboxes: await openMailboxes(emulator, slack, deployment),
      history: new DynamoHistory(new DynamoDBClient(emulator.client()), deployment.tables.history),
      keyturn: keyturnCommand(emulator),
      webhooks,
      stop,
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

/** What is deployed, and may be deployed again or destroyed. */
export const stacksOf = ({ mode, emulator, cloudAssembly }: Pick<Stage, 'mode' | 'emulator' | 'cloudAssembly'>) => ({
  emulator,
  app: 'node bin/keyturn.ts',
  outputDir: cloudAssembly,
  env: {
    KEYTURN_CONFIG: join(projectRoot, 'local', 'demo', 'keyturn.config.ts'),
    KEYTURN_DEMO_MODE: mode,
    KEYTURN_DEMO_SLACK_SECRET: SLACK_SECRET,
  },
});

/** What a team does before it deploys Keyturn with Slack. */
async function storeWebhooks(emulator: Emulator, slack: SlackEndpoint): Promise<readonly string[]> {
  const urls = Object.fromEntries([...slackOwners.keys()].map((channel) => [channel, slack.webhook(channel)]));
  const secrets = new SecretsManagerClient(emulator.client());
  await secrets.send(new CreateSecretCommand({ Name: SLACK_SECRET, SecretString: JSON.stringify(urls) }));
  return Object.values(urls);
}

async function readDeployment(emulator: Emulator): Promise<Deployment> {
  const ssm = new SSMClient(emulator.client());
  const { Parameter } = await ssm.send(new GetParameterCommand({ Name: DEPLOYMENT_PARAMETER }));
  return deploymentSchema.parse(JSON.parse(Parameter?.Value ?? ''));
}

/** Each owner with an e-mail address has subscribed it, filtered to its own notices; queues stand in for the mail. */
async function openMailboxes(emulator: Emulator, slack: SlackEndpoint, { topics }: Deployment): Promise<Mailboxes> {
  const client = emulator.client();
  const owners = mailOwners.map(
    async (owner) =>
      [owner, await openInbox({ client, name: `${owner}-inbox`, topicArn: topics.notices, owner })] as const,
  );
  return {
    slack,
    channels: slackOwners,
    owners: new Map(await Promise.all(owners)),
    operators: await openInbox({ client, name: 'operators-inbox', topicArn: topics.operators }),
  };
}
