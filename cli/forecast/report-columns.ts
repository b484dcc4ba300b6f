/** The columns of a credential report, in AWS's order. The last one is only in newer reports. */
export const reportColumns = [
  'user',
  'arn',
  'user_creation_time',
  'password_enabled',
  'password_last_used',
  'password_last_changed',
  'password_next_rotation',
  'mfa_active',
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_1_last_used_date',
  'access_key_1_last_used_region',
  'access_key_1_last_used_service',
  'access_key_2_active',
  'access_key_2_last_rotated',
  'access_key_2_last_used_date',
  'access_key_2_last_used_region',
  'access_key_2_last_used_service',
  'cert_1_active',
  'cert_1_last_rotated',
  'cert_2_active',
  'cert_2_last_rotated',
  'additional_credentials_info',
] as const;

export type ReportColumn = (typeof reportColumns)[number];

/** What a forecast rests on: a report without one of these tells too little. */
const needed = [
  'user',
  'arn',
  'access_key_1_active',
  'access_key_1_last_rotated',
  'access_key_1_last_used_date',
  'access_key_2_active',
  'access_key_2_last_rotated',
  'access_key_2_last_used_date',
] as const satisfies readonly ReportColumn[];

export type NeededColumn = (typeof needed)[number];

/** Where the columns that count stand in each row. */
export interface Header {
  readonly width: number;
  readonly places: Readonly<Record<NeededColumn, number>>;
  readonly additional: number | undefined;
  /** The last one that has a value in every row: a file that is cut off has not all of it. */
  readonly last: number | undefined;
}

export interface HeaderMistake {
  readonly column?: string;
  readonly problem: string;
}

const download = 'download the report again (IAM console, Credential report) and do not save it from a spreadsheet';

/** What to do about the answer of the API, which holds the report in another form. */
export const isJson: string =
  'this is JSON, not the report itself: make that with aws iam get-credential-report --query Content --output text | base64 -d > report.csv';

/** Reads the first row. `ignored`: columns that the caller knows of and that do not count. */
export function readHeader(
  titles: readonly string[],
  ignored: ReadonlySet<string>,
): { readonly header: Header } | { readonly mistakes: readonly HeaderMistake[] } {
  const [first = ''] = titles;
  if (titles.length === 1 && /[;\t]/.test(first)) {
    return { mistakes: [{ problem: `the columns are not separated by commas: ${download}` }] };
  }
  const mistakes: HeaderMistake[] = [];
  const known: ReadonlySet<string> = new Set(reportColumns);
  for (const [place, title] of titles.entries()) {
    if (titles.indexOf(title) < place) mistakes.push({ column: title, problem: 'this column is there twice' });
    else if (!known.has(title) && !ignored.has(title)) {
      const problem = `a credential report has no such column; if AWS has added it and it may be passed over, say --ignore-column ${title}`;
      mistakes.push({ column: title, problem });
    }
  }
  const missing = needed.filter((column) => !titles.includes(column));
  if (missing.length > 0) mistakes.push({ problem: `there is no column ${missing.join(', ')}: ${download}` });
  if (mistakes.length > 0) return { mistakes };
  const [additional, last] = [titles.indexOf('additional_credentials_info'), titles.indexOf('cert_2_last_rotated')];
  return {
    header: {
      width: titles.length,
      places: Object.fromEntries(needed.map((column) => [column, titles.indexOf(column)])) as Header['places'],
      additional: additional < 0 ? undefined : additional,
      last: last < 0 ? undefined : last,
    },
  };
}
