import { FakeCli } from '../fake-cli.ts';
import { HEADER, keyCells, report, rootRow, userRow, withFiles } from './reports.ts';

const KEY = keyCells('2025-01-01T00:00:00+00:00');

/** What the command says of a file, which it must refuse. */
async function complaintOf(text: string | Record<string, string>, ...argv: readonly string[]): Promise<string> {
  const files: Record<string, string> = typeof text === 'string' ? { 'a.csv': text } : text;
  return withFiles(files, async (path) => {
    const reports = Object.keys(files)
      .filter((name) => name.endsWith('.csv'))
      .map(path);
    const args = argv.map((word) => (word in files ? path(word) : word));
    const { exitCode, out, err } = await new FakeCli().run('forecast', ...reports, ...args);
    expect({ exitCode: exitCode > 0, out }).toEqual({ exitCode: true, out: '' });
    return err.replaceAll(`${path('')}/`, '');
  });
}

const good = userRow('good', { first: KEY });

describe('a report that cannot be gone by is named by line and column, with what to do', () => {
  test.each<[string, string, string]>([
    ['empty', '', 'line 1: the file is empty'],
    [
      'cut off in a row',
      report(good, good.slice(0, 60)),
      'line 4: 3 of 22 columns: the report is cut off or torn here; download it again',
    ],
    [
      'cut off in its last cell',
      report(good.slice(0, -1)),
      "line 3, column cert_2_last_rotated: 'N/' is neither a time nor N/A: the report is cut off",
    ],
    [
      'with a cell too many',
      report(good.replace(',false,N/A,false,N/A', ',false,N/A,false,N/A,N/A')),
      "line 3, column arn: 'arn:aws:iam::111122223333:user/team/good,2024-01-01T00:00:00+00:00' is not the ARN of 'good'",
    ],
    [
      'with an open quote',
      report(`"good,arn:aws:iam::111122223333:user/x\n${good}`),
      'a quote (") is opened here or later and never closed',
    ],
    ['cut off below its columns', HEADER, 'line 1: the report has no row below its columns, not even <root_account>'],
    ['cut off below its columns, with a line break', `${HEADER}\n`, 'it is cut off; download it again'],
    ['without its root row', [HEADER, good].join('\n'), 'account 111122223333 has no row <root_account>'],
    [
      'with a column nobody knows',
      report(good).replace('mfa_active', 'colour'),
      'line 1, column colour: a credential report has no such column',
    ],
    [
      'with a column twice',
      report(good).replace('cert_1_active', 'mfa_active'),
      'line 1, column mfa_active: this column is there twice',
    ],
    [
      'without a column that counts',
      report(good).replace(',access_key_2_last_used_date', ''),
      'line 1: there is no column access_key_2_last_used_date',
    ],
    ['saved by a spreadsheet', report(good).replaceAll(',', ';'), 'line 1: the columns are not separated by commas'],
    [
      'that is the API’s answer',
      '{"Content": "dXNlcixhcm4="}',
      'line 1: this is JSON, not the report itself: make that with aws iam',
    ],
    [
      'with a date that a spreadsheet wrote',
      report(userRow('x', { first: keyCells('01/01/2025 00:00') })),
      "line 3, column access_key_1_last_rotated: '01/01/2025 00:00' is neither a time",
    ],
    [
      'with a 13th month',
      report(userRow('x', { first: keyCells('2025-13-01T00:00:00Z') })),
      "'2025-13-01T00:00:00Z' is neither a time",
    ],
    [
      'with a flag that is none',
      report(userRow('x', { second: KEY.replace('true', 'yes') })),
      "line 3, column access_key_2_active: 'yes' is neither true nor false",
    ],
    [
      'with an Active key without date',
      report(userRow('x', { first: 'true,N/A,N/A,N/A,N/A' })),
      'line 3, column access_key_1_last_rotated: there is a key, but no date',
    ],
    [
      'with another user’s ARN',
      report(good.replace('good,', 'bad,')),
      "line 3, column arn: 'arn:aws:iam::111122223333:user/team/good' is not the ARN of 'bad'",
    ],
    [
      'with a user twice',
      report(good, userRow('GOOD', { first: KEY })),
      "line 4, column user: 'GOOD' is in account 111122223333 twice",
    ],
    ['with two root rows', report(rootRow()), 'line 3, column user: account 111122223333 begins a second time'],
    [
      'from the future',
      report(userRow('x', { first: keyCells('2026-06-02T00:00:00Z') })),
      '2026-06-02T00:00:00Z is after the first run of the forecast: begin later, with --from',
    ],
  ])('%s', async (_, text, expected) => {
    expect(await complaintOf(text)).toContain(expected);
  });

  test('every mistake is told, up to twenty', async () => {
    const rows = Array.from({ length: 30 }, (_, n) => userRow(`user-${n}`, { first: keyCells('long ago') }));
    const lines = (await complaintOf(report(...rows))).split('\n');
    expect(lines.filter((line) => line.includes("'long ago' is neither"))).toHaveLength(20);
    expect(lines.at(-1)).toContain('and more');
  });

  test('two reports of one account', async () => {
    const told = await complaintOf({ 'a.csv': report(good), 'b.csv': report(good) });
    expect(told).toBe('keyturn: Account 111122223333 is in a.csv and in b.csv: name one report of each account.');
  });
});

test('a column that AWS has added may be passed over, by name', async () => {
  const text = report(good)
    .split('\n')
    .map((line, at) => `${line},${at === 0 ? 'passkeys' : '3'}`)
    .join('\n');
  const { exitCode } = await withFiles({ 'a.csv': text }, (path) =>
    new FakeCli().run('forecast', path('a.csv'), '--ignore-column', 'passkeys'),
  );
  expect(exitCode).toBe(0);
});

test('what spreadsheets and newer reports add does no harm: a byte order mark, CRLF, a last line end, the 23rd column', async () => {
  const text = report(good)
    .split('\n')
    .map((line, at) => `${line},${at === 0 ? 'additional_credentials_info' : ''}`)
    .join('\r\n');
  const { exitCode, out } = await withFiles({ 'a.csv': `\uFEFF${text}\r\n` }, (path) =>
    new FakeCli().run('forecast', path('a.csv')),
  );
  expect(exitCode).toBe(0);
  expect(out).toContain('1 account, 1 user (');
});

test('a name with commas that the report does not quote is put together again', async () => {
  const { exitCode, out } = await withFiles(
    { 'a.csv': report(userRow('a,b,c', { first: KEY }).replaceAll('"', ''), userRow('d,e', { first: KEY })) },
    (path) => new FakeCli().run('forecast', path('a.csv'), '--json', '--days', '1'),
  );
  expect({ exitCode, out }).toEqual({ exitCode: 0, out: expect.stringMatching(/"users": 2,[\s\S]*"rotate": 2,/) });
});

test('of a user with more keys than the report shows nothing is forecast, and that is said', async () => {
  const lines = report(good).split('\n');
  const text = lines.map((line, at) => `${line},${['additional_credentials_info', '', '1 (use ListAccessKeys)'][at]}`);
  const { out } = await withFiles({ 'a.csv': text.join('\n') }, (path) => new FakeCli().run('forecast', path('a.csv')));
  expect(out).toContain('Nothing happens in this time.');
  expect(out).toMatch(/\n +1 +2026-06-01 +to the end +more keys/);
});

describe('a policy that cannot be gone by', () => {
  test.each<[string, string, string]>([
    ['is not JSON', '{', 'The policy in p.json cannot be read: SyntaxError'],
    ['says what nobody knows', '{"rotateAfter": 3}', 'policy: Unrecognized key: "rotateAfter"'],
    [
      'contradicts itself',
      '{"disableAfterDays": 80}',
      'policy.disableAfterDays (80) must be at least one day after rotateAfterDays (90)',
    ],
    [
      'contradicts itself beside what cannot be read',
      '{"rotateAfterDays": "90", "disableAfterDays": 80, "deleteAfterDays": 70}',
      'policy.deleteAfterDays (70) must be at least one day after disableAfterDays (80)',
    ],
  ])('%s', async (_, text, expected) => {
    expect(await complaintOf({ 'a.csv': report(good), 'p.json': text }, '--policy', 'p.json')).toContain(expected);
  });

  test.each([
    [['--policy', 'strict'], "'strict' is neither a preset (default, cis) nor a file"],
    [['--policy', 'deployed'], "The policy 'deployed' is known with --live alone"],
    [['--compare', 'default,,cis'], 'is not a list of policies'],
    [['--days', '0'], "'0' is not a whole number of 1 or more"],
    [['--run-at', '25:00'], "'25:00' is not a time of day (such as 06:17)"],
    [['--live', 'report.csv'], 'Either reports or --live'],
    [['--member-profile', 'x'], '--member-profile goes with --live'],
    [['--from', '2026-01-01'], 'The sample report is of one day'],
    [['no-such-file.csv'], "Cannot read 'no-such-file.csv': there is no such file."],
  ])('%j is a wrong command line', async (argv, expected) => {
    const cli = new FakeCli();
    const { exitCode, err } = await cli.run('forecast', ...argv);
    expect({ exitCode, connections: cli.connections.length }).toEqual({ exitCode: 2, connections: 0 });
    expect(err).toContain(expected);
  });
});
