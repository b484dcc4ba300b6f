import { type ChangeWindow, isOpen } from '../lambda/domain/change-window.ts';
import { MINUTE } from '../lambda/domain/time.ts';

/** When Keyturn runs, as far as an EventBridge expression tells; or why the expression won't do. */
export type Schedule =
  | {
      readonly kind: 'valid';
      readonly longestGapHours: number;
      /** Minutes since Sunday 00:00 UTC, in every week; absent for a rate, which counts from its deployment. */
      readonly runs?: readonly number[];
    }
  | { readonly kind: 'mistake'; readonly mistake: string };

/** Deadlines and warnings are counted in days, so a longer silence than a weekend would make them late. */
const LONGEST_GAP_HOURS = 3 * 24;
const WEEK_MINUTES = 7 * 24 * 60;
const weekdayNames = ['SUN', 'MON', 'TUE', 'WED', 'THU', 'FRI', 'SAT'];
const hoursOf = new Map([
  ['minute', 1 / 60],
  ['hour', 1],
  ['day', 24],
]);

export function readSchedule(expression: string): Schedule {
  const [, kind, body = ''] = /^(rate|cron)\((.*)\)$/.exec(expression) ?? [];
  if (kind === 'rate') return readRate(expression, body);
  if (kind === 'cron') return readCron(expression, body.split(' '));
  return mistake(`'${expression}' is neither cron(…) nor rate(…), such as 'cron(17 6 * * ? *)'`);
}

function readRate(expression: string, body: string): Schedule {
  const [, count = '', unit = ''] = /^([1-9]\d*) (minute|hour|day)s?$/.exec(body) ?? [];
  const unitHours = hoursOf.get(unit);
  // EventBridge takes `1 day` and `2 days`, but neither `1 days` nor `2 day`.
  if (unitHours === undefined || (count === '1') === body.endsWith('s')) {
    return mistake(`${expression} is not a rate: write 'rate(1 day)' or 'rate(12 hours)'`);
  }
  const hours = Number(count) * unitHours;
  if (hours < 1) return mistake(`${expression} is more often than hourly, and keys age in days`);
  return hours > LONGEST_GAP_HOURS ? tooRare(expression) : { kind: 'valid', longestGapHours: hours };
}

function readCron(expression: string, fields: readonly string[]): Schedule {
  const [minute = '', hour = '', dayOfMonth = '', month = '', dayOfWeek = '', year = ''] = fields;
  if (fields.length !== 6) return mistake(`${expression} has ${fields.length} fields, not 6`);
  if (!['*', '?'].includes(dayOfMonth) || month !== '*' || year !== '*') return tooRare(expression);
  if ((dayOfMonth === '?') === (dayOfWeek === '?')) {
    return mistake(`${expression} must have '?' as exactly one of day-of-month and day-of-week`);
  }
  if (!/^[0-5]?\d$/.test(minute)) return mistake(`${expression} must name one minute of the hour, 0 to 59, first`);
  const hours = valuesOf(hour, 0, 23);
  if (hours === undefined) return mistake(`${expression} has no hours from 0 to 23 in its second field`);
  const weekdays = valuesOf(dayOfWeek === '?' ? '*' : weekdayNumbers(dayOfWeek), 1, 7);
  if (weekdays === undefined) return mistake(`${expression} has no weekdays from SUN to SAT in its fifth field`);
  const runs = weekdays.flatMap((day) => hours.map((each) => ((day - 1) * 24 + each) * 60 + Number(minute)));
  const nextRuns = [...runs.slice(1), (runs[0] ?? 0) + WEEK_MINUTES];
  const longestGapHours = Math.max(...runs.map((run, index) => (nextRuns[index] ?? run) - run)) / 60;
  return longestGapHours > LONGEST_GAP_HOURS ? tooRare(expression) : { kind: 'valid', longestGapHours, runs };
}

const mistake = (text: string): Schedule => ({ kind: 'mistake', mistake: text });

const tooRare = (expression: string): Schedule =>
  mistake(
    `${expression} is too rare: deadlines are days, so at most 3 days may pass between two runs ` +
      '(policy.changeWindow keeps disruption to some of them)',
  );

const weekdayNumbers = (field: string): string =>
  field.replace(/[A-Z]+/g, (name) => String(weekdayNames.indexOf(name) + 1));

/** The values of a cron field made of `*`, numbers, ranges, steps and lists, rising; undefined when it is malformed. */
function valuesOf(field: string, least: number, most: number): number[] | undefined {
  const values = new Set<number>();
  for (const part of field.split(',')) {
    const [, all, from = '', to, step] = /^(?:(\*)|(\d+)(?:-(\d+))?)(?:\/([1-9]\d*))?$/.exec(part) ?? [];
    if (all === undefined && from === '') return undefined;
    const first = all === undefined ? Number(from) : least;
    const openEnded = all !== undefined || (to === undefined && step !== undefined);
    const last = openEnded ? most : Number(to ?? from);
    if (first < least || last > most || first > last) return undefined;
    for (let value = first; value <= last; value += Number(step ?? 1)) values.add(value);
  }
  return [...values].sort((a, b) => a - b);
}

/** Two weeks, from Sunday on, one with summer time and one without in every time zone that has any. */
const WEEKS = [Date.UTC(2027, 0, 3), Date.UTC(2027, 6, 4)];

/** Why a valid policy's window would never be open when Keyturn runs; undefined when it will be. */
export function windowMistake(schedule: Schedule, window: ChangeWindow | undefined): string | undefined {
  if (schedule.kind === 'mistake' || window === undefined) return undefined;
  const { runs, longestGapHours } = schedule;
  if (runs === undefined) {
    if (longestGapHours <= window.toHour - window.fromHour) return undefined;
    return 'policy.changeWindow needs a schedule of the form cron(…): a rate(…) may never fall inside it';
  }
  const everyDay = { ...window, freezeDates: [] };
  const reached = WEEKS.every((week) => runs.some((run) => isOpen(everyDay, week + run * MINUTE)));
  if (reached) return undefined;
  return 'policy.changeWindow is closed whenever the schedule (in UTC) runs, in summer or in winter: nothing would ever be disabled or deleted';
}
