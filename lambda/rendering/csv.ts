import { csvFormatRow } from 'd3-dsv';
import type { ReportModel, ReportTable } from '../domain/report/model.ts';
import type { Cell } from './columns.ts';
import { tableOf } from './tables.ts';

/** One table of the report as CSV, line by line: a header row, then every row. Times are ISO 8601 in UTC. */
export function* csvLines(model: ReportModel, id: ReportTable): Generator<string> {
  const { columns: all, rows } = tableOf(model, id);
  const columns = all.map((column, at) => ({ ...column, at })).filter(({ only }) => only !== 'page');
  yield csvFormatRow(columns.map((column) => column.id));
  for (const row of rows()) yield csvFormatRow(columns.map(({ at }) => harmless(row[at])));
}

/** A spreadsheet would take a text that begins like this for a formula. Names and reasons are people's; numbers are ours. */
const harmless = (cell: Cell): string => {
  const text = cell === undefined ? '' : String(cell);
  return typeof cell === 'string' && /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
};
