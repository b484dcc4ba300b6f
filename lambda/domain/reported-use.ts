import type { KeyFacts, LastUse, Use, UserFacts } from './facts.ts';
import type { ReportedKey } from './inventory.ts';
import type { Instant } from './time.ts';

/**
 * The user with what the credential report says of its keys' last use. The report names no key ID: a key in it is the
 * one that was created at the very second at which it was last rotated, if only one of either comes into question.
 */
export function withReportedUse(user: UserFacts, reported: readonly ReportedKey[] | undefined): UserFacts {
  if (reported === undefined) return user;
  const keys = user.keys.map((key): KeyFacts => {
    const [row, ...rows] = reported.filter(({ lastRotated }) => isSameSecond(lastRotated, key.createdAt));
    const twins = user.keys.filter(({ createdAt }) => isSameSecond(createdAt, key.createdAt));
    if (row?.lastUse === undefined || rows.length > 0 || twins.length > 1) return key;
    return { ...key, reportedUse: row.lastUse };
  });
  return { ...user, keys };
}

/** AWS dates keys to the second, other IAMs finer. */
const isSameSecond = (a: Instant | undefined, b: Instant): boolean =>
  a !== undefined && Math.floor(a / 1000) === Math.floor(b / 1000);

/** What is known of a key's last use: as it was read, or else as the report has it. Undefined: nobody knows. */
export function lastKnownUse({
  lastUse,
  reportedUse,
  pretended,
}: KeyFacts): Exclude<LastUse, { kind: 'unread' }> | undefined {
  // A pretended key is said to be used so that it does not look abandoned.
  if (pretended) return undefined;
  return lastUse.kind === 'unread' ? reportedUse : lastUse;
}

/** The last use that is known of, for notices; empty when there is none. */
export function lastUseOf(key: KeyFacts | undefined): { readonly lastUse?: Use } {
  const known = key && lastKnownUse(key);
  return known?.kind === 'used' ? { lastUse: bare(known) } : {};
}

/** A use without its kind, as steps and records hold it. */
export const bare = ({ at, service, region }: Use): Use => ({ at, service, region });
