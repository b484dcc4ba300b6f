import { type Instant, MINUTE } from './time.ts';

/** When disruptive steps may happen. Days and hours are those of `timeZone`. */
export interface ChangeWindow {
  /** ISO weekdays, 1 = Monday … 7 = Sunday. */
  readonly weekdays: readonly number[];
  /** Open from this hour (0–23) … */
  readonly fromHour: number;
  /** … up to, and without, this hour (1–24). */
  readonly toHour: number;
  /** IANA name, such as `Europe/Berlin`. */
  readonly timeZone: string;
  /** Dates (`2026-12-24`) on which nothing is disabled or deleted. */
  readonly freezeDates: readonly string[];
}

const weekdayNumbers: Readonly<Record<string, number>> = { Mon: 1, Tue: 2, Wed: 3, Thu: 4, Fri: 5, Sat: 6, Sun: 7 };

/** Whether disruptive steps may happen at this instant. No window means always. */
export function isOpen(window: ChangeWindow | undefined, at: Instant): boolean {
  if (window === undefined) return true;
  const local = localParts(at, window.timeZone);
  return (
    window.weekdays.includes(local.weekday) &&
    local.hour >= window.fromHour &&
    local.hour < window.toHour &&
    !window.freezeDates.includes(local.date)
  );
}

/** The first quarter-hour from `at` on at which the window is open; undefined when there is none within 60 days. */
export function nextOpening(window: ChangeWindow | undefined, at: Instant): Instant | undefined {
  if (window === undefined || isOpen(window, at)) return at;
  // Every time zone's offset is a multiple of 15 minutes, so an hour of the window begins on such a boundary.
  const from = Math.ceil(at / QUARTER) * QUARTER;
  // Thousands of users may wait for the same opening, and each look at 60 days takes longer than all else about them.
  const known = openings.get(window) ?? new Map<Instant, Instant | undefined>();
  openings.set(window, known);
  if (known.has(from)) return known.get(from);
  if (known.size >= MOST_KNOWN) known.clear();
  const opening = openingFrom(window, from);
  known.set(from, opening);
  return opening;
}

const QUARTER: number = 15 * MINUTE;

/** A sweep asks about a few minutes, a forecast about those of a year's runs. */
const MOST_KNOWN = 4_000;

const openings = new WeakMap<ChangeWindow, Map<Instant, Instant | undefined>>();

function openingFrom(window: ChangeWindow, from: Instant): Instant | undefined {
  const last = from + 60 * 24 * 60 * MINUTE;
  for (let next = from; next <= last; next += QUARTER) {
    if (isOpen(window, next)) return next;
  }
  return undefined;
}

interface LocalParts {
  readonly weekday: number;
  readonly hour: number;
  readonly date: string;
}

/** Making a formatter costs a hundred times what using it does. */
const formatters = new Map<string, Intl.DateTimeFormat>();

function localParts(at: Instant, timeZone: string): LocalParts {
  let formatter = formatters.get(timeZone);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat('en-US', {
      timeZone,
      weekday: 'short',
      year: 'numeric',
      month: '2-digit',
      day: '2-digit',
      hour: '2-digit',
      hourCycle: 'h23',
    });
    formatters.set(timeZone, formatter);
  }
  const parts: Record<string, string> = {};
  for (const { type, value } of formatter.formatToParts(at)) parts[type] = value;
  return {
    weekday: weekdayNumbers[parts.weekday ?? ''] ?? 0,
    hour: Number(parts.hour),
    date: `${parts.year}-${parts.month}-${parts.day}`,
  };
}
