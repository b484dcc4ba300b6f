import type { AccountId, OwnerId, UserId, UserName } from './ids.ts';
import type { Assignment, Exemption, UserMatch } from './owners.ts';
import type { Instant } from './time.ts';

/** What a rule about users looks at. */
export interface MatchableUser {
  readonly account: AccountId;
  readonly userName: UserName;
  /** IAM path, `/` or `/team/…/`. */
  readonly path: string;
  /** Absent: not known. */
  readonly userId?: UserId;
}

/** Whether the rule is about this user. Names compare without case, as in IAM, where they are unique so; paths with it. */
export function matches(match: UserMatch, user: Pick<MatchableUser, 'userName' | 'path'>): boolean {
  switch (match.kind) {
    case 'user':
      return sameName(match.userName, user.userName);
    case 'name':
      return fits(match.pattern.toLowerCase(), user.userName.toLowerCase());
    case 'path':
      return fits(match.pattern, user.path);
    case 'account':
      return true;
    default:
      return match satisfies never;
  }
}

/**
 * The assignment that decides who owns the user: one that names it, else a name or path pattern, else the account's
 * default. Among those an assignment of the account beats one of `*`, then the longer literal text, then name before path.
 */
export function assignmentFor(assignments: readonly Assignment[], user: MatchableUser): Assignment | undefined {
  return assignments
    .filter((assignment) => isAbout(assignment, user))
    .reduce<Assignment | undefined>(
      (best, next) => (best === undefined || moreSpecific(next, best) ? next : best),
      undefined,
    );
}

/** Owner of the user; undefined when no assignment is about it. */
export function ownerFor(assignments: readonly Assignment[], user: MatchableUser): OwnerId | undefined {
  return assignmentFor(assignments, user)?.ownerId;
}

/** The exemption that holds for the user at `now`: of several, the one that lasts longest. */
export function exemptionFor(
  exemptions: readonly Exemption[],
  user: MatchableUser,
  now: Instant,
): Exemption | undefined {
  return exemptions
    .filter((exemption) => now < exemption.expiresAt && isAbout(exemption, user) && isOf(exemption, user))
    .reduce<Exemption | undefined>(
      (longest, next) => (longest === undefined || next.expiresAt > longest.expiresAt ? next : longest),
      undefined,
    );
}

/** The rule in words: `user build-bot`, `users named ci-*`, `users under /team/*`, `all users of the account`. */
export function describeMatch(match: UserMatch): string {
  switch (match.kind) {
    case 'user':
      return `user ${match.userName}`;
    case 'name':
      return `users named ${match.pattern}`;
    case 'path':
      return `users under ${match.pattern}`;
    case 'account':
      return 'all users of the account';
    default:
      return match satisfies never;
  }
}

/** Not so for a user who was deleted and made again under the name: it inherits nothing. */
export const isOf = (exemption: Pick<Exemption, 'userId'>, user: Pick<MatchableUser, 'userId'>): boolean =>
  exemption.userId === undefined || user.userId === undefined || exemption.userId === user.userId;

const isAbout = (
  rule: { readonly account: AccountId | '*'; readonly match: UserMatch },
  user: MatchableUser,
): boolean => (rule.account === '*' || rule.account === user.account) && matches(rule.match, user);

const sameName = (one: string, other: string): boolean => one.toLowerCase() === other.toLowerCase();

/** Whether `text` is the pattern with any text in place of each `*`. No regular expression, so no pattern can be slow. */
function fits(pattern: string, text: string): boolean {
  const [head = '', ...rest] = pattern.split('*');
  const tail = rest.pop();
  if (tail === undefined) return text === head;
  if (!text.startsWith(head)) return false;
  let from = head.length;
  for (const part of rest) {
    const found = text.indexOf(part, from);
    if (found < 0) return false;
    from = found + part.length;
  }
  return text.length - tail.length >= from && text.endsWith(tail);
}

function moreSpecific(one: Assignment, other: Assignment): boolean {
  const [mine, theirs] = [specificity(one), specificity(other)];
  const differing = mine.findIndex((rank, at) => rank !== theirs[at]);
  return (mine[differing] ?? 0) > (theirs[differing] ?? 0);
}

/** Ranks to compare in this order; more is more specific. */
function specificity({ account, match }: Assignment): readonly number[] {
  const level = { user: 2, name: 1, path: 1, account: 0 }[match.kind];
  const ofTheAccount = account === '*' ? 0 : 1;
  const literal = match.kind === 'name' || match.kind === 'path' ? match.pattern.replaceAll('*', '').length : 0;
  return [level, ofTheAccount, literal, match.kind === 'name' ? 1 : 0];
}
