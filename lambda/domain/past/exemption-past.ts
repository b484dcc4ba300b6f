import type { HistoryEvent } from '../events.ts';
import type { AccountId, ExemptionId, UserId } from '../ids.ts';
import type { UserMatch } from '../owners.ts';
import type { Instant } from '../time.ts';
import { isOf, type MatchableUser, matches } from '../user-match.ts';
import type { Mark } from './key-past.ts';
import { instantOf } from './recorded-time.ts';

/** An exemption as history tells it. */
export interface ExemptionPast {
  readonly id: ExemptionId;
  readonly granted: Mark;
  /** Who recorded it. */
  readonly grantedBy: string;
  readonly approver: string;
  readonly reason: string;
  readonly account: AccountId | '*';
  /** In words, as it was recorded. */
  readonly range: string;
  /** Absent: recorded by a version that told the range in words alone, which names no user. */
  readonly match?: UserMatch;
  /** The one that it is for, where that was recorded. */
  readonly userId?: UserId;
  readonly expiresAt: Instant;
  revoked?: Mark & { readonly by: string; readonly reason: string };
}

/** When it ended, or will. */
export const endOf = ({ expiresAt, revoked }: ExemptionPast): Instant =>
  revoked === undefined ? expiresAt : Math.min(expiresAt, revoked.at);

/** Every exemption that history tells of. */
export class ExemptionsPast {
  readonly #all = new Map<ExemptionId, ExemptionPast>();
  readonly #named = new Map<string, ExemptionPast[]>();
  readonly #patterns: ExemptionPast[] = [];

  add(event: HistoryEvent): void {
    const mark = { at: instantOf(event.time), event: event.id };
    if (event.type === 'exemption-revoked') {
      const exemption = this.#all.get(event.details.exemptionId);
      if (exemption !== undefined) exemption.revoked ??= { ...mark, by: event.actor, reason: event.details.reason };
    }
    if (event.type !== 'exemption-granted' || this.#all.has(event.details.exemptionId)) return;
    const { exemptionId: id, reason, approver, expiresAt, match: range, covers } = event.details;
    const match = covers?.match ?? (event.userName && ({ kind: 'user', userName: event.userName } as const));
    const exemption: ExemptionPast = {
      id,
      granted: mark,
      grantedBy: event.actor,
      approver,
      reason,
      account: covers?.account ?? event.account,
      range,
      ...(match && { match }),
      ...(covers?.userId && { userId: covers.userId }),
      expiresAt: instantOf(expiresAt),
    };
    this.#all.set(id, exemption);
    if (match?.kind === 'user') {
      const name = match.userName.toLowerCase();
      this.#named.set(name, [...(this.#named.get(name) ?? []), exemption]);
    } else if (match) this.#patterns.push(exemption);
  }

  all(): readonly ExemptionPast[] {
    return [...this.#all.values()];
  }

  /** For how much of the span, in milliseconds, no exemption held for the user. */
  uncovered(user: MatchableUser, { from, to }: { readonly from: Instant; readonly to: Instant }): number {
    let [bare, at] = [0, from];
    while (at < to) {
      const held = this.of(user, at);
      const next = held === undefined ? this.#nextGrant(user, at, to) : Math.min(endOf(held), to);
      if (held === undefined) bare += next - at;
      at = next;
    }
    return bare;
  }

  /** The last exemption that held for the user at any time of the span. */
  lastOf(
    user: MatchableUser,
    { from, to }: { readonly from: Instant; readonly to: Instant },
  ): ExemptionPast | undefined {
    let last: ExemptionPast | undefined;
    for (const one of this.during(user, from, to)) {
      const isOfSpan = one.granted.at < to && endOf(one) > one.granted.at;
      if (isOfSpan && (last === undefined || endOf(one) > endOf(last))) last = one;
    }
    return last;
  }

  /** The exemption that held for the user at that instant: of several, the one that lasts longest. */
  of(user: MatchableUser, at: Instant): ExemptionPast | undefined {
    let longest: ExemptionPast | undefined;
    for (const one of this.#near(user)) {
      if (at < one.granted.at || at >= endOf(one) || !covers(one, user)) continue;
      if (longest === undefined || endOf(one) > endOf(longest)) longest = one;
    }
    return longest;
  }

  /** Every exemption that ever held for the user at some time between the two. */
  during(user: MatchableUser, from: Instant, to: Instant): readonly ExemptionPast[] {
    return this.#near(user).filter((one) => one.granted.at <= to && endOf(one) > from && covers(one, user));
  }

  /** When the next one is granted; at the latest `to`. */
  #nextGrant(user: MatchableUser, at: Instant, to: Instant): Instant {
    let next = to;
    for (const one of this.#near(user)) {
      if (one.granted.at > at && covers(one, user)) next = Math.min(next, one.granted.at);
    }
    return next;
  }

  /** Those that may be about the user. */
  #near({ userName }: MatchableUser): readonly ExemptionPast[] {
    const named = this.#named.get(userName.toLowerCase());
    return named === undefined ? this.#patterns : [...named, ...this.#patterns];
  }
}

const covers = (one: ExemptionPast, user: MatchableUser): boolean =>
  (one.account === '*' || one.account === user.account) &&
  one.match !== undefined &&
  matches(one.match, user) &&
  isOf(one, user);
