import { Template } from 'aws-cdk-lib/assertions';
import type { KeyturnConfig } from '../../lib/config.ts';
import { ConfigError, resolveConfig } from '../../lib/resolve-config.ts';
import { functionNamed, makeApp } from './synth.ts';

const access = { organizationId: 'o-abcdef1234' };
const root = 'r-ab12';
const payments = 'ou-ab12-payments1';
const legacy = 'ou-ab12-legacy001';
const [first, second] = ['111122223333', '444455556666'];

function mistakesIn(make: () => unknown): readonly string[] {
  try {
    make();
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
}

const inSettings = (config: unknown) => mistakesIn(() => resolveConfig(config));
const inPlace = (config: KeyturnConfig, current?: { account: string; region: string }) =>
  mistakesIn(() => makeApp(config, current === undefined ? {} : { current }));

describe('settings for many accounts that are accepted', () => {
  test.each<[string, KeyturnConfig]>([
    ['a list', { accounts: { kind: 'list', accounts: [first, second] } }],
    ['the whole organisation', { access, accounts: { kind: 'organization' } }],
    ['by units, with exclusions', { access, accounts: everything() }],
    ['a StackSet into the root', { access, accounts: { kind: 'organization', memberStackSet: intoRoot() } }],
    [
      'a wave by account and unit',
      { access, accounts: everything(), enforceIn: { accounts: [first], organizationalUnits: ['ou-ab12-payments1'] } },
    ],
    ['secrets in the hub', { secrets: { kind: 'hub' } }],
    ['copies of secrets', { secrets: { replicaRegions: ['eu-central-1'] } }],
  ])('%s', (_, config) => {
    expect(inSettings(config)).toEqual([]);
    expect(inPlace(config)).toEqual([]);
  });

  test('defaults of an organisation', () => {
    const { accounts } = resolveConfig({ access, accounts: { kind: 'organization', memberStackSet: intoRoot() } });
    expect(accounts).toEqual({
      kind: 'organization',
      excludedOrganizationalUnits: [],
      excludedAccounts: [],
      memberStackSet: { ...intoRoot(), autoDeployment: true },
    });
  });
});

describe('mistakes about accounts', () => {
  test('are all listed in one error', () => {
    const config = {
      accounts: {
        kind: 'organization',
        organizationalUnits: ['ou-1', payments, payments],
        excludedOrganizationalUnits: ['payments'],
        excludedAccounts: ['12', second, second],
        readerRoleArn: 'arn:aws:iam::111122223333:user/reader',
        memberStackSet: { callAs: 'ME', organizationalUnits: [] },
      },
      enforceIn: { accounts: ['1'], organizationalUnits: ['x'] },
    };
    expect(inSettings(config)).toEqual([
      expect.stringMatching(/^accounts\.organizationalUnits\.0: is not the ID of an organisational unit/),
      `accounts.organizationalUnits: names ${payments} more than once`,
      expect.stringMatching(/^accounts\.excludedOrganizationalUnits\.0: is not the ID/),
      expect.stringMatching(/^accounts\.excludedAccounts\.0: is not an account ID/),
      `accounts.excludedAccounts: names ${second} more than once`,
      expect.stringMatching(/^accounts\.readerRoleArn: is not the ARN of an IAM role/),
      expect.stringMatching(/^accounts\.memberStackSet\.callAs: /),
      expect.stringMatching(/^accounts\.memberStackSet\.organizationalUnits: must name at least one/),
      expect.stringMatching(/^enforceIn\.accounts\.0: is not an account ID/),
      expect.stringMatching(/^enforceIn\.organizationalUnits\.0: is not the ID/),
    ]);
  });

  test.each<[string, KeyturnConfig, string]>([
    ['an empty list', { accounts: list() }, 'accounts.accounts: must name at least one account'],
    ['the same account twice', { accounts: list(first, first) }, `accounts.accounts: names ${first} more than once`],
    ['an organisation without its ID', { accounts: { kind: 'organization' } }, 'access.organizationId: is needed'],
    [
      'a unit that is selected and excluded',
      { access, accounts: { ...everything(), excludedOrganizationalUnits: [payments] } },
      `accounts.organizationalUnits names ${payments}, which is excluded`,
    ],
    [
      'a StackSet into everything',
      { access, accounts: { kind: 'organization', memberStackSet: { callAs: 'SELF' } } },
      'accounts.memberStackSet.organizationalUnits: a StackSet',
    ],
    [
      'a wave while all enforce',
      { mode: 'enforce', accounts: list(first, second), enforceIn: { accounts: [first] } },
      "enforceIn names a wave of mode 'observe'",
    ],
    ['an empty wave', { accounts: list(first), enforceIn: {} }, 'enforceIn must name'],
    ['a wave of one account', { enforceIn: { accounts: [first] } }, 'enforceIn needs more than one account'],
    [
      'a wave by unit in a list',
      { accounts: list(first), enforceIn: { organizationalUnits: [payments] } },
      'enforceIn.organizationalUnits is for',
    ],
    [
      'a wave beside the list',
      { accounts: list(first), enforceIn: { accounts: [second] } },
      `enforceIn.accounts names ${second}, which accounts.accounts does not`,
    ],
    [
      'a wave of an excluded account',
      { access, accounts: everything(), enforceIn: { accounts: [second] } },
      `enforceIn.accounts names ${second}, which is excluded`,
    ],
    [
      'a wave of an excluded unit',
      { access, accounts: everything(), enforceIn: { organizationalUnits: [legacy] } },
      `enforceIn.organizationalUnits names ${legacy}, which is excluded`,
    ],
    [
      'more accounts than fit into a function',
      { accounts: list(...Array.from({ length: 300 }, (_, n) => String(200_000_000_000 + n))) },
      "name organizational units (accounts of kind 'organization') instead of accounts",
    ],
  ])('%s', (_, config, mistake) => {
    expect(inSettings(config)).toEqual([expect.stringContaining(mistake)]);
  });

  test('the largest settings that are accepted fit into a function, with all that is beside them', () => {
    const fits = (count: number) =>
      inSettings({ accounts: list(...Array.from({ length: count }, (_, n) => String(200_000_000_000 + n))) }).length ===
      0;
    const most = Array.from({ length: 300 }, (_, n) => 300 - n).find(fits);
    expect(most).toBeGreaterThan(100);
    const accounts = list(...Array.from({ length: most ?? 0 }, (_, n) => String(200_000_000_000 + n)));
    const { hub } = makeApp({ accounts, secrets: { kind: 'hub' } });
    const { Environment } = functionNamed(Template.fromStack(hub), 'RotateAccount');
    const bytes = Object.entries(Environment.Variables).map(([name, value]) => name.length + deployedLength(value));
    expect(bytes.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(4096);
  });
});

describe('what is wrong with one setting', () => {
  const here = { account: first, region: 'eu-west-1' };
  const broken = {
    mode: 'obsrve',
    policy: { rotateAfterDays: 100, disableAfterDays: 90 },
    schedule: 'daily',
    accounts: {
      kind: 'organization',
      organizationalUnits: ['ou-1'],
      readerRoleArn: `arn:aws:iam::${first}:role/Reader`,
    },
    secrets: { kind: 'hubb', replicaRegions: ['eu-west-1', 'Ireland'] },
    notices: { email: { from: 'nobody' } },
    removal: 'destory',
    tagz: {},
  };

  test('does not hide what another can’t be in the account and Region that it is deployed to', () => {
    const mistakes = mistakesIn(() => resolveConfig(broken, here));
    expect(mistakes).toContain('secrets.replicaRegions names eu-west-1, where the secrets are anyway');
    expect(mistakes).toContainEqual(expect.stringMatching(/^accounts\.readerRoleArn is in the hub itself/));
    for (const setting of Object.keys(broken)) {
      expect(mistakes).toContainEqual(expect.stringMatching(`^${setting}\\b`));
    }
    expect(new Set(mistakes).size).toBe(mistakes.length);
  });

  test('does not hide that two others contradict each other', () => {
    const mistakes = inSettings({
      schedule: 'daily',
      removal: 'destory',
      accounts: { kind: 'organization', memberStackSet: { callAs: 'SELF' } },
      enforceIn: { accounts: [] },
    });
    expect(mistakes).toEqual([
      expect.stringMatching(/^schedule: /),
      expect.stringMatching(/^removal: /),
      'enforceIn must name accounts or organizationalUnits, or be left out',
      expect.stringMatching(/^access\.organizationId: is needed/),
      expect.stringMatching(/^accounts\.memberStackSet\.organizationalUnits: a StackSet/),
    ]);
  });

  test('leaves out what hangs on it: a Region that is none is not missed too', () => {
    const several = { accounts: list(first, second) };
    expect(mistakesIn(() => resolveConfig({ ...several, region: 'Ireland' }, {}))).toEqual([
      expect.stringMatching(/^region: is not a Region/),
    ]);
    expect(mistakesIn(() => resolveConfig(several, {}))).toEqual([
      expect.stringMatching(/^account, region: must be known/),
    ]);
    expect(mistakesIn(() => resolveConfig({ ...several, ...here }, {}))).toEqual([]);
  });
});

describe('mistakes about secrets', () => {
  const mrk = `arn:aws:kms:eu-west-1:${first}:key/mrk-00000000000000000000000000000000`;
  const key = `arn:aws:kms:eu-west-1:${first}:key/00000000-0000-0000-0000-000000000000`;

  test.each([
    ['a key for the members', { kmsKeyArn: key }, "secrets.kmsKeyArn: is for kind 'hub'"],
    ['an alias', { kind: 'hub', kmsKeyArn: `arn:aws:kms:eu-west-1:${first}:alias/x` }, 'is not the ARN of a KMS key'],
    ['a Region that is none', { replicaRegions: ['Ireland'] }, 'secrets.replicaRegions.0: is not a Region'],
    ['a Region twice', { replicaRegions: ['us-east-1', 'us-east-1'] }, 'secrets.replicaRegions: names a Region more'],
    ['copies without a key for them', { kind: 'hub', replicaRegions: ['us-east-1'] }, 'must name a multi-Region key'],
    [
      'copies with a key of one Region',
      { kind: 'hub', kmsKeyArn: key, replicaRegions: ['us-east-1'] },
      'must name a multi-Region key',
    ],
  ])('%s', (_, secrets, mistake) => {
    expect(inSettings({ secrets })).toEqual([expect.stringContaining(mistake)]);
  });

  test.each<[string, KeyturnConfig, string]>([
    ['copies where the secrets are anyway', { secrets: { replicaRegions: ['eu-west-1'] } }, 'names eu-west-1, where'],
    [
      'a key of another Region',
      { secrets: { kind: 'hub', kmsKeyArn: mrk.replace('eu-west-1', 'us-east-1') } },
      `secrets.kmsKeyArn is not in account ${first}, Region eu-west-1`,
    ],
    [
      'a key of another account',
      { secrets: { kind: 'hub', kmsKeyArn: mrk.replace(first, second) } },
      'secrets.kmsKeyArn is not in account',
    ],
    [
      'a reader in the hub',
      { access, accounts: { kind: 'organization', readerRoleArn: `arn:aws:iam::${first}:role/Reader` } },
      'accounts.readerRoleArn is in the hub itself',
    ],
  ])('%s, as the place of the deployment tells', (_, config, mistake) => {
    expect(inPlace(config)).toEqual([expect.stringContaining(mistake)]);
  });

  test.each<[string, KeyturnConfig]>([
    ['many accounts', { accounts: list(first, second) }],
    ['secrets in the hub', { secrets: { kind: 'hub' } }],
  ])('%s need to know where the hub is', (_, config) => {
    expect(mistakesIn(() => makeApp(config, { current: {} }))).toEqual([expect.stringMatching(/^account, region: /)]);
  });
});

function list(...accounts: string[]) {
  return { kind: 'list', accounts } as const;
}

function everything() {
  return {
    kind: 'organization',
    organizationalUnits: [payments],
    excludedOrganizationalUnits: [legacy],
    excludedAccounts: [second],
    readerRoleArn: 'arn:aws:iam::999900009999:role/KeyturnOrganizationReader',
  } as const;
}

function intoRoot() {
  return { callAs: 'DELEGATED_ADMIN', organizationalUnits: [root] } as const;
}

/** As long as it may be once deployed: a reference becomes a name of a stack's, an ARN or a URL. */
function deployedLength(value: unknown): number {
  if (typeof value === 'string') return value.length;
  const { 'Fn::Join': join } = Object(value);
  if (!Array.isArray(join)) return 160;
  const [, parts]: unknown[] = join;
  return Array.isArray(parts) ? parts.reduce((sum: number, part: unknown) => sum + deployedLength(part), 0) : 160;
}
