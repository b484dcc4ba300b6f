import { type Channel, type Clock, type OutgoingNotice, UnavailableError } from '../ports.ts';
import { type Attempt, gist, persist, post } from './http-post.ts';
import { idOf } from './notice-id.ts';
import { type Pause, pause as realPause } from './pause.ts';
import type { Endpoint, WebhookSecret } from './webhook-secret.ts';
import { signatureOf } from './webhook-signature.ts';

export interface WebhookOptions {
  readonly pause?: Pause;
  /** Milliseconds after which an unanswered post is given up. */
  readonly timeout?: number;
  /** Milliseconds that may be spent waiting between tries, in all. */
  readonly waitBound?: number;
}

/** An HTTPS endpoint of the owner's own, for programs: JSON, signed. docs/webhook.md is its specification. */
export class Webhook implements Channel {
  readonly name = 'webhook';
  readonly #secret: WebhookSecret;
  readonly #clock: Clock;
  readonly #options: Required<WebhookOptions>;

  constructor(secret: WebhookSecret, clock: Clock, options: WebhookOptions = {}) {
    this.#secret = secret;
    this.#clock = clock;
    this.#options = { pause: realPause, timeout: 8_000, waitBound: 10_000, ...options };
  }

  async send({ to, subject, text, events }: OutgoingNotice): Promise<void> {
    if (to === 'operators') throw new UnavailableError('A notice to the operators does not go to a webhook.');
    if (to.webhook === undefined) throw new UnavailableError(`Owner '${to.id}' has no webhook.`);
    const endpoint = await this.#secret.endpoint(to.webhook);
    const id = idOf(to.id, events);
    const body = JSON.stringify({ version: 1, id, owner: to.id, subject, text, events });
    const name = to.webhook;
    const refusal = await persist(() => this.#tryOnce(endpoint, name, id, body), this.#options);
    if (refusal !== undefined) throw new UnavailableError(refusal);
  }

  async #tryOnce({ url, key }: Endpoint, name: string, id: string, body: string): Promise<Attempt> {
    // Signed anew for each try: an endpoint refuses what is older than some minutes.
    const timestamp = String(Math.floor(this.#clock.now() / 1_000));
    const headers = {
      'content-type': 'application/json; charset=utf-8',
      'user-agent': 'Keyturn',
      'keyturn-id': id,
      'keyturn-timestamp': timestamp,
      'keyturn-signature': signatureOf(key, timestamp, body),
    };
    const reply = await post({ url, headers, body, timeout: this.#options.timeout });
    // Not tried again at once: it may have been taken.
    if (reply.kind === 'no-answer') return { kind: 'refused', why: `Webhook '${name}' did not answer: ${reply.why}.` };
    const { status, wait } = reply;
    if (status >= 200 && status < 300) return { kind: 'taken' };
    if ([401, 403, 404, 410].includes(status)) this.#secret.forget();
    const why = `Webhook '${name}' answered ${status}: ${adviceOn(status) ?? gist(reply.text)}.`;
    return { kind: 'refused', why, ...(wait !== undefined && { wait }) };
  }
}

function adviceOn(status: number): string | undefined {
  if (status >= 300 && status < 400) return 'redirects are not followed, so put its real address into the secret';
  if (status === 401 || status === 403) return 'the key in the secret and that of the endpoint may differ';
  return undefined;
}
