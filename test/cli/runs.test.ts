import type { HistoryEvent, SweepTally } from '../../lambda/domain/events.ts';
import { type AccountId, parseAccountId, parseRunId, parseUserName, type RunId } from '../../lambda/domain/ids.ts';
import { ACCOUNT, anAccountEvent, at, eventId } from '../support/builders.ts';
import { FakeCli } from './fake-cli.ts';

const account = (n: number): AccountId => parseAccountId(String(200_000_000_000 + n));
const [one, two, three, four, five] = [1, 2, 3, 4, 5].map(account) as [
  AccountId,
  AccountId,
  AccountId,
  AccountId,
  AccountId,
];
const run = (day: number): RunId => parseRunId(`run-2026050${day}T061700Z-abcd`);

type Telling = (second: number) => HistoryEvent;

/** A story of runs, told in order; each event is a second after the one before. */
function told(...tell: readonly Telling[]): FakeCli {
  const cli = new FakeCli();
  void cli.ledger.append(tell.map((each, second) => each(second)));
  return cli;
}

const when = (day: number, second: number) => {
  const time = `2026-05-0${day}T06:17:${String(second).padStart(2, '0')}.000Z`;
  return { time, id: eventId(at(time), second + 1), runId: run(day) };
};

const started =
  (day: number, details: Partial<HistoryEvent<'run-started'>['details']> = {}) =>
  (second: number) =>
    anAccountEvent('run-started', {
      ...when(day, second),
      mode: 'observe',
      details: {
        part: { number: 1, of: 1 },
        expectedAccounts: [one],
        enforcingAccounts: [],
        skippedAccounts: [],
        ...details,
      },
    });
const failedRun = (day: number, error: string) => (second: number) =>
  anAccountEvent('run-failed', { ...when(day, second), details: { error } });
const tally = { part: 1, users: 12, keys: 9, steps: {}, failed: 0, failures: [] };
const finished =
  (day: number, where: AccountId, details: Partial<SweepTally> = {}) =>
  (second: number) =>
    anAccountEvent('sweep-finished', { ...when(day, second), account: where, details: { ...tally, ...details } });
const continued =
  (day: number, where: AccountId, details: Partial<HistoryEvent<'sweep-continued'>['details']>) => (second: number) =>
    anAccountEvent('sweep-continued', { ...when(day, second), account: where, details: { ...tally, ...details } });
const failing = (...users: readonly string[]) => ({
  failed: users.length,
  failures: users.map((name) => ({ userName: parseUserName(name), error: 'IAM is down.' })),
});
const failed =
  (day: number, where: AccountId, reason: 'no-access' | 'failed', error = 'IAM is down.') =>
  (second: number) =>
    anAccountEvent('sweep-failed', { ...when(day, second), account: where, details: { reason, error } });

/** One of each outcome. */
const mixed = (day: number) => [
  started(day, {
    expectedAccounts: [one, two, three, four],
    enforcingAccounts: [two],
    skippedAccounts: [{ account: five, why: 'excluded' }],
  }),
  finished(day, one, { steps: { rotate: 2 } }),
  failed(day, two, 'no-access', 'Deploy the member stack there.'),
  failed(day, three, 'failed'),
];

describe('keyturn runs', () => {
  test('says which ones somebody asked for', async () => {
    const cli = told(started(1), finished(1, one), started(2, { requested: true }), finished(2, one));
    cli.width = undefined;
    const { out } = await cli.run('runs');
    expect(out).toMatch(/2026-05-02 06:17 .* somebody asked for it/);
    expect(out).not.toMatch(/2026-05-01 06:17 .* somebody asked for it/);
    expect(await cli.json('runs')).toMatchObject({ runs: [{ requested: true, begun: 'whole' }, { begun: 'whole' }] });
  });

  test('shows the newest first, in numbers of accounts', async () => {
    const cli = told(started(1), finished(1, one), ...mixed(2));
    cli.width = undefined;
    const { exitCode, out } = await cli.run('runs');
    expect(exitCode).toBe(0);
    expect(out).toBe(
      [
        'STARTED           RUN                        EXPECTED  SWEPT  FAILED  NO ACCESS  OUTSTANDING  REMARKS',
        '2026-05-02 06:17  run-20260502T061700Z-abcd  4         1      1       1          1            1 skipped: excluded by the settings',
        '2026-05-01 06:17  run-20260501T061700Z-abcd  1         1      0       0          0',
        '',
        '2 runs, newest first, times in UTC.',
      ].join('\n'),
    );
  });

  test('fits 80 columns', async () => {
    const { out } = await told(started(1), finished(1, one), ...mixed(2)).run('runs');
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(out.replaceAll(/\s+/g, ' ')).toContain('1 of 4 swept, 1 failed, 1 no access, 1 outstanding');
  });

  test('as JSON tells all numbers', async () => {
    expect(await told(...mixed(2)).json('runs')).toEqual({
      runs: [
        {
          runId: 'run-20260502T061700Z-abcd',
          at: '2026-05-02T06:17:00.000Z',
          begun: 'whole',
          errors: [],
          expected: 4,
          swept: 1,
          sweptInPart: 0,
          failed: 1,
          noAccess: 1,
          outstanding: 1,
          withoutReport: 0,
          skipped: { excluded: 1 },
        },
      ],
      more: false,
    });
  });

  test('--limit takes the newest, and says that there are more', async () => {
    const cli = told(started(1), started(2), started(3));
    expect(await cli.json('runs', '--limit', '2')).toMatchObject({
      runs: [{ runId: run(3) }, { runId: run(2) }],
      more: true,
    });
    expect((await cli.run('runs', '--limit', '2')).out).toContain('There are more: raise --limit.');
    expect(await cli.json('runs', '--limit', '3')).toMatchObject({ more: false });
  });

  test('before the first run says so', async () => {
    expect(await new FakeCli().run('runs')).toEqual({ exitCode: 0, out: 'There has been no run yet.', err: '' });
  });

  test('a run that never began is shown with its error, and one that did at its second attempt as begun', async () => {
    const cli = told(failedRun(1, 'page 3 was throttled'), failedRun(2, 'once'), started(2), finished(2, one));
    cli.width = undefined;
    const { out } = await cli.run('runs');
    expect(out).toContain('did not begin: page 3 was throttled');
    expect(out).toContain('began at attempt 2');
  });

  test('a run whose accounts could not all be queued began only in part', async () => {
    const cli = told(started(2), failedRun(2, 'the queue refused 3 accounts'));
    expect(await cli.json('runs')).toMatchObject({ runs: [{ begun: 'partly', expected: 1 }] });
    expect((await cli.run('runs')).out.replaceAll(/\s+/g, ' ')).toContain(
      'began only in part: the queue refused 3 accounts',
    );
    expect(await told(started(2), failedRun(2, 'once'), started(2)).json('runs')).toMatchObject({
      runs: [{ begun: 'whole' }],
    });
  });

  test('says which accounts had no credential report, and why', async () => {
    const reportMissing = 'AWS denied iam:GenerateCredentialReport.';
    const cli = told(
      started(1, { expectedAccounts: [one, two] }),
      finished(1, one, { reportMissing }),
      finished(1, two),
    );
    cli.width = undefined;
    expect((await cli.run('runs')).out).toMatch(/ 1 without a credential report$/m);
    expect(await cli.json('runs')).toMatchObject({ runs: [{ swept: 2, withoutReport: 1 }] });
    expect((await cli.run('runs', run(1))).out).toContain(
      '12 users, 9 keys, no credential report (AWS denied iam:GenerateCredentialReport.)',
    );
  });

  test('says which accounts had requests that could not be read', async () => {
    const cli = told(started(1), finished(1, one, { unreadRequests: 2 }));
    cli.width = undefined;
    expect((await cli.run('runs')).out).toMatch(/ 1 swept but for some users or requests$/m);
    expect((await cli.run('runs', run(1))).out).toContain('2 requests could not be read (the log says why)');
    expect((await cli.run('history', '--account', one)).out).toContain('2 requests could not be read');
  });

  test('never scans: every query has an index to go by', async () => {
    const cli = told(...mixed(2));
    await cli.run('runs');
    const ways = cli.ledger.calls.of('history.query').map(({ args }) => (args[0] as { by: unknown }).by);
    expect(ways).toEqual([
      { kind: 'account', account: ACCOUNT },
      { kind: 'run', runId: run(2) },
    ]);
  });
});

describe('what became of an account', () => {
  const outcomeOf = async (where: AccountId, ...tell: readonly Telling[]) => {
    const report = (await told(...tell).json('runs', run(2))) as { accounts: { account: string; outcome: string }[] };
    return report.accounts.find((each) => each.account === where);
  };

  test('swept once is swept, whatever a second delivery of its message met', async () => {
    expect(await outcomeOf(one, started(2), failed(2, one, 'failed'), finished(2, one))).toMatchObject({
      outcome: 'swept',
    });
    expect(await outcomeOf(one, started(2), finished(2, one), failed(2, one, 'failed'))).toMatchObject({
      outcome: 'swept',
    });
  });

  test('a sweep in several parts counts the steps of all, and is outstanding until the last', async () => {
    const first = continued(2, one, { steps: { rotate: 3, warn: 1 } });
    expect(await outcomeOf(one, started(2), first)).toMatchObject({ outcome: 'outstanding' });
    expect(await outcomeOf(one, started(2), first, finished(2, one, { part: 2, steps: { rotate: 2 } }))).toMatchObject({
      outcome: 'swept',
      steps: { rotate: 5, warn: 1 },
    });
  });

  test('who failed in an early part is among those that failed, each user once', async () => {
    const parts = [
      continued(2, one, failing('ada', 'bob')),
      continued(2, one, { ...failing('bob'), part: 2 }),
      finished(2, one, { part: 3 }),
    ];
    expect(await outcomeOf(one, started(2), ...parts)).toMatchObject({ outcome: 'swept', usersFailed: 2 });
    expect(await told(started(2), ...parts).json('runs')).toMatchObject({ runs: [{ swept: 1, sweptInPart: 1 }] });
  });

  test('what other runs did does not count', async () => {
    expect(await outcomeOf(one, started(1), finished(1, one), started(2))).toMatchObject({ outcome: 'outstanding' });
  });

  test('a run told in several events expects what all of them name', async () => {
    const parts = [
      started(2, { part: { number: 1, of: 2 }, expectedAccounts: [one, two] }),
      started(2, { part: { number: 2, of: 2 }, expectedAccounts: [three] }),
    ];
    expect(await told(...parts).json('runs')).toMatchObject({ runs: [{ expected: 3, begun: 'whole' }] });
    expect(await told(...parts.slice(0, 1)).json('runs')).toMatchObject({ runs: [{ begun: 'partly' }] });
  });

  test('a run that was dispatched twice expects each account once', async () => {
    const cli = told(started(2, { expectedAccounts: [one, two] }), started(2, { expectedAccounts: [one, two] }));
    expect(await cli.json('runs')).toMatchObject({ runs: [{ expected: 2, outstanding: 2 }] });
  });
});

describe('keyturn runs RUN', () => {
  test('shows each account with mode, outcome and why', async () => {
    const { exitCode, out } = await told(...mixed(2)).run('runs', run(2));
    expect(exitCode).toBe(0);
    expect(out).toBe(
      [
        'Run run-20260502T061700Z-abcd, started 2026-05-02 06:17 UTC',
        '',
        'ACCOUNT       MODE     OUTCOME      WHAT',
        '200000000001  enforce  swept        12 users, 9 keys, 2 rotate',
        '200000000002  enforce  no access    Deploy the member stack there.',
        '200000000003  enforce  failed       IAM is down.',
        '200000000004  observe  outstanding  not heard of yet',
        '200000000005  -        skipped      excluded by the settings',
        '',
        '1 of 4 swept, 1 failed, 1 no access, 1 outstanding; 1 skipped: excluded by the settings.',
      ].join('\n'),
    );
  });

  test('tells of users that failed', async () => {
    const { out } = await told(started(2), finished(2, one, { failed: 2 })).run('runs', run(2));
    expect(out).toContain('12 users, 9 keys, 2 users failed');
  });

  test('tells how far an account is whose sweep goes on in another part', async () => {
    const part = { ...failing('ada'), part: 2, steps: { rotate: 3 } };
    const { out } = await told(started(2), continued(2, one, part)).run('runs', run(2));
    expect(out.replaceAll(/\s+/g, ' ')).toContain(
      'outstanding part 2 ended 2026-05-02 06:17, goes on, 3 rotate, 1 user failed',
    );
    expect(out).not.toContain('not heard of yet');
  });

  test('of a run that never began tells why', async () => {
    const { out } = await told(failedRun(2, 'Nothing is swept: a slip.')).run('runs', run(2));
    expect(out).toContain('Could not begin: Nothing is swept: a slip.');
  });

  test('that there is not is told', async () => {
    expect(await new FakeCli().run('runs', 'run-nowhere')).toEqual({
      exitCode: 1,
      out: '',
      err: "keyturn: There is no run run-nowhere in history: 'keyturn runs' lists the last ones.",
    });
  });

  test('that is none is refused', async () => {
    const { exitCode, err } = await new FakeCli().run('runs', 'yesterday');
    expect(exitCode).toBe(2);
    expect(err).toContain("'yesterday' is not a run ID (run-…)");
  });
});
