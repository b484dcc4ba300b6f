import { randomUUID } from 'node:crypto';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join, resolve, sep } from 'node:path';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { unzipSync } from 'fflate';
import type { Emulator } from '../emulator.ts';
import type { Recorder } from '../recorder.ts';
import { type Container, type Outcome, startContainer } from './container.ts';
import type { DeployedFunction } from './deployed.ts';

export interface LogLine {
  readonly functionName: string;
  /** Absent for what is printed while the function starts, or after it has answered. */
  readonly requestId?: string;
  readonly line: string;
}

export interface Invoked {
  readonly requestId: string;
  readonly outcome: Outcome;
}

/** Runs deployed functions: keeps their containers warm, and starts another when all of a function's are busy. */
export interface Functions {
  invoke(deployed: DeployedFunction, event: string): Promise<Invoked>;
  /** Invocations since the start. */
  readonly count: number;
  readonly inFlight: ReadonlySet<Promise<unknown>>;
  logs(functionName?: string): readonly LogLine[];
  stop(): Promise<void>;
}

export interface FunctionsOptions {
  readonly emulator: Emulator;
  readonly recorder?: Recorder;
  readonly account: string;
  readonly region: string;
}

export function runFunctions({ emulator, recorder, account, region }: FunctionsOptions): Functions {
  const endpoint = recorder?.url ?? emulator.url;
  const logLines: LogLine[] = [];
  const inFlight = new Set<Promise<unknown>>();
  const pools = new Map<string, Container[]>();
  const busy = new Set<Container>();
  const folders = new Map<string, Promise<string>>();
  let count = 0;

  async function start(deployed: DeployedFunction): Promise<Container> {
    const folder = folders.get(deployed.arn) ?? emulator.functionCode(deployed.arn).then(unpack);
    folders.set(deployed.arn, folder);
    const credentials = await assumeRole(deployed);
    return startContainer({
      env: { ...lambdaEnvironment(deployed, await folder, region, endpoint), ...credentials },
      onLog: (line, requestId) =>
        logLines.push({ functionName: deployed.name, line, ...(requestId === undefined ? {} : { requestId }) }),
    });
  }

  async function assumeRole({ name, roleArn }: DeployedFunction): Promise<NodeJS.ProcessEnv> {
    const sts = new STSClient(emulator.client(account, region));
    // Lambda names the session after the function.
    const command = new AssumeRoleCommand({ RoleArn: roleArn, RoleSessionName: name.slice(0, 64) });
    const { Credentials: keys, AssumedRoleUser: user } = await sts.send(command);
    if (keys?.AccessKeyId === undefined) throw new Error(`The local AWS gave no credentials for ${roleArn}.`);
    recorder?.introduce(keys.AccessKeyId, user?.Arn ?? roleArn);
    return {
      AWS_ACCESS_KEY_ID: keys.AccessKeyId,
      AWS_SECRET_ACCESS_KEY: keys.SecretAccessKey,
      AWS_SESSION_TOKEN: keys.SessionToken,
    };
  }

  async function run(deployed: DeployedFunction, event: string): Promise<Invoked> {
    count += 1;
    const requestId = randomUUID();
    const warm = pools.get(deployed.arn)?.find((container) => container.alive && !busy.has(container));
    if (warm !== undefined) busy.add(warm);
    const container = warm ?? (await start(deployed));
    busy.add(container);
    if (warm === undefined) {
      const others = (pools.get(deployed.arn) ?? []).filter(({ alive }) => alive);
      pools.set(deployed.arn, [...others, container]);
    }
    try {
      const aheadMs = emulator.clock.now().getTime() - Date.now();
      const call = { requestId, functionArn: deployed.arn, event, timeoutMs: deployed.timeoutMs, aheadMs };
      return { requestId, outcome: await container.invoke(call) };
    } finally {
      busy.delete(container);
    }
  }

  return {
    get count() {
      return count;
    },
    inFlight,
    invoke(deployed, event) {
      const running = run(deployed, event).finally(() => inFlight.delete(running));
      inFlight.add(running);
      return running;
    },
    logs: (functionName) => logLines.filter((line) => functionName === undefined || line.functionName === functionName),
    async stop() {
      await Promise.all([...pools.values()].flat().map((container) => container.stop()));
      await Promise.all(
        [...folders.values()].map(async (folder) => rm(await folder, { recursive: true, force: true })),
      );
    },
  };
}

/** The deployed variables and those that Lambda adds; nothing of this process's own. */
function lambdaEnvironment(deployed: DeployedFunction, folder: string, region: string, endpoint: string) {
  // moto's CloudFormation gives a queue the URL it would have in AWS, and an SDK calls the host of the queue's URL.
  const reachable = (value: string) => value.replace(/^https:\/\/sqs\.[a-z0-9-]+\.amazonaws\.com(?=\/)/, endpoint);
  const own = Object.entries(deployed.environment).map(([name, value]) => [name, reachable(value)]);
  const memory = String(deployed.memoryMb);
  return {
    ...Object.fromEntries(own),
    PATH: process.env.PATH,
    TZ: ':UTC',
    LANG: 'en_US.UTF-8',
    AWS_ENDPOINT_URL: endpoint,
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
    AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
    AWS_LAMBDA_FUNCTION_NAME: deployed.name,
    AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
    AWS_LAMBDA_FUNCTION_MEMORY_SIZE: memory,
    AWS_LAMBDA_LOG_GROUP_NAME: `/aws/lambda/${deployed.name}`,
    AWS_LAMBDA_LOG_STREAM_NAME: 'local',
    AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
    LAMBDA_TASK_ROOT: folder,
    _HANDLER: deployed.handler,
  };
}

async function unpack(zip: Uint8Array): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'keyturn-function-'));
  for (const [name, content] of Object.entries(unzipSync(zip))) {
    const path = resolve(folder, name);
    if (!path.startsWith(folder + sep)) throw new Error(`The bundle holds a file outside its folder: ${name}`);
    if (name.endsWith('/')) continue;
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
  }
  return folder;
}
