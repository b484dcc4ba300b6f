import type { KeyFacts, Use } from './facts.ts';
import { bare, lastKnownUse } from './reported-use.ts';
import { type Instant, MINUTE } from './time.ts';
import type { Retirement } from './tracking.ts';

/** Whether the owner of a retiring key has installed its successor. */
export type Adoption = { readonly kind: 'adopted'; readonly use: Use } | { readonly kind: 'not-yet' };

/** By what is on record, or else by the last use of the successor; undefined: not known. */
export function adoptionOf(retirement: Retirement, successor: KeyFacts | undefined): Adoption | undefined {
  if (retirement.adopted !== undefined) return { kind: 'adopted', use: retirement.adopted };
  const known = successor && lastKnownUse(successor);
  if (successor === undefined || known === undefined) return undefined;
  if (known.kind === 'never' || !isOfRetirement(retirement, known.at)) return { kind: 'not-yet' };
  return { kind: 'adopted', use: bare(known) };
}

/** AWS dates uses to about this much. */
const GRAIN = 15 * MINUTE;

/** With these an owner fetches the new key, and its tool asks who it is. */
const fetching: ReadonlySet<string> = new Set(['secretsmanager', 'sts']);

/**
 * The use that was made of a retiring key since its successor came. Where the successor is in use, the fetching of it
 * with the old key is none: it happens once, and stops by itself.
 */
export function useSinceSuccessor(
  { startedAt }: Retirement,
  outgoing: KeyFacts,
  adoption: Adoption | undefined,
): Use | 'unused' | 'not known' {
  const known = lastKnownUse(outgoing);
  if (known === undefined) return 'not known';
  if (known.kind === 'never' || known.at <= startedAt) return 'unused';
  const adoptedBy = adoption?.kind === 'adopted' ? adoption.use.at + GRAIN : Number.NEGATIVE_INFINITY;
  return fetching.has(known.service) && known.at <= adoptedBy ? 'unused' : bare(known);
}

/** A successor that its owner made may have been in use for other things all along; one that Keyturn made was not. */
const isOfRetirement = ({ why, startedAt }: Retirement, at: Instant): boolean => why === 'rotated' || at >= startedAt;
