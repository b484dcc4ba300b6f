import { CfnResource } from 'aws-cdk-lib';
import type { KeyturnConfig } from '../../lib/config.ts';
import { ACCOUNT, makeApp, REGION } from './synth.ts';

// Here, and in no other test of the templates.
process.env.CDK_VALIDATION = 'true';

const access = { organizationId: 'o-abcdef1234' };
const topicArn = `arn:aws:sns:${REGION}:${ACCOUNT}:platform`;
const readerRoleArn = 'arn:aws:iam::999900009999:role/OrgReader';
const auditors = [
  '444455556666',
  'arn:aws:iam::777788889999:role/AuditTool',
  { account: ACCOUNT, permissionSet: 'Auditor' },
];
const units = ['ou-ab12-payments1', 'ou-ab12-platform1'];
const organization = { kind: 'organization', organizationalUnits: units } as const;
const list = (count: number) => ({
  kind: 'list' as const,
  accounts: Array.from({ length: count }, (_, n) => String(200_000_000_000 + n)),
});

/** Each setting that changes a template, at least once. */
const settings: readonly (readonly [string, KeyturnConfig])[] = [
  ['the defaults', {}],
  [
    'every channel of notices, enforcing, for a trial',
    {
      mode: 'enforce',
      removal: 'destroy',
      tags: { team: 'platform' },
      policy: { preset: 'cis' },
      notices: {
        slack: { secretName: 'slack-webhooks' },
        webhooks: { secretName: 'owners/webhooks' },
        email: { from: 'keys@mail.Example.com', configurationSet: 'keyturn', replyTo: 'platform@example.com' },
        ownerTopicArns: [`arn:aws:sns:${REGION}:${ACCOUNT}:payments-keys`],
        operators: { emails: ['platform@example.com'] },
      },
    },
  ],
  [
    'topics of one’s own, e-mail from another Region, a few accounts, runs on weekdays',
    {
      stackName: 'Keys',
      schedule: 'cron(0 6 ? * MON-FRI *)',
      accounts: list(2),
      access: { workerRoleName: 'W', externalId: 'shared-word' },
      notices: { operators: { topicArn }, email: { from: 'keys@example.com', region: 'us-east-1' } },
      operation: { logRetentionDays: 30, workerMemoryMb: 2048, alarms: { topicArn, overdueKeys: 5 } },
    },
  ],
  ['evidence, for auditors, every hour', { schedule: 'rate(1 hour)', evidence: { auditors } }],
  ['evidence that is locked for years', { evidence: { objectLock: { mode: 'COMPLIANCE', years: 7 } } }],
  ['a list too long to name', { accounts: list(30), schedule: 'rate(12 hours)' }],
  ['an organisation, secrets in the hub', { access, accounts: organization, secrets: { kind: 'hub' } }],
  [
    'an organisation with a StackSet, secrets copied by the hub',
    {
      access,
      accounts: { ...organization, excludedAccounts: ['444455556666'], memberStackSet: { callAs: 'DELEGATED_ADMIN' } },
      secrets: {
        kind: 'hub',
        kmsKeyArn: `arn:aws:kms:${REGION}:${ACCOUNT}:key/mrk-00000000000000000000000000000000`,
        replicaRegions: ['us-east-1'],
      },
    },
  ],
  [
    'an organisation that is read by a role, secrets copied in the members',
    { access, accounts: { ...organization, readerRoleArn }, secrets: { replicaRegions: ['us-east-1'] } },
  ],
];

const synthesised = (config: KeyturnConfig, options: Parameters<typeof makeApp>[1] = {}) => {
  const { app } = makeApp(config, options);
  return () => app.synth();
};

describe('the templates keep CloudFormation’s own rules', () => {
  test.each(settings)('with %s', (_, config) => {
    expect(synthesised(config)).not.toThrow();
  });

  test('with account and Region left open', () => {
    expect(synthesised({}, { current: {} })).not.toThrow();
  });

  test.each(['cn-north-1', 'us-gov-west-1'])('in %s', (region) => {
    expect(synthesised({ region })).not.toThrow();
  });

  test('and they are asked', () => {
    const { app, hub } = makeApp();
    new CfnResource(hub, 'Careless', { type: 'AWS::SQS::Queue', properties: { DelaySeconds: 'many' } });
    expect(() => app.synth()).toThrow("DelaySeconds: 'many' is not of type 'integer'");
  });
});
