import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import picocolors from 'picocolors';
import type { Cli } from '../../../cli/perform.ts';
import { run } from '../../../cli/run.ts';
import { jsonAnswer, jsonError, queryAnswer, queryError } from '../../support/aws-answers.ts';
import { FakeClock } from '../../support/fake-clock.ts';
import { type HttpStub, type StubAnswer, type StubRequest, startHttpStub } from '../../support/http-stub.ts';

export const OLD = { id: 'AKIAFAKE000000000001', secret: 'fake/Zq8vTn2LwK+secret-of-a-test' } as const;
export const NEW = { id: 'AKIAFAKE000000000002', secret: 'fake/Rj5xHb7MsD+secret-of-a-test' } as const;
export const USER_ARN = 'arn:aws:iam::111122223333:user/ci/build-bot';
export const SECRET = 'keyturn/111122223333/build-bot';

/** A secret's value as Keyturn stores it. */
export const stored = (changes: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({
    Version: 1,
    AccessKeyId: NEW.id,
    SecretAccessKey: NEW.secret,
    UserName: 'build-bot',
    Account: '111122223333',
    CreatedAt: '2026-11-10T05:12:00.000Z',
    ...changes,
  });

export const profile = (name: string, { id, secret }: { readonly id: string; readonly secret: string } = OLD): string =>
  `[${name}]\naws_access_key_id = ${id}\naws_secret_access_key = ${secret}\n`;

/** A key's owner at a computer of their own: a home directory with AWS's files, and an AWS that knows their keys. */
export class OwnersWorld {
  readonly #stub: HttpStub;
  readonly home: string;
  /** Key ID → the ARN that STS tells; a key that is not here does not work. */
  readonly callers = new Map<string, string>([
    [OLD.id, USER_ARN],
    [NEW.id, USER_ARN],
  ]);
  /** Refusals of a key that come before STS knows it. */
  readonly unknownYet = new Map<string, number>();
  /** By secret ID. */
  readonly secrets = new Map<string, string | StubAnswer>([[SECRET, stored()]]);
  /** Every call: the key that signed it, and what it was. */
  readonly calls: string[] = [];
  /** What the person types when asked; undefined: there is nobody. */
  answerTo: string | undefined = undefined;
  /** Done during every call. */
  onCall: () => Promise<void> = async () => {};
  width: number | undefined = 80;

  constructor(stub: HttpStub, home: string) {
    this.#stub = stub;
    this.home = home;
    stub.prepare(async (request) => {
      await this.onCall();
      return this.#answer(request);
    });
  }

  static async begin(): Promise<OwnersWorld> {
    return new OwnersWorld(await startHttpStub(), await mkdtemp(join(tmpdir(), 'keyturn-pull-')));
  }

  async end(): Promise<void> {
    await this.#stub.stop();
    await rm(this.home, { recursive: true, force: true });
  }

  get url(): string {
    return this.#stub.url;
  }

  get credentialsFile(): string {
    return join(this.home, '.aws', 'credentials');
  }

  get configFile(): string {
    return join(this.home, '.aws', 'config');
  }

  /** The environment of a person who has set nothing but a Region. */
  get env(): Record<string, string> {
    return { PATH: process.env.PATH ?? '', HOME: this.home, AWS_ENDPOINT_URL: this.url, AWS_REGION: 'eu-central-1' };
  }

  async write(path: string, content: string | Buffer, mode = 0o600): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, content);
    await chmod(path, mode);
  }

  credentials(): Promise<string> {
    return readFile(this.credentialsFile, 'latin1');
  }

  /** Runs `keyturn pull <argv>` with that environment. */
  async pull(argv: readonly string[], env: Readonly<Record<string, string>> = {}) {
    const before = process.env;
    process.env = { ...this.env, ...env };
    const [out, err]: [string[], string[]] = [[], []];
    const cli: Cli = {
      version: '0.1.0',
      clock: new FakeClock('2026-11-20T06:00:00.000Z'),
      connect: () => Promise.reject(new Error('pull needs no deployment')),
      terminal: {
        screen: { width: this.width, paint: picocolors.createColors(false) },
        out: (text) => out.push(text),
        stream: async () => {
          throw new Error('nothing is to be streamed here');
        },
        page: async () => {
          throw new Error('nothing is to be paged here');
        },
        err: (text) => err.push(text),
        ask: async (question) => {
          err.push(question);
          if (this.answerTo === undefined) throw new Error('there is nobody');
          return this.answerTo;
        },
      },
    };
    try {
      const exitCode = await run(['pull', ...argv], cli, true);
      return { exitCode, out: out.join('\n'), err: err.join('\n') };
    } finally {
      process.env = before;
    }
  }

  #answer({ headers, body }: StubRequest): StubAnswer {
    const keyId = /Credential=([^/]+)\//.exec(headers.authorization ?? '')?.[1] ?? 'nobody';
    const target = headers['x-amz-target'];
    const action = typeof target === 'string' ? `${target.split('.').at(-1)}` : 'GetCallerIdentity';
    this.calls.push(`${keyId} ${action}`);
    const arn = this.callers.get(keyId);
    const left = this.unknownYet.get(keyId) ?? 0;
    if (left > 0) this.unknownYet.set(keyId, left - 1);
    const message = 'The security token included in the request is invalid.';
    if (action === 'GetCallerIdentity') {
      if (arn === undefined || left > 0) return queryError(403, 'InvalidClientTokenId', message);
      return queryAnswer('GetCallerIdentity', `<Arn>${arn}</Arn><Account>111122223333</Account><UserId>AIDA</UserId>`);
    }
    if (arn === undefined) return jsonError(400, 'UnrecognizedClientException', message);
    const { SecretId, VersionStage } = JSON.parse(body);
    const found = this.secrets.get(SecretId);
    if (VersionStage !== 'AWSCURRENT' || found === undefined) return noSecret;
    if (typeof found !== 'string') return found;
    return jsonAnswer({ ARN: 'arn', Name: SecretId, SecretString: found, CreatedDate: 1_794_633_120 });
  }
}

const noSecret = jsonError(400, 'ResourceNotFoundException', "Secrets Manager can't find the specified secret.");
