import { Annotations, Match } from 'aws-cdk-lib/assertions';
import type { SecretsProps } from '../../lib/config-secrets.ts';
import { makeApp, synth } from './synth.ts';

// Fails when anything in a template depends on when, where or how often it is made: a date, a random name, an order.
test('the same settings make the same templates: a second deployment changes nothing', () => {
  const [first, second] = [synth({ mode: 'enforce' }), synth({ mode: 'enforce' })];
  expect(second.hub.toJSON()).toEqual(first.hub.toJSON());
  expect(second.member.toJSON()).toEqual(first.member.toJSON());
  expect(JSON.stringify(second.hub.toJSON())).toBe(JSON.stringify(first.hub.toJSON()));
});

// CloudFormation replaces a resource whose logical ID or name changes: what holds data must never be.
test('what holds data keeps its logical ID, and is replaced by no setting', () => {
  const dataOf = ({ hub }: ReturnType<typeof synth>) =>
    Object.entries(hub.findResources('AWS::DynamoDB::Table')).map(([id, { Properties }]) => ({
      id,
      name: Properties.TableName,
      keys: Properties.KeySchema,
    }));
  const before = synth();
  const after = synth({
    mode: 'enforce',
    policy: { preset: 'cis' },
    schedule: 'rate(12 hours)',
    notices: { slack: { secretName: 'slack-webhooks' } },
    operation: { workerMemoryMb: 1024 },
  });
  expect(dataOf(after)).toEqual(dataOf(before));
  expect(dataOf(before).map(({ id }) => id)).toEqual([
    'KeyturnOwnersTable5E7813F3',
    'KeyturnHistoryTable6ECC6508',
    'KeyturnStateTableF618B187',
  ]);
});

describe('who removes the stack', () => {
  test('is told what stays', () => {
    const { hub } = synth();
    const [output] = Object.values(hub.findOutputs('WhatStays'));
    expect(JSON.stringify(output?.Value)).toMatch(/KeyturnHistoryTable.*KeyturnOwnersTable.*users' secrets/);
  });

  test.each(['retain', 'destroy'] as const)('is told of the KMS key that hub secrets need (%s)', (removal) => {
    const says = (secrets: SecretsProps) => {
      const [output] = Object.values(synth({ removal, secrets }).hub.findOutputs('WhatStays'));
      return JSON.stringify(output?.Value);
    };
    expect(says({ kind: 'hub' })).toMatch(/the KMS key .*KeyturnSecretsKey.*users' secrets/);
    const kmsKeyArn = 'arn:aws:kms:eu-west-1:111122223333:key/00000000-0000-4000-8000-000000000001';
    expect(says({ kind: 'hub', kmsKeyArn })).not.toContain('KMS');
    expect(says({})).not.toContain('KMS');
  });

  test('is told at every synth of a trial that the locked bucket outlives it', () => {
    const stays = (removal: 'retain' | 'destroy', evidence?: object) =>
      Annotations.fromStack(makeApp({ removal, ...(evidence && { evidence }) }).hub).findInfo(
        '/KeyturnHub',
        Match.stringLikeRegexp('evidence bucket stays'),
      );
    expect(stays('destroy', {})).toHaveLength(1);
    expect(stays('destroy')).toHaveLength(0);
    expect(stays('retain', {})).toHaveLength(0);
  });

  test('is warned of a trial, of which only the secrets stay', () => {
    const { hub } = makeApp({ removal: 'destroy' });
    Annotations.fromStack(hub).hasInfo('/KeyturnHub', Match.stringLikeRegexp('deletes the history and the owners'));
    synth({ removal: 'destroy' }).hub.hasOutput('WhatStays', { Value: "the users' secrets" });
  });
});
