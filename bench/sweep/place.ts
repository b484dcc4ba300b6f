import { fork } from 'node:child_process';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { CreateQueueCommand, SQSClient } from '@aws-sdk/client-sqs';
import { DynamoHistory } from '../../lambda/adapters/dynamo-history.ts';
import { environment } from '../../lambda/contracts/environment.ts';
import type { SweepMessage } from '../../lambda/contracts/messages.ts';
import { type Settings, settingsSchema } from '../../lambda/contracts/settings.ts';
import type { AccountId } from '../../lambda/domain/ids.ts';
import { parseRunId } from '../../lambda/domain/ids.ts';
import { type Instant, toIso } from '../../lambda/domain/time.ts';
import type { History } from '../../lambda/ports.ts';
import { defaultRegion, type Emulator, startEmulator } from '../../local/emulator.ts';
import { type Recorder, startRecorder } from '../../local/recorder.ts';
import { createTables } from '../../test/support/dynamo-tables.ts';
import type { Say } from '../benchmark.ts';
import { type Built, buildFunctions } from '../functions.ts';
import { type CallCounts, countCalls } from './calls.ts';
import { type Measurement, measurement, type Order } from './measured.ts';

/** What one sweep of an account took. */
export interface Swept extends Measurement {
  readonly calls: CallCounts;
}

/** Keyturn, or the sweep that other rotators do, at so many users at once. */
export type Sweeper = 'keyturn' | { readonly perUser: number };

/** A local AWS with Keyturn's tables, where accounts can be swept, each time by a process of its own. */
export interface Place {
  readonly emulator: Emulator;
  readonly history: History;
  /** Sweeps an account in one invocation, with the run's time as the time of all clocks. */
  sweep(who: Sweeper, account: AccountId, at: Instant, policy?: Partial<Settings['policy']>): Promise<Swept>;
  stop(): Promise<void>;
}

export async function openPlace(say: Say): Promise<Place> {
  const endings: (() => Promise<void>)[] = [];
  const stop = async () => {
    for (const end of endings.splice(0).reverse()) await end();
  };
  try {
    const emulator = await startEmulator({ onProgress: say });
    endings.push(() => emulator.stop());
    const { now } = emulator.clock;
    const recorder = await startRecorder({ target: emulator.url, now });
    endings.push(() => recorder.stop());
    say('bundling the worker');
    const built = await buildFunctions();
    endings.push(() => built.discard());
    const { bundle, variables, history } = await install(emulator, recorder, built);
    return {
      emulator,
      history,
      stop,
      async sweep(who, account, at, policy = {}) {
        await emulator.clock.set(new Date(at));
        recorder.clear();
        const settings = withPolicy(variables[environment.settings], policy);
        const env = { ...variables, [environment.settings]: settings };
        const aheadMs = emulator.clock.now().getTime() - Date.now();
        const order = { aheadMs, bundle, messages: [JSON.stringify(messageFor(account, at))] };
        const measured =
          who === 'keyturn'
            ? await runOnce('keyturn-process.ts', env, { ...order, concurrentUsers: 0 })
            : await runOnce('per-user-process.ts', env, { ...order, concurrentUsers: who.perUser });
        const [failure] = measured.failures;
        if (failure !== undefined) throw new Error(`A sweep failed ${measured.failures.length} times: ${failure}`);
        return { ...measured, calls: countCalls(recorder.calls()) };
      },
    };
  } catch (error) {
    await stop();
    throw error;
  }
}

const messageFor = (account: AccountId, at: Instant): SweepMessage => ({
  schema: 1,
  runId: parseRunId(`run-${toIso(at).slice(0, 10)}`),
  account,
  now: toIso(at),
  mode: 'enforce',
  part: 1,
  taken: { rotate: 0, disable: 0, delete: 0 },
});

/** Tables, a queue and the environment that the stack would give the worker. */
async function install(emulator: Emulator, recorder: Recorder, { functions }: Built) {
  const dynamo = new DynamoDBClient(emulator.client());
  const tables = await createTables(dynamo);
  const sqs = new SQSClient({ ...emulator.client(), endpoint: recorder.url });
  const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName: 'sweeps' }));
  const worker = functions.find(({ name }) => name === 'rotate-account');
  if (worker === undefined) throw new Error('The stack has no function rotate-account.');
  const { accessKeyId, secretAccessKey, sessionToken } = await emulator.credentials();
  const variables: Record<string, string> = {
    ...worker.variables,
    [environment.ownersTable]: tables.owners,
    [environment.stateTable]: tables.state,
    [environment.historyTable]: tables.history,
    [environment.sweepQueueUrl]: QueueUrl,
    [environment.deadLetterQueueUrl]: QueueUrl,
    AWS_ENDPOINT_URL: recorder.url,
    AWS_REGION: defaultRegion,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    AWS_LAMBDA_FUNCTION_NAME: worker.name,
    PATH: process.env.PATH ?? '',
  };
  return { bundle: worker.file, variables, history: new DynamoHistory(dynamo, tables.history) };
}

/** The deployed settings with other days in the policy, and without the cap that spreads a first sweep over days. */
function withPolicy(deployed: string | undefined, policy: Partial<Settings['policy']>): string {
  const settings = settingsSchema.parse(JSON.parse(deployed ?? ''));
  return JSON.stringify({ ...settings, policy: { ...settings.policy, maxStepsPerSweep: 1_000, ...policy } });
}

function runOnce(file: string, env: NodeJS.ProcessEnv, order: Order): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, file), [], {
      env,
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let complaints = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    let told: Measurement | undefined;
    child.once('message', (message) => {
      told = measurement.parse(message);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (told !== undefined) resolve(told);
      else reject(new Error(`The sweeping process ended with exit code ${code}: ${complaints.slice(-2_000)}`));
    });
    child.send(order);
  });
}
