import { olderFirst } from '../plan.ts';
import type { DisruptiveStep } from '../step.ts';
import type { Allowed, Futures, Happening, Life } from './futures.ts';

/** What is counted on each day. `deferred`: steps that wait because the run's cap is reached. */
export const figures = ['rotate', 'disable', 'delete', 'deferred', 'notices', 'messages', 'secrets'] as const;
export type Figure = (typeof figures)[number];

/** Figures by day. */
export class DailyFigures {
  readonly days: number;
  readonly #counts: Uint32Array;

  constructor(days: number) {
    this.days = days;
    this.#counts = new Uint32Array(days * figures.length);
  }

  of(figure: Figure, day: number): number {
    return this.#counts[day * figures.length + figures.indexOf(figure)] ?? 0;
  }

  add(figure: Figure, day: number, count: number): void {
    const place = day * figures.length + figures.indexOf(figure);
    this.#counts[place] = (this.#counts[place] ?? 0) + count;
  }

  addAll(other: DailyFigures): void {
    for (const [place, count] of other.#counts.entries()) this.#counts[place] = (this.#counts[place] ?? 0) + count;
  }

  total(figure: Figure): number {
    let sum = 0;
    for (let day = 0; day < this.days; day += 1) sum += this.of(figure, day);
    return sum;
  }
}

/** Users of an account that are equal, and how many they are. */
export interface Cohort {
  readonly life: Life;
  readonly count: number;
}

const kinds = ['rotate', 'disable', 'delete'] as const;

/** What the runs do in one account: whatever is due, as far as the caps of a run allow, the oldest keys first. */
export function forecastAccount(futures: Futures, cohorts: Iterable<Cohort>): DailyFigures {
  const account = new DailyFigures(futures.days);
  const calendar: (Map<Happening, number> | undefined)[] = [];
  for (const { life, count } of cohorts) schedule(life, 0, count);
  for (let day = 0; day < futures.days; day += 1) {
    const today = calendar[day];
    calendar[day] = undefined;
    if (today !== undefined) liveDay(day, today);
  }
  return account;

  /** Puts users into the calendar where something is next done about them. */
  function schedule(life: Life, from: number, count: number): void {
    const happening = futures.next(life, from);
    if (happening === undefined) return;
    const then = calendar[happening.day] ?? new Map<Happening, number>();
    calendar[happening.day] = then;
    then.set(happening, (then.get(happening) ?? 0) + count);
  }

  function liveDay(day: number, today: ReadonlyMap<Happening, number>): void {
    const told = new Set<string>();
    const shares = sharesOf(today, futures.policy.maxStepsPerSweep);
    for (const [happening, count] of today) {
      for (const { number, allowed } of shares.get(happening) ?? [{ number: count }]) {
        const outcome = futures.outcome(happening, allowed);
        for (const kind of kinds) if (outcome[kind] > 0) account.add(kind, day, outcome[kind] * number);
        const deferred = happening.disruptive.length - outcome.rotate - outcome.disable - outcome.delete;
        if (deferred > 0) account.add('deferred', day, deferred * number);
        if (outcome.secrets > 0) account.add('secrets', day, number);
        if (outcome.notices > 0) {
          account.add('notices', day, outcome.notices * number);
          const { owner } = happening.life.user;
          // One message tells an owner all that a run has done; of whom nobody is known, each user is told alone.
          if (owner === undefined) account.add('messages', day, number);
          else told.add(owner);
        }
        schedule(outcome.life, day + 1, number);
      }
    }
    if (told.size > 0) account.add('messages', day, told.size);
  }
}

interface Share {
  readonly number: number;
  /** Absent: all. */
  readonly allowed?: Allowed;
}

interface Demand {
  readonly happening: Happening;
  readonly step: DisruptiveStep;
  readonly count: number;
}

/** How many users of each happening may take how many of their steps; those not mentioned may take all. */
function sharesOf(today: ReadonlyMap<Happening, number>, most: number): ReadonlyMap<Happening, readonly Share[]> {
  const granted = new Map<DisruptiveStep, number>();
  const concerned = new Set<Happening>();
  for (const kind of kinds) {
    const demands = demandsOf(today, kind);
    let left = most;
    if (demands.reduce((sum, { count }) => sum + count, 0) <= most) continue;
    for (const { happening, step, count } of demands.sort((a, b) => olderFirst(a.step, b.step))) {
      const grant = Math.min(left, count);
      left -= grant;
      if (grant === count) continue;
      granted.set(step, grant);
      concerned.add(happening);
    }
  }
  return new Map([...concerned].map((happening) => [happening, split(happening, today.get(happening) ?? 0, granted)]));
}

function demandsOf(today: ReadonlyMap<Happening, number>, kind: DisruptiveStep['kind']): Demand[] {
  const demands: Demand[] = [];
  for (const [happening, count] of today) {
    for (const step of happening.disruptive) if (step.kind === kind) demands.push({ happening, step, count });
  }
  return demands;
}

/** Equal users of whom only some get their step: they part. */
function split(
  { disruptive }: Happening,
  count: number,
  granted: ReadonlyMap<DisruptiveStep, number>,
): readonly Share[] {
  const cuts = new Set([...disruptive.map((step) => granted.get(step) ?? count), count]);
  let from = 0;
  return [...cuts]
    .filter((cut) => cut > 0)
    .sort((a, b) => a - b)
    .map((to): Share => {
      const allowed = { rotate: 0, disable: 0, delete: 0 };
      for (const step of disruptive) if ((granted.get(step) ?? count) >= to) allowed[step.kind] += 1;
      const number = to - from;
      from = to;
      return { number, allowed };
    });
}
