import { type ReportModel, reportTables } from '../domain/report/model.ts';
import { csvLines } from './csv.ts';
import { htmlLines } from './html/page.ts';
import { jsonLines } from './json.ts';

/** The report in every format: a page for people, a file for programs, and each table for a spreadsheet. */
export function* reportFiles(model: ReportModel) {
  yield { name: 'report.html', contentType: 'text/html; charset=utf-8', lines: htmlLines(model) };
  yield { name: 'report.json', contentType: 'application/json', lines: jsonLines(model) };
  for (const table of reportTables) {
    yield {
      name: `${table}.csv`,
      contentType: 'text/csv; charset=utf-8; header=present',
      lines: csvLines(model, table),
    };
  }
}
