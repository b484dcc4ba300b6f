import CliTable from 'cli-table3';
import type { Formatter } from 'picocolors/types.js';
import type { Screen } from './screen.ts';

export interface Column<Row> {
  readonly title: string;
  readonly text: (row: Row) => string;
  /** Gives way on a narrow screen: its text continues on further lines. */
  readonly wraps?: true;
  readonly colour?: (row: Row) => Formatter | undefined;
}

/** How the same rows are shown where the screen is too narrow; rows that follow each other share a heading. */
export interface NarrowTable<Row> {
  readonly columns: readonly Column<Row>[];
  readonly heading?: (row: Row) => string;
}

const GAP = 2;
/** A wrapped column narrower than this is hard to read … */
const COMFORTABLE = 34;
/** … and than this, not worth having. */
const NARROWEST = 8;
/** The table library's effort grows with the square of its rows. */
const AT_ONCE = 200;

/** Rows in columns, fitted to the screen; without one every row stays on one line. */
export function table<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  screen: Screen,
  narrow?: NarrowTable<Row>,
): string {
  const widths = widthsOf(columns, rows, screen.width, narrow === undefined ? NARROWEST : COMFORTABLE);
  if (widths !== undefined) return draw(columns, rows, screen, widths);
  const other = narrow?.heading ? indented(narrow.columns) : (narrow?.columns ?? columns);
  return draw(
    other,
    rows,
    screen,
    widthsOf(other, rows, screen.width, Number.NEGATIVE_INFINITY) ?? [],
    narrow?.heading,
  );
}

/** With the first column set in, so that headings stand out. */
function indented<Row>([first, ...others]: readonly Column<Row>[]): readonly Column<Row>[] {
  if (first === undefined) return [];
  return [{ ...first, title: `  ${first.title}`, text: (row) => `  ${first.text(row)}` }, ...others];
}

/** Text from outside without what a terminal would take for commands. */
export const printable = (text: string): string => text.replaceAll(/\p{Cc}+/gu, ' ');

/** Width of each column; undefined when a wrapped one would get less than `least`. */
function widthsOf<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  width: number | undefined,
  least: number,
): readonly number[] | undefined {
  const wanted = columns.map(({ title, text }) =>
    rows.reduce((widest, row) => Math.max(widest, text(row).length), title.length),
  );
  const room = (width ?? Number.POSITIVE_INFINITY) - GAP * (columns.length - 1);
  const sum = (widths: readonly number[]) => widths.reduce((total, each) => total + each, 0);
  if (sum(wanted) <= room) return wanted;
  const fixed = sum(wanted.filter((_, at) => !columns[at]?.wraps));
  const share = shareOf(
    room - fixed,
    wanted.filter((_, at) => columns[at]?.wraps),
  );
  if (share < least) return undefined;
  return wanted.map((each, at) => (columns[at]?.wraps ? Math.min(each, Math.max(share, NARROWEST)) : each));
}

/** The most that each of the columns may take so that together they fit into the room. */
function shareOf(room: number, wanted: readonly number[]): number {
  let left = room;
  const sorted = wanted.toSorted((a, b) => a - b);
  for (const [at, each] of sorted.entries()) {
    const share = Math.floor(left / (sorted.length - at));
    if (each > share) return share;
    left -= each;
  }
  return left;
}

const edges = [
  'top',
  'top-mid',
  'top-left',
  'top-right',
  'bottom',
  'bottom-mid',
  'bottom-left',
  'bottom-right',
] as const;
const lines = ['left', 'left-mid', 'mid', 'mid-mid', 'right', 'right-mid'] as const;
const withoutLines = Object.fromEntries([...edges, ...lines].map((name) => [name, '']));

function draw<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  { paint }: Screen,
  widths: readonly number[],
  heading?: (row: Row) => string,
): string {
  const parts = [drawLines([columns.map(({ title }) => paint.dim(title))], widths)];
  for (const [title, group] of groupsOf(rows, heading)) {
    if (title !== undefined) parts.push(paint.bold(printable(title)));
    const cells = group.map((row) =>
      columns.map(({ text, colour }, at) => {
        const cell = breakLongWords(printable(text(row)), widths[at] ?? 1);
        return colour?.(row)?.(cell) ?? cell;
      }),
    );
    for (let from = 0; from < cells.length; from += AT_ONCE)
      parts.push(drawLines(cells.slice(from, from + AT_ONCE), widths));
  }
  return parts.join('\n');
}

/** Rows that follow each other under the same heading; all of them when there are no headings. */
function groupsOf<Row>(rows: readonly Row[], heading?: (row: Row) => string): readonly [string | undefined, Row[]][] {
  const groups: [string | undefined, Row[]][] = [];
  for (const row of rows) {
    const title = heading?.(row);
    const last = groups.at(-1);
    if (last !== undefined && last[0] === title) last[1].push(row);
    else groups.push([title, [row]]);
  }
  return groups;
}

function drawLines(cells: readonly (readonly string[])[], widths: readonly number[]): string {
  const drawn = new CliTable({
    // One space between cells and one after each make the gap.
    chars: { ...withoutLines, middle: ' ' },
    style: { 'padding-left': 0, 'padding-right': 1, head: [], border: [] },
    colWidths: widths.map((width) => width + 1),
    wordWrap: true,
  });
  for (const row of cells) drawn.push([...row]);
  const lines = drawn.toString().split('\n');
  return lines.map((line) => line.trimEnd()).join('\n');
}

/** A word longer than its column continues on the next line, where the table would cut it off. */
const breakLongWords = (text: string, width: number): string =>
  text.replaceAll(new RegExp(`\\S{${width}}(?=\\S)`, 'g'), '$&\n');
