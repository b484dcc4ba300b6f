import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { DynamoHistory } from '../../../lambda/adapters/dynamo-history.ts';
import { type Deployment, deploymentSchema } from '../../../lambda/contracts/deployment.ts';
import { DEPLOYMENT_PARAMETER } from '../../../lambda/contracts/environment.ts';
import type { Instant } from '../../../lambda/domain/time.ts';
import type { History } from '../../../lambda/ports.ts';
import type { KeyturnConfig } from '../../../lib/config.ts';
import { openInbox } from '../../../local/demo/inbox.ts';
import { type KeyturnCommand, keyturnCommand } from '../../../local/demo/keyturn-command.ts';
import { deployApp } from '../../../local/deploy.ts';
import type { Emulator } from '../../../local/emulator.ts';
import { projectRoot } from '../../../local/project-root.ts';
import { type Recorder, startRecorder } from '../../../local/recorder.ts';
import { runAndTell } from '../../../local/runtime/daily-run.ts';
import { type Runtime, startRuntime } from '../../../local/runtime/runtime.ts';
import { assumingNeedsTrust } from './member-roles.ts';

/** Keyturn as deployed with the real `cdk` to the emulator's default account. */
export interface Hub {
  readonly recorder: Recorder;
  readonly runtime: Runtime;
  readonly deployment: Deployment;
  readonly history: History;
  readonly keyturn: KeyturnCommand;
  /** A synthesised template, by the name of its stack. */
  template(stack: string): Promise<{ readonly Resources: Readonly<Record<string, Resource>> }>;
  /** One run at that time, with all that follows from it, and its news told. */
  runAt(at: Instant): Promise<void>;
  stop(): Promise<void>;
}

interface Resource {
  readonly Type: string;
  readonly Properties: Readonly<Record<string, unknown>>;
}

export async function deployHub(emulator: Emulator, config: KeyturnConfig): Promise<Hub> {
  const outputDir = await mkdtemp(join(tmpdir(), 'keyturn-organization-'));
  const configFile = join(projectRoot, 'test', 'e2e', 'organization', 'keyturn.config.ts');
  const env = { KEYTURN_CONFIG: configFile, KEYTURN_E2E_CONFIG: JSON.stringify(config) };
  await deployApp({ emulator, app: 'node bin/keyturn.ts', outputDir, env });
  const recorder = await startRecorder({ target: emulator.url, now: emulator.clock.now });
  recorder.intercept(assumingNeedsTrust(emulator));
  const runtime = await startRuntime({ emulator, recorder });
  const deployment = await readDeployment(emulator);
  // Where nobody is subscribed nobody is told, and no key is disabled.
  await openInbox({ client: emulator.client(), name: 'operators-inbox', topicArn: deployment.topics.operators });
  return {
    recorder,
    runtime,
    deployment,
    history: new DynamoHistory(new DynamoDBClient(emulator.client()), deployment.tables.history),
    keyturn: keyturnCommand(emulator),
    template: async (stack) => JSON.parse(await readFile(join(outputDir, `${stack}.template.json`), 'utf8')),
    runAt: (at) => runAndTell({ runtime, clock: emulator.clock }, new Date(at)),
    async stop() {
      await runtime.stop();
      await recorder.stop();
      await rm(outputDir, { recursive: true, force: true });
    },
  };
}

async function readDeployment(emulator: Emulator): Promise<Deployment> {
  const { Parameter } = await new SSMClient(emulator.client()).send(
    new GetParameterCommand({ Name: DEPLOYMENT_PARAMETER }),
  );
  return deploymentSchema.parse(JSON.parse(Parameter?.Value ?? ''));
}
