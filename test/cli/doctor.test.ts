import type { SweepTally } from '../../lambda/domain/events.ts';
import { type AccountId, parseAccountId, parseOwnerId, parseRunId, type RunId } from '../../lambda/domain/ids.ts';
import { DAY, fromIso, type Instant, MINUTE } from '../../lambda/domain/time.ts';
import { AccessDeniedError, type ReaderStanding } from '../../lambda/ports.ts';
import { ACCOUNT, anAccountEvent, eventId, OTHER_ACCOUNT, someSettings } from '../support/builders.ts';
import { FakeCli } from './fake-cli.ts';
import { trusting } from './fake-estate.ts';

const RUN = parseRunId('run-20260531T180000Z-abcd');
const RUN_BEFORE = parseRunId('run-20260530T180000Z-abcd');
const whole = { kind: 'organization', excludedOrganizationalUnits: [], excludedAccounts: [] } as const;
const tally = { part: 1, users: 1, keys: 1, steps: {}, failed: 0, failures: [] };

interface Story {
  readonly expected?: readonly AccountId[];
  readonly swept?: readonly AccountId[];
  readonly hoursAgo?: number;
  /** What the last sweeps said, and with it those of the day before, if there was such a day. */
  readonly details?: Partial<SweepTally>;
  readonly before?: Partial<SweepTally>;
}

/** All is well: on 2026-06-01 00:00, six hours after a run that swept the hub. */
function aWorld({ hoursAgo = 6, details = {}, before, ...story }: Story = {}): FakeCli {
  const cli = new FakeCli();
  const last = fromIso('2026-06-01T00:00:00.000Z') - hoursAgo * 3_600_000;
  if (before !== undefined) tellRun(cli, last - DAY, RUN_BEFORE, before, story);
  tellRun(cli, last, RUN, details, story);
  return cli;
}

function tellRun(
  cli: FakeCli,
  at: Instant,
  runId: RunId,
  details: Partial<SweepTally>,
  { expected = [ACCOUNT], swept = expected }: Story,
): void {
  const time = new Date(at).toISOString();
  void cli.ledger.append([
    anAccountEvent('run-started', {
      time,
      id: eventId(at, 1),
      runId,
      details: {
        part: { number: 1, of: 1 },
        expectedAccounts: expected,
        enforcingAccounts: [],
        skippedAccounts: [{ account: parseAccountId('777788889999'), why: 'suspended' }],
      },
    }),
    ...swept.map((account, n) =>
      anAccountEvent('sweep-finished', {
        time,
        id: eventId(at, n + 2),
        runId,
        account,
        details: { ...tally, ...details },
      }),
    ),
  ]);
}

interface Report {
  readonly findings: readonly { check: string; verdict: string; what: string; fix?: string }[];
  readonly summary: Readonly<Record<string, number>>;
}

async function examined(cli: FakeCli): Promise<Report & { exitCode: number; err: string }> {
  const { exitCode, out, err } = await cli.run('doctor', '--json');
  return { ...JSON.parse(out), exitCode, err };
}

/** The verdicts that are not ok, by check. */
async function troubles(cli: FakeCli) {
  const { findings } = await examined(cli);
  return Object.fromEntries(findings.filter((one) => one.verdict !== 'ok').map((one) => [one.check, one.verdict]));
}

const findingOf = async (cli: FakeCli, check: string) =>
  (await examined(cli)).findings.find((one) => one.check === check);

describe('keyturn doctor', () => {
  test('where all is well says so, a line for each check', async () => {
    const cli = aWorld();
    cli.width = undefined;
    const { exitCode, out, err } = await cli.run('doctor');
    expect({ exitCode, err }).toEqual({ exitCode: 0, err: '' });
    expect(out).toBe(
      [
        '    CHECK              WHAT',
        'ok  settings           version 0.1.0; enforce; this account alone; keys rotated at 90, disabled at 100, deleted at 110 days',
        'ok  stack              KeyturnHub is UPDATE_COMPLETE since 2026-05-01 10:00 UTC',
        'ok  owners table       ACTIVE, with point-in-time recovery',
        'ok  state table        ACTIVE, with point-in-time recovery',
        'ok  history table      ACTIVE, with point-in-time recovery',
        'ok  operators topic    1 confirmed subscription',
        'ok  notices topic      3 confirmed subscriptions',
        'ok  sweep queue        2 waiting, 1 at work',
        'ok  dead letters       none',
        'ok  sweeps are begun   the event source is enabled',
        'ok  events are heard   the event source is enabled',
        'ok  events are sealed  the event source is enabled',
        'ok  notices are sent   nobody waits',
        "ok  member role here   KeyturnMember trusts arn:aws:iam::111122223333:role/KeyturnWorker with external ID 'keyturn'",
        'ok  credential report  ready, 0 users',
        'ok  last run           run-20260531T180000Z-abcd, 6 hours ago',
        'ok  sweeps             1 of 1 accounts swept, 1 suspended in the organisation',
        'ok  root keys          looked for in 1 account in the last run',
        'ok  member roles       entered 1 account in the last run',
        '',
        '19 checks: 19 ok.',
      ].join('\n'),
    );
  });

  test('fits 80 columns', async () => {
    const { out } = await aWorld().run('doctor');
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('fails when a check does, and says what to do', async () => {
    const cli = aWorld();
    cli.estate.queues.set('https://sqs/dead-letters', { waiting: 2, inFlight: 1 });
    const { exitCode, out, err } = await cli.run('doctor');
    expect(exitCode).toBe(1);
    expect(out).toContain('fail  dead letters');
    expect(out.replaceAll(/\s+/g, ' ')).toContain("3 letters: read them: 'Dead letters' in docs/runbook.md says how");
    expect(err).toBe('keyturn: 1 check failed: what to do stands beside each.');
  });

  test('what may not be read is unknown, never ok, and spares the rest', async () => {
    const cli = aWorld();
    const error = new AccessDeniedError('AWS denied the call.');
    for (const method of ['stack', 'table', 'subscriptions', 'queue', 'eventSources', 'role'] as const) {
      cli.estate.refused.set(method, error);
    }
    cli.outbox.calls.failOn('outbox.readers', { when: 'before', error });
    const { exitCode, findings, summary } = await examined(cli);
    expect(exitCode).toBe(0);
    expect(summary).toEqual({ ok: 6, warn: 0, fail: 0, unknown: 13 });
    expect(findings.filter(({ verdict }) => verdict === 'ok').map(({ check }) => check)).toEqual([
      'settings',
      'credential report',
      'last run',
      'sweeps',
      'root keys',
      'member roles',
    ]);
    expect(findings.find(({ check }) => check === 'stack')?.what).toContain('AWS denied the call.');
  });

  test('history that may not be read leaves the runs unknown', async () => {
    const cli = aWorld();
    cli.ledger.calls.failOn('history.query', { when: 'before', error: new AccessDeniedError('AWS denied it.') });
    expect(await troubles(cli)).toEqual({ 'last run': 'unknown' });
  });

  test('another version than the deployed one is told', async () => {
    const cli = aWorld();
    cli.version = '0.2.0';
    expect(await findingOf(cli, 'settings')).toMatchObject({
      verdict: 'warn',
      fix: expect.stringContaining('use version 0.1.0 of the command line'),
    });
  });

  test.each([
    [{ mode: 'observe' } as const, 'observe; this account alone'],
    [
      {
        mode: 'observe',
        enforceIn: { accounts: [ACCOUNT], organizationalUnits: ['ou-1', 'ou-2'] },
        accounts: { ...whole, organizationalUnits: ['ou-9'], excludedAccounts: [OTHER_ACCOUNT] },
      } as const,
      'observe, but enforce in 1 account and 2 units; 1 unit of the organisation with 1 exclusion',
    ],
    [{ accounts: { kind: 'list', accounts: [ACCOUNT, OTHER_ACCOUNT] } } as const, 'enforce; 2 accounts by name'],
    [{ accounts: whole } as const, 'enforce; the organisation;'],
  ])('settings %j are told in words', async (overrides, words) => {
    const cli = aWorld();
    cli.settings = someSettings(overrides);
    expect((await findingOf(cli, 'settings'))?.what).toContain(words);
  });
});

describe('the deployment', () => {
  test.each([
    [undefined, 'fail'],
    [{ status: 'UPDATE_IN_PROGRESS' }, 'warn'],
    [{ status: 'UPDATE_ROLLBACK_COMPLETE' }, 'warn'],
    [{ status: 'UPDATE_ROLLBACK_FAILED' }, 'fail'],
    [{ status: 'ROLLBACK_COMPLETE' }, 'fail'],
    [{ status: 'CREATE_COMPLETE' }, undefined],
  ])('a stack that is %j: %s', async (state, verdict) => {
    const cli = aWorld();
    if (state === undefined) cli.estate.stacks.clear();
    else cli.estate.stacks.set('KeyturnHub', state);
    expect((await troubles(cli)).stack).toBe(verdict);
  });

  test.each([
    ['history', undefined, 'fail'],
    ['history', { status: 'ACTIVE', restorable: false, protectedFromDeletion: true }, 'warn'],
    ['owners', { status: 'ACTIVE', restorable: true, protectedFromDeletion: false }, 'warn'],
    ['state', { status: 'ACTIVE', restorable: true, protectedFromDeletion: false }, undefined],
    ['state', { status: 'UPDATING', restorable: true, protectedFromDeletion: false }, 'warn'],
  ])('table %s that is %j: %s', async (name, state, verdict) => {
    const cli = aWorld();
    if (state === undefined) cli.estate.tables.delete(name);
    else cli.estate.tables.set(name, state);
    expect((await troubles(cli))[`${name} table`]).toBe(verdict);
  });

  test('an operators topic that nobody hears fails, one that waits for a confirmation warns', async () => {
    const cli = aWorld();
    const { operators, notices } = cli.session.deployment.topics;
    cli.estate.topics.set(operators, { confirmed: 0, pending: 1 });
    cli.estate.topics.set(notices, { confirmed: 0, pending: 2 });
    expect(await troubles(cli)).toEqual({ 'operators topic': 'fail', 'notices topic': 'warn' });
    expect((await findingOf(cli, 'operators topic'))?.what).toContain('(1 subscription not confirmed)');
    cli.estate.topics.clear();
    expect(await troubles(cli)).toEqual({ 'operators topic': 'fail', 'notices topic': 'fail' });
  });

  test('queues that are gone fail', async () => {
    const cli = aWorld();
    cli.estate.queues.clear();
    expect(await troubles(cli)).toEqual({ 'sweep queue': 'fail', 'dead letters': 'fail' });
  });

  test('an event source that is missing, off, or of another service fails; one that is changing warns', async () => {
    const cli = aWorld();
    const arn = 'arn:aws:sqs:eu-central-1:111122223333:sweeps';
    cli.estate.sources.set('rotate-account', []);
    cli.estate.sources.set('notify', [{ arn, state: 'Enabled' }]);
    expect(await troubles(cli)).toEqual({ 'sweeps are begun': 'fail', 'events are heard': 'fail' });
    cli.estate.sources.set('rotate-account', [{ arn, state: 'Disabled' }]);
    expect((await findingOf(cli, 'sweeps are begun'))?.what).toContain('is Disabled');
    cli.estate.sources.set('rotate-account', [{ arn, state: 'Enabling' }]);
    expect((await findingOf(cli, 'sweeps are begun'))?.verdict).toBe('warn');
  });

  test('the seals have their own, which may be off alone', async () => {
    const cli = aWorld();
    const arn = 'arn:aws:dynamodb:eu-central-1:111122223333:table/history/stream/1';
    cli.estate.sources.set('seal', [{ arn, state: 'Disabled' }]);
    expect(await troubles(cli)).toEqual({ 'events are sealed': 'fail' });
    expect((await findingOf(cli, 'events are sealed'))?.what).toBe('the event source of seal is Disabled');
  });
});

describe('the hub as an account', () => {
  test('without its member role, or with one that trusts a role that is gone, fails', async () => {
    const cli = aWorld();
    cli.estate.roles.clear();
    expect(await troubles(cli)).toEqual({ 'member role here': 'fail' });
    cli.estate.roles.set('KeyturnMember', trusting('AROAFAKE0000000000001'));
    expect((await findingOf(cli, 'member role here'))?.what).toContain('a worker role that no longer exists');
    cli.estate.roles.set('KeyturnMember', { statements: [], unread: 0 });
    expect((await findingOf(cli, 'member role here'))?.verdict).toBe('fail');
  });

  test('with a member role that trusts another worker than this hub’s fails, with one that trusts others too warns', async () => {
    const cli = aWorld();
    const ours = `arn:aws:iam::${ACCOUNT}:role/KeyturnWorker`;
    const strangers = [
      `arn:aws:iam::${OTHER_ACCOUNT}:role/KeyturnWorker`,
      `arn:aws:iam::${ACCOUNT}:role/OldWorker`,
      `arn:aws:iam::${ACCOUNT}:root`,
      '*',
    ];
    for (const stranger of strangers) {
      cli.estate.roles.set('KeyturnMember', trusting(stranger));
      const alone = await findingOf(cli, 'member role here');
      expect(alone).toMatchObject({
        verdict: 'fail',
        what: expect.stringContaining(`trusts ${stranger}, not this hub's`),
      });
      cli.estate.roles.set('KeyturnMember', trusting(ours, stranger));
      expect((await findingOf(cli, 'member role here'))?.verdict).toBe('warn');
    }
    cli.estate.roles.set('KeyturnMember', trusting(ours.replace('arn:aws:', 'arn:aws-cn:')));
    expect(await troubles(cli)).toEqual({});
  });

  test('that was deployed before it recorded its worker’s role is not compared with it', async () => {
    const cli = aWorld();
    delete cli.workerRoleName;
    cli.estate.roles.set('KeyturnMember', trusting('arn:aws:iam::111122223333:role/Custom'));
    expect(await troubles(cli)).toEqual({});
  });

  test('needs no member role where no sweep touches it', async () => {
    const cli = aWorld({ expected: [OTHER_ACCOUNT] });
    cli.settings = someSettings({ accounts: { kind: 'list', accounts: [OTHER_ACCOUNT] } });
    cli.estate.roles.clear();
    expect(await troubles(cli)).toEqual({});
  });

  test('with keys of its root user, or without a report, warns', async () => {
    const cli = aWorld();
    cli.iam.activeRootKeys = 1;
    expect((await findingOf(cli, 'credential report'))?.what).toBe('ready; the root user has 1 Active access key');
    expect(await troubles(cli)).toEqual({ 'credential report': 'warn' });
  });
});

describe('the last run', () => {
  const withSweep = (account: AccountId, reason: 'no-access' | 'failed', hoursAgo = 6) => {
    const cli = aWorld({ expected: [ACCOUNT, account], swept: [ACCOUNT], hoursAgo });
    void cli.ledger.append([
      anAccountEvent('sweep-failed', {
        time: '2026-05-31T18:00:09.000Z',
        id: eventId(fromIso('2026-05-31T18:00:09.000Z'), 50),
        runId: RUN,
        account,
        details: { reason, error: `Keyturn may not enter account ${account}.` },
      }),
    ]);
    return cli;
  };

  test('that has not been yet warns', async () => {
    expect(await troubles(new FakeCli())).toEqual({ 'last run': 'warn' });
  });

  test('is overdue two hours after the schedule’s longest gap', async () => {
    expect(await troubles(aWorld({ hoursAgo: 26 }))).toEqual({});
    expect(await troubles(aWorld({ hoursAgo: 27 }))).toEqual({ 'last run': 'fail' });
  });

  test('that could not begin fails with its error', async () => {
    const cli = new FakeCli();
    const time = '2026-05-31T18:00:00.000Z';
    void cli.ledger.append([
      anAccountEvent('run-failed', { time, id: eventId(fromIso(time)), runId: RUN, details: { error: 'a slip' } }),
    ]);
    expect(await troubles(cli)).toEqual({ 'last run': 'fail' });
    expect((await findingOf(cli, 'last run'))?.what).toContain('did not begin: a slip');
  });

  test('whose accounts could not all be queued fails, and its sweeps are told all the same', async () => {
    const cli = aWorld();
    const time = '2026-05-31T18:00:30.000Z';
    void cli.ledger.append([
      anAccountEvent('run-failed', { time, id: eventId(fromIso(time)), runId: RUN, details: { error: 'no queue' } }),
    ]);
    expect(await troubles(cli)).toEqual({ 'last run': 'fail' });
    expect((await findingOf(cli, 'last run'))?.what).toContain('began only in part: no queue');
  });

  test('with an account that it could not enter names it and the sentence an operator needs', async () => {
    const cli = withSweep(OTHER_ACCOUNT, 'no-access');
    expect(await troubles(cli)).toEqual({ 'member roles': 'fail' });
    expect(await findingOf(cli, 'member roles')).toMatchObject({
      what: 'no access to 444455556666; Keyturn may not enter account 444455556666.',
      fix: expect.stringContaining('deploy the member stack there (docs/organization.md)'),
    });
  });

  test('with a sweep that failed fails', async () => {
    const cli = withSweep(OTHER_ACCOUNT, 'failed');
    expect(await troubles(cli)).toEqual({ sweeps: 'fail' });
    expect((await findingOf(cli, 'sweeps'))?.what).toContain('1 of 2 accounts swept');
    expect((await findingOf(cli, 'sweeps'))?.what).toContain('failed: 444455556666');
  });

  test('with an account outstanding warns for four hours, then fails', async () => {
    const outstanding = (hoursAgo: number) =>
      aWorld({ expected: [ACCOUNT, OTHER_ACCOUNT], swept: [ACCOUNT], hoursAgo });
    expect(await troubles(outstanding(4))).toEqual({ sweeps: 'warn' });
    expect(await troubles(outstanding(5))).toEqual({ sweeps: 'fail' });
  });
});

describe('what the last run could not read', () => {
  const blind = { reportMissing: 'AWS denied iam:GenerateCredentialReport.' };
  const inPart = { failed: 3 };

  test.each<[string, Partial<SweepTally>, Partial<SweepTally> | undefined, Record<string, string>]>([
    ['no report once', blind, undefined, { 'root keys': 'warn' }],
    ['no report once, and one the day before', blind, {}, { 'root keys': 'warn' }],
    ['no report in two runs on end', blind, blind, { 'root keys': 'fail' }],
    ['a report again', {}, blind, {}],
    ['users once', inPart, {}, { sweeps: 'warn' }],
    ['users in two runs on end', inPart, inPart, { sweeps: 'fail' }],
    ['a request', { unreadRequests: 1 }, {}, { sweeps: 'warn' }],
    ['a request in two runs on end', { unreadRequests: 1 }, { unreadRequests: 1 }, { sweeps: 'fail' }],
  ])('%s', async (_what, details, before, expected) => {
    expect(await troubles(aWorld({ details, ...(before && { before }) }))).toEqual(expected);
  });

  test('is told of accounts that are concerned now as then', async () => {
    const expected = [ACCOUNT, OTHER_ACCOUNT];
    const cli = new FakeCli();
    const last = fromIso('2026-05-31T18:00:00.000Z');
    tellRun(cli, last - DAY, RUN_BEFORE, blind, { expected, swept: [ACCOUNT] });
    tellRun(cli, last, RUN, {}, { expected, swept: [ACCOUNT] });
    tellRun(cli, last + 1_000, RUN, blind, { expected, swept: [OTHER_ACCOUNT] });
    expect(await findingOf(cli, 'root keys')).toMatchObject({
      verdict: 'warn',
      what: expect.stringContaining(OTHER_ACCOUNT),
    });
  });

  test('is told with its reason, and where to read what to do', async () => {
    expect(await findingOf(aWorld({ details: blind, before: blind }), 'root keys')).toEqual({
      check: 'root keys',
      verdict: 'fail',
      what:
        'unknown in two runs on end, for want of a credential report: 111122223333; ' +
        'AWS denied iam:GenerateCredentialReport.',
      fix: "'Root keys unknown' in docs/runbook.md says how",
    });
    expect(await findingOf(aWorld({ details: inPart, before: inPart }), 'sweeps')).toMatchObject({
      what: expect.stringContaining('but, in two runs on end, for some users or requests: 111122223333'),
      fix: expect.stringContaining("'Users unread' and 'Keys overdue' in docs/runbook.md"),
    });
  });
});

describe('who waits to be told', () => {
  const payments = parseOwnerId('payments');
  const put = (cli: FakeCli, minutesAgo: number) =>
    cli.outbox.put(payments, [
      { event: anAccountEvent('root-key-seen'), since: cli.clock.now() - minutesAgo * MINUTE },
    ]);
  const seen = async (cli: FakeCli, standing: Partial<ReaderStanding>) => {
    const [waiting] = await cli.outbox.readers();
    await cli.outbox.keep(payments, { channels: {}, seen: waiting?.news ?? '', ...standing }, cli.clock.now());
  };

  test('is nobody: all is well', async () => {
    expect(await findingOf(aWorld(), 'notices are sent')).toMatchObject({ verdict: 'ok', what: 'nobody waits' });
  });

  test('and is not looked after for more than three ticks: deliver is not running', async () => {
    const cli = aWorld();
    await put(cli, 15);
    expect(await troubles(cli)).toEqual({});
    await put(cli, 16);
    expect(await troubles(cli)).toEqual({ 'notices are sent': 'fail' });
    expect(await findingOf(cli, 'notices are sent')).toMatchObject({
      what: 'nobody has looked after payments since 2026-05-31 23:44 UTC',
      fix: expect.stringContaining("function deliver: 'Deliver not running'"),
    });
  });

  test('and was looked after waits its turn', async () => {
    const cli = aWorld();
    await put(cli, 16);
    await seen(cli, {});
    expect((await findingOf(cli, 'notices are sent'))?.what).toBe('news for 1 reader waits its turn');
  });

  test.each<[string, Partial<ReaderStanding>]>([
    ['a channel refuses', { channels: { slack: { refused: { since: 1_780_264_800_000, times: 9, retryAt: 0 } } } }],
    ['something fails', { failingSince: 1_780_264_800_000 }],
  ])('and is held up because %s: since when', async (_, standing) => {
    const cli = aWorld();
    await put(cli, 16);
    await seen(cli, standing);
    expect(await findingOf(cli, 'notices are sent')).toMatchObject({
      verdict: 'warn',
      what: 'payments could not be told over every channel since 2026-05-31 22:00 UTC',
    });
  });
});
