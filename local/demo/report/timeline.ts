import type { Formatter } from 'picocolors/types.js';
import type { KeyLife } from '../key-lives.ts';
import type { Page } from './paint.ts';

export interface TimelineUser {
  readonly userName: string;
  readonly situation: string;
  readonly keys: readonly KeyLife[];
}

export interface TimelineOptions {
  readonly lastDay: number;
  /** Days on which the owner of a key was warned. */
  readonly warned: ReadonlyMap<string, readonly number[]>;
}

/** Key, its creation, the chart itself, the exact days, the successor. */
const LABEL = 8;
const CREATED = 6;
const DAYS = 15;
const SUCCESSOR = 8;

/** Every key from day 0 on, one line each: when it was made, told, replaced, disabled and deleted, and by what. */
export function timeline(users: readonly TimelineUser[], options: TimelineOptions, { width, paint }: Page): string {
  const scale = scaleFor(options.lastDay, width - 2 - LABEL - CREATED - DAYS - SUCCESSOR);
  const named = names(users.flatMap(({ keys }) => keys));
  const lines = users.flatMap(({ userName, situation, keys }) => [
    '',
    `  ${paint.bold(userName)}${paint.dim(`  ${situation}`)}`,
    ...keys.map((key) => row(key, named, options, scale, paint)),
  ]);
  const heading = `  ${'key'.padEnd(LABEL)}${'made'.padStart(CREATED - 1)} ${scale.axis}${'  rot/dis/del'.padEnd(DAYS)}successor`;
  return [paint.dim(heading), ...lines, '', legend(paint)].join('\n');
}

interface Scale {
  readonly columns: number;
  readonly axis: string;
  columnOf(day: number): number;
}

function scaleFor(lastDay: number, room: number): Scale {
  const columns = Math.max(20, Math.min(lastDay + 1, room));
  const columnOf = (day: number) => Math.min(columns - 1, Math.floor((Math.max(0, day) * columns) / (lastDay + 1)));
  const marks = Array<string>(columns).fill(' ');
  for (let day = 0; day <= lastDay; day += lastDay > 60 ? 20 : 10) {
    for (const [at, digit] of [...String(day)].entries()) {
      const column = columnOf(day) + at;
      if (column < columns) marks[column] = digit;
    }
  }
  return { columns, columnOf, axis: marks.join('') };
}

const keyId = (id: string): string => `…${id.slice(-5)}`;

/** Short names of keys; longer where five characters would not tell two apart. */
const names = (keys: readonly KeyLife[]): ReadonlyMap<string, string> =>
  new Map(keys.map(({ keyId: id }) => [id, keyId(id)]));

type Cell = readonly [sign: string, colour: Formatter];

function row(
  key: KeyLife,
  named: ReadonlyMap<string, string>,
  { lastDay, warned }: TimelineOptions,
  { columns, columnOf }: Scale,
  paint: Page['paint'],
): string {
  const cells = Array<Cell>(columns).fill([' ', paint.reset]);
  const end = key.deletedDay ?? lastDay;
  const from = columnOf(key.createdDay);
  for (let column = from; column <= columnOf(end); column += 1) cells[column] = ['━', paint.green];
  for (const [at, { day, status }] of key.statuses.entries()) {
    if (status === 'Active') continue;
    const until = columnOf(key.statuses[at + 1]?.day ?? end);
    for (let column = columnOf(day); column <= until; column += 1) cells[column] = ['┄', paint.dim];
  }
  const mark = (day: number | null, sign: string, colour: Formatter) => {
    if (day !== null && day >= 0 && day <= lastDay) cells[columnOf(day)] = [sign, colour];
  };
  if (key.createdDay < 0) cells[0] = [cells[0]?.[0] === '┄' ? '┄' : '«', paint.dim];
  else mark(key.createdDay, key.madeBy === 'keyturn' ? '●' : '○', paint.green);
  if (key.deletedDay === null) mark(lastDay, '▶', key.statuses.at(-1)?.status === 'Active' ? paint.green : paint.dim);
  for (const day of warned.get(key.keyId) ?? []) mark(day, 'w', paint.magenta);
  for (const [at, { day, status }] of key.statuses.entries()) {
    if (status !== 'Active') mark(day, 'D', paint.yellow);
    else if (at > 0) mark(day, 'A', paint.blue);
  }
  mark(key.deletedDay, '✕', paint.red);
  mark(key.rotatedDay, 'R', paint.cyan);
  const chart = cells.map(([sign, colour]) => colour(sign)).join('');
  const successor = key.replacedBy === null ? '' : (named.get(key.replacedBy) ?? '(none made)');
  const days = [key.rotatedDay, key.disabledDay, key.deletedDay].map((day) => day ?? '–').join('/');
  const label = `${keyId(key.keyId).padEnd(LABEL)}${String(key.createdDay).padStart(CREATED - 1)} `;
  return `  ${paint.dim(label)}${chart}${`  ${days}`.padEnd(DAYS)}${paint.dim(successor)}`.trimEnd();
}

const legend = (paint: Page['paint']): string =>
  [
    `  ${paint.green('━')} Active  ${paint.dim('┄')} Inactive  ${paint.green('●')} made by Keyturn  ${paint.green('○')} made by hand  ${paint.dim('«')} older than day 0  ${paint.magenta('w')} owner warned`,
    `  ${paint.cyan('R')} replaced  ${paint.yellow('D')} disabled  ${paint.blue('A')} made Active again by its owner  ${paint.red('✕')} deleted  ▶ still there on the last day`,
  ].join('\n');
