import type { DailyFigures } from '../../lambda/domain/forecast/account-forecast.ts';
import type { HoldReason } from '../../lambda/domain/forecast/held-up.ts';
import type { AccountId } from '../../lambda/domain/ids.ts';
import type { Policy } from '../../lambda/domain/policy.ts';
import { DAY, type Instant, type IsoTime, toIso } from '../../lambda/domain/time.ts';
import { dayOf } from '../dates.ts';
import { type MonthCost, monthsOf } from './cost.ts';
import type { AccountOutlook, Outlook } from './outlook.ts';

/** What would happen, for people and programs. Dates are UTC. */
export interface ForecastReport {
  readonly source: ForecastSource;
  /** Time of the first and of the last run. */
  readonly from: IsoTime;
  readonly to: IsoTime;
  readonly runs: number;
  readonly accounts: number;
  readonly users: number;
  readonly keys: number;
  readonly usersWithoutKeys: number;
  readonly rootKeys: readonly { readonly account: AccountId; readonly activeKeys: number }[];
  /** What is taken for granted, and what the source leaves open; a sentence each. */
  readonly assumed: readonly string[];
  readonly uncertain: readonly string[];
  readonly policies: readonly PolicyForecast[];
}

export type ForecastSource =
  | { readonly kind: 'sample' }
  | { readonly kind: 'files'; readonly files: readonly string[] }
  | { readonly kind: 'live'; readonly account: AccountId };

export interface PolicyForecast {
  readonly name: string;
  readonly policy: Policy;
  readonly totals: DayCounts;
  /** Absent: nothing happens. */
  readonly firstDay?: DayForecast;
  /** The days with most rotations, disables and deletes. */
  readonly worstDays: readonly DayForecast[];
  readonly caps: CapLoad;
  /** Days on which something happens. */
  readonly days: readonly DayForecast[];
  readonly accounts: readonly AccountForecast[];
  readonly heldUp: readonly HeldUpUsers[];
  readonly months: readonly MonthCost[];
}

export interface DayCounts {
  readonly rotate: number;
  readonly disable: number;
  readonly delete: number;
  /** Steps that are due and wait because their account's cap is reached; of totals: step-days. */
  readonly deferred: number;
  readonly notices: number;
  /** To owners; one tells an owner all that a run has done. */
  readonly messages: number;
}

export interface DayForecast extends DayCounts {
  readonly date: string;
}

export interface CapLoad {
  /** Rotations, disables and deletes (each) that an account and run may take. */
  readonly perRun: number;
  /** Accounts in which the cap defers something, on so many days. */
  readonly accounts: number;
  readonly days: number;
  /** Most steps that wait on a day in one account. */
  readonly mostDeferred: number;
  /** After it nothing waits any more; absent: nothing ever does, or something still does at the end. */
  readonly clearOn?: string;
}

export interface AccountForecast extends DayCounts {
  readonly account: AccountId;
  readonly users: number;
  readonly keys: number;
  readonly firstDate?: string;
  readonly worstDay?: DayForecast;
  readonly daysAtCap: number;
}

export interface HeldUpUsers {
  readonly reason: HoldReason;
  readonly users: number;
  readonly firstDate: string;
  readonly longestDays: number;
  /** Users for whom it does not end within the forecast. */
  readonly unending: number;
  readonly examples: readonly { readonly account: AccountId; readonly userName: string }[];
}

const MOST_WORST_DAYS = 5;

/** What a policy does, in the form of the report. `replicas`: Regions that each secret is copied to. */
export function policyForecast(outlook: Outlook, start: Instant, replicas: number): PolicyForecast {
  const { named, total, accounts } = outlook;
  const days = busyDays(total, start);
  const dateOf = (day: number) => dayOf(toIso(start + day * DAY));
  return {
    ...named,
    totals: countsOf(total),
    ...(days[0] && { firstDay: days[0] }),
    worstDays: days
      .filter((day) => stepsOf(day) > 0)
      .sort(heavierFirst)
      .slice(0, MOST_WORST_DAYS),
    caps: capLoad(outlook, dateOf),
    days,
    accounts: accounts
      .map((account) => accountForecast(account, start))
      .sort((a, b) => stepsOf(b) - stepsOf(a) || (a.account < b.account ? -1 : 1)),
    heldUp: outlook.heldUp().map(({ firstDay, ...held }) => ({ ...held, firstDate: dateOf(firstDay) })),
    months: monthsOf(total, start, replicas),
  };
}

/** Rotations, disables and deletes together. */
export const stepsOf = (counts: Pick<DayCounts, 'rotate' | 'disable' | 'delete'>): number =>
  counts.rotate + counts.disable + counts.delete;

/** Every day with anything on it, in order. */
export function busyDays(figures: DailyFigures, start: Instant): DayForecast[] {
  const days: DayForecast[] = [];
  for (let day = 0; day < figures.days; day += 1) {
    const counts = {
      rotate: figures.of('rotate', day),
      disable: figures.of('disable', day),
      delete: figures.of('delete', day),
      deferred: figures.of('deferred', day),
      notices: figures.of('notices', day),
      messages: figures.of('messages', day),
    };
    if (stepsOf(counts) + counts.deferred + counts.notices === 0) continue;
    days.push({ date: dayOf(toIso(start + day * DAY)), ...counts });
  }
  return days;
}

const heavierFirst = (a: DayForecast, b: DayForecast): number => stepsOf(b) - stepsOf(a) || (a.date < b.date ? -1 : 1);

const countsOf = (figures: DailyFigures): DayCounts => ({
  rotate: figures.total('rotate'),
  disable: figures.total('disable'),
  delete: figures.total('delete'),
  deferred: figures.total('deferred'),
  notices: figures.total('notices'),
  messages: figures.total('messages'),
});

function accountForecast({ account, users, keys, figures }: AccountOutlook, start: Instant): AccountForecast {
  const days = busyDays(figures, start);
  const [worstDay] = days.filter((day) => stepsOf(day) > 0).sort(heavierFirst);
  return {
    account,
    users,
    keys,
    ...countsOf(figures),
    ...(days[0] && { firstDate: days[0].date }),
    ...(worstDay && { worstDay }),
    daysAtCap: days.filter(({ deferred }) => deferred > 0).length,
  };
}

function capLoad({ named, total, accounts }: Outlook, dateOf: (day: number) => string): CapLoad {
  let [days, last, mostDeferred, capped] = [0, -1, 0, 0];
  for (let day = 0; day < total.days; day += 1) {
    if (total.of('deferred', day) === 0) continue;
    days += 1;
    last = day;
  }
  for (const { figures } of accounts) {
    let most = 0;
    for (let day = 0; day < figures.days; day += 1) most = Math.max(most, figures.of('deferred', day));
    mostDeferred = Math.max(mostDeferred, most);
    if (most > 0) capped += 1;
  }
  return {
    perRun: named.policy.maxStepsPerSweep,
    accounts: capped,
    days,
    mostDeferred,
    ...(last >= 0 && last + 1 < total.days ? { clearOn: dateOf(last + 1) } : {}),
  };
}
