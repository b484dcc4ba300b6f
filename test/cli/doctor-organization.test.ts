import type { StackInstance } from '../../cli/estate.ts';
import type { OrganizationScope } from '../../lambda/domain/account-selection.ts';
import { parseRunId } from '../../lambda/domain/ids.ts';
import { fromIso } from '../../lambda/domain/time.ts';
import { AccessDeniedError, UnavailableError } from '../../lambda/ports.ts';
import { ACCOUNT, anAccountEvent, eventId, OTHER_ACCOUNT, someSettings } from '../support/builders.ts';
import { FakeCli } from './fake-cli.ts';

const ORGANIZATION = 'o-abcdef1234';
const payments = 'ou-ab12-payments1';
const readerRoleArn = 'arn:aws:iam::999900009999:role/KeyturnOrganizationReader';

/** A hub that sweeps an organisation: the hub and one more account, in one unit. */
function aWorld(scope: Partial<OrganizationScope> = {}): FakeCli {
  const cli = new FakeCli();
  cli.settings = someSettings({
    accounts: { kind: 'organization', excludedOrganizationalUnits: [], excludedAccounts: [], ...scope },
  });
  cli.recorded = { ...cli.recorded, organizationId: ORGANIZATION };
  cli.estate.units.addUnit(payments);
  for (const account of [ACCOUNT, OTHER_ACCOUNT]) cli.estate.units.addAccount(account, payments);
  return cli;
}

async function finding(cli: FakeCli, check: string) {
  const { out } = await cli.run('doctor', '--json');
  const { findings }: { findings: { check: string; verdict: string; what: string; fix?: string }[] } = JSON.parse(out);
  return findings.find((one) => one.check === check);
}

const denied = (action: string) =>
  new AccessDeniedError(
    `AWS denied ${action}: User: arn:aws:iam::111122223333:user/ada is not authorized to perform: ${action}.`,
  );
const notAdministrator = new AccessDeniedError(
  "AWS denied organizations:ListRoots: You don't have permissions to access this resource.",
);

describe('the organisation', () => {
  const organisation = (cli: FakeCli) => finding(cli, 'organisation');

  test('that has every unit and account is told with how many accounts that makes', async () => {
    const cli = aWorld({ organizationalUnits: [payments], excludedAccounts: [OTHER_ACCOUNT] });
    expect(await organisation(cli)).toEqual({
      check: 'organisation',
      verdict: 'ok',
      what: `this account is in ${ORGANIZATION}; every unit and account that the settings name is there, 1 account to sweep, 1 left out`,
    });
  });

  test.each<[string, Partial<OrganizationScope>, string]>([
    [
      'a unit that is selected',
      { organizationalUnits: [payments, 'ou-ab12-slip00001'] },
      'accounts.organizationalUnits names ou-ab12-slip00001, which the organisation does not have',
    ],
    [
      'a unit that is excluded',
      { excludedOrganizationalUnits: ['ou-ab12-slip00001'] },
      'accounts.excludedOrganizationalUnits names ou-ab12-slip00001, which the organisation does not have',
    ],
    ['every account', { excludedAccounts: [ACCOUNT, OTHER_ACCOUNT] }, 'the settings select no active account'],
  ])('that lacks %s fails as the run would', async (_, scope, mistake) => {
    expect(await organisation(aWorld(scope))).toEqual({
      check: 'organisation',
      verdict: 'fail',
      what: `no account is swept: ${mistake}`,
      fix: 'correct the settings and deploy again',
    });
  });

  test('is no line where the settings are about none', async () => {
    expect(await organisation(new FakeCli())).toBeUndefined();
  });

  test('counts for one account too, when member roles ask for it', async () => {
    const cli = new FakeCli();
    cli.recorded = { ...cli.recorded, organizationId: ORGANIZATION };
    expect(await organisation(cli)).toMatchObject({ verdict: 'ok', what: `this account is in ${ORGANIZATION}` });
    cli.estate.organization = 'o-zzzzzzzzzz';
    expect(await organisation(cli)).toMatchObject({
      verdict: 'fail',
      what: `this account is in o-zzzzzzzzzz, but access.organizationId is ${ORGANIZATION}: no member role lets the worker in`,
    });
    cli.estate.organization = undefined;
    expect(await organisation(cli)).toMatchObject({
      verdict: 'fail',
      what: `account ${ACCOUNT} is in no organisation, and the settings are about one`,
    });
  });

  test('that may not be listed is unknown: for want of rights, or because the account may not', async () => {
    const cli = aWorld();
    cli.estate.refused.set('organizationTree', denied('organizations:ListRoots'));
    expect(await organisation(cli)).toMatchObject({
      verdict: 'unknown',
      what: expect.stringContaining('could not be seen: AWS denied organizations:ListRoots'),
      fix: expect.stringContaining("begin a run as 'Dispatch failing' in docs/runbook.md says, with function dispatch"),
    });
    cli.estate.refused.set('organizationTree', notAdministrator);
    expect((await organisation(cli))?.what).toContain(
      'AWS lets only the management account and delegated administrators list it (docs/organization.md, section 1)',
    );
  });

  test('of which not even the name may be asked is unknown', async () => {
    const cli = aWorld();
    cli.estate.refused.set('organizationId', denied('organizations:DescribeOrganization'));
    expect(await organisation(cli)).toMatchObject({
      verdict: 'unknown',
      what: expect.stringMatching(/^which one this account is in could not be seen: .* 2 accounts to sweep/s),
    });
  });

  describe('that a role lists for the run', () => {
    const reader = () => aWorld({ readerRoleArn });

    test('is looked at as that role, if it lets the person in', async () => {
      const cli = reader();
      cli.estate.refused.set('organizationTree', notAdministrator);
      expect(await organisation(cli)).toMatchObject({ verdict: 'ok' });
    });

    test('is unknown where it does not, for AWS says the same of a role that is not there', async () => {
      const cli = reader();
      cli.estate.readerRefuses = denied('sts:AssumeRole');
      cli.estate.refused.set('organizationTree', notAdministrator);
      const found = await organisation(cli);
      expect(found).toMatchObject({ verdict: 'unknown', fix: expect.stringContaining('begin a run') });
      expect(found?.what).toContain(`role ${readerRoleArn}, which lists it for a run, does not let you in`);
    });

    test('is looked at with one’s own rights too, which says nothing of the role', async () => {
      const cli = reader();
      cli.estate.readerRefuses = denied('sts:AssumeRole');
      expect(await organisation(cli)).toMatchObject({
        verdict: 'unknown',
        what: expect.stringMatching(/2 accounts to sweep, 0 left out; role .* does not let you in/),
      });
    });

    test('is unknown for what went wrong, where AWS did not refuse the role', async () => {
      const cli = reader();
      cli.estate.readerRefuses = new UnavailableError('sts:AssumeRole failed: TimeoutError: no answer.');
      expect(await organisation(cli)).toMatchObject({
        verdict: 'unknown',
        what: expect.stringContaining('could not be seen: sts:AssumeRole failed: TimeoutError'),
      });
    });

    test('fails when the role is there and may not list', async () => {
      const cli = reader();
      cli.estate.readerRefuses = denied('organizations:ListRoots');
      expect(await organisation(cli)).toMatchObject({
        verdict: 'fail',
        what: expect.stringContaining(`role ${readerRoleArn} may not list the organisation`),
      });
    });
  });

  describe('that could not be seen is proven by a run', () => {
    const runAt = (time: string) => {
      const cli = aWorld({ readerRoleArn });
      cli.estate.readerRefuses = denied('sts:AssumeRole');
      cli.estate.refused.set('organizationTree', notAdministrator);
      const runId = parseRunId('run-20260531T180000Z-abcd');
      const details = {
        part: { number: 1, of: 1 },
        expectedAccounts: [ACCOUNT],
        enforcingAccounts: [],
        skippedAccounts: [],
      };
      void cli.ledger.append([anAccountEvent('run-started', { time, id: eventId(fromIso(time)), runId, details })]);
      return cli;
    };

    test('that began whole after the last deployment', async () => {
      expect(await organisation(runAt('2026-05-01T10:00:01.000Z'))).toEqual({
        check: 'organisation',
        verdict: 'ok',
        what: `this account is in ${ORGANIZATION}; every unit and account that the settings name was there when run-20260531T180000Z-abcd began`,
      });
    });

    test('but not by one under the settings before it', async () => {
      expect(await organisation(runAt('2026-05-01T10:00:00.000Z'))).toMatchObject({ verdict: 'unknown' });
    });

    test('nor when nobody may look when that was', async () => {
      const cli = runAt('2026-05-01T10:00:01.000Z');
      cli.estate.refused.set('stack', denied('cloudformation:DescribeStacks'));
      expect(await organisation(cli)).toMatchObject({ verdict: 'unknown' });
    });
  });
});

describe('the member StackSet', () => {
  const instance = (account: string, status: string, detail?: string, reason?: string): StackInstance => ({
    account,
    region: 'eu-west-1',
    status,
    ...(detail !== undefined && { detail }),
    ...(reason !== undefined && { reason }),
  });
  const current = (count: number) =>
    Array.from({ length: count }, (_, n) => instance(String(200_000_000_000 + n), 'CURRENT', 'SUCCEEDED'));

  function withInstances(instances: readonly StackInstance[] | undefined, status = 'ACTIVE'): FakeCli {
    const cli = aWorld();
    cli.recorded = { ...cli.recorded, memberStackSet: { name: 'KeyturnHubMembers', callAs: 'DELEGATED_ADMIN' } };
    const state = instances && { status, organizationalUnits: ['r-ab12'], instances };
    if (state !== undefined) cli.estate.stackSets.set('KeyturnHubMembers as DELEGATED_ADMIN', state);
    return cli;
  }
  const stackSet = (cli: FakeCli) => finding(cli, 'member StackSet');

  test('is ok when every instance is up to date', async () => {
    expect(await stackSet(withInstances(current(41)))).toEqual({
      check: 'member StackSet',
      verdict: 'ok',
      what: 'KeyturnHubMembers is ACTIVE, with 41 instances, 41 up to date',
    });
  });

  test('does not fail over suspended accounts, which AWS leaves out', async () => {
    const suspended = instance(OTHER_ACCOUNT, 'OUTDATED', 'SKIPPED_SUSPENDED_ACCOUNT', 'The account is suspended.');
    expect(await stackSet(withInstances([...current(2), suspended]))).toMatchObject({
      verdict: 'ok',
      what: 'KeyturnHubMembers is ACTIVE, with 3 instances, 2 up to date; 1 in suspended accounts',
    });
  });

  test('fails when instances did, although its deployment succeeded: a few by account, with AWS’s reason', async () => {
    const there = 'KeyturnMember already exists in stack X';
    const refused = 'denied by a service control policy';
    const failed = ['1', '2', '3', '4', '5'].map((n) => instance(`30000000000${n}`, 'OUTDATED', 'FAILED', there));
    const others = [instance(OTHER_ACCOUNT, 'OUTDATED', 'FAILED', refused), instance('300000000009', 'OUTDATED')];
    expect(await stackSet(withInstances([...current(2), ...failed, ...others]))).toEqual({
      check: 'member StackSet',
      verdict: 'fail',
      what:
        'KeyturnHubMembers is ACTIVE, with 9 instances, 2 up to date; 7 failed or outdated: ' +
        `300000000001, 300000000002, 300000000003 and 2 more (${there}), ${OTHER_ACCOUNT} (${refused}), 300000000009 (OUTDATED)`,
      fix: "mend the reason, then have them tried again as 'Check it' in docs/organization.md says",
    });
  });

  test.each<[string, readonly StackInstance[] | undefined, string, string, string]>([
    ['is gone', undefined, 'ACTIVE', 'fail', 'there is no StackSet KeyturnHubMembers'],
    ['is deleted', [], 'DELETED', 'fail', 'KeyturnHubMembers is DELETED'],
    ['is at work', [instance(OTHER_ACCOUNT, 'OUTDATED', 'RUNNING')], 'ACTIVE', 'warn', '1 being deployed'],
    ['waits', [instance(OTHER_ACCOUNT, 'OUTDATED', 'PENDING')], 'ACTIVE', 'warn', '1 being deployed'],
    [
      'is cancelled',
      [instance(OTHER_ACCOUNT, 'OUTDATED', 'CANCELLED')],
      'ACTIVE',
      'fail',
      `${OTHER_ACCOUNT} (CANCELLED)`,
    ],
    ['is left alone', [instance(OTHER_ACCOUNT, 'INOPERABLE', 'INOPERABLE')], 'ACTIVE', 'fail', '1 INOPERABLE'],
    ['has none', [], 'ACTIVE', 'warn', 'with 0 instances'],
  ])('that %s', async (_, instances, status, verdict, what) => {
    expect(await stackSet(withInstances(instances, status))).toMatchObject({
      verdict,
      what: expect.stringContaining(what),
      fix: expect.any(String),
    });
  });

  test('that may not be looked at is unknown, with the rights that it takes', async () => {
    const cli = withInstances(current(1));
    cli.estate.refused.set('memberStackSet', denied('cloudformation:DescribeStackSet'));
    expect(await stackSet(cli)).toMatchObject({
      verdict: 'unknown',
      what:
        'KeyturnHubMembers could not be looked at: needs cloudformation:DescribeStackSet and ListStackInstances, ' +
        'and organizations:ListDelegatedAdministrators',
    });
    const answer = 'cloudformation:DescribeStackSet failed: ValidationError (HTTP 400): ';
    for (const why of [
      'Account used is not a delegated administrator.',
      'You must be the management account or delegated admin account of an organization before operating a SERVICE_MANAGED stack set.',
    ]) {
      cli.estate.refused.set('memberStackSet', new UnavailableError(answer + why));
      expect(await stackSet(cli)).toMatchObject({
        verdict: 'unknown',
        what: 'KeyturnHubMembers could not be looked at: AWS takes this account for no administrator of StackSets',
        fix: expect.stringContaining('organizations:ListDelegatedAdministrators'),
      });
    }
    cli.estate.refused.set('memberStackSet', new UnavailableError('cloudformation:ListStackInstances failed: 500.'));
    expect(await stackSet(cli)).toMatchObject({ verdict: 'unknown', what: expect.stringContaining('failed: 500') });
  });

  test('is no line where there is none, and a warning where an older version did not record it', async () => {
    const cli = aWorld();
    expect(await stackSet(cli)).toBeUndefined();
    cli.recorded = {};
    expect(await stackSet(cli)).toMatchObject({ verdict: 'warn', fix: expect.stringContaining('npx cdk deploy') });
    cli.settings = someSettings({ accounts: { kind: 'list', accounts: [ACCOUNT] } });
    expect(await stackSet(cli)).toBeUndefined();
  });
});
