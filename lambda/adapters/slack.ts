import type { Owner } from '../domain/owners.ts';
import { type Channel, type Clock, type OutgoingNotice, UnavailableError } from '../ports.ts';
import { persist, post } from './http-post.ts';
import { Pace } from './pace.ts';
import { type Pause, pause as realPause } from './pause.ts';
import { botAnswer, type SlackAnswer, webhookAnswer } from './slack-answers.ts';
import type { SlackSecret, SlackWay } from './slack-secret.ts';

export interface SlackOptions {
  readonly pause?: Pause;
  /** Milliseconds after which an unanswered post is given up. */
  readonly timeout?: number;
  /** Milliseconds that may be spent waiting between tries, in all. */
  readonly waitBound?: number;
  /** Milliseconds that a message may wait for its turn behind others for the same channel. */
  readonly turnBound?: number;
}

/** Slack takes about a message a second for each channel. */
const INTERVAL = 1_000;

/** Where in Slack an owner is: what errors call it, and what the bot does. */
interface Place {
  readonly kind: 'channel' | 'member';
  readonly name: string;
}

/**
 * Slack through incoming webhooks, each bound to one channel, and through a bot, for other channels and direct messages.
 * No error or log line ever shows a webhook's URL or the bot's token.
 */
export class Slack implements Channel {
  readonly name = 'slack';
  readonly #secret: SlackSecret;
  readonly #pace: Pace;
  readonly #options: Required<SlackOptions>;

  constructor(secret: SlackSecret, clock: Clock, options: SlackOptions = {}) {
    this.#secret = secret;
    this.#pace = new Pace(clock, INTERVAL);
    this.#options = { pause: realPause, timeout: 5_000, waitBound: 10_000, turnBound: 20_000, ...options };
  }

  async send(notice: OutgoingNotice): Promise<void> {
    const place = placeOf(notice);
    const way = place.kind === 'member' ? await this.#secret.toMember() : await this.#secret.toChannel(place.name);
    const refusal = await persist(() => this.#tryOnce(way, place, notice), this.#options);
    if (refusal !== undefined) throw new UnavailableError(refusal);
  }

  async #tryOnce(way: SlackWay, place: Place, notice: OutgoingNotice): Promise<SlackAnswer> {
    if (!(await this.#turnAt(place.name))) {
      const why = `Its turn is too far off: Slack takes about a message a second, or asked for a pause (${place.name}).`;
      return { kind: 'refused', why };
    }
    const answer = await this.#post(way, place, notice);
    if (answer.kind === 'refused') {
      if (answer.wait !== undefined) this.#pace.hold(place.name, answer.wait);
      if (answer.mistrusted) this.#secret.forget();
    }
    return answer;
  }

  /** Waits for a turn, and for another if Slack asked for a pause meanwhile; false: that would take too long. */
  async #turnAt(place: string): Promise<boolean> {
    let left = this.#options.turnBound;
    do {
      const wait = this.#pace.take(place, left);
      if (wait === undefined) return false;
      if (wait > 0) await this.#options.pause(wait);
      left -= wait;
    } while (this.#pace.isHeld(place));
    return true;
  }

  async #post(way: SlackWay, place: Place, notice: OutgoingNotice): Promise<SlackAnswer> {
    const { url } = way;
    const { timeout } = this.#options;
    const headers = { 'content-type': 'application/json; charset=utf-8' };
    if (way.kind === 'webhook') {
      const body = JSON.stringify(contentOf(notice));
      return webhookAnswer(await post({ url, headers, body, timeout }), place.name);
    }
    // To a member's ID Slack opens the direct message by itself.
    const body = JSON.stringify({
      channel: place.name,
      ...contentOf(notice),
      unfurl_links: false,
      unfurl_media: false,
    });
    const authorized = { ...headers, authorization: `Bearer ${way.token}` };
    return botAnswer(await post({ url, headers: authorized, body, timeout }), place.name, this.#secret.name);
  }
}

/** Beside blocks, `text` is what the notification shows. */
const contentOf = ({ subject, text, blocks }: OutgoingNotice) =>
  blocks.length > 0 ? { text: subject, blocks } : { text };

function placeOf({ to }: OutgoingNotice): Place {
  if (to === 'operators') throw new UnavailableError('A notice to the operators does not go to Slack.');
  const place = placeOfOwner(to);
  if (place === undefined) throw new UnavailableError(`Owner '${to.id}' has no Slack channel or member.`);
  return place;
}

/** One place for each owner: a message that reached one of two could not be repeated for the other alone. */
function placeOfOwner({ slackChannel, slackUser }: Owner): Place | undefined {
  if (slackChannel !== undefined) return { kind: 'channel', name: slackChannel };
  return slackUser === undefined ? undefined : { kind: 'member', name: slackUser };
}
