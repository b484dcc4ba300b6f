import type { DayForecast } from '../../../cli/forecast/forecast-report.ts';
import { calendar, levelsOf } from '../../../cli/forecast/html/calendar.ts';

const nothing = { rotate: 0, disable: 0, delete: 0, deferred: 0, notices: 0, messages: 0 };
const day = (date: string, rotate: number): DayForecast => ({ date, ...nothing, rotate });

interface Drawn {
  /** Weeks after the first of its year's row. */
  readonly week: number;
  /** 0 is Monday. */
  readonly weekday: number;
  readonly fill: string;
}

/** The days of each year's row. */
const rowsOf = (html: string): readonly (readonly Drawn[])[] =>
  html
    .split('<g ')
    .slice(1)
    .map((row) =>
      [...row.matchAll(/<rect x="(\d+)" y="(\d+)" width="15" height="15" fill="([^"]+)"\/>/g)].map(
        ([, x, y, fill = '']) => ({ week: Number(x) / 15, weekday: Number(y) / 15, fill }),
      ),
    );

test('has a field for every day, in the column of its week and the line of its weekday', () => {
  // 2026-12-30 is a Wednesday; 2027-01-03 a Sunday, 2027-01-04 a Monday.
  const [old = [], young = []] = rowsOf(calendar([], '2026-12-30', '2027-01-04'));
  expect(old.map(({ week, weekday }) => [week, weekday])).toEqual([
    [0, 2],
    [0, 3],
  ]);
  expect(young.map(({ week, weekday }) => [week, weekday])).toEqual([
    [0, 4],
    [0, 5],
    [0, 6],
    [1, 0],
  ]);
});

test.each([
  ['a common year', '2027-01-01', '2027-12-31', [365]],
  ['a leap year', '2028-01-01', '2028-12-31', [366]],
  ['from the middle of one to the middle of the next', '2026-11-20', '2027-11-19', [42, 323]],
  ['a single day', '2026-11-20', '2026-11-20', [1]],
  ['the last day of a year', '2026-12-31', '2027-01-01', [1, 1]],
  ['three years', '2026-12-31', '2028-01-02', [1, 365, 2]],
])('%s', (_, from, to, lengths) => {
  expect(rowsOf(calendar([], from, to)).map(({ length }) => length)).toEqual(lengths);
});

test('a day is the stronger the more is done on it; one on which nothing is has no colour', () => {
  const days = [day('2026-11-23', 1), day('2026-11-24', 8), day('2026-11-25', 3), day('2026-11-26', 0)];
  const [row = []] = rowsOf(calendar(days, '2026-11-23', '2026-11-27'));
  expect(row.map(({ fill }) => fill)).toEqual(['var(--heat-1)', 'var(--heat-4)', 'var(--heat-2)', 'none', 'none']);
});

test('names the months that it shows over their weeks, and borders between them', () => {
  const html = calendar([], '2026-11-20', '2027-02-10');
  expect([...html.matchAll(/text-anchor="middle">(\w+)</g)].map(([, month]) => month)).toEqual([
    'Nov',
    'Dec',
    'Jan',
    'Feb',
  ]);
  // Before December, and before February: January begins a row of its own.
  expect(html.match(/<path /g)).toHaveLength(2);
  expect([...html.matchAll(/class="year"[^>]*>(\d+)</g)].map(([, year]) => year)).toEqual(['2026', '2027']);
});

test('says in words what its colours mean', () => {
  const html = calendar([day('2026-11-23', 4_000)], '2026-11-20', '2026-12-20');
  expect([...html.matchAll(/<li [^>]*>([^<]+)</g)].map(([, text]) => text)).toEqual([
    '1 to 1,000',
    '1,001 to 2,000',
    '2,001 to 3,000',
    '3,001 to 4,000',
  ]);
  expect(html).toContain('role="img" aria-label="Calendar from 2026-11-20 to 2026-12-20');
});

test.each([
  [1, [[1, 1]]],
  [
    3,
    [
      [1, 1],
      [2, 2],
      [3, 3],
    ],
  ],
  [
    8,
    [
      [1, 2],
      [3, 4],
      [5, 6],
      [7, 8],
    ],
  ],
  [
    28,
    [
      [1, 7],
      [8, 14],
      [15, 21],
      [22, 28],
    ],
  ],
])('levels up to %i reach every day', (most, expected) => {
  expect(levelsOf(most).map(({ from, to }) => [from, to])).toEqual(expected);
});
