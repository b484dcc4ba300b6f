import type { Past } from '../past/past.ts';
import { type KeyStateAt, keyStates, standingAt } from '../past/standing.ts';
import { DAY, daysAfter, type Instant, toIso } from '../time.ts';
import type { Series } from './model.ts';
import type { Span } from './rotations.ts';

const AGE_STEP_DAYS = 10;
/** The last bar holds whatever is older. */
const OLDEST_BAR_DAYS = 150;
const WEEKS = 13;
/** More points than this would not be told apart in a chart. */
const MOST_SAMPLES = 60;

/** When the keys are counted: at the end of each day, or of each of as many equal parts. */
export function sampleTimes({ from, to }: Span): readonly Instant[] {
  const parts = Math.min(MOST_SAMPLES, Math.max(1, Math.ceil((to - from) / DAY)));
  const step = Math.ceil((to - from) / DAY / parts) * DAY;
  const times: Instant[] = [];
  for (let at = from + step; at < to; at += step) times.push(at);
  return [...times, to];
}

export function statesAt(past: Past, at: Instant): Series['states'][number] {
  const keys: Partial<Record<KeyStateAt, number>> = {};
  for (const key of past.keys.values()) {
    if (key.status === 'gone') continue;
    const { state } = standingAt(past, key, at);
    keys[state] = (keys[state] ?? 0) + 1;
  }
  // In one order, whichever key came first.
  const present = keyStates.filter((state) => keys[state] !== undefined);
  return { at: toIso(at), keys: Object.fromEntries(present.map((state) => [state, keys[state] ?? 0])) };
}

export function agesAt(past: Past, at: Instant): Series['ages'] {
  const bars = Array.from({ length: OLDEST_BAR_DAYS / AGE_STEP_DAYS + 1 }, (_, n) => ({
    fromDays: n * AGE_STEP_DAYS,
    keys: 0,
  }));
  for (const { status, created } of past.keys.values()) {
    if (status !== 'Active' || created === undefined) continue;
    const bar = bars[Math.min(bars.length - 1, Math.max(0, Math.floor((at - created.at) / DAY / AGE_STEP_DAYS)))];
    if (bar !== undefined) bar.keys += 1;
  }
  return bars;
}

export function deadlinesFrom(past: Past, at: Instant): Series['deadlines'] {
  const weeks = Array.from({ length: WEEKS }, (_, n) => ({
    week: toIso(daysAfter(at, 7 * n)),
    rotate: 0,
    disable: 0,
    delete: 0,
  }));
  for (const key of past.keys.values()) {
    const { next } = standingAt(past, key, at);
    const week = next && weeks[Math.max(0, Math.floor((next.at - at) / DAY / 7))];
    if (week) week[next.step] += 1;
  }
  return weeks;
}

const adoptionBars = [
  [0, '0'],
  [1, '1'],
  [2, '2'],
  [3, '3–4'],
  [5, '5–7'],
  [8, '8–14'],
  [15, '15+'],
] as const;

/** How soon new keys were used. */
export class AdoptionFold {
  readonly #keys = new Map<string, number>();

  add(publishedAt: Instant, usedAt: Instant): void {
    const days = Math.max(0, Math.floor((usedAt - publishedAt) / DAY));
    const name = adoptionBars.findLast(([from]) => from <= days)?.[1];
    if (name !== undefined) this.#keys.set(name, (this.#keys.get(name) ?? 0) + 1);
  }

  /** `unused`: keys that were disabled before anybody was seen using their successor. */
  bars(unused: number): Series['adoption'] {
    return [
      ...adoptionBars.map(([, days]) => ({ days, keys: this.#keys.get(days) ?? 0 })),
      { days: 'never', keys: unused },
    ];
  }
}
