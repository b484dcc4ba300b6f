import { isOpen } from '../../../lambda/domain/change-window.ts';
import type { HistoryEvent } from '../../../lambda/domain/events.ts';
import type { AccessKeyId, UserName } from '../../../lambda/domain/ids.ts';
import { disableGapDays } from '../../../lambda/domain/policy.ts';
import { DAY, fromIso, type Instant, MINUTE, toIso } from '../../../lambda/domain/time.ts';
import type { Account } from './account.ts';
import type { Evidence } from './evidence.ts';
import { ExemptDays } from './exempt-days.ts';
import type { Knowledge } from './knowledge.ts';
import { must } from './violation.ts';
import type { Worked } from './workers.ts';

/** A gap may come out one hour shorter (decision 0001), and a sweep takes some minutes. */
export const GRAIN = 75 * MINUTE;

/** From the last look at the clock to the act: two calls, each of which may be slow. */
const ACTING = 5 * MINUTE;

/** What holds a key on its way out although it was announced: nobody's key stops on a date that nobody was told. */
export class Gates {
  readonly #account: Account;
  readonly #evidence: Evidence;
  readonly #exemptDays: ExemptDays;

  constructor(account: Account, evidence: Evidence) {
    this.#account = account;
    this.#evidence = evidence;
    this.#exemptDays = new ExemptDays(account);
  }

  /** A worker has ended. */
  worked(worked: Worked): void {
    this.#exemptDays.add(worked);
  }

  windowOpen({ policy, now }: Knowledge, keyId: AccessKeyId): void {
    const at = this.#account.clock.now();
    const isIn = isOpen(policy.changeWindow, at) || isOpen(policy.changeWindow, Math.max(now, at - ACTING));
    must(isIn, () => `${keyId} is changed outside the change window`);
  }

  /** The date that was announced last has come, and whoever expected it had no reason to forget it. */
  dateToldHasCome({ now }: Knowledge, step: 'disable' | 'delete', told: HistoryEvent, userName: UserName): void {
    const date = dateIn(told, step);
    must(now >= date - GRAIN, () => `${told.keyId} goes before ${toIso(date)}, the date that ${told.type} named`);
    this.#exemptDays.mustNotHavePassed(date, told, userName);
  }

  notInUse({ policy, now, lastUses }: Knowledge, keyId: AccessKeyId, told: HistoryEvent): void {
    const { onlyWhenIdleDays, maxHoldDays } = policy.disable;
    if (onlyWhenIdleDays === undefined) return;
    const lastUse = lastUses.get(keyId);
    const idle = lastUse !== undefined && (lastUse.kind !== 'used' || now >= lastUse.at + onlyWhenIdleDays * DAY);
    const heldEnough = now >= fromIso(told.time) + (disableGapDays(policy) + maxHoldDays) * DAY - GRAIN;
    must(idle || heldEnough, () => `${keyId} is disabled although it was used lately`);
    if (!idle && maxHoldDays > 0) this.#lastDayTold(now, keyId, told);
  }

  #lastDayTold(now: Instant, keyId: AccessKeyId, told: HistoryEvent): void {
    const reminder = this.#evidence.lastDayTold(told);
    if (reminder === undefined) {
      must(false, () => `${keyId} is in use and disabled, and nobody was told that this is its last day`);
      return;
    }
    const { disableAt } = reminder.details;
    must(
      now >= fromIso(disableAt),
      () => `${keyId} is in use and disabled before the last day that was told, ${disableAt}`,
    );
    must(
      now >= fromIso(reminder.time) + DAY - GRAIN,
      () => `${keyId} is in use and disabled less than a day after its last day was told, on ${reminder.time}`,
    );
    this.#evidence.mustBeDelivered(reminder);
  }
}

/** The date that the announcement named for the next step. */
function dateIn({ details, time }: HistoryEvent, step: 'disable' | 'delete'): Instant {
  if ('until' in details) return fromIso(details.until ?? time);
  if (step === 'disable' && 'disableAt' in details) return fromIso(details.disableAt ?? time);
  return fromIso('deleteAt' in details ? details.deleteAt : time);
}
