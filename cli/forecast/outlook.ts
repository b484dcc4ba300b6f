import { DailyFigures, forecastAccount } from '../../lambda/domain/forecast/account-forecast.ts';
import { Futures, LastUseUnknownError, type Life } from '../../lambda/domain/forecast/futures.ts';
import { type Hold, type HoldReason, holdsOf } from '../../lambda/domain/forecast/held-up.ts';
import type { PretendedUser } from '../../lambda/domain/forecast/pretended-user.ts';
import type { AccountId } from '../../lambda/domain/ids.ts';
import type { AccountMembers, Member } from './members.ts';
import type { NamedPolicy } from './policy-choice.ts';

/**
 * Beyond so many different users, of all policies that are compared together, their futures are worked out anew: memory
 * matters more than the second time.
 */
const MOST_LIVES = 150_000;
const MOST_EXAMPLES = 5;

export interface AccountOutlook {
  readonly account: AccountId;
  readonly users: number;
  readonly keys: number;
  readonly figures: DailyFigures;
}

export interface HeldUp {
  readonly reason: HoldReason;
  readonly users: number;
  /** Run that is the first to find it, and the longest that it lasts. */
  readonly firstDay: number;
  readonly longestDays: number;
  /** Users for whom it does not end within the forecast. */
  readonly unending: number;
  readonly examples: readonly { readonly account: AccountId; readonly userName: string }[];
}

/** What one policy does to all accounts. */
export class Outlook {
  readonly named: NamedPolicy;
  readonly total: DailyFigures;
  readonly accounts: AccountOutlook[] = [];
  readonly #start: number;
  readonly #mostLives: number;
  readonly #heldUp = new Map<HoldReason, HeldUp>();
  #futures: Futures;
  #lives = new Map<PretendedUser, Life>();
  #holds = new Map<Life, readonly Hold[]>();

  /** `of`: how many outlooks there are side by side. */
  constructor(named: NamedPolicy, start: number, days: number, of: number) {
    this.named = named;
    this.#mostLives = MOST_LIVES / of;
    this.#start = start;
    this.total = new DailyFigures(days);
    this.#futures = new Futures(named.policy, start, days);
  }

  /** Looks into one user's future; throws a LastUseUnknownError when it rests on a last use that was not read. */
  trial(user: PretendedUser): void {
    holdsOf(this.#futures, this.#futures.life(user));
  }

  /** Whether a rule wants to know when the user's keys were last used. */
  asks(user: PretendedUser): boolean {
    try {
      this.trial(user);
      return false;
    } catch (error) {
      if (error instanceof LastUseUnknownError) return true;
      throw error;
    }
  }

  /** Throws a LastUseUnknownError when a rule asks for what was not read. */
  add({ account, users, keys, members, unknown }: AccountMembers): void {
    const cohorts = members.map((member) => ({ life: this.#lifeOf(member.user), count: member.count, member }));
    const its = forecastAccount(this.#futures, cohorts);
    for (const { life, member } of cohorts) this.#hold(account, member, this.#holdsOf(life));
    for (const userName of unknown) {
      const hold = { reason: 'too-many-keys', day: 0, days: this.total.days, ends: false } as const;
      this.#note(account, { count: 1, example: userName }, hold);
    }
    this.accounts.push({ account, users, keys, figures: its });
    this.total.addAll(its);
    if (this.#futures.size > this.#mostLives) this.#forget();
  }

  /** The reason that most users have first. */
  heldUp(): readonly HeldUp[] {
    return [...this.#heldUp.values()].sort((a, b) => b.users - a.users);
  }

  #lifeOf(user: PretendedUser): Life {
    const known = this.#lives.get(user);
    if (known !== undefined) return known;
    const life = this.#futures.life(user);
    this.#lives.set(user, life);
    return life;
  }

  #holdsOf(life: Life): readonly Hold[] {
    const known = this.#holds.get(life);
    if (known !== undefined) return known;
    const holds = holdsOf(this.#futures, life);
    this.#holds.set(life, holds);
    return holds;
  }

  /** A user who is held up several times for the same reason counts once. */
  #hold(account: AccountId, member: Member, holds: readonly Hold[]): void {
    for (const reason of new Set(holds.map((hold) => hold.reason))) {
      const same = holds.filter((hold) => hold.reason === reason);
      const day = Math.min(...same.map((hold) => hold.day));
      const days = Math.max(...same.map((hold) => hold.days));
      this.#note(account, member, { reason, day, days, ends: same.every(({ ends }) => ends) });
    }
  }

  #note(account: AccountId, { count, example }: Omit<Member, 'user'>, { reason, day, days, ends }: Hold): void {
    const before = this.#heldUp.get(reason);
    const examples = before?.examples ?? [];
    this.#heldUp.set(reason, {
      reason,
      users: (before?.users ?? 0) + count,
      firstDay: Math.min(before?.firstDay ?? day, day),
      longestDays: Math.max(before?.longestDays ?? 0, days),
      unending: (before?.unending ?? 0) + (ends ? 0 : count),
      examples: examples.length < MOST_EXAMPLES ? [...examples, { account, userName: example }] : examples,
    });
  }

  #forget(): void {
    this.#futures = new Futures(this.named.policy, this.#start, this.total.days);
    this.#lives = new Map();
    this.#holds = new Map();
  }
}
