import * as z from 'zod/mini';
import { type Channel, type OutgoingNotice, UnavailableError } from '../ports.ts';
import { type Pause, pause as realPause } from './pause.ts';
import type { SlackWebhooks } from './slack-webhooks.ts';

export interface SlackOptions {
  readonly pause?: Pause;
  /** Milliseconds after which an unanswered post is given up. */
  readonly timeout?: number;
  /** Milliseconds that may be spent waiting between tries, in all. */
  readonly waitBound?: number;
}

/** Slack through incoming webhooks; each is bound to one channel. No error or log line ever shows a webhook's URL. */
export class Slack implements Channel {
  readonly name = 'slack';
  readonly #webhooks: SlackWebhooks;
  readonly #options: Required<SlackOptions>;

  constructor(webhooks: SlackWebhooks, options: SlackOptions = {}) {
    this.#webhooks = webhooks;
    this.#options = { pause: realPause, timeout: 5_000, waitBound: 10_000, ...options };
  }

  async send(notice: OutgoingNotice): Promise<void> {
    const channel = channelOf(notice);
    const url = await this.#webhooks.urlOf(channel);
    const blocks = notice.blocks.length > 0 ? notice.blocks : undefined;
    // Beside blocks, `text` is what the notification shows.
    const body = JSON.stringify(blocks ? { text: notice.subject, blocks } : { text: notice.text });

    let left = this.#options.waitBound;
    for (;;) {
      const answer = await this.#post(url, body, channel);
      if (answer.kind === 'taken') return;
      if (answer.wait === undefined || answer.wait > left) throw new UnavailableError(`${answer.why} (${channel}).`);
      left -= answer.wait;
      await this.#options.pause(answer.wait);
    }
  }

  async #post(url: URL, body: string, channel: string): Promise<Answer> {
    let response: Response;
    let text: string;
    try {
      response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json; charset=utf-8' },
        body,
        // A webhook does not redirect; a notice must not be sent on to wherever something else would have it.
        redirect: 'error',
        signal: AbortSignal.timeout(this.#options.timeout),
      });
      text = await response.text();
    } catch (error) {
      // Not tried again here: Slack may have taken it, and the stream will bring it again anyway. No cause is kept.
      throw new UnavailableError(`Slack did not answer (${channel}): ${reasonOf(error)}.`);
    }
    // What stands between may answer 200 too, such as a proxy with its sign-in page; `ok` is Slack's own word.
    if (response.status === 200 && text.trim() === 'ok') return { kind: 'taken' };
    return { kind: 'refused', why: `Slack answered ${response.status}: ${gist(text)}`, ...waitBefore(response) };
  }
}

type Answer = { readonly kind: 'taken' } | { readonly kind: 'refused'; readonly why: string; readonly wait?: number };

/** How long to wait before the next try; absent when another try will be refused like this one. */
function waitBefore(response: Response): { readonly wait?: number } {
  if (response.status >= 500) return { wait: 3_000 };
  if (response.status !== 429) return {};
  const seconds = Number.parseInt(response.headers.get('retry-after') ?? '', 10);
  return { wait: Number.isNaN(seconds) ? 2_000 : Math.max(1, seconds) * 1_000 };
}

function channelOf({ to }: OutgoingNotice): string {
  if (to === 'operators') throw new UnavailableError('A notice to the operators does not go to Slack.');
  if (to.slackChannel === undefined) throw new UnavailableError(`Owner '${to.id}' has no Slack channel.`);
  return to.slackChannel;
}

/** Slack says what is wrong in a word or two; whatever is not plain text comes from something in between. */
function gist(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  if (line === '') return 'no text';
  return line.startsWith('<') ? 'an HTML page, so perhaps a proxy answered in its place' : line.slice(0, 100);
}

/** What fetch throws: its name, and inside it the code of the network's fault. Messages may name the URL and are not used. */
const fetchFault = z.object({
  name: z.string(),
  cause: z.catch(z.optional(z.object({ code: z.string() })), undefined),
});

function reasonOf(error: unknown): string {
  const { name = 'unknown reason', cause } = fetchFault.safeParse(error).data ?? {};
  return name === 'TimeoutError' ? 'the time for it ran out' : (cause?.code ?? name);
}
