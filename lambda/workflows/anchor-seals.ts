import type { Seal } from '../contracts/seal.ts';
import { type Instant, toIso } from '../domain/time.ts';
import { ConflictError, type EvidenceStore, type Log, type Seals } from '../ports.ts';

/** What is kept of a seal outside the table: with it nobody can replace the chain up to there. */
export type Anchor = Pick<Seal, 'number' | 'hash' | 'sealedAt'>;

export interface AnchorWorld {
  readonly seals: Pick<Seals, 'last'>;
  readonly evidence: EvidenceStore;
  readonly log: Log;
}

/** Where the anchors are kept, one for each day. */
export const ANCHORS = 'heads/';

/** Notes down the newest seal of the day in the evidence bucket, once. `nothing`: there is no seal yet. */
export async function anchorSeals(
  { seals, evidence, log }: AnchorWorld,
  now: Instant,
): Promise<'written' | 'there' | 'nothing'> {
  const name = `${ANCHORS}${toIso(now).slice(0, 10)}.json`;
  if (await evidence.has(name)) return 'there';
  const last = await seals.last();
  if (last === undefined) return 'nothing';
  const anchor: Anchor = { number: last.number, hash: last.hash, sealedAt: last.sealedAt };
  const lines = [JSON.stringify(anchor)];
  try {
    // Never a second version: whoever checks the notes takes one for somebody else's.
    await evidence.put({ name, contentType: 'application/json', lines, onlyNew: true });
  } catch (error) {
    if (error instanceof ConflictError) return 'there';
    throw error;
  }
  log.info('seal anchored', { number: anchor.number });
  return 'written';
}
