import { escapeHtml } from '../../domain/escape.ts';
import { type ReportModel, reportTables } from '../../domain/report/model.ts';
import { type Cell, minuteOf } from '../columns.ts';
import { type ShownTable, tableOf } from '../tables.ts';

/** More rows than this nobody reads on a page, and browsers get slow; CSV and JSON have them all. */
export const MOST_ROWS = 5_000;
/** Cells whose column holds texts longer than this get more room. */
const LONG = 40;

export const shownTables = (model: ReportModel): readonly ShownTable[] =>
  reportTables.filter((id) => id !== 'controls').map((id) => tableOf(model, id));

/** A table with its heading. */
export function* tableLines(table: ShownTable): Generator<string> {
  const { id, title, caption, size } = table;
  yield `<section aria-labelledby="${id}"><h2 id="${id}">${escapeHtml(title)}</h2><p class="note">${escapeHtml(caption)}.</p>`;
  if (size === 0) {
    yield '<p class="nothing">None.</p></section>';
    return;
  }
  if (size > MOST_ROWS) {
    yield `<p><strong>These are the first ${MOST_ROWS} of ${size} rows;</strong> the CSV and JSON files of this report have all.</p>`;
  }
  const columns = table.columns.map((column, at) => ({ ...column, at })).filter(({ only }) => only !== 'csv');
  const rows = [...firstOf(table.rows(), MOST_ROWS)];
  const classes = columns.map(({ kind, at }) => kind ?? (rows.some((row) => isLong(row[at])) ? 'long' : ''));
  const classOf = (n: number) => (classes[n] === '' ? '' : ` class="${classes[n]}"`);
  yield `<div class="scroll" tabindex="0" role="region" aria-label="${escapeHtml(title)}, table"><table data-rows="${escapeHtml(title.toLowerCase())}">`;
  yield `<thead><tr>${columns.map((column, n) => `<th scope="col"${classOf(n)}>${escapeHtml(column.title)}</th>`).join('')}</tr></thead><tbody>`;
  for (const row of rows) {
    yield `<tr>${columns.map(({ kind, at }, n) => `<td${classOf(n)}>${cellHtml(row[at], kind)}</td>`).join('')}</tr>`;
  }
  yield '</tbody></table></div></section>';
}

function* firstOf<T>(items: Iterable<T>, most: number): Generator<T> {
  let n = 0;
  for (const item of items) {
    if (n === most) return;
    n += 1;
    yield item;
  }
}

const isLong = (cell: Cell): boolean => typeof cell === 'string' && cell.length > LONG;

function cellHtml(cell: Cell, kind: ShownTable['columns'][number]['kind']): string {
  if (cell === undefined) return '';
  if (kind !== 'time') return escapeHtml(String(cell));
  return `<time datetime="${escapeHtml(String(cell))}">${minuteOf(String(cell))}</time>`;
}
