import type { PatternKey } from '../../lambda/domain/forecast/key-pattern.ts';
import { type AccountId, parseAccountId } from '../../lambda/domain/ids.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import type { Header, NeededColumn } from './report-columns.ts';

/** A row of a report, read: a user, or the root user of its account. */
export type ReportRow =
  | { readonly kind: 'root'; readonly account: AccountId; readonly activeKeys: number }
  | {
      readonly kind: 'user';
      readonly account: AccountId;
      readonly userName: string;
      readonly path: string;
      readonly keys: readonly PatternKey[];
      /** It has more keys or certificates than the report shows. */
      readonly more: boolean;
    };

/** What is wrong with a row, and in which column. */
export class RowMistake extends Error {
  override readonly name = 'RowMistake';
  readonly column: string | undefined;

  constructor(column: string | undefined, problem: string) {
    super(problem);
    this.column = column;
  }
}

const ROOT = '<root_account>';
const arnPattern = /^arn:[\w-]+:iam::(\d{12}):(root$|user(\/(?:[\x21-\x7e]*\/)?)([\w+=,.@-]{1,64})$)/;
const noTime: ReadonlySet<string> = new Set(['N/A', 'not_supported']);
const timePattern = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/;

/** Reads one row; throws a RowMistake. `latest`: nothing in the report can be later than that. */
export function readRow(
  row: readonly string[],
  { width, places, additional, last }: Header,
  latest: Instant,
): ReportRow {
  const values = row.length > width && places.user === 0 && places.arn === 1 ? mended(row, width) : row;
  if (values.length < width) {
    throw new RowMistake(
      undefined,
      `${values.length} of ${width} columns: the report is cut off or torn here; download it again`,
    );
  }
  if (values.length > width) {
    throw new RowMistake(undefined, `${values.length} columns where the first line names ${width}: download it again`);
  }
  const end = last === undefined ? 'N/A' : (values[last] ?? '');
  if (!noTime.has(end) && !timePattern.test(end)) {
    throw new RowMistake(
      'cert_2_last_rotated',
      `'${end.slice(0, 40)}' is neither a time nor N/A: the report is cut off or torn here; download it again`,
    );
  }
  const cell = (column: NeededColumn): string => values[places[column]] ?? '';
  const user = cell('user');
  const [, account, what, path = '/', userName] = arnPattern.exec(cell('arn')) ?? [];
  if (account === undefined || (what === 'root') !== (user === ROOT) || (what !== 'root' && userName !== user)) {
    throw new RowMistake(
      'arn',
      `'${cell('arn').slice(0, 120)}' is not the ARN of '${user.slice(0, 80)}': the row is torn; download the report again`,
    );
  }
  const first = readKey(1);
  const second = readKey(2);
  const keys = [first, second].filter((key) => key !== undefined);
  if (user === ROOT) {
    return { kind: 'root', account: parseAccountId(account), activeKeys: keys.filter(({ active }) => active).length };
  }
  const info = additional === undefined ? '' : (values[additional] ?? '');
  const more = info !== '' && info !== '0' && !noTime.has(info);
  return { kind: 'user', account: parseAccountId(account), userName: user, path, keys, more };

  function readKey(number: 1 | 2): PatternKey | undefined {
    const active = readFlag(`access_key_${number}_active`);
    const since = readTime(`access_key_${number}_last_rotated`);
    const usedAt = readTime(`access_key_${number}_last_used_date`);
    if (since === undefined) {
      // The root user's keys have no dates in some reports, and need none: nothing is done to them.
      if (active && user === ROOT) return { active, since: latest };
      if (!active && usedAt === undefined) return undefined;
      throw new RowMistake(
        `access_key_${number}_last_rotated`,
        'there is a key, but no date: download the report again',
      );
    }
    return { active, since, ...(usedAt === undefined ? {} : { usedAt }) };
  }

  function readFlag(column: NeededColumn): boolean {
    const text = cell(column);
    if (text === 'true' || text === 'TRUE') return true;
    if (text === 'false' || text === 'FALSE' || noTime.has(text)) return false;
    throw new RowMistake(column, `'${text.slice(0, 40)}' is neither true nor false`);
  }

  function readTime(column: NeededColumn): Instant | undefined {
    const text = cell(column);
    if (noTime.has(text)) return undefined;
    const at = timePattern.test(text) ? Date.parse(text) : Number.NaN;
    if (Number.isNaN(at)) {
      throw new RowMistake(
        column,
        `'${text.slice(0, 40)}' is neither a time such as 2026-11-20T08:00:00+00:00 nor N/A: spreadsheets rewrite dates, so take the file as it was downloaded`,
      );
    }
    if (at > latest) {
      throw new RowMistake(column, `${text} is after the first run of the forecast: begin later, with --from`);
    }
    return at;
  }
}

/**
 * A name may hold commas, and not every report quotes it. Its fields and those of the ARN, which ends with the name, are put
 * together again; that the ARN names the user shows that this was right.
 */
function mended(row: readonly string[], width: number): readonly string[] {
  const arnAt = row.findIndex((cell) => cell.startsWith('arn:'));
  const restAt = row.length - (width - 2);
  if (arnAt < 1 || arnAt >= restAt) return row;
  return [row.slice(0, arnAt).join(','), row.slice(arnAt, restAt).join(','), ...row.slice(restAt)];
}
