import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type * as z from 'zod/mini';
import { type Instant, MINUTE } from '../domain/time.ts';
import { type Clock, UnavailableError } from '../ports.ts';
import { calling } from './aws-errors.ts';

const KEPT_FOR = 5 * MINUTE;

/** What a secret that people wrote holds: JSON of one shape, read anew after five minutes. No error shows any of it. */
export class SecretJson<T> {
  readonly name: string;
  readonly #client: SecretsManagerClient;
  readonly #clock: Clock;
  readonly #schema: z.ZodMiniType<T>;
  readonly #shape: string;
  #kept: { readonly content: T; readonly readAt: Instant } | undefined;

  /** `shape` ends the sentence "Secret … must hold". */
  constructor(
    client: SecretsManagerClient,
    name: string,
    clock: Clock,
    { schema, shape }: { readonly schema: z.ZodMiniType<T>; readonly shape: string },
  ) {
    this.name = name;
    this.#client = client;
    this.#clock = clock;
    this.#schema = schema;
    this.#shape = shape;
  }

  /**
   * The content. Something that was added a moment ago is looked for again before it is called missing: what is kept
   * counts only when it `suffices`.
   */
  async content(suffices: (content: T) => boolean = () => true): Promise<T> {
    const kept = this.#kept;
    const fresh = kept !== undefined && this.#clock.now() < kept.readAt + KEPT_FOR;
    return fresh && suffices(kept.content) ? kept.content : await this.#read();
  }

  /** Has it read again the next time: what it said was refused. */
  forget(): void {
    this.#kept = undefined;
  }

  async #read(): Promise<T> {
    const readAt = this.#clock.now();
    const command = new GetSecretValueCommand({ SecretId: this.name, VersionStage: 'AWSCURRENT' });
    const { SecretString = '' } = await calling('secretsmanager:GetSecretValue', () => this.#client.send(command));
    const content = this.#parse(SecretString);
    this.#kept = { content, readAt };
    return content;
  }

  // Neither a parser's message nor its cause is kept: it would quote the secret.
  #parse(text: string): T {
    try {
      return this.#schema.parse(JSON.parse(text));
    } catch {
      throw new UnavailableError(`Secret ${this.name} must hold ${this.#shape}.`);
    }
  }
}

/** Where plain http never leaves the machine. */
const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);

/** The URL, if what is sent there is encrypted on its way (or never leaves the machine); it may not hold credentials. */
export function secureUrl(text: string): URL | undefined {
  const url = URL.parse(text);
  if (url === null || url.username !== '' || url.password !== '') return undefined;
  return url.protocol === 'https:' || (url.protocol === 'http:' && loopback.has(url.hostname)) ? url : undefined;
}
