import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { csvParse } from 'd3-dsv';
import { inventory, receiptOf, run, told } from '../report/support.ts';
import { ACCOUNT, keyId, USER } from '../support/builders.ts';
import { FakeCli } from './fake-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-report-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));
let files = 0;
function freshFile(): string {
  files += 1;
  return join(folder, `report-${files}`);
}

/** On 10 November 2026, after an October in which a key was replaced. */
async function aDeployment(): Promise<FakeCli> {
  const cli = new FakeCli();
  cli.clock.set(Date.parse('2026-11-10T12:00:00.000Z'));
  const replaced = told('2026-10-02', 'key-replaced', 1, { incomingKeyId: keyId(2) });
  await cli.ledger.append([
    inventory('2026-09-25', [{ key: 1, created: '2026-07-04' }]),
    ...run('2026-10-02'),
    replaced,
    receiptOf(replaced, '2026-10-02T06:05'),
    told('2026-11-05', 'key-disabled', 1, { requestId: undefined }),
  ]);
  return cli;
}

describe('keyturn report', () => {
  test('writes last month as a page, and says what it came to', async () => {
    const cli = await aDeployment();
    const file = freshFile();
    const { exitCode, out } = await cli.run('report', '--out', file);
    expect(exitCode).toBe(0);
    expect(out).toContain('Evidence from 2026-10-01 to 2026-10-31 (UTC): 1 key of 1 user in 2 accounts');
    expect(out).toMatch(/^VERDICT +AGAINST +CONTROL$/m);
    expect(out).toMatch(/^pass +0 +Nothing was disabled before somebody had been told$/m);
    expect(out).toContain(`Written to ${file}.`);
    expect(readFileSync(file, 'utf8')).toContain('<title>Access keys: evidence for October 2026</title>');
    for (const line of out.split('\n'))
      expect(line.length).toBeLessThanOrEqual(Math.max(80, `Written to ${file}.`.length));
  });

  test('with --json tells the same to a program', async () => {
    const cli = await aDeployment();
    const file = freshFile();
    expect(await cli.json('report', '--out', file)).toMatchObject({
      file,
      period: { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' },
      figures: { rotated: 1, keys: 1 },
      controls: expect.arrayContaining([expect.objectContaining({ id: 'notice', verdict: 'pass' })]),
    });
  });

  test('json, sent into a pipe, is the whole report', async () => {
    const cli = await aDeployment();
    cli.width = undefined;
    const { out } = await cli.run('report', '--format', 'json', '--from', '2026-11-01');
    expect(JSON.parse(out)).toMatchObject({
      // What is not over ends now.
      period: { from: '2026-11-01T00:00:00.000Z', to: '2026-11-10T12:00:00.000Z' },
      rotations: [{ keyId: keyId(1), disabledAt: '2026-11-05T06:00:00.000Z', proof: 'delivered' }],
    });
  });

  test('csv is one table, keys unless another is named', async () => {
    const cli = await aDeployment();
    cli.width = undefined;
    const keys = csvParse((await cli.run('report', '--format', 'csv', '--month', '2026-10')).out);
    expect(keys.map(({ account, user, key }) => [account, user, key])).toEqual([[ACCOUNT, USER, keyId(1)]]);
    const rotations = csvParse(
      (await cli.run('report', '--format', 'csv', '--table', 'rotations', '--month', '2026-10')).out,
    );
    expect(rotations[0]?.proof).toBe('still Active');
  });

  test('is read by day alone', async () => {
    const cli = await aDeployment();
    await cli.run('report', '--out', freshFile());
    const kinds = cli.ledger.calls
      .of('history.query')
      .map(({ args: [query] }) => (query as { by: { kind: string } }).by.kind);
    expect(new Set(kinds)).toEqual(new Set(['day']));
  });

  test('progress is told beside the output', async () => {
    const cli = await aDeployment();
    const { err } = await cli.run('report', '--out', freshFile());
    expect(err).toMatch(/^reading history: \d{4}-\d\d-\d\d, day 100 of 431$/m);
  });

  test('a time before there was any history is no empty report', async () => {
    const cli = await aDeployment();
    const { exitCode, err } = await cli.run('report', '--month', '2025-01', '--out', freshFile());
    expect(exitCode).toBe(1);
    expect(err).toContain('History says nothing of that time');
  });

  test('a file that cannot be written is named', async () => {
    const cli = await aDeployment();
    const { exitCode, err } = await cli.run('report', '--out', join(folder, 'no', 'such', 'folder'));
    expect(exitCode).toBe(1);
    expect(err).toMatch(/^keyturn: Cannot write '.*' \(ENOENT\): name a file in a folder that is there/m);
  });

  test.each([
    [['--from', '2026-10-02', '--to', '2026-10-02', '--out', 'x'], /--from has to be earlier than --to/],
    [['--to', '2026-10-02', '--out', 'x'], /--to needs --from/],
    [['--from', '2026-12-01', '--out', 'x'], /lies in the future/],
    [['--month', '2026-12', '--out', 'x'], /lies in the future/],
    [['--month', '2026-13', '--out', 'x'], /'2026-13' is not a month/],
    [['--month', '2026-10', '--from', '2026-10-01', '--out', 'x'], /cannot be used with option/],
    [['--format', 'pdf', '--out', 'x'], /Allowed choices are html, csv, json/],
    [['--table', 'keys', '--out', 'x'], /--table is for --format csv/],
    [[], /Name a file with --out/],
  ])('refuses %j before anything is asked of AWS', async (argv, message) => {
    const cli = await aDeployment();
    const { exitCode, err } = await cli.run('report', ...argv);
    expect(exitCode).toBe(2);
    expect(err).toMatch(message);
    expect(cli.connections).toEqual([]);
  });
});
