import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { z } from 'zod';
import { connectClock, type MovableClock } from './clock.ts';
import type { OnProgress } from './progress.ts';
import { projectRoot } from './project-root.ts';
import { pythonWithEmulator } from './python-environment.ts';

/** The account of a caller that the emulator does not know. */
export const defaultAccount = '123456789012';
export const defaultRegion = 'us-east-1';

/** A running local AWS. */
export interface Emulator {
  /** `http://localhost:PORT`: the name matters, the asset bucket is not found under 127.0.0.1. */
  readonly url: string;
  readonly clock: MovableClock;
  /** What any AWS SDK client needs to talk to it, as an administrator of `account`. */
  client(account?: string, region?: string): ClientConfig;
  credentials(account?: string): Promise<TemporaryCredentials>;
  /** Makes an access key look used then and there; without `use`, never used. */
  setLastUsed(accessKeyId: string, use?: KeyUse): Promise<void>;
  /** How many Active access keys the account's root user has, by its credential report. */
  setRootKeys(account: string, active: number): Promise<void>;
  /** Adds many users at once, each with Active keys of those ages. */
  addUsers(account: string, users: readonly NewUser[]): Promise<void>;
  /** Takes the invocations that somebody made without waiting for them (`InvocationType: Event`), oldest first. */
  takeInvocations(): Promise<readonly AsyncInvocation[]>;
  /** The zip of a deployed function. */
  functionCode(functionArn: string): Promise<Uint8Array>;
  stop(): Promise<void>;
}

export interface TemporaryCredentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string;
}

export interface ClientConfig {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: () => Promise<TemporaryCredentials>;
}

export interface KeyUse {
  readonly date: Date;
  readonly service: string;
  readonly region: string;
}

export interface AsyncInvocation {
  readonly functionArn: string;
  /** JSON. */
  readonly event: string;
}

export interface NewUser {
  readonly name: string;
  readonly createdAt: Date;
  /** When each of its keys was created. */
  readonly keys: readonly Date[];
}

/** Starts a local AWS, or connects to the one that KEYTURN_EMULATOR_URL names. */
export async function startEmulator(options: { onProgress?: OnProgress } = {}): Promise<Emulator> {
  const named = process.env.KEYTURN_EMULATOR_URL;
  if (named !== undefined && named !== '') return connect(new URL(named).origin, async () => {});
  const server = await startServer(await pythonWithEmulator(options.onProgress));
  try {
    return await connect(`http://localhost:${server.port}`, server.stop);
  } catch (error) {
    await server.stop();
    throw error;
  }
}

async function connect(url: string, stop: () => Promise<void>): Promise<Emulator> {
  const clock = await connectClock(url);
  const assumed = new Map<string, Promise<TemporaryCredentials>>();
  const credentials = (account = defaultAccount) => {
    const known = assumed.get(account) ?? administrator(url, account);
    assumed.set(account, known);
    return known;
  };
  return {
    url,
    clock,
    stop,
    credentials,
    client: (account, region = defaultRegion) => ({ endpoint: url, region, credentials: () => credentials(account) }),
    async setLastUsed(accessKeyId, use) {
      const body = { accessKeyId, ...use, date: use?.date.getTime() };
      await control(`${url}/_keyturn/access-key-last-used`, { method: 'PUT', body: JSON.stringify(body) });
    },
    async setRootKeys(account, active) {
      const body = JSON.stringify({ account, active });
      await control(`${url}/_keyturn/root-access-keys`, { method: 'PUT', body });
    },
    async addUsers(account, users) {
      const wanted = users.map(({ name, createdAt, keys }) => ({
        name,
        createdAt: createdAt.getTime(),
        keys: keys.map((key) => key.getTime()),
      }));
      await control(`${url}/_keyturn/users`, { method: 'PUT', body: JSON.stringify({ account, users: wanted }) });
    },
    async takeInvocations() {
      const answered = await control(`${url}/_keyturn/invocations`, { method: 'DELETE' });
      return invocations.parse(await answered.json());
    },
    async functionCode(functionArn) {
      const answered = await control(`${url}/_keyturn/function-code?arn=${encodeURIComponent(functionArn)}`);
      return new Uint8Array(await answered.arrayBuffer());
    },
  };
}

/** Each account of the emulator is entered by a role in it, as from a management account; it asks for no such role. */
async function administrator(url: string, account: string): Promise<TemporaryCredentials> {
  const outside = { accessKeyId: 'AKIAFAKE000000000001', secretAccessKey: 'fake' };
  const sts = new STSClient({ endpoint: url, region: defaultRegion, credentials: outside });
  const { Credentials: keys } = await sts.send(
    new AssumeRoleCommand({ RoleArn: `arn:aws:iam::${account}:role/Administrator`, RoleSessionName: 'local' }),
  );
  if (keys?.AccessKeyId === undefined || keys.SecretAccessKey === undefined || keys.SessionToken === undefined) {
    throw new Error(`The local AWS gave no credentials for account ${account}.`);
  }
  return { accessKeyId: keys.AccessKeyId, secretAccessKey: keys.SecretAccessKey, sessionToken: keys.SessionToken };
}

async function control(url: string, init?: RequestInit): Promise<Response> {
  const answered = await fetch(url, init);
  if (answered.ok) return answered;
  throw new Error(
    `The local AWS refused ${init?.method ?? 'GET'} ${new URL(url).pathname} (${answered.status}): ` +
      `${await answered.text()} A server named by KEYTURN_EMULATOR_URL must run local/emulator_server.py for this.`,
  );
}

const invocations = z.array(z.object({ functionArn: z.string(), event: z.string() }));

const listening = z.object({ port: z.number().int() });

async function startServer(python: string): Promise<{ port: number; stop: () => Promise<void> }> {
  const child = spawn(python, [join(projectRoot, 'local', 'emulator_server.py')], {
    // Its standard input is its lifeline: however this process ends, the pipe closes and the server goes too.
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { ...process.env, PYTHONUNBUFFERED: '1' },
  });
  const complaints: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints.push(text);
    if (complaints.length > 200) complaints.shift();
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const stop = async () => {
    child.stdin.end();
    await ended;
  };
  const port = await new Promise<number>((resolve, reject) => {
    const gone = (why: string) =>
      reject(new Error(`The local AWS did not start: ${why}\n${complaints.join('').trimEnd()}`));
    child.once('error', (error) => gone(error.message));
    child.once('close', (code) => gone(`it ended with exit code ${code}.`));
    createInterface({ input: child.stdout }).once('line', (line) => resolve(listening.parse(JSON.parse(line)).port));
  });
  return { port, stop };
}
