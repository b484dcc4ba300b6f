import { parseUserId, parseUserName } from '../../lambda/domain/ids.ts';
import type { Exemption } from '../../lambda/domain/owners.ts';
import { AccessDeniedError, UnavailableError } from '../../lambda/ports.ts';
import { ACCOUNT, anExemption, at, exemptionId, OTHER_ACCOUNT, someSettings } from '../support/builders.ts';
import { CALLER, FakeCli } from './fake-cli.ts';

const why = ['--reason', 'The vendor takes no new key before June', '--approver', 'Ada Lovelace'];

function aWorld(): FakeCli {
  const cli = new FakeCli();
  cli.iam.addUser('legacy-erp', { path: '/erp/' });
  return cli;
}

async function stored(cli: FakeCli): Promise<readonly Exemption[]> {
  const exemptions: Exemption[] = [];
  for await (const exemption of cli.owners.allExemptions()) exemptions.push(exemption);
  return exemptions;
}

describe('keyturn exempt add', () => {
  test('stores the exemption and says until when it holds', async () => {
    const cli = aWorld();
    const { exitCode, out } = await cli.run('exempt', 'add', '--user', 'legacy-erp', '--for', '30d', ...why);
    const [exemption] = await stored(cli);
    expect(exitCode).toBe(0);
    expect(out).toBe(
      `Exempted user legacy-erp in account 111122223333 until 2026-07-01 00:00 UTC: exemption ${exemption?.id}.`,
    );
    expect(exemption).toMatchObject({
      account: ACCOUNT,
      match: { kind: 'user', userName: 'legacy-erp' },
      reason: 'The vendor takes no new key before June',
      approver: 'Ada Lovelace',
      grantedBy: CALLER,
      expiresAt: at('2026-07-01T00:00:00.000Z'),
    });
  });

  test('records it in history before it is stored, with the caller as actor and the mode and policy in force', async () => {
    const cli = aWorld();
    cli.settings = someSettings({ mode: 'observe' });
    await cli.run('exempt', 'add', '--user', 'legacy-erp', '--expires', '2026-12-31', ...why);
    const [exemption] = await stored(cli);
    expect(cli.ledger.events()).toMatchObject([
      {
        type: 'exemption-granted',
        account: ACCOUNT,
        userName: 'legacy-erp',
        userPath: '/erp/',
        actor: CALLER,
        mode: 'observe',
        policy: { rotateAfterDays: 90, disableAfterDays: 100, deleteAfterDays: 110 },
        details: {
          exemptionId: exemption?.id,
          match: 'user legacy-erp',
          reason: 'The vendor takes no new key before June',
          approver: 'Ada Lovelace',
          expiresAt: '2026-12-31T00:00:00.000Z',
        },
      },
    ]);
  });

  test('for one user is for this very one: a later user of the name is not exempt', async () => {
    const cli = aWorld();
    const { userId } = cli.iam.recreateUser(parseUserName('legacy-erp'));
    await cli.run('exempt', 'add', '--user', 'legacy-erp', '--for', '30d', ...why);
    const [exemption] = await stored(cli);
    expect(exemption?.userId).toBe(userId);
    const [granted] = cli.ledger.eventsOf('exemption-granted');
    expect(granted?.details.covers).toEqual({ account: ACCOUNT, match: exemption?.match, userId });
  });

  test('without the right to read the user is for whoever bears the name', async () => {
    const cli = aWorld();
    cli.iam.calls.failOn('iam.user', { when: 'before', error: new AccessDeniedError('iam:GetUser is denied') });
    const { exitCode } = await cli.run('exempt', 'add', '--user', 'legacy-erp', '--for', '30d', ...why);
    const [exemption] = await stored(cli);
    expect({ exitCode, userId: exemption?.userId }).toEqual({ exitCode: 0, userId: undefined });
    expect(cli.ledger.eventsOf('exemption-granted')[0]?.details.covers).not.toHaveProperty('userId');
  });

  test.each([
    ['--name-pattern', 'lab-*', { kind: 'name', pattern: 'lab-*' }],
    ['--path-pattern', '/lab/*', { kind: 'path', pattern: '/lab/*' }],
  ])('takes %s %s, in every account if asked', async (flag, pattern, match) => {
    const cli = aWorld();
    await cli.run('exempt', 'add', flag, pattern, '--account', '*', '--for', '4w', ...why);
    expect(await stored(cli)).toMatchObject([{ account: '*', match, expiresAt: at('2026-06-29T00:00:00.000Z') }]);
  });

  describe('in a wave, while the rest observes', () => {
    const inWave = { mode: 'observe', enforceIn: { accounts: [ACCOUNT], organizationalUnits: [] } } as const;
    const organization = { kind: 'organization', excludedOrganizationalUnits: [], excludedAccounts: [] } as const;
    const modesAfter = async (settings: Parameters<typeof someSettings>[0], ...argv: readonly string[]) => {
      const cli = aWorld();
      cli.settings = someSettings(settings);
      await cli.run('exempt', 'add', ...argv, '--for', '30d', ...why);
      const [exemption] = await stored(cli);
      await cli.run('exempt', 'revoke', exemption?.id ?? '', '--reason', 'Released');
      return cli.ledger
        .events()
        .map(({ type, mode }) => [type, mode])
        .toSorted();
    };
    const told = (mode: string) => [
      ['exemption-granted', mode],
      ['exemption-revoked', mode],
    ];

    test.each([[{}], [{ accounts: organization }]])('the account’s own mode counts (%j)', async (accounts) => {
      expect(await modesAfter({ ...inWave, ...accounts }, '--user', 'legacy-erp')).toEqual(told('enforce'));
    });

    test('an account of no wave observes', async () => {
      const enforceIn = { accounts: [OTHER_ACCOUNT], organizationalUnits: [] };
      expect(await modesAfter({ ...inWave, enforceIn }, '--user', 'legacy-erp')).toEqual(told('observe'));
    });

    test('what is about every account is told to owners as soon as one enforces', async () => {
      expect(await modesAfter(inWave, '--user', 'legacy-erp', '--account', '*')).toEqual(told('enforce'));
    });

    test('where history cannot say in which unit the account is, operators are told', async () => {
      const cli = aWorld();
      const enforceIn = { accounts: [], organizationalUnits: ['ou-ab12-payments1'] };
      cli.settings = someSettings({ mode: 'observe', enforceIn, accounts: organization });
      cli.ledger.calls.failOn('history.query', { when: 'before', error: new UnavailableError('throttled') });
      await cli.run('exempt', 'add', '--user', 'legacy-erp', '--for', '30d', ...why);
      expect(cli.ledger.events().map(({ mode }) => mode)).toEqual(['observe']);
    });
  });

  test('refuses a user that does not exist: a misspelt name would exempt nobody', async () => {
    const cli = aWorld();
    const { exitCode, err } = await cli.run('exempt', 'add', '--user', 'legacy-epr', '--for', '30d', ...why);
    expect({ exitCode, err }).toEqual({
      exitCode: 1,
      err: 'keyturn: There is no such IAM user legacy-epr in account 111122223333: check the name.',
    });
    expect(cli.ledger.events()).toEqual([]);
  });

  test.each([
    [['--for', '30d'], /exactly one of --user, --name-pattern and --path-pattern/],
    [['--user', 'a', '--name-pattern', 'b*', '--for', '30d'], /exactly one of --user/],
    [['--user', 'a'], /exactly one of --expires and --for/],
    [['--user', 'a', '--for', '30d', '--expires', '2026-07-01'], /exactly one of --expires and --for/],
    [['--user', 'a', '--for', '366d'], /at most 365 days: let it end by 2027-06-01 00:00 UTC/],
    [['--user', 'a', '--expires', '2026-06-01'], /2026-06-01 00:00 UTC is past/],
    [['--user', 'a', '--for', 'soon'], /'soon' is not a duration \(such as 30d or 4w\)/],
    [['--name-pattern', 'lab', '--for', '1d'], /'lab' has no \*: write 'lab\*'/],
    [['--path-pattern', 'lab/*', '--for', '1d'], /does not begin with \//],
    [['--user', 'a b', '--for', '1d'], /is not an IAM user name/],
  ])('refuses %j before it asks AWS for anything', async (argv, message) => {
    const cli = aWorld();
    const { exitCode, err } = await cli.run('exempt', 'add', ...argv, ...why);
    expect(exitCode).toBe(2);
    expect(err).toMatch(message);
    expect(cli.connections).toEqual([]);
  });

  test('365 days to the second are allowed', async () => {
    const cli = aWorld();
    expect((await cli.run('exempt', 'add', '--user', 'legacy-erp', '--for', '365d', ...why)).exitCode).toBe(0);
  });

  test.each([['--reason'], ['--approver']])('insists on %s, and on one that says something', async (flag) => {
    const rest = ['exempt', 'add', '--user', 'legacy-erp', '--for', '1d'];
    const other = flag === '--reason' ? ['--approver', 'Ada'] : ['--reason', 'Because'];
    expect((await aWorld().run(...rest, ...other)).err).toContain(`Required option '${flag} `);
    expect((await aWorld().run(...rest, ...other, flag, '  ')).err).toContain('it must not be empty');
  });

  test('when it cannot be stored, history takes the grant back', async () => {
    const cli = aWorld();
    cli.owners.calls.failOn('owners.putExemption', { when: 'after', error: new Error('timed out') });
    const { exitCode } = await cli.run('exempt', 'add', '--user', 'legacy-erp', '--for', '30d', ...why);
    expect(exitCode).toBe(1);
    expect(await stored(cli)).toEqual([]);
    expect(cli.ledger.events().map(({ type }) => type)).toEqual(['exemption-granted', 'exemption-revoked']);
  });

  test('when history cannot be written, nothing is stored', async () => {
    const cli = aWorld();
    cli.ledger.calls.failOn('history.append', { when: 'before', error: new Error('denied') });
    expect((await cli.run('exempt', 'add', '--user', 'legacy-erp', '--for', '30d', ...why)).exitCode).toBe(1);
    expect(await stored(cli)).toEqual([]);
  });
});

describe('keyturn exempt list', () => {
  async function aList(): Promise<FakeCli> {
    const cli = aWorld();
    await cli.owners.putExemption(anExemption({ id: exemptionId(1), expiresAt: at('2026-12-31T00:00:00.000Z') }));
    await cli.owners.putExemption(
      anExemption({ id: exemptionId(2), account: '*', expiresAt: at('2026-06-09T00:00:00.000Z') }),
    );
    await cli.owners.putExemption(anExemption({ id: exemptionId(3), expiresAt: at('2026-06-01T00:00:00.000Z') }));
    return cli;
  }

  test('shows those that hold, the next to end first', async () => {
    const { out } = await (await aList()).run('exempt', 'list');
    expect(out.split('\n').filter((line) => line.length > 80)).toEqual([]);
    expect(out).toContain('user ci-deploy in every account');
    expect(out.indexOf(exemptionId(2))).toBeLessThan(out.indexOf(exemptionId(1)));
    expect(out).toContain('2026-06-09 00:00, in 8 days');
    expect(out).not.toContain(exemptionId(3));
    expect(out).toMatch(/2 exemptions\.$/);
  });

  test('with --all shows those that have ended as well', async () => {
    expect((await (await aList()).run('exempt', 'list', '--all')).out).toContain(exemptionId(3));
  });

  test('as JSON says of each whether it holds', async () => {
    expect(await (await aList()).json('exempt', 'list', '--all')).toMatchObject({
      exemptions: [
        { id: exemptionId(3), valid: false, account: ACCOUNT, match: 'user ci-deploy' },
        { id: exemptionId(2), valid: true, account: '*' },
        { id: exemptionId(1), valid: true, grantedAt: '2026-01-01T00:00:00.000Z' },
      ],
    });
  });
});

describe('keyturn exempt revoke', () => {
  test('ends the exemption and records who did it and why', async () => {
    const cli = aWorld();
    await cli.owners.putExemption(anExemption());
    const { exitCode, out } = await cli.run('exempt', 'revoke', exemptionId(1).toLowerCase(), '--reason', 'Released');
    expect(exitCode).toBe(0);
    expect(out).toContain(`Revoked exemption ${exemptionId(1)} of user ci-deploy in account 111122223333`);
    expect(await stored(cli)).toEqual([]);
    expect(cli.ledger.events()).toMatchObject([
      { type: 'exemption-revoked', actor: CALLER, userName: 'ci-deploy', details: { reason: 'Released' } },
    ]);
  });

  test('of a former user of the name says nothing of the one who bears it now', async () => {
    const cli = aWorld();
    const match = { kind: 'user', userName: parseUserName('legacy-erp') } as const;
    await cli.owners.putExemption(anExemption({ match, userId: parseUserId('AIDAFAKE0000000000099') }));
    await cli.run('exempt', 'revoke', exemptionId(1), '--reason', 'Released');
    const [revoked] = cli.ledger.eventsOf('exemption-revoked');
    expect(revoked?.userName).toBe('legacy-erp');
    expect(revoked).not.toHaveProperty('userId');
    expect(revoked).not.toHaveProperty('userPath');
  });

  test('says when there is no such exemption', async () => {
    const { exitCode, err } = await aWorld().run('exempt', 'revoke', exemptionId(9), '--reason', 'x');
    expect(exitCode).toBe(1);
    expect(err).toBe(
      `keyturn: There is no exemption ${exemptionId(9)}: 'keyturn exempt list --all' lists those there are.`,
    );
  });

  test('takes a text that cannot be an ID for a wrong command line', async () => {
    expect(await aWorld().run('exempt', 'revoke', 'first', '--reason', 'x')).toMatchObject({ exitCode: 2 });
  });
});
