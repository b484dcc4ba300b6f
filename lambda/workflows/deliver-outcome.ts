import { isGivenUp, type WaitingNotice } from '../domain/delivery.ts';
import type { EventId } from '../domain/ids.ts';
import type { Owner } from '../domain/owners.ts';
import type { Instant } from '../domain/time.ts';
import type { Channel } from '../ports.ts';
import type { ToldOver } from './deliver-channel.ts';
import { inWords, readerOf } from './deliver-messages.ts';
import type { Receipts } from './deliver-receipts.ts';
import { channelInWords } from './owner-channels.ts';

/** What a reader knows after a tick, by the receipts and by what was just sent over each of its channels. */
export class Outcome {
  readonly #to: Owner | 'operators';
  readonly #receipts: Receipts;
  readonly #told: readonly (readonly [Channel, ToldOver])[];

  constructor(to: Owner | 'operators', receipts: Receipts, told: readonly (readonly [Channel, ToldOver])[]) {
    this.#to = to;
    this.#receipts = receipts;
    this.#told = told;
  }

  /** Each channel has it, so there is nothing more to do. */
  isToldEverywhere({ event: { id } }: WaitingNotice): boolean {
    return this.#told.every(([channel, { sent }]) => sent.taken.has(id) || this.#hasReceipt(id, channel));
  }

  /** No channel takes it any more, and somebody else was told. What nobody was told of is never given up. */
  isGivenUp(notice: WaitingNotice, now: Instant): boolean {
    return isGivenUp(notice, now) && this.#receipts.wasTold(notice.event.id);
  }

  /** Each channel was offered it and refused, now or earlier. */
  isRefusedByAll({ event: { id } }: WaitingNotice): boolean {
    return this.#told.every(([channel, { sent }]) => {
      if (sent.taken.has(id) || sent.withoutReceipt.has(id) || this.#hasReceipt(id, channel)) return false;
      return sent.refused.has(id) || this.#refusal(id, channel) !== undefined;
    });
  }

  /** Why none of the channels took it, for people. */
  whyNot({ event: { id } }: WaitingNotice): string {
    const each = this.#told.map(([channel, { sent }]) => {
      const why = sent.refused.has(id) ? inWords(sent.refused.get(id)) : this.#refusal(id, channel);
      return `${channelInWords[channel.name]}: ${why}`;
    });
    return each.join('; ');
  }

  /** What was sent without a receipt, and what operators, after whom nobody comes, did not get. */
  get untold(): ReadonlyMap<EventId, unknown> {
    return new Map(
      this.#told.flatMap(([, { sent }]) => [
        ...sent.withoutReceipt,
        ...[...sent.refused].filter(([id]) => this.#to === 'operators' && !this.#receipts.wasTold(id)),
      ]),
    );
  }

  #hasReceipt(id: EventId, { name }: Channel): boolean {
    return this.#receipts.deliveredAt(id, name, readerOf(this.#to)) !== undefined;
  }

  #refusal(id: EventId, { name }: Channel): string | undefined {
    return this.#receipts.refusalOf(id, name, readerOf(this.#to));
  }
}
