import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { parseUserName } from '../../../lambda/domain/ids.ts';
import { anAssignment, anExemption, aPolicy, at, someSettings } from '../../support/builders.ts';
import { FakeCli } from '../fake-cli.ts';
import { keyCells, report, rootRow, userRow, withFiles } from './reports.ts';

const OLD = keyCells('2025-01-01T00:00:00+00:00', '2026-05-30T10:00:00+00:00');
/** On 2026-06-01, the day of every command line here, 1 day old. */
const NEW = keyCells('2026-05-31T00:00:00+00:00');

const day = z.looseObject({ date: z.string(), rotate: z.number(), disable: z.number(), delete: z.number() });
const schema = z.looseObject({
  source: z.looseObject({ kind: z.string() }),
  from: z.string(),
  accounts: z.number(),
  users: z.number(),
  usersWithoutKeys: z.number(),
  uncertain: z.array(z.string()),
  assumed: z.array(z.string()),
  policies: z.array(
    z.looseObject({
      name: z.string(),
      totals: z.looseObject({ rotate: z.number(), messages: z.number() }),
      days: z.array(day),
      accounts: z.array(z.looseObject({ account: z.string(), rotate: z.number(), daysAtCap: z.number() })),
      heldUp: z.array(z.looseObject({ reason: z.string(), users: z.number() })),
      months: z.array(z.looseObject({ month: z.string(), secrets: z.number(), dollars: z.number() })),
    }),
  ),
});

const read = async (cli: FakeCli, ...argv: readonly string[]) => schema.parse(await cli.json('forecast', ...argv));

const datesOf = (days: readonly z.infer<typeof day>[], kind: 'rotate' | 'disable' | 'delete') =>
  days.filter((one) => one[kind] > 0).map(({ date }) => date);

describe('keyturn forecast of reports', () => {
  test('tells the dates of an old and of a new key, without asking AWS for anything', async () => {
    const cli = new FakeCli();
    const found = await withFiles(
      { 'a.csv': report(userRow('old', { first: OLD }), userRow('new', { first: NEW })) },
      (path) => read(cli, path('a.csv'), '--days', '125'),
    );
    expect(cli.connections).toEqual([]);
    const { days } = found.policies[0] ?? { days: [] };
    expect(found.from).toBe('2026-06-01T06:17:00.000Z');
    expect(datesOf(days, 'rotate')).toEqual(['2026-06-01', '2026-08-29', '2026-08-31']);
    expect(datesOf(days, 'disable')).toEqual(['2026-06-11', '2026-09-08', '2026-09-10']);
    expect(datesOf(days, 'delete')).toEqual(['2026-06-21', '2026-09-18', '2026-09-20']);
  });

  test('several accounts, each from its own report; the table names what is not certain', async () => {
    const other = ['', rootRow('444455556666', true), userRow('other', { account: '444455556666', first: OLD })];
    const files = {
      'a.csv': report(userRow('old', { first: OLD })),
      'b.csv': report().split('\n')[0] + other.join('\n'),
    };
    const { out, exitCode } = await withFiles(files, (path) =>
      new FakeCli().run('forecast', path('a.csv'), path('b.csv')),
    );
    expect(exitCode).toBe(0);
    expect(out).toContain('2 accounts, 2 users (0 without keys), 2 keys. Nothing is changed.');
    expect(out).toMatch(/444455556666 +1 +\d+ +\d+ +\d+ +2026-/);
    expect(out).toContain('The root user has Active access keys in 1 account (444455556666)');
    expect(out).toContain('A credential report has no creation dates');
    expect(out).toContain('It has no key IDs');
  });

  test('policies side by side; with cis an old key dies sooner', async () => {
    const { policies } = await withFiles({ 'a.csv': report(userRow('old', { first: OLD })) }, (path) =>
      read(new FakeCli(), path('a.csv'), '--days', '30', '--compare', 'default,cis'),
    );
    expect(policies.map(({ name, days }) => [name, datesOf(days, 'disable'), datesOf(days, 'delete')])).toEqual([
      ['default', ['2026-06-11'], ['2026-06-21']],
      ['cis', ['2026-06-08'], ['2026-06-15']],
    ]);
  });

  test('a policy of a file, by its cap', async () => {
    const users = ['a', 'b', 'c'].map((name) => userRow(name, { first: OLD }));
    const files = { 'a.csv': report(...users), 'slow.json': '{"preset": "cis", "maxStepsPerSweep": 1}' };
    const { out, policies } = await withFiles(files, async (path) => ({
      ...(await read(new FakeCli(), path('a.csv'), '--days', '40', '--policy', path('slow.json'))),
      ...(await new FakeCli().run('forecast', path('a.csv'), '--days', '40', '--policy', path('slow.json'))),
    }));
    expect(datesOf(policies[0]?.days ?? [], 'rotate')).toEqual(['2026-06-01', '2026-06-02', '2026-06-03']);
    expect(policies[0]?.accounts[0]?.daysAtCap).toBe(2);
    expect(out).toContain(
      'The cap of 1 steps of a kind defers steps in 1 account on 2 days, until 2026-06-03; at most 2',
    );
  });

  test('the policy of settings such as keyturn.config.ts', async () => {
    const files = { 'a.csv': report(userRow('old', { first: OLD })) };
    const settings = 'module.exports = { mode: "observe", policy: { preset: "cis" } };';
    const { policies } = await withFiles({ ...files, 'settings.cjs': settings }, (path) =>
      read(new FakeCli(), path('a.csv'), '--days', '30', '--policy', path('settings.cjs')),
    );
    expect(datesOf(policies[0]?.days ?? [], 'disable')).toEqual(['2026-06-08']);
  });

  test('users who are held up, with the reason', async () => {
    const inactive = keyCells('2026-04-01T00:00:00+00:00', undefined, false);
    const rows = [
      userRow('blocked', { first: OLD, second: inactive }),
      userRow('dormant', { first: keyCells('2025-01-01T00:00:00+00:00', undefined, false) }),
      userRow('person'),
    ];
    const { policies, usersWithoutKeys } = await withFiles({ 'a.csv': report(...rows) }, (path) =>
      read(new FakeCli(), path('a.csv')),
    );
    expect(usersWithoutKeys).toBe(1);
    expect(policies[0]?.heldUp).toEqual([
      {
        reason: 'slot-busy',
        users: 1,
        firstDate: '2026-06-01',
        longestDays: 10,
        unending: 0,
        examples: [{ account: '111122223333', userName: 'blocked' }],
      },
      expect.objectContaining({ reason: 'inactive-only', users: 1, unending: 1 }),
    ]);
  });

  test('a secret is paid for from its first day on', async () => {
    const { policies } = await withFiles({ 'a.csv': report(userRow('old', { first: OLD })) }, (path) =>
      read(new FakeCli(), path('a.csv'), '--days', '61'),
    );
    expect(policies[0]?.months.map(({ month, secrets, dollars }) => [month, secrets, dollars])).toEqual([
      ['2026-06', 1, 0.4],
      ['2026-07', 1, 0.4],
    ]);
  });

  test('with owners one message tells an owner of all its users', async () => {
    const files = {
      'a.csv': report(userRow('a', { first: OLD }), userRow('b', { first: OLD }), userRow('c', { first: OLD })),
      'owners.csv': 'owner,name,email,user\nweb,Web,web@example.com,a\nweb,,,b\n',
    };
    const { policies, assumed } = await withFiles(files, (path) =>
      read(new FakeCli(), path('a.csv'), '--days', '1', '--owners', path('owners.csv')),
    );
    // One to the owner, one to the operators about the user that nobody owns.
    expect(policies[0]?.totals).toMatchObject({ rotate: 3, notices: 3, messages: 2 });
    expect(assumed.join()).not.toContain('Owners are not known');
  });

  test('as CSV: a line for each account and day', async () => {
    const { out } = await withFiles({ 'a.csv': report(userRow('old', { first: OLD })) }, (path) =>
      new FakeCli().run('forecast', path('a.csv'), '--days', '15', '--csv'),
    );
    expect(out.split('\n')).toEqual([
      'policy,date,account,rotate,disable,delete,deferred,notices,messages',
      'default,2026-06-01,111122223333,1,0,0,0,1,1',
      'default,2026-06-02,111122223333,0,0,0,0,1,1',
      'default,2026-06-11,111122223333,0,1,0,0,1,1',
    ]);
  });

  test('--from begins on another day, --run-at at another hour', async () => {
    const { from } = await withFiles({ 'a.csv': report(userRow('old', { first: OLD })) }, (path) =>
      read(new FakeCli(), path('a.csv'), '--from', '2026-07-01', '--run-at', '22:30'),
    );
    expect(from).toBe('2026-07-01T22:30:00.000Z');
  });
});

test('a report whose newest date is long past is doubted; one of yesterday is not', async () => {
  const doubts = (since: string) =>
    withFiles({ 'a.csv': report(userRow('x', { first: keyCells(since) })) }, async (path) =>
      (await read(new FakeCli(), path('a.csv'))).uncertain.filter((each) => each.startsWith('The newest date')),
    );
  expect(await doubts('2026-05-31T08:00:00+00:00')).toEqual([]);
  expect(await doubts('2026-03-01T08:00:00+00:00')).toEqual([
    'The newest date in it is 2026-03-01, 91 days before the first run: if it is that old, take a new one, or begin then with --from.',
  ]);
});

describe('help', () => {
  test('fits 80 columns, and shows the verb in that of keyturn', async () => {
    const { exitCode, out } = await new FakeCli().run('forecast', '--help');
    expect(exitCode).toBe(0);
    for (const word of ['--live', '--days', '--compare', '--html', '06:17', 'Examples:', '--json']) {
      expect(out).toContain(word);
    }
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect((await new FakeCli().run('--help')).out).toMatch(/^ {2}forecast\b/m);
  });

  test('every example in it is a command line that is understood', async () => {
    const { out } = await new FakeCli().run('forecast', '--help');
    const lines = out
      .slice(out.indexOf('Examples:'))
      .split('\n')
      .filter((line) => line.startsWith('  keyturn '));
    expect(lines).toHaveLength(6);
    await withFiles({ 'report.csv': report() }, async (path) => {
      for (const line of lines) {
        const words = line.trim().replace(/ > .*/, '').split(' ').slice(1);
        const args = words.map((word) => (/\.csv$/.test(word) ? path('report.csv') : word));
        const { exitCode, err } = await new FakeCli().run(
          ...args.map((word) => (word.endsWith('.html') ? path(word) : word)),
        );
        expect(`${line}: ${exitCode} ${err}`).toMatch(/: 0 (Written to .*)?$/);
      }
    });
  });
});

describe('keyturn forecast without anything', () => {
  test('shows the sample that comes with it, on its own day', async () => {
    const cli = new FakeCli();
    const found = await read(cli);
    expect(cli.connections).toEqual([]);
    expect(found).toMatchObject({
      source: { kind: 'sample' },
      from: '2026-11-20T06:17:00.000Z',
      accounts: 1,
      users: 49,
    });
    expect((await cli.run('forecast')).out).toContain('Forecast for the sample report that comes with keyturn');
  });

  test('the sample is in the package, and holds nobody’s keys', async () => {
    const { files } = z
      .object({ files: z.array(z.string()) })
      .parse(JSON.parse(await readFile('package.json', 'utf8')));
    expect(files).toContain('samples');
    const text = await readFile('samples/credential-report.csv', 'utf8');
    expect(text).not.toMatch(/\b(AKIA|ASIA|AIDA)/);
    expect(new Set(text.match(/\d{12}(?=:(user|root))/g))).toEqual(new Set(['111122223333']));
  });
});

describe('keyturn forecast --live', () => {
  function aWorld(): FakeCli {
    const cli = new FakeCli();
    cli.iam.addUser('old');
    cli.iam.createKeyByHand('old', { createdAt: at('2025-01-01T00:00:00.000Z') });
    return cli;
  }

  test('goes by the deployed policy, as if it were enforced from now on', async () => {
    const cli = aWorld();
    cli.settings = someSettings({ mode: 'observe', policy: aPolicy({ disableAfterDays: 95, deleteAfterDays: 105 }) });
    const { policies, source } = await read(cli, '--live', '--days', '30');
    expect(source).toEqual({ kind: 'live', account: '111122223333' });
    expect(policies.map(({ name, days }) => [name, datesOf(days, 'rotate'), datesOf(days, 'disable')])).toEqual([
      ['deployed', ['2026-06-01'], ['2026-06-06']],
    ]);
  });

  test('changes nothing', async () => {
    const cli = aWorld();
    await read(cli, '--live');
    expect(cli.ledger.events()).toEqual([]);
    expect(cli.iam.userNames().flatMap((name) => cli.iam.keysNow(name))).toHaveLength(1);
  });

  test('leaves exempt users alone until their exemption ends, and tells owners together', async () => {
    const cli = aWorld();
    for (const name of ['one', 'two']) {
      cli.iam.addUser(name);
      cli.iam.createKeyByHand(name, { createdAt: at('2025-02-01T00:00:00.000Z') });
      const match = { kind: 'user', userName: parseUserName(name) } as const;
      await cli.owners.putAssignment(anAssignment({ match }));
    }
    const match = { kind: 'user', userName: parseUserName('old') } as const;
    await cli.owners.putExemption(anExemption({ match, expiresAt: at('2026-06-20T00:00:00.000Z') }));
    const { policies } = await read(cli, '--live', '--days', '30');
    expect(policies[0]?.days[0]).toMatchObject({ date: '2026-06-01', rotate: 2, notices: 2, messages: 1 });
    expect(datesOf(policies[0]?.days ?? [], 'rotate')).toEqual(['2026-06-01', '2026-06-20']);
    expect(policies[0]?.heldUp).toMatchObject([{ reason: 'exempt', users: 1, longestDays: 19 }]);
  });

  test('asks for last uses where a rule rests on them, and only there', async () => {
    const cli = aWorld();
    cli.iam.addUser('twin');
    const busy = cli.iam.createKeyByHand('twin', { createdAt: at('2025-01-01T00:00:00.000Z') });
    cli.iam.createKeyByHand('twin', { createdAt: at('2025-03-01T00:00:00.000Z') });
    cli.iam.useKey(busy, { at: at('2026-05-31T00:00:00.000Z') });
    await read(cli, '--live', '--days', '60');
    expect(cli.iam.calls.of('iam.lastUse')).toHaveLength(2);
  });

  test('a user who cannot be read is told, and the command fails', async () => {
    const cli = aWorld();
    cli.iam.addUser('dark');
    cli.iam.createKeyByHand('dark');
    const where = (userName: unknown) => userName === 'dark';
    cli.iam.calls.failOn('iam.keys', { when: 'before', error: new Error('iam:ListAccessKeys failed'), where });
    const { exitCode, err } = await cli.run('forecast', '--live');
    expect(exitCode).toBe(1);
    expect(err).toContain('1 user could not be read');
  });
});
