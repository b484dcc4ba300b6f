import { CsvError, parse } from 'csv-parse/sync';

/** Something wrong in a file, with the place where it is. */
export interface Mistake {
  readonly line: number;
  /** Absent for what concerns the whole line. */
  readonly column?: string;
  readonly problem: string;
}

export interface CsvRow<Column extends string> {
  readonly line: number;
  /** Trimmed; empty for a column that the file does not have. */
  readonly cells: Readonly<Record<Column, string>>;
}

export interface CsvRows<Column extends string> {
  readonly rows: readonly CsvRow<Column>[];
  readonly mistakes: readonly Mistake[];
}

/**
 * Reads a CSV file whose first row names its columns, in any order, without regard to case; all but one may be missing. Takes what spreadsheets make
 * of one: byte order mark, CRLF, semicolons or tabs instead of commas, `="0123"` and `'=x` for text.
 */
export function readRows<Column extends string>(
  bytes: Uint8Array,
  columns: readonly Column[],
  required: Column,
): CsvRows<Column> {
  const failed = (line: number, problem: string): CsvRows<Column> => ({ rows: [], mistakes: [{ line, problem }] });
  const text = decode(bytes);
  if (text === undefined) return failed(1, 'the file is not UTF-8 text: save it as "CSV UTF-8"');
  const { records: all, unclosedQuote } = parseRecords(text);
  if (unclosedQuote !== undefined) return failed(unclosedQuote, 'a quote (") is opened here and never closed');
  const [header, ...records] = all;
  if (header === undefined)
    return failed(1, `the file is empty: its first line names the columns ${columns.join(', ')}`);
  const found = withHeader(header, records, columns);
  if (found.columns.has(required)) return found;
  return failed(header.line, `there is no column ${required}: the first line names the columns ${columns.join(', ')}`);
}

function decode(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

interface CsvRecord {
  readonly line: number;
  readonly values: readonly string[];
}

/** The records that are not empty; a quote that is opened and never closed swallows all that follows. */
function parseRecords(text: string): { readonly records: readonly CsvRecord[]; readonly unclosedQuote?: number } {
  const records: CsvRecord[] = [];
  let read = 0;
  try {
    parse(text, {
      delimiter: delimiterOf(text),
      relax_column_count: true,
      relax_quotes: true,
      skip_empty_lines: true,
      on_record(record: string[], { lines }) {
        read = lines;
        const values = record.map(plain);
        const breaks = record.reduce((sum, value) => sum + value.split('\n').length - 1, 0);
        if (values.some((value) => value !== '')) records.push({ line: lines - breaks, values });
        return undefined;
      },
    });
  } catch (error) {
    if (error instanceof CsvError && error.code === 'CSV_QUOTE_NOT_CLOSED') return { records, unclosedQuote: read + 1 };
    throw error;
  }
  return { records };
}

/** The first line decides: spreadsheets of many countries write semicolons. */
function delimiterOf(text: string): string {
  const [first = ''] = text.split('\n');
  return [',', ';', '\t'].find((delimiter) => first.includes(delimiter)) ?? ',';
}

/** What a spreadsheet writes to keep a value from being taken for a number or a formula, taken off again. */
function plain(value: string): string {
  const trimmed = value.trim();
  const [, quoted] = /^="(.*)"$/s.exec(trimmed) ?? [];
  return quoted?.trim() ?? trimmed.replace(/^'(?=[=+\-@])/, '');
}

function withHeader<Column extends string>(
  header: CsvRecord,
  records: readonly CsvRecord[],
  columns: readonly Column[],
): CsvRows<Column> & { readonly columns: ReadonlyMap<Column, number> } {
  const mistakes: Mistake[] = [];
  const places = new Map<Column, number>();
  for (const [place, title] of header.values.entries()) {
    if (title === '') continue;
    const column = columns.find((name) => name === title.toLowerCase().replaceAll(/[\s-]+/g, '_'));
    const mistake = (problem: string) => mistakes.push({ line: header.line, column: title, problem });
    if (column === undefined) mistake(`there is no such column; the columns are ${columns.join(', ')}`);
    else if (places.has(column)) mistake('this column is there twice');
    else places.set(column, place);
  }
  const rows = records.map(({ line, values }): CsvRow<Column> => {
    const surplus = values.slice(header.values.length).find((value) => value !== '');
    if (surplus !== undefined) {
      const problem = `${values.length} values for ${header.values.length} columns: a value that holds the separator needs "quotes"`;
      mistakes.push({ line, problem });
    }
    return { line, cells: cellsOf(columns, (column) => values[places.get(column) ?? -1] ?? '') };
  });
  return { rows, mistakes, columns: places };
}

function cellsOf<Column extends string>(
  columns: readonly Column[],
  textOf: (column: Column) => string,
): Record<Column, string> {
  return Object.fromEntries(columns.map((column) => [column, textOf(column)])) as Record<Column, string>;
}
