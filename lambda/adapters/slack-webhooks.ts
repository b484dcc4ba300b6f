import { GetSecretValueCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { type Instant, MINUTE } from '../domain/time.ts';
import { type Clock, UnavailableError } from '../ports.ts';
import { calling } from './aws-errors.ts';

const KEPT_FOR = 5 * MINUTE;
const webhooksSchema = z.record(z.string(), z.string());
type Webhooks = Readonly<Record<string, string>>;

/** The incoming webhooks of all channels, from one secret: JSON such as `{"#payments": "https://hooks.slack.com/…"}`. */
export class SlackWebhooks {
  readonly #client: SecretsManagerClient;
  readonly #secretName: string;
  readonly #clock: Clock;
  #kept: { readonly webhooks: Webhooks; readonly readAt: Instant } | undefined;

  constructor(client: SecretsManagerClient, secretName: string, clock: Clock) {
    this.#client = client;
    this.#secretName = secretName;
    this.#clock = clock;
  }

  /** The webhook of that channel. Throws UnavailableError when there is none; no error shows a URL. */
  async urlOf(channel: string): Promise<URL> {
    // A channel that was added a moment ago is looked for again before it is called missing.
    const text = this.#fresh()?.[channel] ?? (await this.#read())[channel];
    if (text === undefined) throw new UnavailableError(`Secret ${this.#secretName} has no webhook for ${channel}.`);
    const url = URL.parse(text);
    if (url?.protocol === 'https:') return url;
    if (url?.protocol === 'http:' && loopback.has(url.hostname)) return url;
    throw new UnavailableError(`Secret ${this.#secretName} has no https URL for ${channel}.`);
  }

  #fresh(): Webhooks | undefined {
    return this.#kept && this.#clock.now() < this.#kept.readAt + KEPT_FOR ? this.#kept.webhooks : undefined;
  }

  async #read(): Promise<Webhooks> {
    const readAt = this.#clock.now();
    const command = new GetSecretValueCommand({ SecretId: this.#secretName, VersionStage: 'AWSCURRENT' });
    const { SecretString = '' } = await calling('secretsmanager:GetSecretValue', () => this.#client.send(command));
    const webhooks = this.#parse(SecretString);
    this.#kept = { webhooks, readAt };
    return webhooks;
  }

  // Neither a parser's message nor its cause is kept: it would quote the webhooks.
  #parse(text: string): Webhooks {
    try {
      return webhooksSchema.parse(JSON.parse(text));
    } catch {
      throw new UnavailableError(
        `Secret ${this.#secretName} must hold a JSON object that maps each Slack channel to its webhook URL.`,
      );
    }
  }
}

/** Where plain http never leaves the machine. */
const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]']);
