import type { Settings } from '../../lambda/contracts/settings.ts';
import type { Mode } from '../../lambda/domain/events.ts';
import { parseRunId } from '../../lambda/domain/ids.ts';
import { ACCOUNT, anAccountEvent, anExemption, at, OTHER_ACCOUNT, someSettings } from '../support/builders.ts';
import { FakeCli } from './fake-cli.ts';

const whole = { kind: 'organization', excludedOrganizationalUnits: [], excludedAccounts: [] } as const;
const wave = { accounts: [], organizationalUnits: ['ou-wave'] };

function aWorld(overrides: Partial<Settings> = {}): FakeCli {
  const cli = new FakeCli();
  cli.settings = someSettings({ mode: 'observe', ...overrides });
  cli.iam.addUser('web', { path: '/team/' });
  cli.iam.createKeyByHand('web', { createdAt: at('2026-05-20T00:00:00.000Z') });
  return cli;
}

/** As a run found the organisation: the hub expected, the other account skipped unless it enforces. */
function afterRun(cli: FakeCli, { enforcing = false, mode = 'observe' as Mode, suspended = false } = {}): FakeCli {
  const other = suspended ? [] : [OTHER_ACCOUNT];
  void cli.ledger.append([
    anAccountEvent('run-started', {
      time: '2026-05-31T06:17:00.000Z',
      runId: parseRunId('run-20260531T061700Z-abcd'),
      mode,
      details: {
        part: { number: 1, of: 1 },
        expectedAccounts: [ACCOUNT, ...other],
        enforcingAccounts: enforcing ? other : [],
        skippedAccounts: suspended ? [{ account: OTHER_ACCOUNT, why: 'suspended' }] : [],
      },
    }),
  ]);
  return cli;
}

describe('the account that is read', () => {
  test('is the hub, without another look', async () => {
    const cli = aWorld();
    expect(await cli.json('status')).toMatchObject({ account: ACCOUNT, mode: 'observe', keys: [{ account: ACCOUNT }] });
    expect(cli.ledger.calls.of('history.query')).toEqual([]);
  });

  test.each([['plan'], ['status']])('of %s is the one that --member-profile leads to', async (verb) => {
    const cli = aWorld({ accounts: { kind: 'list', accounts: [OTHER_ACCOUNT] } });
    cli.memberAccount = OTHER_ACCOUNT;
    expect(await cli.json(verb, '--member-profile', 'other')).toMatchObject({ account: OTHER_ACCOUNT });
    expect(cli.connections).toMatchObject([{ memberProfile: 'other' }]);
    expect(await cli.json(verb, '--member-profile', 'other', '--account', OTHER_ACCOUNT)).not.toHaveProperty('note');
  });

  test.each([['plan'], ['status']])('of %s is never another one than is named', async (verb) => {
    expect(await aWorld().run(verb, '--account', OTHER_ACCOUNT)).toEqual({
      exitCode: 1,
      out: '',
      err:
        'keyturn: IAM is read with credentials of account 111122223333: to read 444455556666, name a profile of that ' +
        'account with --member-profile.',
    });
  });
});

describe('how sweeps treat it', () => {
  const read = async (cli: FakeCli) => {
    cli.memberAccount = OTHER_ACCOUNT;
    const { mode, note } = (await cli.json('status')) as { mode: Mode; note?: string };
    return { mode, note };
  };

  test.each<[string, Partial<Settings>, Mode]>([
    ['all enforce', { mode: 'enforce', accounts: { kind: 'list', accounts: [OTHER_ACCOUNT] } }, 'enforce'],
    [
      'it is named in a wave',
      {
        accounts: { kind: 'list', accounts: [OTHER_ACCOUNT] },
        enforceIn: { accounts: [OTHER_ACCOUNT], organizationalUnits: [] },
      },
      'enforce',
    ],
    ['nobody enforces', { accounts: { kind: 'list', accounts: [OTHER_ACCOUNT] } }, 'observe'],
  ])('when %s follows from the settings alone', async (_name, settings, mode) => {
    expect(await read(aWorld(settings))).toEqual({ mode, note: undefined });
  });

  test('in a unit’s wave is known from the last run', async () => {
    const settings = { accounts: whole, enforceIn: wave };
    expect(await read(afterRun(aWorld(settings), { enforcing: true }))).toEqual({ mode: 'enforce', note: undefined });
    expect(await read(afterRun(aWorld(settings)))).toEqual({ mode: 'observe', note: undefined });
  });

  test('is not known of an organisation before its first run', async () => {
    expect(await read(aWorld({ accounts: whole, enforceIn: wave }))).toEqual({
      mode: 'observe',
      note: 'Whether sweeps touch this account, and in which mode, shows after the next run.',
    });
  });

  test('an enforcing run of before does not count when the settings have gone back to observe', async () => {
    const cli = afterRun(aWorld({ accounts: whole }), { mode: 'enforce' });
    expect(await read(cli)).toEqual({ mode: 'observe', note: undefined });
  });

  test.each<[string, FakeCli, string]>([
    ['another single account', aWorld(), 'No sweep touches this account: the settings do not name it.'],
    [
      'an excluded account',
      aWorld({ accounts: { ...whole, excludedAccounts: [OTHER_ACCOUNT] } }),
      'No sweep touches this account: excluded by the settings.',
    ],
    [
      'a suspended account',
      afterRun(aWorld({ accounts: whole }), { suspended: true }),
      'No sweep touches this account: suspended in the organisation, as of the run of 2026-05-31 06:17 UTC.',
    ],
  ])('%s is told not to be swept', async (_name, cli, note) => {
    expect((await read(cli)).note).toBe(note);
    expect((await cli.run('plan')).out).toContain(`\n${note}\n`);
  });
});

describe('a verb that names an account', () => {
  test('owners who looks up the path where IAM is read, and nowhere else', async () => {
    const cli = aWorld();
    cli.memberAccount = OTHER_ACCOUNT;
    expect(await cli.json('owners', 'who', '--user', 'web')).toMatchObject({
      account: OTHER_ACCOUNT,
      path: '/team/',
      pathFrom: 'iam',
    });
    expect(await aWorld().json('owners', 'who', '--user', 'web', '--account', OTHER_ACCOUNT)).toMatchObject({
      path: '/',
      pathFrom: 'assumed',
    });
  });

  test('exempt add checks the user where IAM is read', async () => {
    const cli = aWorld();
    cli.memberAccount = OTHER_ACCOUNT;
    const terms = ['--reason', 'r', '--approver', 'a', '--for', '30d'];
    expect(await cli.json('exempt', 'add', '--user', 'web', ...terms)).toMatchObject({ account: OTHER_ACCOUNT });
    const { err } = await cli.run('exempt', 'add', '--user', 'wbe', ...terms);
    expect(err).toContain('There is no such IAM user wbe in account 444455556666');
  });

  test.each([
    [['owners', 'who', '--user', 'web']],
    [['exempt', 'add', '--user', 'web', '--reason', 'r', '--approver', 'a', '--for', '30d']],
  ])('%j: it must be the one that --member-profile leads to', async (argv) => {
    const cli = aWorld();
    cli.memberAccount = OTHER_ACCOUNT;
    const { exitCode, err } = await cli.run(...argv, '--account', ACCOUNT, '--member-profile', 'other');
    expect({ exitCode, err }).toEqual({
      exitCode: 1,
      err: 'keyturn: --member-profile leads to account 444455556666, but --account says 111122223333.',
    });
    expect(cli.owners.calls.of('owners.putExemption')).toEqual([]);
  });

  test('exempt revoke reaches exemptions of any account', async () => {
    const cli = aWorld();
    const exemption = anExemption({ account: OTHER_ACCOUNT });
    await cli.owners.putExemption(exemption);
    expect(await cli.json('exempt', 'revoke', exemption.id, '--reason', 'r')).toMatchObject({ valid: false });
  });
});
