import { trustIn } from '../../cli/trust-policy.ts';
import { AccessDeniedError } from '../../lambda/ports.ts';
import { someSettings } from '../support/builders.ts';
import { FakeCli } from './fake-cli.ts';
import { trusting, WORKER } from './fake-estate.ts';

const ORGANIZATION = 'o-abcdef1234';
const OTHER = 'o-zzzzzzzzzz';
const CHECK = 'member role here';

/** One statement as the member stack writes it, but for what the test changes. */
const statement = (changes: object = {}) => ({
  Effect: 'Allow',
  Principal: { AWS: WORKER },
  Action: 'sts:AssumeRole',
  Condition: { StringEquals: { 'sts:ExternalId': 'keyturn', 'aws:PrincipalOrgID': ORGANIZATION } },
  ...changes,
});

const asking = (keys: object, operator = 'StringEquals') => statement({ Condition: { [operator]: keys } });

/** What doctor says of a member role with these statements, when the settings name the organisation. */
async function said(...statements: readonly object[]) {
  const cli = new FakeCli();
  cli.recorded = { ...cli.recorded, organizationId: ORGANIZATION };
  return finding(cli, ...statements);
}

async function finding(cli: FakeCli, ...statements: readonly object[]) {
  const document = JSON.stringify({ Version: '2012-10-17', Statement: statements });
  if (statements.length > 0) cli.estate.roles.set('KeyturnMember', trustIn(encodeURIComponent(document)));
  const { out } = await cli.run('doctor', '--json');
  const { findings }: { findings: { check: string; verdict: string; what: string; fix?: string }[] } = JSON.parse(out);
  const found = findings.find(({ check }) => check === CHECK);
  if (found === undefined) throw new Error('there is no line about the member role');
  return found;
}

describe('a member role is fine', () => {
  const mine = { 'sts:ExternalId': 'keyturn', 'aws:PrincipalOrgID': ORGANIZATION };

  test.each<[string, object[]]>([
    ['as the member stack writes it', [statement()]],
    ['with lists of one', [asking({ 'sts:ExternalId': ['keyturn'], 'aws:PrincipalOrgID': [ORGANIZATION] })]],
    ['with more values than one', [asking({ ...mine, 'sts:ExternalId': ['old-word', 'keyturn'] })]],
    ['with keys in another case', [asking({ 'STS:externalid': 'keyturn', 'AWS:PrincipalOrgId': ORGANIZATION })]],
    ['with patterns', [asking({ 'sts:ExternalId': 'key*', 'aws:PrincipalOrgID': 'o-abcdef123?' }, 'StringLike')]],
    ['with another operator', [asking(mine, 'StringEqualsIgnoreCase')]],
    ['where one of two statements lets it in', [asking({ ...mine, 'sts:ExternalId': 'old-word' }), statement()]],
    ['where an action is a pattern', [statement({ Action: ['sts:TagSession', 'sts:Assume*'] })]],
    [
      'beside a statement that denies others',
      [
        statement(),
        { ...asking({ 'aws:PrincipalOrgID': ORGANIZATION }, 'StringNotEquals'), Effect: 'Deny', Principal: '*' },
      ],
    ],
  ])('%s', async (_, statements) => {
    expect(await said(...statements)).toEqual({
      check: CHECK,
      verdict: 'ok',
      what: expect.stringMatching(`^KeyturnMember trusts ${WORKER}`),
    });
  });
});

describe('a member role does not let the worker in', () => {
  test.each<[string, object[], string]>([
    [
      'with another external ID',
      [asking({ 'sts:ExternalId': 'old-word', 'aws:PrincipalOrgID': ORGANIZATION })],
      `KeyturnMember trusts ${WORKER}, but wants external ID 'old-word' (this hub's worker sends 'keyturn')`,
    ],
    [
      'with an external ID in another case',
      [asking({ 'sts:ExternalId': 'Keyturn', 'aws:PrincipalOrgID': ORGANIZATION })],
      `KeyturnMember trusts ${WORKER}, but wants external ID 'Keyturn' (this hub's worker sends 'keyturn')`,
    ],
    [
      'with another organisation',
      [asking({ 'sts:ExternalId': 'keyturn', 'aws:PrincipalOrgID': OTHER })],
      `KeyturnMember trusts ${WORKER}, but wants organisation '${OTHER}' (the settings say '${ORGANIZATION}')`,
    ],
    [
      'with both, and values to choose from',
      [asking({ 'sts:ExternalId': ['a', 'b'], 'aws:PrincipalOrgID': OTHER })],
      `KeyturnMember trusts ${WORKER}, but wants external ID 'a' or 'b' (this hub's worker sends 'keyturn') and ` +
        `organisation '${OTHER}' (the settings say '${ORGANIZATION}')`,
    ],
    [
      'with a statement that denies it',
      [statement(), { Effect: 'Deny', Principal: { AWS: '*' }, Action: 'sts:*' }],
      "KeyturnMember has a statement that keeps this hub's worker out",
    ],
    [
      'with one that denies its organisation',
      [
        statement(),
        { ...asking({ 'aws:PrincipalOrgID': OTHER }, 'StringNotEquals'), Effect: 'Deny', Principal: { AWS: '*' } },
      ],
      `KeyturnMember has a statement that keeps this hub's worker out by StringNotEquals aws:PrincipalOrgID ${OTHER}`,
    ],
    [
      'with one for services alone',
      [{ Effect: 'Allow', Principal: { Service: 'lambda.amazonaws.com' }, Action: 'sts:AssumeRole' }],
      "KeyturnMember trusts lambda.amazonaws.com, not this hub's worker role KeyturnWorker",
    ],
    ['when it may only be tagged', [statement({ Action: 'sts:TagSession' })], 'KeyturnMember trusts no worker role'],
    [
      'when it is written by exception',
      [{ Effect: 'Allow', NotPrincipal: { AWS: WORKER }, Action: 'sts:AssumeRole' }],
      "KeyturnMember has a statement that Keyturn did not write and can't read, and none that names a worker role",
    ],
  ])('%s', async (_, statements, what) => {
    expect(await said(...statements)).toMatchObject({ verdict: 'fail', what });
  });
});

describe('a member role is told of', () => {
  test('when others are trusted too: services and federations as well as roles', async () => {
    const service = { Effect: 'Allow', Principal: { Service: 'ec2.amazonaws.com' }, Action: 'sts:AssumeRole' };
    const federated = { Effect: 'Allow', Principal: { Federated: 'cognito' }, Action: 'sts:AssumeRoleWithWebIdentity' };
    expect(await said(service, statement(), federated)).toMatchObject({
      verdict: 'warn',
      what: expect.stringMatching(/; but it trusts ec2\.amazonaws\.com besides$/),
    });
  });

  test('when it asks for less than the settings say', async () => {
    expect(await said(statement({ Condition: {} }))).toMatchObject({
      verdict: 'warn',
      what: `KeyturnMember trusts ${WORKER}; but it asks for no external ID, and it asks for no organisation`,
    });
  });

  test('when it asks for what only AWS can judge', async () => {
    const Condition = { StringEquals: { 'sts:ExternalId': 'keyturn' }, IpAddress: { 'aws:SourceIp': '192.0.2.0/24' } };
    expect(await said(statement({ Condition }))).toMatchObject({
      verdict: 'warn',
      what: expect.stringContaining("whether the worker meets IpAddress aws:SourceIp 192.0.2.0/24 can't be told"),
    });
  });

  test('when it asks for an organisation that the settings do not name', async () => {
    expect(await finding(new FakeCli(), statement())).toMatchObject({
      verdict: 'warn',
      what: expect.stringContaining(`whether the worker meets organisation '${ORGANIZATION}' can't be told from here`),
    });
  });

  test('when the deployment did not record yet what the worker sends', async () => {
    const cli = new FakeCli();
    cli.recorded = {};
    expect(await finding(cli, statement())).toEqual({
      check: CHECK,
      verdict: 'warn',
      what:
        `KeyturnMember trusts ${WORKER} and wants external ID 'keyturn' and organisation '${ORGANIZATION}'; ` +
        "what the worker sends is not on record and can't be compared",
      fix: "deploy the stack again with 'npx cdk deploy'",
    });
  });
});

describe('what to do about a member role names its stack', () => {
  const dead = (stack: string) =>
    `deploying alone changes nothing; delete the stack with 'aws cloudformation delete-stack --stack-name ${stack}' and, ` +
    `when it is gone, make it again with 'npx cdk deploy ${stack}'; for other accounts see docs/organization.md, section 3`;
  const gone = () => {
    const cli = new FakeCli();
    cli.estate.roles.set('KeyturnMember', trusting('AROAFAKE0000000000001'));
    return cli;
  };

  test('when its worker’s role was made anew: deploying the same template would change nothing', async () => {
    const cli = gone();
    cli.estate.holders.set('KeyturnMember', 'AcmeMember');
    expect(await finding(cli)).toEqual({
      check: CHECK,
      verdict: 'fail',
      what: 'KeyturnMember trusts a worker role that no longer exists',
      fix: dead('AcmeMember'),
    });
  });

  test('by its usual name, when nobody may look whose it is', async () => {
    const cli = gone();
    cli.estate.refused.set('stackHolding', new AccessDeniedError('AWS denied cloudformation:DescribeStackResources.'));
    expect((await finding(cli)).fix).toBe(dead('KeyturnMember'));
  });

  test('and the policy that has to be detached before, with secrets in the hub', async () => {
    const cli = gone();
    cli.settings = someSettings({ secrets: { kind: 'hub', kmsKeyArn: 'arn:aws:kms:::key/1', replicaRegions: [] } });
    expect((await finding(cli)).fix).toContain(
      'detach policy KeyturnReadSecrets from its users, then delete the stack with',
    );
  });

  test('but never has the hub’s own stack deleted', async () => {
    const cli = gone();
    cli.estate.holders.set('KeyturnMember', 'KeyturnHub');
    const { fix } = await finding(cli);
    expect(fix).toContain('take the MemberRole out of stack KeyturnHub, deploy, put it back and deploy again');
    expect(fix).not.toContain('delete-stack');
  });

  test('when the role is gone that a stack made, or was made by none', async () => {
    const cli = new FakeCli();
    cli.estate.roles.clear();
    expect(await finding(cli)).toMatchObject({
      what: 'there is no role KeyturnMember, although stack KeyturnMember made one',
      fix: expect.stringContaining('delete-stack --stack-name KeyturnMember'),
    });
    cli.estate.holders.clear();
    expect(await finding(cli)).toMatchObject({
      what: 'there is no role KeyturnMember',
      fix: "deploy the member stack of this account with 'npx cdk deploy --all'",
    });
    cli.estate.roles.set('KeyturnMember', trusting('AROAFAKE0000000000001'));
    expect((await finding(cli)).fix).toContain('it is part of no stack');
  });
});
