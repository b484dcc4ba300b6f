import { table } from '../cli/table.ts';
import type { Page } from '../local/demo/report/paint.ts';
import { wrapped } from '../local/demo/report/paint.ts';
import type { Grid, Result, Target } from './benchmark.ts';

/** A benchmark's result as people read it. */
export function printed(title: string, { tables, targets, notes }: Result, page: Page): string {
  const { paint } = page;
  const remarks = notes.flatMap((note) => wrapped(`  ${note}`, page.width)).map((line) => paint.dim(line));
  const parts = [
    paint.bold(title),
    ...tables.map((grid) => gridText(grid, page)),
    remarks.join('\n'),
    targetsText(targets, page),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function gridText({ title, head, rows }: Grid, { paint }: Page): string {
  const figureWidths = head.map((name, at) => Math.max(name.length, ...rows.map((row) => (row[at] ?? '').length)));
  const aligned = (text: string, at: number) => (at === 0 ? text : text.padStart(figureWidths[at] ?? 0));
  const columns = head.map((name, at) => ({
    title: aligned(name, at),
    text: (row: readonly string[]) => aligned(row[at] ?? '', at),
  }));
  const body = indented(table(columns, rows, { width: undefined, paint }));
  return title === undefined ? body : `  ${title}\n${body}`;
}

function targetsText(targets: readonly Target[], { paint }: Page): string {
  if (targets.length === 0) return '';
  const mark = ({ met }: Target) => (met ? 'met' : 'MISSED');
  const columns = [
    { title: 'Target', text: mark, colour: ({ met }: Target) => (met ? paint.green : paint.red) },
    { title: 'What', text: ({ what }: Target) => what },
    { title: 'Wanted', text: ({ wanted }: Target) => wanted },
    { title: 'Measured', text: ({ measured }: Target) => measured },
  ];
  return indented(table(columns, targets, { width: undefined, paint }));
}

const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');
