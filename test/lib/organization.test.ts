import { Annotations, Match, Template } from 'aws-cdk-lib/assertions';
import type { OrganizationProps } from '../../lib/config-accounts.ts';
import { INLINE_LIMIT, memberTemplate } from '../../lib/member-template.ts';
import { ACCOUNT, allowedOn, makeApp, REGION, recorded, statementsOf, substituted, synth } from './synth.ts';

const access = { organizationId: 'o-abcdef1234', externalId: 'shared-word' };
const units = ['ou-ab12-payments1', 'ou-ab12-platform1'];
const readerRoleArn = 'arn:aws:iam::999900009999:role/OrgReader';

const organization = (props: Partial<OrganizationProps> = {}) => ({
  access,
  accounts: { kind: 'organization', organizationalUnits: units, ...props } as const,
});
const list = (count: number) => ({
  kind: 'list' as const,
  accounts: Array.from({ length: count }, (_, n) => String(200_000_000_000 + n)),
});
const workerOf = (template: Template) => statementsOf(template, 'KeyturnRotateAccountFunctionRole');
const dispatchOf = (template: Template) => statementsOf(template, 'KeyturnDispatchFunctionRole');

test('what the worker sends to member roles is on record for the command line', () => {
  expect(recorded(synth(organization()).hub)).toMatchObject(access);
  const { externalId, organizationId } = recorded(synth().hub);
  expect({ externalId, organizationId }).toEqual({ externalId: 'keyturn', organizationId: undefined });
});

describe('the StackSet of the member role', () => {
  const config = organization({
    excludedAccounts: ['444455556666'],
    memberStackSet: { callAs: 'DELEGATED_ADMIN' },
  });
  const { hub, member } = synth(config);
  const [stackSet] = Object.values(hub.findResources('AWS::CloudFormation::StackSet'));
  const template: unknown = JSON.parse(stackSet?.Properties.TemplateBody);

  test('is not made unless it is asked for', () => {
    synth(organization()).hub.resourceCountIs('AWS::CloudFormation::StackSet', 0);
    synth().hub.resourceCountIs('AWS::CloudFormation::StackSet', 0);
  });

  test('goes to the swept units by itself, but not to the hub, which has the role, nor to excluded accounts', () => {
    hub.hasResourceProperties('AWS::CloudFormation::StackSet', {
      StackSetName: 'KeyturnHubMembers',
      PermissionModel: 'SERVICE_MANAGED',
      CallAs: 'DELEGATED_ADMIN',
      Capabilities: ['CAPABILITY_NAMED_IAM'],
      AutoDeployment: { Enabled: true, RetainStacksOnAccountRemoval: false },
      ManagedExecution: { Active: true },
      StackInstancesGroup: [
        {
          Regions: [REGION],
          DeploymentTargets: {
            OrganizationalUnitIds: units,
            AccountFilterType: 'DIFFERENCE',
            Accounts: [ACCOUNT, '444455556666'],
          },
        },
      ],
    });
  });

  test('is on record for the command line, with as whom AWS has to be asked about it', () => {
    expect(recorded(hub).memberStackSet).toEqual({ name: 'KeyturnHubMembers', callAs: 'DELEGATED_ADMIN' });
    expect(recorded(synth(organization()).hub).memberStackSet).toBe('none');
    expect(recorded(synth().hub).memberStackSet).toBe('none');
  });

  test('one account that refuses it does not keep it from the others', () => {
    hub.hasResourceProperties('AWS::CloudFormation::StackSet', {
      OperationPreferences: Match.objectLike({
        FailureTolerancePercentage: 100,
        ConcurrencyMode: 'SOFT_FAILURE_TOLERANCE',
      }),
    });
  });

  test('units, auto-deployment and the caller are configured', () => {
    const memberStackSet = { callAs: 'SELF', organizationalUnits: ['r-ab12'], autoDeployment: false } as const;
    synth(organization({ memberStackSet })).hub.hasResourceProperties('AWS::CloudFormation::StackSet', {
      CallAs: 'SELF',
      AutoDeployment: { Enabled: false, RetainStacksOnAccountRemoval: Match.absent() },
      StackInstancesGroup: [
        Match.objectLike({ DeploymentTargets: Match.objectLike({ OrganizationalUnitIds: ['r-ab12'] }) }),
      ],
    });
  });

  test('deploys exactly what the hub has, which `cdk synth` prints', () => {
    expect(template).toEqual(member.toJSON());
  });

  test('names no account but the hub, so that it serves every account', () => {
    const numbers: readonly string[] = stackSet?.Properties.TemplateBody.match(/\d{12}/g);
    expect([...new Set(numbers)]).toEqual([ACCOUNT]);
  });

  test('is made when the worker that the roles trust exists', () => {
    const worker = Object.keys(hub.findResources('AWS::IAM::Role', { Properties: { RoleName: 'KeyturnWorker' } }));
    expect(stackSet?.DependsOn).toEqual(expect.arrayContaining(worker));
  });

  test('where there is none, says that the accounts need the member stack', () => {
    const needed = Match.stringLikeRegexp('every account that is swept needs the member stack');
    Annotations.fromStack(makeApp(organization()).hub).hasInfo('/KeyturnHub', needed);
    Annotations.fromStack(makeApp({ accounts: list(2) }).hub).hasInfo('/KeyturnHub', needed);
    Annotations.fromStack(makeApp().hub).hasNoInfo('/KeyturnHub', needed);
    Annotations.fromStack(makeApp(config).hub).hasNoInfo('/KeyturnHub', needed);
  });

  test('says that the management account needs it by hand', () => {
    Annotations.fromStack(makeApp(config).hub).hasInfo('*', Match.stringLikeRegexp('never deploys to the management'));
  });
});

describe('the member template', () => {
  const member = {
    memberRoleName: 'KeyturnMember',
    hubAccount: ACCOUNT,
    workerRoleName: 'KeyturnWorker',
    externalId: 'keyturn',
    region: REGION,
    secrets: { kind: 'hub', replicaRegions: [] as string[] },
  } as const;

  test('is small enough to be inlined with the longest settings', () => {
    const replicaRegions = Array.from({ length: 20 }, (_, n) => `ap-southeast-${n}`);
    const longest = { ...member, externalId: 'x'.repeat(1224), secrets: { kind: 'hub', replicaRegions } } as const;
    expect(memberTemplate(longest, {}).length).toBeLessThan(INLINE_LIMIT);
  });

  test('that would be too long is refused', () => {
    const replicaRegions = Array.from({ length: 200 }, (_, n) => `ap-southeast-${n}`);
    expect(() => memberTemplate({ ...member, secrets: { kind: 'hub', replicaRegions } }, {})).toThrow(
      /the member template has \d+ bytes, and a StackSet takes 51200/,
    );
  });

  test('trusts the exact worker, of this organisation, with the external ID', () => {
    const template = synth(organization()).member;
    const [role] = Object.values(template.findResources('AWS::IAM::Role'));
    const [statement] = role?.Properties.AssumeRolePolicyDocument.Statement ?? [];
    expect(substituted(statement.Principal.AWS)).toBe(`arn:\${AWS::Partition}:iam::${ACCOUNT}:role/KeyturnWorker`);
    expect(statement.Condition).toEqual({
      StringEquals: { 'sts:ExternalId': 'shared-word', 'aws:PrincipalOrgID': 'o-abcdef1234' },
    });
  });
});

describe('the worker may enter', () => {
  test('the accounts of a list, one by one', () => {
    const { hub } = synth({ accounts: list(20) });
    expect(allowedOn(workerOf(hub), 'sts:AssumeRole')).toEqual(
      list(20).accounts.map((account) => `arn:aws:iam::${account}:role/KeyturnMember`),
    );
  });

  test('any account with the member role, of its organisation, when there are too many to name', () => {
    for (const config of [organization(), { access, accounts: list(21) }]) {
      const statement = workerOf(synth(config).hub).find(({ actions }) => actions.includes('sts:AssumeRole'));
      expect(statement).toEqual({
        effect: 'Allow',
        actions: ['sts:AssumeRole'],
        resources: ['arn:aws:iam::*:role/KeyturnMember'],
        conditions: { StringEquals: { 'aws:ResourceOrgID': 'o-abcdef1234' } },
      });
    }
  });
});

describe('dispatch', () => {
  const listing = [
    'organizations:ListRoots',
    'organizations:ListOrganizationalUnitsForParent',
    'organizations:ListAccountsForParent',
    'organizations:ListAccounts',
  ];

  test('may list the organisation, and nothing else in it', () => {
    const inOrganizations = dispatchOf(synth(organization()).hub).filter(({ actions }) =>
      actions.some((action) => action.startsWith('organizations:')),
    );
    expect(inOrganizations).toEqual([{ effect: 'Allow', actions: expect.arrayContaining(listing), resources: ['*'] }]);
    expect(inOrganizations[0]?.actions).toHaveLength(listing.length);
  });

  test('or may be the reader in the management account, and no other role', () => {
    const statements = dispatchOf(synth(organization({ readerRoleArn })).hub);
    expect(allowedOn(statements, 'sts:AssumeRole')).toEqual([readerRoleArn]);
    for (const action of listing) expect(allowedOn(statements, action)).toEqual([]);
  });

  test('has neither without an organisation', () => {
    const statements = dispatchOf(synth({ accounts: list(2) }).hub);
    for (const action of [...listing, 'sts:AssumeRole']) expect(allowedOn(statements, action)).toEqual([]);
  });

  test('has a name that the reader can trust, and time to read thousands of accounts', () => {
    const { hub } = synth(organization());
    hub.hasResourceProperties('AWS::IAM::Role', { RoleName: 'KeyturnDispatch' });
    hub.hasResourceProperties('AWS::Lambda::Function', {
      Description: Match.stringLikeRegexp('^Begins a run'),
      Timeout: 15 * 60,
    });
  });
});

describe('the stack for the management account', () => {
  test('is there when a reader is named', () => {
    expect(makeApp(organization()).reader).toBeUndefined();
    expect(makeApp(organization({ readerRoleArn })).reader?.environment).toBe(`aws://999900009999/${REGION}`);
  });

  test("is not among what `cdk deploy --all` takes with the hub's credentials", () => {
    const { app } = makeApp(organization({ readerRoleArn }));
    const assembly = app.synth();
    expect(assembly.stacks.map(({ stackName }) => stackName)).toEqual(['KeyturnHub', 'KeyturnMember']);
    expect(assembly.stacksRecursively.map(({ hierarchicalId }) => hierarchicalId)).toContain(
      'Management/KeyturnOrganizationReader',
    );
  });

  test('lets dispatch, of this organisation, list and nothing else', () => {
    const { reader } = makeApp(organization({ readerRoleArn }));
    if (reader === undefined) throw new Error('there is no reader');
    const template = Template.fromStack(reader);
    const [role] = Object.values(template.findResources('AWS::IAM::Role'));
    expect(role?.Properties.RoleName).toBe('OrgReader');
    const [trust] = role?.Properties.AssumeRolePolicyDocument.Statement ?? [];
    expect(substituted(trust.Principal.AWS)).toBe(`arn:\${AWS::Partition}:iam::${ACCOUNT}:role/KeyturnDispatch`);
    expect(trust.Condition).toEqual({ StringEquals: { 'aws:PrincipalOrgID': 'o-abcdef1234' } });
    expect(
      statementsOf(template, 'Role')
        .flatMap(({ actions }) => actions)
        .sort(),
    ).toEqual([
      'organizations:ListAccounts',
      'organizations:ListAccountsForParent',
      'organizations:ListOrganizationalUnitsForParent',
      'organizations:ListRoots',
    ]);
    template.resourceCountIs('AWS::IAM::Policy', 1);
  });

  test('needs no bootstrap and no parameters', () => {
    const { reader } = makeApp(organization({ readerRoleArn }));
    if (reader === undefined) throw new Error('there is no reader');
    expect(Object.keys(Template.fromStack(reader).toJSON()).sort()).toEqual(['Description', 'Resources']);
  });
});
