import type { KeyFacts, LastUse } from '../facts.ts';
import type { OwnerId } from '../ids.ts';
import { DAY, type Instant } from '../time.ts';
import { blankTracking } from '../tracking.ts';
import { type PretendedUser, pretendedKeyId } from './pretended-user.ts';

/** A key as a credential report tells of it. */
export interface PatternKey {
  readonly active: boolean;
  /** When it was created, or last changed. */
  readonly since: Instant;
  /** Undefined: never. */
  readonly usedAt?: Instant;
}

/**
 * Users of one pattern have the same future. Runs come a day apart and deadlines are whole days away, so it does not matter
 * when on the day before a run something was; only which of two keys is the older one.
 */
export function nameOf(keys: readonly PatternKey[], start: Instant): string {
  return olderFirst(keys)
    .map((key) => `${key.active ? 'A' : 'I'}${dayOf(key.since, start)}`)
    .join(' ');
}

/** The same with the last uses, for users about whom a rule asks for these. */
export function nameWithUses(keys: readonly PatternKey[], start: Instant): string {
  const [first, second] = olderFirst(keys).map(({ usedAt }) => usedAt);
  const uses = [first, second].map((used) => (used === undefined ? '-' : dayOf(used, start)));
  return `${nameOf(keys, start)} ${uses[0]} ${uses[1]} ${orderOf(first, second, start)}`;
}

/** The user of a pattern at the beginning of a forecast. */
export function userOf(
  keys: readonly PatternKey[],
  start: Instant,
  { withUses, owner }: { readonly withUses: boolean; readonly owner?: OwnerId | 'operators' },
): PretendedUser {
  const facts: KeyFacts[] = [];
  const older = olderFirst(keys);
  for (const [place, { active, since, usedAt }] of older.entries()) {
    const createdAt = before(dayOf(since, start));
    facts.push({
      keyId: pretendedKeyId(createdAt, facts),
      status: active ? 'Active' : 'Inactive',
      createdAt,
      lastUse: withUses ? lastUse(usedAt, older[1 - place]?.usedAt) : { kind: 'unread' },
      // For reminders alone: an owner who has the new key does not go on with the old one.
      reportedUse: { kind: 'never' },
    });
  }
  const whose = owner === undefined ? {} : { owner };
  return { keys: facts, tracking: blankTracking, exemptions: [], hasSecret: false, ...whose };

  /** A moment before that run: a rule may ask whether something was before or after it. */
  function before(day: number): Instant {
    return start + day * DAY - 1;
  }

  function lastUse(at: Instant | undefined, other: Instant | undefined): LastUse {
    if (at === undefined) return { kind: 'never' };
    const earlier = other !== undefined && isEarlierOnSameDay(at, other, start);
    return { kind: 'used', at: before(dayOf(at, start)) - Number(earlier), service: 'reported', region: 'reported' };
  }
}

/** The first run at or after that time. */
const dayOf = (at: Instant, start: Instant): number => Math.ceil((at - start) / DAY);

function orderOf(first: Instant | undefined, second: Instant | undefined, start: Instant): string {
  if (first === undefined || second === undefined) return '';
  if (isEarlierOnSameDay(first, second, start)) return '<';
  return isEarlierOnSameDay(second, first, start) ? '>' : '';
}

const isEarlierOnSameDay = (a: Instant, b: Instant, start: Instant): boolean =>
  a < b && dayOf(a, start) === dayOf(b, start);

const olderFirst = (keys: readonly PatternKey[]): readonly PatternKey[] => keys.toSorted((a, b) => a.since - b.since);
