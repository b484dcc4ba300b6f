import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { type Clock, UnavailableError } from '../ports.ts';
import { SecretJson, secureUrl } from './secret-json.ts';

/** How a channel or member is reached. Never to be logged, or put into an error. */
export type SlackWay =
  | { readonly kind: 'webhook'; readonly url: URL }
  | { readonly kind: 'bot'; readonly url: URL; readonly token: string };

/** Beside the webhooks; no channel has these names. */
const BOT_TOKEN = 'botToken';
const BOT_URL = 'botUrl';
const API = 'https://slack.com/api/';

/**
 * The ways into Slack, from one secret: JSON that maps channels to incoming webhooks, such as
 * `{"#payments": "https://hooks.slack.com/…"}`, and may hold the token of a bot as `botToken`, for every other channel and
 * for direct messages. `botUrl` names another Web API than slack.com's, such as GovSlack's.
 */
export class SlackSecret {
  readonly #secret: SecretJson<Readonly<Record<string, string>>>;

  constructor(client: SecretsManagerClient, secretName: string, clock: Clock) {
    const schema = z.record(z.string(), z.string());
    const shape = 'a JSON object that maps each Slack channel to its webhook URL, and botToken to the token of a bot';
    this.#secret = new SecretJson(client, secretName, clock, { schema, shape });
  }

  get name(): string {
    return this.#secret.name;
  }

  /** To a channel: its webhook, or the bot. Throws UnavailableError when there is neither; no error shows URL or token. */
  async toChannel(channel: string): Promise<SlackWay> {
    const isWay = channel !== BOT_TOKEN && channel !== BOT_URL;
    const content = await this.#secret.content(
      (kept) => Object.hasOwn(kept, channel) || Object.hasOwn(kept, BOT_TOKEN),
    );
    const webhook = isWay && Object.hasOwn(content, channel) ? content[channel] : undefined;
    if (webhook === undefined && content[BOT_TOKEN] === undefined) {
      throw new UnavailableError(`Secret ${this.name} has no webhook for ${channel}, and no ${BOT_TOKEN}.`);
    }
    if (webhook === undefined) return this.#bot(content);
    const url = secureUrl(webhook);
    if (url === undefined) throw new UnavailableError(`Secret ${this.name} has no https URL for ${channel}.`);
    return { kind: 'webhook', url };
  }

  /** To a member, in a direct message: the bot. */
  async toMember(): Promise<SlackWay> {
    const content = await this.#secret.content((kept) => Object.hasOwn(kept, BOT_TOKEN));
    if (content[BOT_TOKEN] !== undefined) return this.#bot(content);
    throw new UnavailableError(`Secret ${this.name} has no ${BOT_TOKEN}, which direct messages need.`);
  }

  /** Has the secret read again the next time: Slack refused what it said. */
  forget(): void {
    this.#secret.forget();
  }

  #bot({ [BOT_TOKEN]: token = '', [BOT_URL]: api = API }: Readonly<Record<string, string>>): SlackWay {
    if (!/^(xoxe\.)?xoxb-[\w-]+$/.test(token)) {
      throw new UnavailableError(`The ${BOT_TOKEN} in secret ${this.name} is not the token of a bot (xoxb-…).`);
    }
    const url = secureUrl(`${api.replace(/\/*$/, '')}/chat.postMessage`);
    if (url === undefined) throw new UnavailableError(`The ${BOT_URL} in secret ${this.name} is not an https URL.`);
    return { kind: 'bot', url, token };
  }
}
