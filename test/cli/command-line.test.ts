import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hasColours } from '../../cli/terminal.ts';
import { FakeCli } from './fake-cli.ts';

const verbs = [
  ['plan'],
  ['status'],
  ['history'],
  ['runs'],
  ['doctor'],
  ['rotate'],
  ['restore'],
  ['snooze'],
  ['owners', 'import'],
  ['owners', 'list'],
  ['owners', 'who'],
  ['exempt', 'add'],
  ['exempt', 'list'],
  ['exempt', 'revoke'],
] as const;

describe('help', () => {
  test.each(verbs.map((verb) => [verb]))('of %j has examples, the shared flags, and fits 80 columns', async (verb) => {
    const { exitCode, out, err } = await new FakeCli().run(...verb, '--help');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toContain(`Usage: keyturn ${verb.join(' ')}`);
    expect(out).toMatch(/Examples:\n {2}keyturn /);
    for (const flag of ['--json', '--profile', '--region', '--deployment']) expect(out).toContain(flag);
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  // Some of them write files, beside whoever tries them.
  const [home, folder] = [process.cwd(), mkdtempSync(join(tmpdir(), 'keyturn-examples-'))];
  beforeAll(() => process.chdir(folder));
  afterAll(() => {
    process.chdir(home);
    rmSync(folder, { recursive: true });
  });

  test('every example in it is a command line that is understood', async () => {
    for (const verb of verbs) {
      const { out } = await new FakeCli().run(...verb, '--help');
      const text = out.slice(out.indexOf('Examples:')).replaceAll(/ \\\n +/g, ' ');
      const lines = text.split('\n').filter((line) => line.startsWith('  keyturn '));
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) {
        const cli = new FakeCli();
        for (const name of ['legacy-erp', 'ci-deploy']) cli.iam.addUser(name);
        const words = wordsOf(line.replace(/ (\||>) .*| {3,}\S.*$/, '').trim());
        const { exitCode, err } = await cli.run(...words.slice(1));
        const understood =
          exitCode === 0 ||
          /owners\.csv|There is no (exemption|run)|knows nothing of key|No user is assigned|no such file|within ten minutes/.test(
            err,
          );
        expect(understood ? 'understood' : `${line}: ${err}`).toBe('understood');
      }
    }
  });

  test('of keyturn itself names every verb', async () => {
    const { exitCode, out } = await new FakeCli().run('--help');
    expect(exitCode).toBe(0);
    for (const verb of ['plan', 'status', 'history', 'runs', 'doctor', 'owners', 'exempt'])
      expect(out).toMatch(new RegExp(`^  ${verb}\\b`, 'm'));
  });
});

/** Splits a line as a shell does, as far as the examples need. */
const wordsOf = (line: string): readonly string[] =>
  [...line.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

test('--version prints the version', async () => {
  expect(await new FakeCli().run('--version')).toEqual({ exitCode: 0, out: '0.1.0', err: '' });
});

describe('a wrong command line ends with exit code 2, one sentence, and asks AWS for nothing', () => {
  test.each<[readonly string[], string]>([
    [['pln'], "Unknown command 'pln'; did you mean plan? 'keyturn --help' shows how."],
    [['owners', 'lst'], "Unknown command 'lst'; did you mean list? 'keyturn owners --help' shows how."],
    [['history', '--usr', 'x'], "Unknown option '--usr'; did you mean --user? 'keyturn history --help' shows how."],
    [
      ['status', 'all'],
      "Too many arguments for 'status'. Expected 0 arguments but got 1. 'keyturn status --help' shows how.",
    ],
    [['owners', 'import'], "Missing required argument 'file'. 'keyturn owners import --help' shows how."],
    [['history', '--user'], "Option '--user <name>' argument missing. 'keyturn history --help' shows how."],
    [
      ['history', '--account', '123'],
      "Option '--account <id>': '123' is not an AWS account ID (12 digits). 'keyturn history --help' shows how.",
    ],
    [
      ['plan', '--at', 'tomorrow'],
      "Option '--at <time>': 'tomorrow' is not a date (2026-11-20) or a time (2026-11-20T09:30Z, UTC). 'keyturn plan --help' shows how.",
    ],
    [
      ['plan', '--region', 'Frankfurt'],
      "Option '--region <region>': 'Frankfurt' is not an AWS Region (such as eu-central-1). 'keyturn plan --help' shows how.",
    ],
  ])('%j', async (argv, sentence) => {
    const cli = new FakeCli();
    expect(await cli.run(...argv)).toEqual({ exitCode: 2, out: '', err: `keyturn: ${sentence}` });
    expect(cli.connections).toEqual([]);
    const { exitCode, err } = await cli.run(...argv, '--json');
    // A flag without its value takes the next word for it.
    if (argv.at(-1) !== '--user')
      expect({ exitCode, error: JSON.parse(err) }).toEqual({ exitCode: 2, error: { error: sentence } });
  });

  test.each([[[]], [['owners']], [['exempt']]])('%j shows its help', async (argv) => {
    const { exitCode, out, err } = await new FakeCli().run(...argv);
    expect({ exitCode, out }).toEqual({ exitCode: 2, out: '' });
    expect(err).toMatch(/^Usage: keyturn[\s\S]*keyturn: What is to be done\? 'keyturn.* --help' shows how\.$/);
  });
});

describe('the shared flags', () => {
  test('are understood before and after the verb', async () => {
    const cli = new FakeCli();
    await cli.run('--profile', 'security', 'status', '--region', 'eu-west-1', '--deployment', '/other');
    await cli.run('owners', 'list', '--profile', 'security');
    expect(cli.connections).toMatchObject([
      { profile: 'security', region: 'eu-west-1', deployment: '/other' },
      { profile: 'security', deployment: '/keyturn/deployment' },
    ]);
  });
});

describe('a fault of our own', () => {
  test('is told in one line, without a stack', async () => {
    const cli = new FakeCli();
    cli.ledger.calls.failOn('history.query', { when: 'before', error: new TypeError('x is not a function') });
    expect(await cli.run('history')).toEqual({
      exitCode: 1,
      out: '',
      err: 'keyturn: Unexpected: TypeError: x is not a function (KEYTURN_DEBUG=1 shows where; please report it).',
    });
  });
});

describe('colours', () => {
  test.each([
    [{}, true, true],
    [{}, false, false],
    [{ TERM: 'dumb' }, true, false],
    [{ NO_COLOR: '1' }, true, false],
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    [{ FORCE_COLOR: '1' }, false, true],
    [{ FORCE_COLOR: '0' }, true, false],
  ])('with %j and a terminal: %s they are on: %s', (env, isTTY, on) => {
    expect(hasColours(env, isTTY)).toBe(on);
  });
});
