import type { DailyFigures } from '../../lambda/domain/forecast/account-forecast.ts';
import { DAY, type Instant, toIso } from '../../lambda/domain/time.ts';

/** Dollars; aws.amazon.com/secrets-manager/pricing, read in November 2026. A replica costs what a secret costs. */
const SECRET_A_MONTH = 0.4;
const CALL = 0.05 / 10_000;
/** Making room, storing and publishing a key takes Secrets Manager so many calls at most. */
const CALLS_PER_ROTATION = 8;

export interface MonthCost {
  /** `2026-11`. */
  readonly month: string;
  readonly rotate: number;
  readonly disable: number;
  readonly delete: number;
  readonly messages: number;
  /** At its end. */
  readonly secrets: number;
  /** What Secrets Manager charges for these secrets, to the cent. */
  readonly dollars: number;
}

/** By calendar month; a secret is paid for from the day it is made. */
export function monthsOf(figures: DailyFigures, start: Instant, replicas: number): readonly MonthCost[] {
  const months = new Map<string, { -readonly [K in keyof MonthCost]: MonthCost[K] }>();
  let secrets = 0;
  for (let day = 0; day < figures.days; day += 1) {
    const at = start + day * DAY;
    const month = toIso(at).slice(0, 7);
    const sum = months.get(month) ?? { month, rotate: 0, disable: 0, delete: 0, messages: 0, secrets: 0, dollars: 0 };
    months.set(month, sum);
    for (const kind of ['rotate', 'disable', 'delete', 'messages'] as const) sum[kind] += figures.of(kind, day);
    secrets += figures.of('secrets', day);
    sum.secrets = secrets;
    sum.dollars += (secrets * SECRET_A_MONTH * (1 + replicas)) / daysIn(at);
    sum.dollars += figures.of('rotate', day) * CALLS_PER_ROTATION * CALL * (1 + replicas);
  }
  return [...months.values()].map((month) => ({ ...month, dollars: Math.round(month.dollars * 100) / 100 }));
}

function daysIn(at: Instant): number {
  const date = new Date(at);
  return new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate();
}
