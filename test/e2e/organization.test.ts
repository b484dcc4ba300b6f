import { DAY, fromIso } from '../../lambda/domain/time.ts';
import { type Emulator, startEmulator } from '../../local/emulator.ts';
import { type Company, foundCompany } from './organization/company.ts';
import { duplicatesSuite } from './organization/duplicates.suite.ts';
import { deployHub, type Hub } from './organization/hub.ts';
import { keysOf, secretOf } from './organization/keys.ts';
import { assumingNeedsTrust, deployMemberStack, removeMemberStack } from './organization/member-roles.ts';
import { permissionsSuite } from './suites/permissions.suite.ts';
import { type DeployedRole, deployedRoles } from './support/deployed-roles.ts';

const DAY_0 = fromIso('2026-03-02T06:17:00.000Z');
const USER = 'exporter';
const REPLICA = 'eu-west-1';
/** All that are swept and enforce from the first day to the last. */
const STEADY = ['hub', 'cards', 'ledger', 'invoices', 'shop', 'search', 'audit', 'logs'];

let emulator: Emulator;
let company: Company;
let hub: Hub;
let memberTemplate: string;
/** As they were deployed: one goes meanwhile, another comes. */
const roles: DeployedRole[] = [];

beforeAll(async () => {
  emulator = await startEmulator();
  company = await foundCompany(emulator);
  hub = await deployHub(emulator, {
    mode: 'observe',
    enforceIn: {
      accounts: [company.hub],
      organizationalUnits: [company.unit('production'), company.unit('security')],
    },
    accounts: {
      kind: 'organization',
      excludedOrganizationalUnits: [company.unit('sandbox')],
      excludedAccounts: [company.account('legacy')],
      memberStackSet: { callAs: 'SELF', organizationalUnits: [company.root] },
    },
    access: { organizationId: company.organizationId },
    secrets: { replicaRegions: [REPLICA] },
  });
  memberTemplate = await stackSetTemplate();
  const withoutRole = new Set(['newcomer', 'closed', 'playground', 'legacy'].map(company.account));
  for (const account of company.members) {
    if (!withoutRole.has(account)) await deployMemberStack(emulator, account, memberTemplate);
  }
  const createdAt = new Date(DAY_0 - 400 * DAY);
  for (const account of [company.hub, ...company.members]) {
    roles.push(...(await deployedRoles(emulator, account)));
    await emulator.addUsers(account, [{ name: USER, createdAt, keys: [createdAt] }]);
  }
}, 600_000);
afterAll(async () => {
  await hub?.stop();
  await emulator?.stop();
});

/** What the StackSet would deploy to every account. */
async function stackSetTemplate(): Promise<string> {
  const { Resources } = await hub.template('KeyturnHub');
  const stackSet = Object.values(Resources).find(({ Type }) => Type === 'AWS::CloudFormation::StackSet');
  return String(stackSet?.Properties.TemplateBody);
}

const statusesOf = async (name: string) =>
  (await keysOf(emulator, company.account(name), USER)).map(({ status }) => status);

/** The last run as the command line tells it, by the accounts' names. */
async function lastRun() {
  const listed = JSON.parse((await hub.keyturn.run('runs', '--json')).stdout);
  const [summary] = listed.runs;
  const { stdout } = await hub.keyturn.run('runs', summary.runId, '--json');
  const accounts = new Map<string, Record<string, unknown>>();
  for (const account of JSON.parse(stdout).accounts) accounts.set(account.account, account);
  return { summary, of: (name: string) => accounts.get(company.account(name)) };
}

let run: Awaited<ReturnType<typeof lastRun>>;
async function runOn(day: number): Promise<void> {
  await hub.runAt(DAY_0 + day * DAY);
  run = await lastRun();
}

describe('day 0: the first run over the organisation', () => {
  beforeAll(() => runOn(0), 600_000);

  test.each(STEADY)('%s enforces: the old key has a successor, in a secret of its own account', async (name) => {
    const [old, successor] = await keysOf(emulator, company.account(name), USER);
    expect([old?.status, successor?.status]).toEqual(['Active', 'Active']);
    const user = { account: company.account(name), userName: USER };
    expect((await secretOf(emulator, user))?.currentKeyId).toBe(successor?.keyId);
    if (name !== 'hub') expect(await secretOf(emulator, user, { account: company.hub })).toBeUndefined();
  });

  test('the secret has its copy in the other Region', async () => {
    const user = { account: company.account('cards'), userName: USER };
    const { found } = (await secretOf(emulator, user)) ?? {};
    expect(found?.ReplicationStatus?.map(({ Region }) => Region)).toEqual([REPLICA]);
    expect(await secretOf(emulator, user, { region: REPLICA })).toBeDefined();
  });

  test('rehearsal observes: what would be done is on record, and nothing is changed', async () => {
    const account = company.account('rehearsal');
    expect(await statusesOf('rehearsal')).toEqual(['Active']);
    expect(await secretOf(emulator, { account, userName: USER })).toBeUndefined();
    expect(run.of('rehearsal')).toMatchObject({
      outcome: 'swept',
      mode: 'observe',
      steps: { rotate: 1 },
    });
  });

  test.each(['newcomer', 'closed', 'playground', 'legacy'])('nothing is touched in %s', async (name) => {
    expect(await statusesOf(name)).toEqual(['Active']);
  });

  test('the run record tells of every account', async () => {
    const { summary, of } = run;
    expect(summary).toMatchObject({
      begun: 'whole',
      expected: 11,
      swept: 10,
      failed: 0,
      noAccess: 1,
      outstanding: 0,
      skipped: { excluded: 2, suspended: 1 },
    });
    for (const name of [...STEADY, 'leaver']) {
      expect(of(name)).toMatchObject({
        outcome: 'swept',
        mode: 'enforce',
        users: 1,
        usersFailed: 0,
        steps: { rotate: 1 },
      });
    }
    expect(of('newcomer')).toMatchObject({
      outcome: 'no-access',
      error: expect.stringContaining('Deploy the member stack in that account'),
    });
    expect(of('closed')).toMatchObject({ outcome: 'skipped', why: 'suspended' });
    expect(of('legacy')).toMatchObject({ outcome: 'skipped', why: 'excluded' });
    expect(of('playground')).toMatchObject({ outcome: 'skipped', why: 'excluded' });
  });
});

describe('day 10: leaver loses its role while the run is under way', () => {
  beforeAll(async () => {
    let removed: Promise<void> | undefined;
    const checked = assumingNeedsTrust(emulator);
    hub.recorder.intercept(async (call) => {
      if (call.action === 'AssumeRole') {
        // At the first one the run is under way; nobody is faster than the removal.
        removed ??= removeMemberStack(emulator, company.account('leaver'));
        await removed;
      }
      return checked(call);
    });
    await runOn(10);
    hub.recorder.intercept(checked);
  }, 600_000);

  test('in leaver everything stays as it was, and the record says why', async () => {
    expect(await statusesOf('leaver')).toEqual(['Active', 'Active']);
    expect(run.of('leaver')).toMatchObject({ outcome: 'no-access' });
  });

  test.each(STEADY)('%s goes on: the old key is disabled', async (name) => {
    expect(await statusesOf(name)).toEqual(['Inactive', 'Active']);
  });

  test('the others are swept as ever', async () => {
    const { summary, of } = run;
    expect(summary).toMatchObject({ expected: 11, swept: 9, noAccess: 2, failed: 0, outstanding: 0 });
    for (const name of STEADY) expect(of(name)).toMatchObject({ outcome: 'swept', steps: { disable: 1 } });
  });
});

describe('day 20: newcomer has got the role meanwhile', () => {
  beforeAll(async () => {
    await deployMemberStack(emulator, company.account('newcomer'), memberTemplate);
    roles.push(...(await deployedRoles(emulator, company.account('newcomer'))));
    await runOn(20);
  }, 600_000);

  test('newcomer begins where the others began', async () => {
    expect(await statusesOf('newcomer')).toEqual(['Active', 'Active']);
    expect(run.of('newcomer')).toMatchObject({ outcome: 'swept', steps: { rotate: 1 } });
  });

  test.each(STEADY)('%s is done: only the successor is left', async (name) => {
    expect(await statusesOf(name)).toEqual(['Active']);
  });

  test('rehearsal would be done too, and still has its old key alone', async () => {
    expect(await statusesOf('rehearsal')).toEqual(['Active']);
    expect(run.of('rehearsal')).toMatchObject({ mode: 'observe', steps: { delete: 1 } });
  });
});

/** What this story has no occasion for, in the accounts' first three weeks. */
const noOwner = 'nobody owns these users; test/e2e/enforce.test.ts has owners';
const wellFormed = 'nothing malformed comes here; test/e2e/enforce.test.ts sends it';
const untouched = 'nobody has used a key or deleted a user; test/e2e/enforce.test.ts sees both';
const acknowledged = {
  'deliver dynamodb:GetItem on owners': noOwner,
  'deliver sns:Publish on notices topic': noOwner,
  'deliver sns:ListSubscriptionsByTopic on notices topic': noOwner,
  'worker dynamodb:DeleteItem on owners': noOwner,
  'deliver sqs:SendMessage on dead letters': wellFormed,
  'dispatch sqs:SendMessage on dead letters': wellFormed,
  'notify sqs:SendMessage on dead letters': wellFormed,
  'seal sqs:SendMessage on dead letters': wellFormed,
  'worker sqs:SendMessage on dead letters': wellFormed,
  'member iam:GetAccessKeyLastUsed on iam:user/*': untouched,
  'member iam:GetUser on iam:user/*': untouched,
  'member secretsmanager:UpdateSecretVersionStage on secrets': 'no secret holds a second key yet',
};

permissionsSuite(
  async () => ({
    // Where there is no role that trusts the worker, AWS refuses it, and so did the test.
    calls: hub.recorder.calls().filter(({ errorCode }) => errorCode !== 'AccessDenied'),
    roles,
    names: { userPaths: new Map(), userOfKey: new Map(), organizationId: company.organizationId },
    deployment: hub.deployment,
  }),
  {
    atLeast: 100,
    acknowledged,
  },
);

// Last: what it calls together is not recorded with the rest.
duplicatesSuite(() => ({ emulator, hub, account: company.account('shop'), at: DAY_0 + 21 * DAY }));
