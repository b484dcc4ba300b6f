import { Match } from 'aws-cdk-lib/assertions';
import { ACCOUNT, allowedOn, REGION, statementsOf, substituted, synth } from './synth.ts';

const { hub, member } = synth({
  notices: {
    slack: { secretName: 'slack-webhooks' },
    ownerTopicArns: [`arn:aws:sns:${REGION}:${ACCOUNT}:payments-keys`],
  },
});
const dispatch = statementsOf(hub, 'KeyturnDispatchFunctionRole');
const worker = statementsOf(hub, 'KeyturnRotateAccountFunctionRole');
const notify = statementsOf(hub, 'KeyturnNotifyFunctionRole');
const memberRole = statementsOf(member, 'Role');
const everyRole = { dispatch, worker, notify, memberRole };

const arn = (pattern: RegExp) => ({ 'Fn::GetAtt': [expect.stringMatching(pattern), 'Arn'] });
const state = arn(/^KeyturnStateTable/);
const history = arn(/^KeyturnHistoryTable/);
const owners = arn(/^KeyturnOwnersTable/);
const deadLetters = arn(/^KeyturnDeadLettersQueue/);
const sweeps = arn(/^KeyturnRotateAccountSweeps/);

describe('who may read secrets', () => {
  test('only notify, and only the Slack secret', () => {
    const readers = Object.entries(everyRole).filter(
      ([, statements]) => allowedOn(statements, 'secretsmanager:GetSecretValue').length > 0,
    );
    expect(readers.map(([name]) => name)).toEqual(['notify']);
    expect(allowedOn(notify, 'secretsmanager:GetSecretValue')).toEqual([
      `arn:aws:secretsmanager:${REGION}:${ACCOUNT}:secret:slack-webhooks-??????`,
    ]);
  });

  test('without Slack, nobody', () => {
    const roles = statementsOf(synth().hub, 'Role');
    expect(allowedOn(roles, 'secretsmanager:GetSecretValue')).toEqual([]);
  });

  test('no role allows all actions of a service, which would include it', () => {
    for (const { effect, actions } of Object.values(everyRole).flat()) {
      if (effect === 'Allow') expect(actions.filter((action) => action.includes('*'))).toEqual([]);
    }
  });

  test('the member role is denied it, even by a resource policy that it writes itself', () => {
    expect(memberRole).toContainEqual({
      effect: 'Deny',
      actions: ['secretsmanager:BatchGetSecretValue', 'secretsmanager:GetSecretValue'],
      resources: ['*'],
    });
  });
});

describe('what may be written to history', () => {
  test.each(Object.entries(everyRole))('%s may not update or delete', (_, statements) => {
    for (const action of ['dynamodb:UpdateItem', 'dynamodb:PartiQLUpdate']) {
      expect(allowedOn(statements, action)).toEqual([]);
    }
    for (const action of ['dynamodb:DeleteItem', 'dynamodb:BatchWriteItem']) {
      expect(allowedOn(statements, action)).not.toContainEqual(history);
    }
  });

  test.each(Object.entries({ dispatch, worker, notify }))('%s may add', (_, statements) => {
    expect(allowedOn(statements, 'dynamodb:PutItem')).toContainEqual(history);
  });
});

test('who may send to a queue may do nothing else there', () => {
  for (const statements of [dispatch, notify]) {
    const onQueues = statements.flatMap(({ actions }) => actions).filter((action) => action.startsWith('sqs:'));
    expect(new Set(onQueues)).toEqual(new Set(['sqs:SendMessage']));
  }
  expect(allowedOn(worker, 'sqs:GetQueueAttributes')).toEqual([sweeps]);
});

describe('dispatch', () => {
  test('may send to its two queues', () => {
    expect(allowedOn(dispatch, 'sqs:SendMessage')).toEqual([deadLetters, sweeps]);
  });

  test('may assume no role', () => {
    expect(allowedOn(dispatch, 'sts:AssumeRole')).toEqual([]);
  });
});

const byAccount = { 'Fn::Join': ['', [history, '/index/by-account']] };

describe('the worker', () => {
  test('may assume the member role of its own account, and no other', () => {
    expect(allowedOn(worker, 'sts:AssumeRole')).toEqual([`arn:aws:iam::${ACCOUNT}:role/KeyturnMember`]);
  });

  test('may write state, add to history and only read owners', () => {
    expect(allowedOn(worker, 'dynamodb:PutItem')).toEqual([state, history]);
    expect(allowedOn(worker, 'dynamodb:DeleteItem')).toEqual([state]);
    expect(allowedOn(worker, 'dynamodb:BatchWriteItem')).toEqual([state]);
    expect(allowedOn(worker, 'dynamodb:Query')).toEqual([state, history, owners, byAccount]);
    expect(allowedOn(worker, 'dynamodb:GetItem')).toEqual([]);
  });

  test('has the name that member roles trust', () => {
    hub.hasResourceProperties('AWS::IAM::Role', { RoleName: 'KeyturnWorker' });
  });

  test('has no right of its own in IAM or Secrets Manager', () => {
    const actions = worker.flatMap((statement) => statement.actions);
    expect(actions.filter((action) => /^(iam|secretsmanager|kms):/.test(action))).toEqual([]);
  });

  test('may ask for the continuation of a sweep', () => {
    expect(allowedOn(worker, 'sqs:SendMessage')).toEqual([sweeps, deadLetters]);
  });
});

describe('notify', () => {
  test('may publish to the two topics and the configured ones', () => {
    expect(allowedOn(notify, 'sns:Publish')).toEqual([
      `arn:aws:sns:${REGION}:${ACCOUNT}:payments-keys`,
      { Ref: expect.stringMatching(/^KeyturnTopicsNotices/) },
      { Ref: expect.stringMatching(/^KeyturnTopicsOperators/) },
    ]);
  });

  test('may look up history by user and by account, not by key or day', () => {
    expect(allowedOn(notify, 'dynamodb:Query')).toEqual(expect.arrayContaining([owners, history, byAccount]));
    expect(allowedOn(notify, 'dynamodb:Query')).toHaveLength(3);
  });

  test('may follow the history stream', () => {
    expect(allowedOn(notify, 'dynamodb:GetRecords')).toEqual([
      { 'Fn::GetAtt': [expect.stringMatching(/^KeyturnHistoryTable/), 'StreamArn'] },
    ]);
  });
});

describe('the member role', () => {
  /** Whom the member role of that template trusts. */
  function trusted({ member: template }: Pick<ReturnType<typeof synth>, 'member'>): unknown {
    const [role] = Object.values(template.findResources('AWS::IAM::Role'));
    const [statement] = role?.Properties.AssumeRolePolicyDocument.Statement ?? [];
    return substituted(statement.Principal.AWS);
  }

  test('trusts the worker alone, with the external ID', () => {
    member.hasResourceProperties('AWS::IAM::Role', {
      RoleName: 'KeyturnMember',
      AssumeRolePolicyDocument: {
        Statement: [
          {
            Effect: 'Allow',
            Action: 'sts:AssumeRole',
            Principal: Match.anyValue(),
            Condition: { StringEquals: { 'sts:ExternalId': 'keyturn' } },
          },
        ],
      },
    });
    expect(trusted({ member })).toBe(`arn:\${AWS::Partition}:iam::${ACCOUNT}:role/KeyturnWorker`);
  });

  test('asks for the organisation when there is one', () => {
    const access = { organizationId: 'o-abcdef1234', externalId: 'shared-word' };
    synth({ access }).member.hasResourceProperties('AWS::IAM::Role', {
      AssumeRolePolicyDocument: {
        Statement: [
          Match.objectLike({
            Condition: { StringEquals: { 'sts:ExternalId': 'shared-word', 'aws:PrincipalOrgID': 'o-abcdef1234' } },
          }),
        ],
      },
    });
  });

  test('may change access keys of the users of its account, and nothing else in IAM', () => {
    const inIam = memberRole.filter(({ actions }) => actions.some((action) => action.startsWith('iam:')));
    expect(inIam).toEqual([
      {
        effect: 'Allow',
        actions: ['iam:GenerateCredentialReport', 'iam:GetCredentialReport', 'iam:ListUsers'],
        resources: ['*'],
      },
      {
        effect: 'Allow',
        actions: [
          'iam:CreateAccessKey',
          'iam:DeleteAccessKey',
          'iam:GetAccessKeyLastUsed',
          'iam:GetUser',
          'iam:ListAccessKeys',
          'iam:UpdateAccessKey',
        ],
        resources: [`arn:\${AWS::Partition}:iam::\${AWS::AccountId}:user/*`],
      },
    ]);
  });

  test('may make and fill secrets under its own prefix only', () => {
    expect(allowedOn(memberRole, 'secretsmanager:PutSecretValue')).toEqual([
      `arn:\${AWS::Partition}:secretsmanager:${REGION}:\${AWS::AccountId}:secret:keyturn/\${AWS::AccountId}/*`,
    ]);
  });

  test('may not delete secrets, tag users or pass roles', () => {
    for (const action of ['secretsmanager:DeleteSecret', 'iam:TagUser', 'iam:PassRole', 'iam:DeleteUser']) {
      expect(allowedOn(memberRole, action)).toEqual([]);
    }
  });

  test('names follow the settings on both sides', () => {
    const access = { memberRoleName: 'M', workerRoleName: 'W' };
    const named = synth({ access });
    named.hub.hasResourceProperties('AWS::IAM::Role', { RoleName: 'W' });
    named.member.hasResourceProperties('AWS::IAM::Role', { RoleName: 'M' });
    expect(trusted(named)).toBe(`arn:\${AWS::Partition}:iam::${ACCOUNT}:role/W`);
    const namedWorker = statementsOf(named.hub, 'KeyturnRotateAccountFunctionRole');
    expect(allowedOn(namedWorker, 'sts:AssumeRole')).toEqual([`arn:aws:iam::${ACCOUNT}:role/M`]);
  });
});
