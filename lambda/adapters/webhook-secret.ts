import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import * as z from 'zod/mini';
import { type Clock, UnavailableError } from '../ports.ts';
import { SecretJson, secureUrl } from './secret-json.ts';

/** Where a webhook is, and what its messages are signed with. Never to be logged, or put into an error. */
export interface Endpoint {
  readonly url: URL;
  readonly key: string;
}

/** A shorter key could be guessed from one message. */
const SHORTEST_KEY = 32;
const endpointSchema = z.object({ url: z.string(), key: z.string().check(z.minLength(SHORTEST_KEY)) });

/** The webhooks' endpoints, from one secret: JSON such as `{"payments-bot": {"url": "https://…", "key": "…"}}`. */
export class WebhookSecret {
  readonly #secret: SecretJson<Readonly<Record<string, unknown>>>;

  constructor(client: SecretsManagerClient, secretName: string, clock: Clock) {
    const schema = z.record(z.string(), z.unknown());
    const shape = 'a JSON object that maps each webhook to {"url": "https://…", "key": "…"}';
    this.#secret = new SecretJson(client, secretName, clock, { schema, shape });
  }

  /** Throws UnavailableError when there is no such webhook, or it is not as it must be; no error shows URL or key. */
  async endpoint(name: string): Promise<Endpoint> {
    const content = await this.#secret.content((kept) => Object.hasOwn(kept, name));
    const entry = Object.hasOwn(content, name) ? content[name] : undefined;
    if (entry === undefined) throw new UnavailableError(`Secret ${this.#secret.name} has no webhook '${name}'.`);
    const parsed = endpointSchema.safeParse(entry).data;
    const url = parsed && secureUrl(parsed.url);
    if (parsed !== undefined && url !== undefined) return { url, key: parsed.key };
    throw new UnavailableError(
      `Webhook '${name}' in secret ${this.#secret.name} must be {"url": …, "key": …} with an https URL and a key of at least ${SHORTEST_KEY} characters.`,
    );
  }

  /** Has the secret read again the next time: the endpoint refused the signature, or is gone. */
  forget(): void {
    this.#secret.forget();
  }
}
