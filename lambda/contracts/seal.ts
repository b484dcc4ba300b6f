import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import * as z from 'zod/mini';
import type { HistoryEvent } from '../domain/events.ts';
import type { EventId } from '../domain/ids.ts';
import type { IsoTime } from '../domain/time.ts';
import { eventId, isoTime } from './identifiers.ts';

/**
 * One link of the chain over the history: what some events were when they had just been written, and the link before.
 * Whoever alters, removes or adds an event later would have to alter every link since, and the anchors outside.
 */
export interface Seal {
  /** 1, 2, 3, … */
  readonly number: number;
  /** Hash of the seal before; empty for the first. */
  readonly previous: string;
  readonly sealedAt: IsoTime;
  readonly events: readonly SealedEvent[];
  /** SHA-256 of everything above. */
  readonly hash: string;
}

export interface SealedEvent {
  readonly id: EventId;
  /** SHA-256 of the event. */
  readonly hash: string;
}

const sha256 = z.string().check(z.regex(/^[0-9a-f]{64}$/, 'is no SHA-256 in hexadecimal'));

export const sealSchema = z.object({
  number: z.int().check(z.positive()),
  previous: z.union([z.literal(''), sha256]),
  sealedAt: isoTime,
  events: z.array(z.object({ id: eventId, hash: sha256 })),
  hash: sha256,
}) satisfies z.ZodMiniType<Seal>;

/** An event as it was written, which may say more than this version reads. */
export type Sealable = Pick<HistoryEvent, 'id'>;

/** SHA-256, in hexadecimal, of an event as it is or of what claims to be one: what Keyturn would not read of it counts too. */
export const hashOfContent = (content: object): string => hashOf(content);

/** SHA-256 of a seal's content, its own hash left out. */
export const hashOfSeal = ({ number, previous, sealedAt, events }: Omit<Seal, 'hash'>): string =>
  hashOf({ number, previous, sealedAt, events });

/** The seal that comes after `last`. */
export function nextSeal(last: Seal | undefined, events: readonly Sealable[], sealedAt: IsoTime): Seal {
  const content = {
    number: (last?.number ?? 0) + 1,
    previous: last?.hash ?? '',
    sealedAt,
    events: events.map((event) => ({ id: event.id, hash: hashOfContent(event) })),
  };
  return { ...content, hash: hashOfSeal(content) };
}

/** By RFC 8785: one text for one value, so that anybody can compute the hash again, with any tool. */
function hashOf(value: object): string {
  const text = canonicalize(value);
  if (text === undefined) throw new Error('there is nothing to be hashed: this is a defect');
  return hash('sha256', text);
}
