import { nextSeal, type Seal, type Sealable } from '../contracts/seal.ts';
import { toIso } from '../domain/time.ts';
import { type Clock, type Seals, UnavailableError } from '../ports.ts';

export interface SealWorld {
  readonly seals: Pick<Seals, 'last' | 'append'>;
  readonly clock: Clock;
}

/** A stream has a few shards at most, and each waits a minute between batches: nobody loses this often. */
const ATTEMPTS = 20;

/**
 * Adds a link to the chain for events that have just been written. Writers of history never wait for it: it follows the
 * stream. A batch that comes twice is sealed twice, which says the same twice.
 */
export async function sealHistory({ seals, clock }: SealWorld, events: readonly Sealable[]): Promise<Seal | undefined> {
  if (events.length === 0) return undefined;
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const seal = nextSeal(await seals.last(), events, toIso(clock.now()));
    // Another shard's batch may have taken the number meanwhile.
    if (await seals.append(seal)) return seal;
  }
  throw new UnavailableError(`The chain of seals was ahead ${ATTEMPTS} times; the events come again.`);
}
