import { Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { AwsSolutionsChecks } from 'cdk-nag';
import type { KeyturnConfig } from '../../lib/config.ts';
import { makeApp } from './synth.ts';

const everything: KeyturnConfig = {
  mode: 'enforce',
  access: { organizationId: 'o-abcdef1234' },
  notices: {
    slack: { secretName: 'slack-webhooks' },
    email: { from: 'keys@example.com', configurationSet: 'keyturn' },
    webhooks: { secretName: 'webhooks' },
    operators: { emails: ['platform@example.com'] },
    ownerTopicArns: ['arn:aws:sns:eu-west-1:111122223333:payments-keys'],
  },
};

const organization: KeyturnConfig = {
  access: { organizationId: 'o-abcdef1234' },
  accounts: { kind: 'organization', memberStackSet: { callAs: 'SELF', organizationalUnits: ['r-ab12'] } },
  secrets: { kind: 'hub' },
};

function findings(config: KeyturnConfig, options: Parameters<typeof makeApp>[1] = {}) {
  const { app } = makeApp(config, options);
  return new AwsSolutionsChecks(app).validateScope(app).violations;
}

describe('cdk-nag finds nothing that is not acknowledged', () => {
  test('with the defaults', () => {
    expect(findings({})).toEqual([]);
  });

  test('with everything configured', () => {
    expect(findings(everything)).toEqual([]);
  });

  test('with account and Region left open', () => {
    expect(findings(everything, { current: {} })).toEqual([]);
  });

  test('with an organisation', () => {
    expect(findings(organization)).toEqual([]);
  });

  test('with a list too long to name', () => {
    const accounts = Array.from({ length: 30 }, (_, n) => String(200_000_000_000 + n));
    expect(findings({ accounts: { kind: 'list', accounts } })).toEqual([]);
  });

  test('with an organisation that is read by a role, and secrets copied to other Regions', () => {
    const readerRoleArn = 'arn:aws:iam::999900009999:role/OrgReader';
    const accounts = { kind: 'organization', readerRoleArn } as const;
    expect(findings({ ...organization, accounts, secrets: { replicaRegions: ['us-east-1'] } })).toEqual([]);
  });

  test('and it does look', () => {
    const { app, hub } = makeApp();
    new Queue(hub, 'Careless');
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    expect(violations.map(({ ruleName }) => ruleName)).toEqual(expect.arrayContaining(['AwsSolutions-SQS4']));
  });
});

test('each acknowledgement says why, in a sentence', () => {
  const apps = [makeApp(everything).app, makeApp(organization).app];
  const reasons = apps
    .flatMap(({ node }) => node.findAll())
    .flatMap(({ node }) => node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY))
    .flatMap(({ data }) => Object.values<string>(data));
  expect(reasons.length).toBeGreaterThan(0);
  for (const reason of reasons) expect(reason).toMatch(/^.{40,}\.$/);
});
