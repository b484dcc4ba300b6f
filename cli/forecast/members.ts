import { nameOf, nameWithUses, type PatternKey, userOf } from '../../lambda/domain/forecast/key-pattern.ts';
import type { PretendedUser } from '../../lambda/domain/forecast/pretended-user.ts';
import type { AccountId, OwnerId } from '../../lambda/domain/ids.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import type { ReportRow } from './report-row.ts';

/** Equal users of an account, and the name of one of them. */
export interface Member {
  readonly user: PretendedUser;
  readonly count: number;
  readonly example: string;
}

/** One account at the beginning of a forecast. */
export interface AccountMembers {
  readonly account: AccountId;
  readonly users: number;
  readonly keys: number;
  readonly usersWithoutKeys: number;
  /** Active access keys of the root user. */
  readonly rootKeys: number;
  readonly members: readonly Member[];
  /** Users of whose keys not all are known: nothing is forecast for them, as a sweep would do nothing. */
  readonly unknown: readonly string[];
  /** The latest date that a key was changed or used. */
  readonly newest?: Instant | undefined;
}

/** Whether a forecast of a user with these keys asks when they were last used. */
export type UsesMatter = (user: PretendedUser) => boolean;

export interface Telling {
  readonly start: Instant;
  readonly usesMatter: UsesMatter;
  /** Who is told about a user; undefined: that is not known. */
  readonly ownerOf?: (account: AccountId, userName: string, path: string) => OwnerId | 'operators';
}

/** Beyond so many patterns they are made anew with the next report: memory matters more than the second time. */
const MOST_PATTERNS = 100_000;

/** Puts users with equal futures together: an estate has millions of users and some thousands of ages. */
export class MemberPatterns {
  readonly #telling: Telling;
  readonly #users = new Map<string, PretendedUser | 'by-uses'>();

  constructor(telling: Telling) {
    this.#telling = telling;
  }

  /** For the next report. */
  collector(): AccountCollector {
    if (this.#users.size > MOST_PATTERNS) this.#users.clear();
    return new AccountCollector(({ account, userName, path, keys }) =>
      this.#user(keys, this.#telling.ownerOf?.(account, userName, path)),
    );
  }

  #user(keys: readonly PatternKey[], owner: OwnerId | 'operators' | undefined): PretendedUser {
    const { start, usesMatter } = this.#telling;
    const whose = owner === undefined ? {} : { owner };
    const name = `${nameOf(keys, start)} ${owner ?? ''}`;
    let known = this.#users.get(name);
    if (known === undefined) {
      const user = userOf(keys, start, { withUses: false, ...whose });
      known = usesMatter(user) ? 'by-uses' : user;
      this.#users.set(name, known);
    }
    if (known !== 'by-uses') return known;
    const longName = `${nameWithUses(keys, start)} ${owner ?? ''}`;
    const found = this.#users.get(longName);
    if (found !== undefined && found !== 'by-uses') return found;
    const user = userOf(keys, start, { withUses: true, ...whose });
    this.#users.set(longName, user);
    return user;
  }
}

type UserRow = Extract<ReportRow, { kind: 'user' }>;

interface Collected {
  users: number;
  keys: number;
  usersWithoutKeys: number;
  rootKeys: number;
  readonly members: Map<PretendedUser, { count: number; readonly example: string }>;
  readonly unknown: string[];
  newest: Instant | undefined;
}

/** The accounts of one report. */
export class AccountCollector {
  readonly #userOf: (row: UserRow) => PretendedUser;
  readonly #accounts = new Map<AccountId, Collected>();

  constructor(theUserOf: (row: UserRow) => PretendedUser) {
    this.#userOf = theUserOf;
  }

  addRoot({ account, activeKeys }: Extract<ReportRow, { kind: 'root' }>): void {
    this.#of(account).rootKeys += activeKeys;
  }

  addUser(row: UserRow): void {
    const account = this.#of(row.account);
    account.users += 1;
    account.keys += row.keys.length;
    for (const { since, usedAt = since } of row.keys) account.newest = Math.max(account.newest ?? since, since, usedAt);
    if (row.more) account.unknown.push(row.userName);
    else if (row.keys.length === 0) account.usersWithoutKeys += 1;
    else {
      const user = this.#userOf(row);
      const member = account.members.get(user);
      if (member === undefined) account.members.set(user, { count: 1, example: row.userName });
      else member.count += 1;
    }
  }

  /** In the order in which they were met. */
  *accounts(): Generator<AccountMembers> {
    for (const [account, { members, ...counts }] of this.#accounts) {
      yield { account, ...counts, members: [...members].map(([user, member]) => ({ user, ...member })) };
    }
  }

  #of(account: AccountId): Collected {
    const known = this.#accounts.get(account);
    if (known !== undefined) return known;
    const collected = {
      users: 0,
      keys: 0,
      usersWithoutKeys: 0,
      rootKeys: 0,
      members: new Map(),
      unknown: [],
      newest: undefined,
    };
    this.#accounts.set(account, collected);
    return collected;
  }
}
