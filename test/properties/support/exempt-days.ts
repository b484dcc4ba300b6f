import type { HistoryEvent } from '../../../lambda/domain/events.ts';
import type { UserName } from '../../../lambda/domain/ids.ts';
import { DAY, fromIso, type Instant, toIso } from '../../../lambda/domain/time.ts';
import { exemptionFor } from '../../../lambda/domain/user-match.ts';
import { ACCOUNT } from '../../support/builders.ts';
import type { Account } from './account.ts';
import { must } from './violation.ts';
import type { Worked } from './workers.ts';

/** One may have left a user alone for another reason too: a rotation of it that was open, say. */
const CERTAIN = 2;

/** The undisturbed sweeps that found a user exempt: whoever is exempt when a date comes does not expect it any more. */
export class ExemptDays {
  readonly #account: Account;
  readonly #sweeps = new Map<UserName, Instant[]>();

  constructor(account: Account) {
    this.#account = account;
  }

  add({ ended, process, knowledge, startedAt }: Worked): void {
    if (ended.kind !== 'returned' || ended.value.kind !== 'finished' || process.struck.length > 0) return;
    if (knowledge.mode === 'observe' || ended.value.tally.failed > 0) return;
    for (const userName of this.#account.names) {
      const recreatedAt = this.#account.recreatedAt.get(userName) ?? 0;
      const exemptions = knowledge.exemptions.filter(({ userId, grantedAt }) => !userId || grantedAt > recreatedAt);
      if (exemptionFor(exemptions, { account: ACCOUNT, userName, path: '/' }, knowledge.now) === undefined) continue;
      this.#sweeps.set(userName, [...(this.#sweeps.get(userName) ?? []), Math.min(knowledge.now, startedAt)]);
    }
  }

  /** The date that was announced last did not come while the user was exempt. */
  mustNotHavePassed(date: Instant, told: HistoryEvent, userName: UserName): void {
    const from = Math.max(date, fromIso(told.time));
    const days = new Set(
      (this.#sweeps.get(userName) ?? []).filter((at) => at >= from).map((at) => Math.floor(at / DAY)),
    );
    must(
      days.size < CERTAIN,
      () =>
        `${told.keyId} was announced for ${toIso(date)}, ${userName} was exempt then, and it goes without a new date`,
    );
  }
}
