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
    operators: { emails: ['platform@example.com'] },
    ownerTopicArns: ['arn:aws:sns:eu-west-1:111122223333:payments-keys'],
  },
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

  test('and it does look', () => {
    const { app, hub } = makeApp();
    new Queue(hub, 'Careless');
    const { violations } = new AwsSolutionsChecks(app).validateScope(app);
    expect(violations.map(({ ruleName }) => ruleName)).toEqual(expect.arrayContaining(['AwsSolutions-SQS4']));
  });
});

test('each acknowledgement says why, in a sentence', () => {
  const { app } = makeApp(everything);
  const reasons = app.node
    .findAll()
    .flatMap(({ node }) => node.metadata.filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY))
    .flatMap(({ data }) => Object.values<string>(data));
  expect(reasons.length).toBeGreaterThan(0);
  for (const reason of reasons) expect(reason).toMatch(/^.{40,}\.$/);
});
