import {
  Agent,
  createServer,
  request as httpRequest,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from 'node:http';
import { buffer } from 'node:stream/consumers';
import { setTimeout as pause } from 'node:timers/promises';
import { type AwsCall, errorCodeOf, type InjectedAnswer, parseCall, principalLearnt } from './wire.ts';

export interface RecordedCall extends AwsCall {
  /** By the local AWS's clock. */
  readonly time: Date;
  /** Known once STS has told whose the access key is. */
  readonly principalArn?: string;
  /** Absent if the caller never got an answer. */
  readonly status?: number;
  readonly errorCode?: string;
}

/**
 * What happens to a call: it passes, is answered in the emulator's place (then nothing is done), is lost on its way
 * (`drop-before`: nothing is done) or its answer is lost (`drop-after`: it is done and the caller does not learn it).
 */
export type Fate = 'pass' | InjectedAnswer | 'drop-before' | 'drop-after';
export type Intercept = (call: AwsCall & { readonly principalArn?: string }) => Fate | Promise<Fate>;

/** A loopback proxy in front of the local AWS that notes every call and can make calls fail. */
export interface Recorder {
  readonly url: string;
  calls(): readonly RecordedCall[];
  clear(): void;
  /** Tells whose an access key is, for calls made before STS is asked. */
  introduce(accessKeyId: string, principalArn: string): void;
  /** Decides the fate of each call from now on; undefined lets everything pass again. */
  intercept(decide: Intercept | undefined): void;
  stop(): Promise<void>;
}

export interface RecorderOptions {
  /** The local AWS's URL. */
  readonly target: string;
  /** Dates the calls; this machine's clock unless told. */
  readonly now?: () => Date;
}

interface Answer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export async function startRecorder({ target, now = () => new Date() }: RecorderOptions): Promise<Recorder> {
  const { hostname, port } = new URL(target);
  const agent = new Agent({ keepAlive: true });
  const principals = new Map<string, string>();
  let calls: RecordedCall[] = [];
  let decide: Intercept | undefined;

  const server = createServer((request, response) => {
    handle(request, response).catch(() => response.destroy());
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const body = await buffer(request);
    const { method = 'GET', url = '/', headers } = request;
    const call = parseCall({ method, url, headers, body });
    const time = now();
    const known = principals.get(call.accessKeyId);
    const caller = known === undefined ? call : { ...call, principalArn: known };
    const fate = (await decide?.(caller)) ?? 'pass';

    const answer = await meet(fate, () => forward(request, body));
    if (answer === undefined) {
      calls.push({ ...caller, time });
      response.destroy();
      return;
    }
    const learnt = principalLearnt(call, answer.body);
    if (learnt !== undefined) principals.set(learnt.accessKeyId, learnt.arn);
    const principal = principals.get(call.accessKeyId);
    const errorCode = errorCodeOf(answer.status, answer.headers, answer.body);
    calls.push({
      ...call,
      ...(principal === undefined ? {} : { principalArn: principal }),
      time,
      status: answer.status,
      ...(errorCode === undefined ? {} : { errorCode }),
    });
    // Connection management is between each two neighbours.
    const { connection: _, 'transfer-encoding': __, ...passedOn } = answer.headers;
    // The emulator sends no date on purpose; Node would add the real one, and SDKs would take it for clock skew.
    response.sendDate = false;
    const length = request.method === 'HEAD' ? {} : { 'content-length': answer.body.length };
    response.writeHead(answer.status, { ...passedOn, ...length }).end(answer.body);
  }

  function forward(request: IncomingMessage, body: Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      const { method, url: path, headers } = request;
      // The Host header stays as it came: the emulator builds queue URLs from it, so they lead back through here.
      const forwarded = httpRequest({ agent, hostname, port, method, path, headers }, (answered) => {
        buffer(answered).then(
          (answer) => resolve({ status: answered.statusCode ?? 502, headers: answered.headers, body: answer }),
          reject,
        );
      });
      forwarded.on('error', reject);
      forwarded.end(body);
    });
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The recorder has no port.');
  return {
    url: `http://localhost:${address.port}`,
    calls: () => calls,
    clear() {
      calls = [];
    },
    introduce: (accessKeyId, principalArn) => void principals.set(accessKeyId, principalArn),
    intercept(newDecide) {
      decide = newDecide;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      agent.destroy();
      await closed;
    },
  };
}

/** The answer that the caller gets, or undefined if it gets none. */
async function meet(fate: Fate, forward: () => Promise<Answer>): Promise<Answer | undefined> {
  switch (fate) {
    case 'pass':
      return forward();
    case 'drop-before':
      return undefined;
    case 'drop-after':
      await forward();
      return undefined;
    default:
      if (fate.delayMs !== undefined) await pause(fate.delayMs);
      return { status: fate.status, headers: { ...fate.headers }, body: Buffer.from(fate.body) };
  }
}
