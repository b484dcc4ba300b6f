import type { UserName } from '../lambda/domain/ids.ts';
import type { UserMatch } from '../lambda/domain/owners.ts';
import { daysAfter, type Instant, toIso } from '../lambda/domain/time.ts';
import { minuteOf } from './dates.ts';
import { UsageError } from './errors.ts';

const LONGEST_EXEMPTION_DAYS = 365;

/** Whom an exemption is for and when it ends, as the command line says it: exactly one of the first three, one of the last. */
export interface ExemptionFlags {
  readonly user?: UserName;
  readonly namePattern?: string;
  readonly pathPattern?: string;
  readonly expires?: Instant;
  /** Days from now. */
  readonly for?: number;
}

export interface ExemptionTerms {
  readonly match: UserMatch;
  readonly expiresAt: Instant;
}

/** Throws UsageError when the flags say too little, too much, or an end that is past or too far away. */
export const exemptionTerms = (flags: ExemptionFlags, now: Instant): ExemptionTerms => ({
  match: matchOf(flags),
  expiresAt: endOf(flags, now),
});

function matchOf({ user, namePattern, pathPattern }: ExemptionFlags): UserMatch {
  const matches: readonly UserMatch[] = [
    ...(user === undefined ? [] : [{ kind: 'user', userName: user } as const]),
    ...(namePattern === undefined ? [] : [{ kind: 'name', pattern: namePattern } as const]),
    ...(pathPattern === undefined ? [] : [{ kind: 'path', pattern: pathPattern } as const]),
  ];
  const [match] = matches;
  if (match !== undefined && matches.length === 1) return match;
  throw new UsageError('Say whom to exempt with exactly one of --user, --name-pattern and --path-pattern.');
}

function endOf({ expires, for: days }: ExemptionFlags, now: Instant): Instant {
  if ((expires === undefined) === (days === undefined)) {
    throw new UsageError('Say when the exemption ends with exactly one of --expires and --for.');
  }
  const end = expires ?? daysAfter(now, days ?? 0);
  const latest = daysAfter(now, LONGEST_EXEMPTION_DAYS);
  if (end <= now) throw new UsageError(`${minuteOf(toIso(end))} UTC is past: an exemption ends in the future.`);
  if (end > latest) {
    throw new UsageError(
      `An exemption lasts at most ${LONGEST_EXEMPTION_DAYS} days: let it end by ${minuteOf(toIso(latest))} UTC and renew it then.`,
    );
  }
  return end;
}
