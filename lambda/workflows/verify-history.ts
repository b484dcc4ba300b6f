import { hashOfEvent, hashOfSeal, type Seal } from '../contracts/seal.ts';
import type { HistoryEvent } from '../domain/events.ts';
import type { EventId } from '../domain/ids.ts';
import { fromIso, type Instant, MINUTE } from '../domain/time.ts';

/** Something in the history, or in the chain over it, that is not as it was written. */
export type Finding =
  | { readonly kind: 'altered' | 'unsealed' | 'out-of-order' | 'repeated'; readonly event: HistoryEvent }
  /** A seal knows it, and the history does not. */
  | { readonly kind: 'missing'; readonly eventId: EventId; readonly seal: number }
  | { readonly kind: 'broken-seal'; readonly seal: number; readonly why: string };

export interface Verification {
  readonly events: number;
  readonly seals: number;
  /** So recent that no seal is to be expected yet. */
  readonly awaitingSeal: number;
  /** The newest seal: whoever notes it down elsewhere can prove later that nothing before it was changed. */
  readonly head?: Pick<Seal, 'number' | 'hash' | 'sealedAt'>;
  /** Oldest first, seals before events; at most a thousand. */
  readonly findings: readonly Finding[];
}

/** The stream brings events to be sealed within a minute or two. */
const SEALED_WITHIN = 60 * MINUTE;
const MOST_FINDINGS = 1_000;

/**
 * Compares a history, in the order of its event IDs, with the chain of seals over it. `anchors`: seals that were noted
 * down elsewhere; each must be part of the chain.
 */
export async function verifyHistory(
  seals: AsyncIterable<Seal>,
  events: AsyncIterable<HistoryEvent>,
  now: Instant,
  anchors: readonly Pick<Seal, 'number' | 'hash'>[] = [],
): Promise<Verification> {
  const chain = await readChain(seals, anchors);
  const { sealed, findings, head } = chain;
  let [total, awaitingSeal, last] = [0, 0, ''];
  for await (const event of events) {
    total += 1;
    if (event.id === last) {
      findings.push({ kind: 'repeated', event });
      continue;
    }
    if (event.id < last) findings.push({ kind: 'out-of-order', event });
    else last = event.id;
    const expected = sealed.get(event.id);
    sealed.delete(event.id);
    if (expected === undefined) {
      // Nobody can tell by its ID whether it was there an hour ago: that it lies so far back and has no seal does.
      if (now - fromIso(event.time) <= SEALED_WITHIN) awaitingSeal += 1;
      else findings.push({ kind: 'unsealed', event });
    } else if (expected.hash !== hashOfEvent(event)) {
      findings.push({ kind: 'altered', event });
    }
  }
  for (const [eventId, { seal }] of sealed) findings.push({ kind: 'missing', eventId, seal });
  return {
    events: total,
    seals: chain.seals,
    awaitingSeal,
    ...(head && { head }),
    findings: findings.toSorted(oldestFirst).slice(0, MOST_FINDINGS),
  };
}

interface Chain {
  /** What the history must hold. */
  readonly sealed: Map<EventId, { readonly hash: string; readonly seal: number }>;
  readonly findings: Finding[];
  readonly head?: Pick<Seal, 'number' | 'hash' | 'sealedAt'>;
  readonly seals: number;
}

async function readChain(
  seals: AsyncIterable<Seal>,
  anchors: readonly Pick<Seal, 'number' | 'hash'>[],
): Promise<Chain> {
  const sealed: Chain['sealed'] = new Map();
  const findings: Finding[] = [];
  const anchored = new Map(anchors.map(({ number, hash }) => [number, hash]));
  let last: Seal | undefined;
  let count = 0;
  for await (const seal of seals) {
    count += 1;
    const why = faultOf(seal, last, anchored.get(seal.number));
    if (why !== undefined) findings.push({ kind: 'broken-seal', seal: seal.number, why });
    anchored.delete(seal.number);
    for (const { id, hash } of seal.events) if (!sealed.has(id)) sealed.set(id, { hash, seal: seal.number });
    last = seal;
  }
  for (const number of anchored.keys()) {
    findings.push({ kind: 'broken-seal', seal: number, why: 'it was anchored, and is no longer there' });
  }
  const head = last && { number: last.number, hash: last.hash, sealedAt: last.sealedAt };
  return { sealed, findings, seals: count, ...(head && { head }) };
}

function faultOf(seal: Seal, last: Seal | undefined, anchor: string | undefined): string | undefined {
  const expected = (last?.number ?? 0) + 1;
  if (seal.number !== expected) return `number ${expected} should be here: one or more seals were removed`;
  if (seal.hash !== hashOfSeal(seal)) return 'its content is not what its hash says: it was altered';
  if (seal.previous !== (last?.hash ?? '')) return 'it does not follow the seal before it: one of them was replaced';
  if (anchor !== undefined && anchor !== seal.hash) return 'it is not the one that was anchored';
  return undefined;
}

const oldestFirst = (a: Finding, b: Finding): number => (rankOf(a) < rankOf(b) ? -1 : 1);

function rankOf(finding: Finding): string {
  if (finding.kind === 'broken-seal') return `0 ${String(finding.seal).padStart(12, '0')}`;
  return `1 ${finding.kind === 'missing' ? finding.eventId : finding.event.id}`;
}
