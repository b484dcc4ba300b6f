import { createReadStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { CsvError, parse } from 'csv-parse';
import type { AccountId } from '../../lambda/domain/ids.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import { CommandError, UsageError } from '../errors.ts';
import { type Header, isJson, readHeader } from './report-columns.ts';
import { type ReportRow, RowMistake, readRow } from './report-row.ts';

/** More than so many mistakes of a file are the same one. */
const MOST_MISTAKES = 20;
/** No row of a report is longer; only a quote that is never closed makes one. */
const LONGEST_ROW = 64 * 1024;

export interface ReportReading {
  readonly file: string;
  /** Nothing in it can be later. */
  readonly latest: Instant;
  readonly ignoredColumns: ReadonlySet<string>;
  readonly onUser: (row: Extract<ReportRow, { kind: 'user' }>) => void;
  readonly onRoot: (row: Extract<ReportRow, { kind: 'root' }>) => void;
}

/**
 * Reads a credential report row by row. Throws a CommandError that names every mistake by line and column: of a report
 * that is wrong anywhere nothing is to be used.
 */
export async function readReportFile({ file, latest, ignoredColumns, onUser, onRoot }: ReportReading): Promise<void> {
  const mistakes: string[] = [];
  const users = new Map<AccountId, Set<string>>();
  const roots = new Set<AccountId>();
  let header: Header | undefined;
  let refused = false;
  let line = 0;
  const mistake = (problem: string, column?: string): void => {
    if (mistakes.length < MOST_MISTAKES) {
      mistakes.push(`${file}, line ${line}${column === undefined ? '' : `, column ${column}`}: ${problem}.`);
    } else if (mistakes.length === MOST_MISTAKES) mistakes.push(`${file}: and more.`);
  };

  function take(values: readonly string[]): void {
    if (refused) return;
    if (header === undefined) {
      const found = readHeader(values, ignoredColumns);
      if ('header' in found) header = found.header;
      else {
        for (const { problem, column } of found.mistakes) mistake(problem, column);
        refused = true;
      }
      return;
    }
    try {
      takeRow(readRow(values, header, latest));
    } catch (error) {
      if (!(error instanceof RowMistake)) throw error;
      mistake(error.message, error.column);
    }
  }

  function takeRow(row: ReportRow): void {
    if (row.kind === 'root') {
      if (roots.has(row.account)) throw new RowMistake('user', `account ${row.account} begins a second time`);
      roots.add(row.account);
      onRoot(row);
      return;
    }
    const names = users.get(row.account) ?? new Set();
    users.set(row.account, names);
    // IAM takes names that differ in case alone for the same.
    const name = row.userName.toLowerCase();
    if (names.has(name)) throw new RowMistake('user', `'${row.userName}' is in account ${row.account} twice`);
    names.add(name);
    onUser(row);
  }

  try {
    const parser = parse({
      bom: true,
      relax_column_count: true,
      skip_empty_lines: true,
      max_record_size: LONGEST_ROW,
      on_record(values: string[], { lines }) {
        line = lines;
        take(values);
        return undefined;
      },
    });
    await pipeline(createReadStream(file, { highWaterMark: 1024 * 1024 }), parser, async (records) => {
      for await (const _ of records);
    });
  } catch (error) {
    line += 1;
    mistake(inWords(error, file));
  }
  if (header === undefined && mistakes.length === 0) {
    line = 1;
    mistake('the file is empty: download the report again');
  }
  // An account without users still has the row of its root user.
  if (header !== undefined && mistakes.length === 0 && users.size + roots.size === 0) {
    line = 1;
    mistake('the report has no row below its columns, not even <root_account>: it is cut off; download it again');
  }
  for (const account of users.keys()) {
    if (roots.has(account) || mistakes.length > 0) continue;
    mistakes.push(
      `${file}: account ${account} has no row <root_account>, which every report begins with: it is not whole; download it again.`,
    );
  }
  if (mistakes.length === 0) return;
  throw new CommandError(`${file} is not a credential report that can be gone by.`, { mistakes });
}

function inWords(error: unknown, file: string): string {
  if (error instanceof CsvError) {
    if (error.message.includes('value is "{"')) return isJson;
    return error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE'
      ? 'a quote (") is opened here or later and never closed: the report is cut off or torn; download it again'
      : `this is not CSV as AWS writes it (${error.message}): download the report again`;
  }
  const code = typeof error === 'object' && error !== null && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') throw new UsageError(`Cannot read '${file}': there is no such file.`);
  if (code === 'EISDIR') return 'this is a directory: name the files in it';
  if (code === 'EACCES') return 'you may not read this file';
  throw error;
}
