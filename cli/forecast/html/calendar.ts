import { utcDay, utcMonday, utcMonth, utcYear } from 'd3-time';
import { legend, picture } from '../../../lambda/rendering/html/picture.ts';
import { type DayForecast, stepsOf } from '../forecast-report.ts';
import { number } from './markup.ts';

const shades = ['--heat-1', '--heat-2', '--heat-3', '--heat-4'];
/** In pixels: a day, what is left of the days and above them, and the whole picture of a year. */
const [CELL, LEFT, ABOVE, WIDTH, YEAR] = [15, 76, 26, 900, 144];

/** The days from `from` to `to` (dates, the last included), darker the more is done on them; HTML with an SVG. */
export function calendar(days: readonly DayForecast[], from: string, to: string): string {
  const steps = new Map(days.map((day) => [day.date, stepsOf(day)]));
  const levels = levelsOf(Math.max(1, ...steps.values()));
  const after = utcDay.offset(new Date(to));
  const years = [new Date(from), ...utcYear.range(utcDay.offset(new Date(from)), after)];
  const drawn = years.map((first, row) => {
    const last = years[row + 1] ?? after;
    return `<g transform="translate(${LEFT} ${row * YEAR + ABOVE})">${yearOf(first, last, (date) => {
      const count = steps.get(date) ?? 0;
      return count === 0 ? undefined : levels.find((level) => count <= level.to)?.shade;
    })}</g>`;
  });
  const meaning = levels.map((level) => ({ name: inWords(level), colour: level.shade }));
  const description = `Calendar from ${from} to ${to}: the more is done on a day, the stronger its colour.`;
  return `${picture({ description, width: WIDTH, height: years.length * YEAR }, drawn.join(''))}${legend(meaning)}`;
}

/** The days of one year until `end`, a column for each week from Monday to Sunday. */
function yearOf(first: Date, end: Date, shadeOf: (date: string) => string | undefined): string {
  const column = (day: Date) => CELL * utcMonday.count(utcMonday.floor(first), day);
  const line = (day: Date) => CELL * utcDay.count(utcMonday.floor(day), day);
  const cells = utcDay.range(first, end).map((day) => {
    const shade = shadeOf(dateOf(day));
    const fill = shade === undefined ? 'none' : `var(${shade})`;
    return `<rect x="${column(day)}" y="${line(day)}" width="${CELL}" height="${CELL}" fill="${fill}"/>`;
  });
  // Between two months: up along the last days of the one and the first days of the other.
  const borders = utcMonth
    .range(first, end)
    .filter((day) => day > first)
    .map((day) => `<path d="M${column(day)} ${7 * CELL}V${line(day)}h${line(day) === 0 ? 0 : CELL}V0"/>`);
  const months = [utcMonth.floor(first), ...utcMonth.range(utcDay.offset(first), end)].map((month) => {
    const next = utcMonth.offset(month);
    const [from, to] = [month < first ? first : month, utcDay.offset(next < end ? next : end, -1)];
    return `<text x="${(column(from) + column(to) + CELL) / 2}" y="-8" text-anchor="middle">${monthName.format(month)}</text>`;
  });
  const weekdays = ['Mon', '', 'Wed', '', 'Fri', '', 'Sun'].map((name, n) =>
    name === '' ? '' : `<text x="-8" y="${(n + 0.8) * CELL}" text-anchor="end">${name}</text>`,
  );
  const year = `<text class="year" x="${-LEFT}" y="${0.8 * CELL}">${first.getUTCFullYear()}</text>`;
  return [...cells, ...borders, ...months, ...weekdays, year].join('');
}

/** Levels of the calendar: up to a quarter of the heaviest day, a half, three quarters, all. */
export function levelsOf(most: number): readonly Level[] {
  const levels: Level[] = [];
  let from = 1;
  for (const [step, shade] of shades.entries()) {
    const to = Math.max(from, Math.ceil((most * (step + 1)) / shades.length));
    if (from > most) break;
    levels.push({ from, to, shade });
    from = to + 1;
  }
  return levels;
}

interface Level {
  readonly from: number;
  readonly to: number;
  /** The custom property of the page's style that has its colour. */
  readonly shade: string;
}

const inWords = ({ from, to }: Level) => (from === to ? number(from) : `${number(from)} to ${number(to)}`);
const dateOf = (day: Date) => day.toISOString().slice(0, 10);
const monthName = new Intl.DateTimeFormat('en', { month: 'short', timeZone: 'UTC' });
