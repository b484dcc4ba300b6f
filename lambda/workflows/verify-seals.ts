import { hashOfSeal, type Seal } from '../contracts/seal.ts';
import type { EventId } from '../domain/ids.ts';
import { fromIso, type Instant } from '../domain/time.ts';

/** A seal as it was noted down elsewhere. */
export type AnchoredSeal = Pick<Seal, 'number' | 'hash'>;

/** Seals that were noted down elsewhere, and what is wrong with how they are kept. */
export interface Anchors {
  /** Each must be part of the chain. */
  readonly seals: readonly AnchoredSeal[];
  readonly faults: readonly { readonly anchor: string; readonly why: string }[];
}

export type ChainFinding =
  | { readonly kind: 'broken-seal'; readonly seal: number; readonly why: string }
  /** The note itself was tampered with. */
  | { readonly kind: 'broken-anchor'; readonly anchor: string; readonly why: string };

/** What a seal holds of an event. */
export interface SealedHash {
  readonly id: EventId;
  readonly hash: string;
  readonly seal: number;
  readonly sealedAt: Instant;
}

export interface Chain {
  /** What the history must hold. */
  readonly sealed: ReadonlyMap<string, SealedHash>;
  readonly findings: readonly ChainFinding[];
  /** The newest seal: whoever notes it down elsewhere can prove later that nothing before it was changed. */
  readonly head?: Pick<Seal, 'number' | 'hash' | 'sealedAt'>;
  readonly seals: number;
}

/** Reads the chain of seals, oldest first, and checks each link of it and every anchor. */
export async function readChain(seals: AsyncIterable<Seal>, anchors: Anchors): Promise<Chain> {
  const sealed = new Map<string, SealedHash>();
  const findings: ChainFinding[] = anchors.faults.map((fault) => ({ kind: 'broken-anchor', ...fault }));
  const anchored = Map.groupBy(anchors.seals, ({ number }) => number);
  let last: Seal | undefined;
  let count = 0;
  for await (const seal of seals) {
    count += 1;
    const why = faultOf(seal, last, anchored.get(seal.number) ?? []);
    if (why !== undefined) findings.push({ kind: 'broken-seal', seal: seal.number, why });
    anchored.delete(seal.number);
    const sealedAt = fromIso(seal.sealedAt);
    for (const { id, hash } of seal.events) {
      if (!sealed.has(id)) sealed.set(id, { id, hash, seal: seal.number, sealedAt });
    }
    last = seal;
  }
  for (const number of anchored.keys()) {
    findings.push({ kind: 'broken-seal', seal: number, why: 'it was anchored, and is no longer there' });
  }
  const head = last && { number: last.number, hash: last.hash, sealedAt: last.sealedAt };
  return { sealed, findings, seals: count, ...(head && { head }) };
}

function faultOf(seal: Seal, last: Seal | undefined, anchors: readonly AnchoredSeal[]): string | undefined {
  const expected = (last?.number ?? 0) + 1;
  if (seal.number !== expected) return `number ${expected} should be here: one or more seals were removed`;
  if (seal.hash !== hashOfSeal(seal)) return 'its content is not what its hash says: it was altered';
  if (seal.previous !== (last?.hash ?? '')) return 'it does not follow the seal before it: one of them was replaced';
  // One number may have been noted down several times, and differently.
  if (anchors.some(({ hash }) => hash !== seal.hash)) return 'it is not the one that was anchored';
  return undefined;
}
