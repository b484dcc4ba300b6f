import type { Template } from 'aws-cdk-lib/assertions';
import { environment } from '../../lambda/contracts/environment.ts';
import { settingsSchema } from '../../lambda/contracts/settings.ts';
import type { KeyturnConfig } from '../../lib/config.ts';
import {
  ACCOUNT,
  allowedOn,
  functionNamed,
  REGION,
  type Statement,
  statementsOf,
  substituted,
  synth,
} from './synth.ts';

const access = { organizationId: 'o-abcdef1234' };
const mrk = `arn:aws:kms:${REGION}:${ACCOUNT}:key/mrk-00000000000000000000000000000000`;
const inHub: KeyturnConfig = { access, accounts: { kind: 'organization' }, secrets: { kind: 'hub' } };
const withCopies: KeyturnConfig = {
  ...inHub,
  secrets: { kind: 'hub', kmsKeyArn: mrk, replicaRegions: ['us-east-1'] },
};
const workerOf = (template: Template) => statementsOf(template, 'KeyturnRotateAccountFunctionRole');
const secrets = `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:keyturn/*`;
const writing = [
  'secretsmanager:CreateSecret',
  'secretsmanager:DescribeSecret',
  'secretsmanager:PutResourcePolicy',
  'secretsmanager:PutSecretValue',
  'secretsmanager:TagResource',
  'secretsmanager:UpdateSecretVersionStage',
];
const denied: Statement = {
  effect: 'Deny',
  actions: ['secretsmanager:BatchGetSecretValue', 'secretsmanager:GetSecretValue'],
  resources: ['*'],
};
const via = (...regions: string[]) => regions.map((region) => `secretsmanager.${region}.\${AWS::URLSuffix}`);

describe('secrets in the hub', () => {
  const { hub, member } = synth(inHub);
  const worker = workerOf(hub);

  test('are written by the worker, below its prefix', () => {
    for (const action of writing) expect(allowedOn(worker, action)).toEqual([secrets]);
    expect(allowedOn(worker, 'secretsmanager:ReplicateSecretToRegions')).toEqual([]);
    expect(allowedOn(worker, 'secretsmanager:DeleteSecret')).toEqual([]);
  });

  test('are not read by it, whatever their policies say', () => {
    expect(allowedOn(worker, 'secretsmanager:GetSecretValue')).toEqual([]);
    expect(worker).toContainEqual(denied);
  });

  test("are none of the member role's business", () => {
    const role = statementsOf(member, 'Role');
    for (const action of writing) expect(allowedOn(role, action)).toEqual([]);
    expect(role).toContainEqual(denied);
  });

  test('are encrypted by the worker with exactly that key, through Secrets Manager only', () => {
    const [statement, ...more] = worker.filter(({ actions }) => actions.some((action) => action.startsWith('kms:')));
    expect(more).toEqual([]);
    expect(statement).toEqual({
      effect: 'Allow',
      actions: ['kms:Decrypt', 'kms:GenerateDataKey'],
      resources: [{ 'Fn::GetAtt': [expect.stringMatching(/^KeyturnSecretsKey/), 'Arn'] }],
      conditions: { StringEquals: { 'kms:ViaService': via(REGION) } },
    });
  });
});

describe('the key that is made for them', () => {
  const { hub } = synth(inHub);
  const readers = (config: KeyturnConfig) => {
    const [key] = Object.values(synth(config).hub.findResources('AWS::KMS::Key'));
    const statements: readonly { readonly Sid?: string }[] = key?.Properties.KeyPolicy.Statement;
    return substituted(statements.find(({ Sid }) => Sid === 'UsersReadTheirSecrets'));
  };

  test('rotates, can have replicas, and outlives the stack', () => {
    hub.hasResource('AWS::KMS::Key', {
      DeletionPolicy: 'Retain',
      UpdateReplacePolicy: 'Retain',
      Properties: { EnableKeyRotation: true, MultiRegion: true },
    });
  });

  test("lets the users of the organisation decrypt, through Secrets Manager, Keyturn's secrets only", () => {
    expect(readers(inHub)).toEqual({
      Sid: 'UsersReadTheirSecrets',
      Effect: 'Allow',
      Principal: { AWS: '*' },
      Action: 'kms:Decrypt',
      Resource: '*',
      Condition: {
        StringEquals: { 'kms:ViaService': via(REGION), 'aws:PrincipalOrgID': 'o-abcdef1234' },
        StringLike: { 'kms:EncryptionContext:SecretARN': `arn:aws:secretsmanager:*:${ACCOUNT}:secret:keyturn/*` },
      },
    });
  });

  test.each<[string, KeyturnConfig, readonly string[]]>([
    ['one account', { secrets: { kind: 'hub' } }, [ACCOUNT]],
    [
      'a list',
      { secrets: { kind: 'hub' }, accounts: { kind: 'list', accounts: ['444455556666', ACCOUNT] } },
      [ACCOUNT, '444455556666'],
    ],
  ])('without an organisation it serves the callers of %s', (_, config, accounts) => {
    expect(readers(config)).toMatchObject({
      Condition: { StringEquals: { 'kms:ViaService': via(REGION), 'kms:CallerAccount': accounts } },
    });
  });

  test('is not made when one is named, nor when secrets stay with the members', () => {
    synth(withCopies).hub.resourceCountIs('AWS::KMS::Key', 0);
    synth().hub.resourceCountIs('AWS::KMS::Key', 0);
  });
});

describe('copies in other Regions', () => {
  test("of secrets in the hub are made with the key's replicas there", () => {
    const worker = workerOf(synth(withCopies).hub);
    expect(allowedOn(worker, 'secretsmanager:ReplicateSecretToRegions')).toEqual([secrets]);
    expect(worker.find(({ actions }) => actions.includes('kms:Encrypt'))).toEqual({
      effect: 'Allow',
      actions: ['kms:Decrypt', 'kms:Encrypt', 'kms:GenerateDataKey'],
      resources: [mrk, mrk.replace(REGION, 'us-east-1')],
      conditions: { StringEquals: { 'kms:ViaService': via(REGION, 'us-east-1') } },
    });
  });

  test('of secrets in the members are made by the member role', () => {
    const { member, hub } = synth({ secrets: { replicaRegions: ['us-east-1'] } });
    expect(allowedOn(statementsOf(member, 'Role'), 'secretsmanager:ReplicateSecretToRegions')).toEqual([
      `arn:\${AWS::Partition}:secretsmanager:${REGION}:\${AWS::AccountId}:secret:keyturn/\${AWS::AccountId}/*`,
    ]);
    expect(allowedOn(workerOf(hub), 'secretsmanager:ReplicateSecretToRegions')).toEqual([]);
  });
});

describe('the policy that users attach to read from the hub', () => {
  const policies = (config: KeyturnConfig) =>
    Object.values(synth(config).member.findResources('AWS::IAM::ManagedPolicy'));

  test("is not there when secrets stay in the users' accounts", () => {
    expect(policies({})).toEqual([]);
  });

  test('reads secrets of users of its account, in every Region, and decrypts through Secrets Manager only', () => {
    const [policy] = policies(withCopies);
    expect(policy?.Properties.ManagedPolicyName).toBe('KeyturnReadSecrets');
    const [read, decrypt] = policy?.Properties.PolicyDocument.Statement ?? [];
    const secretIn = (region: string) =>
      `arn:\${AWS::Partition}:secretsmanager:${region}:${ACCOUNT}:secret:keyturn/\${AWS::AccountId}/*`;
    expect(read.Action).toEqual(['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue']);
    expect(read.Resource.map(substituted)).toEqual([secretIn(REGION), secretIn('us-east-1')]);
    expect(decrypt.Action).toBe('kms:Decrypt');
    expect(decrypt.Resource.map(substituted)).toEqual([
      `arn:\${AWS::Partition}:kms:${REGION}:${ACCOUNT}:key/*`,
      `arn:\${AWS::Partition}:kms:us-east-1:${ACCOUNT}:key/*`,
    ]);
    expect(substituted(decrypt.Condition)).toEqual({ StringEquals: { 'kms:ViaService': via(REGION, 'us-east-1') } });
  });
});

describe('what the functions are told', () => {
  function settingsIn(config: KeyturnConfig) {
    const { Variables } = functionNamed(synth(config).hub, 'RotateAccount').Environment;
    const text: unknown = Variables[environment.settings];
    if (typeof text === 'string') return settingsSchema.parse(JSON.parse(text));
    // The key's ARN is known once it is made.
    const [, parts] = Object(text)['Fn::Join'];
    return settingsSchema.parse(
      JSON.parse(parts.map((part: unknown) => (typeof part === 'string' ? part : mrk)).join('')),
    );
  }

  test('secrets in the hub, and its key', () => {
    expect(settingsIn(inHub).secrets).toEqual({ kind: 'hub', kmsKeyArn: mrk, replicaRegions: [] });
    expect(settingsIn(withCopies).secrets).toEqual({ kind: 'hub', kmsKeyArn: mrk, replicaRegions: ['us-east-1'] });
  });

  test('an organisation, and its wave', () => {
    const accounts = {
      kind: 'organization',
      organizationalUnits: ['ou-ab12-payments1'],
      excludedOrganizationalUnits: ['ou-ab12-legacy001'],
      excludedAccounts: ['444455556666'],
      readerRoleArn: 'arn:aws:iam::999900009999:role/OrgReader',
    } as const;
    const enforceIn = { accounts: ['555566667777'], organizationalUnits: ['ou-ab12-payments1'] };
    const memberStackSet = { callAs: 'SELF' } as const;
    const told = settingsIn({ access, accounts: { ...accounts, memberStackSet }, enforceIn });
    expect(told).toMatchObject({ hub: ACCOUNT, mode: 'observe', accounts, enforceIn });
    expect(told.accounts).not.toHaveProperty('memberStackSet');
  });

  test('a list', () => {
    const accounts = { kind: 'list', accounts: ['444455556666'] } as const;
    expect(settingsIn({ accounts }).accounts).toEqual(accounts);
  });
});
