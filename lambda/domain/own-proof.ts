import type { KeyFacts, LastUse, UserFacts } from './facts.ts';
import type { AccessKeyId } from './ids.ts';
import { type Instant, MINUTE } from './time.ts';
import type { Tracking } from './tracking.ts';

/** Keyturn proves each key that it makes within this time of its creation, by asking STS who it is. */
const PROOF = 15 * MINUTE;

/** AWS dates uses to about this much, and the credential report may cut a time short: a proof may seem to come first. */
const GRAIN = 15 * MINUTE;

/** Whether Keyturn made the key, as far as its user's record goes. */
export const isMade = ({ made, retirements }: Tracking, keyId: AccessKeyId): boolean =>
  made?.includes(keyId) === true ||
  Object.values(retirements).some(({ why, successorKeyId }) => why === 'rotated' && successorKeyId === keyId);

/**
 * The last use of a key as far as it is its owner's: Keyturn's own proof of a key that it made is none, so such a key was
 * never used. A use that lies further off than that from what is known of the key's creation is its owner's.
 */
export function ownersUse<Known extends LastUse>(
  known: Known,
  { keyId, createdAt }: Pick<KeyFacts, 'keyId' | 'createdAt'>,
  tracking: Tracking,
): Known | { readonly kind: 'never' } {
  if (known.kind !== 'used' || known.service !== 'sts' || !isMade(tracking, keyId)) return known;
  return isWhenProved(known.at, createdAt) ? { kind: 'never' } : known;
}

const isWhenProved = (at: Instant, createdAt: Instant): boolean => at >= createdAt - GRAIN && at < createdAt + PROOF;

/** The report may lack the service. Then a use while the key was proved may be anybody's: it is not known. */
function reportedUseOf({ reportedUse: said, ...key }: KeyFacts, tracking: Tracking): Pick<KeyFacts, 'reportedUse'> {
  const isAnybodys = said?.kind === 'used' && said.service === 'N/A' && isWhenProved(said.at, key.createdAt);
  if (said === undefined || (isAnybodys && isMade(tracking, key.keyId))) return {};
  return { reportedUse: ownersUse(said, key, tracking) };
}

/** The user with its keys' last uses as far as they are their owner's. */
export function withOwnersUses(user: UserFacts, tracking: Tracking): UserFacts {
  // Hardly any: the rules go over hundreds of thousands of users a second.
  if (!user.keys.some(mayShowProof)) return user;
  const keys = user.keys.map((key): KeyFacts => {
    if (!mayShowProof(key)) return key;
    const { reportedUse: _, ...rest } = key;
    return { ...rest, lastUse: ownersUse(key.lastUse, key, tracking), ...reportedUseOf(key, tracking) };
  });
  return { ...user, keys };
}

const mayShowProof = ({ lastUse, reportedUse }: KeyFacts): boolean =>
  isOfProofsKind(lastUse) || (reportedUse !== undefined && isOfProofsKind(reportedUse));

/** STS was asked, or the report does not say who. */
const isOfProofsKind = (use: LastUse): boolean =>
  use.kind === 'used' && (use.service === 'sts' || use.service === 'N/A');
