import { Match } from 'aws-cdk-lib/assertions';
import { ACCOUNT, allowedOn, REGION, statementsOf, substituted, synth } from './synth.ts';

const { hub, member } = synth({
  notices: {
    slack: { secretName: 'slack-webhooks' },
    ownerTopicArns: [`arn:aws:sns:${REGION}:${ACCOUNT}:payments-keys`],
  },
  evidence: { auditors: [ACCOUNT] },
});
const dispatch = statementsOf(hub, 'KeyturnDispatchFunctionRole');
const worker = statementsOf(hub, 'KeyturnRotateAccountFunctionRole');
const notify = statementsOf(hub, 'KeyturnNotifyFunctionRole');
const deliver = statementsOf(hub, 'KeyturnDeliverFunctionRole');
const seal = statementsOf(hub, 'KeyturnSealFunctionRole');
const report = statementsOf(hub, 'KeyturnEvidenceFunctionRole');
const auditor = statementsOf(hub, 'KeyturnEvidenceAuditorsRole');
const memberRole = statementsOf(member, 'Role');
const everyRole = { dispatch, worker, notify, deliver, seal, report, auditor, memberRole };

const arn = (pattern: RegExp) => ({ 'Fn::GetAtt': [expect.stringMatching(pattern), 'Arn'] });
const state = arn(/^KeyturnStateTable/);
const history = arn(/^KeyturnHistoryTable/);
const owners = arn(/^KeyturnOwnersTable/);
const deadLetters = arn(/^KeyturnDeadLettersQueue/);
const sweeps = arn(/^KeyturnRotateAccountSweeps/);

// Fails when a role is added that the tests about every role leave out.
test('these are all the roles there are', () => {
  const rolesIn = (template: typeof hub) => Object.keys(template.findResources('AWS::IAM::Role'));
  expect(rolesIn(hub).length + rolesIn(member).length).toBe(Object.keys(everyRole).length);
  for (const statements of Object.values(everyRole)) expect(statements).not.toEqual([]);
});

// Fails when another role gets the right, or deliver's gets wider than the one secret it needs.
describe('who may read secrets', () => {
  test('only deliver, and only the Slack secret', () => {
    const readers = Object.entries(everyRole).filter(
      ([, statements]) => allowedOn(statements, 'secretsmanager:GetSecretValue').length > 0,
    );
    expect(readers.map(([name]) => name)).toEqual(['deliver']);
    expect(allowedOn(deliver, 'secretsmanager:GetSecretValue')).toEqual([
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

// Fails when a role gets a right to change or remove events, or loses the one to add them.
describe('what may be written to history', () => {
  test.each(Object.entries(everyRole))('%s may not update or delete', (_, statements) => {
    for (const action of ['dynamodb:UpdateItem', 'dynamodb:PartiQLUpdate']) {
      expect(allowedOn(statements, action)).toEqual([]);
    }
    for (const action of ['dynamodb:DeleteItem', 'dynamodb:BatchWriteItem']) {
      expect(allowedOn(statements, action)).not.toContainEqual(history);
    }
  });

  test.each(Object.entries({ dispatch, worker, deliver }))('%s may add', (_, statements) => {
    expect(allowedOn(statements, 'dynamodb:PutItem')).toContainEqual(history);
  });
});

// Fails when CDK's own grants come back: they let senders look at the queue as well.
test('who may send to a queue may do nothing else there', () => {
  for (const statements of [dispatch, notify, deliver]) {
    const onQueues = statements.flatMap(({ actions }) => actions).filter((action) => action.startsWith('sqs:'));
    expect(new Set(onQueues)).toEqual(new Set(['sqs:SendMessage']));
  }
  expect(allowedOn(worker, 'sqs:GetQueueAttributes')).toEqual([sweeps]);
});

// Fails when the function that anybody may start can reach more than its two queues, or become somebody else.
describe('dispatch', () => {
  test('may send to its two queues', () => {
    expect(allowedOn(dispatch, 'sqs:SendMessage')).toEqual([deadLetters, sweeps]);
  });

  test('may assume no role', () => {
    expect(allowedOn(dispatch, 'sts:AssumeRole')).toEqual([]);
  });
});

const byAccount = { 'Fn::Join': ['', [history, '/index/by-account']] };

// Fails when the worker gets rights in IAM or Secrets Manager of its own, beside those of the member roles; or when it can
// take more off the owners' list than what it has answered.
describe('the worker', () => {
  test('may assume the member role of its own account, and no other', () => {
    expect(allowedOn(worker, 'sts:AssumeRole')).toEqual([`arn:aws:iam::${ACCOUNT}:role/KeyturnMember`]);
  });

  test('may write state, add to history, read owners, and take off what it has answered', () => {
    expect(allowedOn(worker, 'dynamodb:PutItem')).toEqual([state, history]);
    expect(allowedOn(worker, 'dynamodb:DeleteItem')).toEqual([state, owners]);
    expect(allowedOn(worker, 'dynamodb:BatchWriteItem')).toEqual([state]);
    expect(allowedOn(worker, 'dynamodb:Query')).toEqual([state, history, owners, byAccount]);
    expect(allowedOn(worker, 'dynamodb:GetItem')).toEqual([]);
  });

  test('of the Owners table may delete requests and nothing else', () => {
    const onOwners = worker.filter(({ actions }) => actions.includes('dynamodb:DeleteItem')).slice(1);
    expect(onOwners).toEqual([
      {
        effect: 'Allow',
        actions: ['dynamodb:DeleteItem'],
        resources: [owners],
        conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['REQUEST'] } },
      },
    ]);
    for (const statements of [dispatch, notify, deliver, memberRole]) {
      expect(allowedOn(statements, 'dynamodb:DeleteItem')).not.toContainEqual(owners);
    }
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

/** What the role may do with the State table, and on which of its partitions. */
const onState = (statements: typeof notify) =>
  statements.filter(({ resources }) => JSON.stringify(resources).includes('KeyturnStateTable'));

/** The outbox, and not the worker's memory beside it. */
const outboxOnly = {
  'ForAllValues:StringLike': { 'dynamodb:LeadingKeys': ['notices', 'notices#*'] },
  // Else a request that names no partition at all would do.
  Null: { 'dynamodb:LeadingKeys': 'false' },
};

// Fails when what follows the history can tell people itself, or read or change what the worker remembers.
describe('notify', () => {
  test('may only add to the outbox, and touch nothing else of the worker’s memory', () => {
    expect(onState(notify)).toEqual([
      {
        effect: 'Allow',
        actions: ['dynamodb:BatchWriteItem', 'dynamodb:PutItem'],
        resources: [state],
        conditions: outboxOnly,
      },
    ]);
  });

  test('may look up who owns what', () => {
    expect(allowedOn(notify, 'dynamodb:Query')).toEqual([owners]);
    expect(allowedOn(notify, 'dynamodb:GetItem')).toEqual([]);
  });

  test('tells nobody anything itself', () => {
    for (const action of ['sns:Publish', 'ses:SendEmail', 'secretsmanager:GetSecretValue']) {
      expect(allowedOn(notify, action)).toEqual([]);
    }
  });

  test('may follow the history stream, and not write or query history', () => {
    expect(allowedOn(notify, 'dynamodb:GetRecords')).toEqual([
      { 'Fn::GetAtt': [expect.stringMatching(/^KeyturnHistoryTable/), 'StreamArn'] },
    ]);
    expect(allowedOn(notify, 'dynamodb:PutItem')).not.toContainEqual(history);
  });
});

// Fails when what speaks to the outside can read more than it tells, or publish where nobody configured it.
describe('deliver', () => {
  // Whether anybody is there decides whether a notice counts as delivered.
  test('may publish to the two topics and the configured ones, see who is subscribed to them, and to no others', () => {
    for (const action of ['sns:Publish', 'sns:ListSubscriptionsByTopic']) {
      expect(allowedOn(deliver, action)).toEqual([
        `arn:aws:sns:${REGION}:${ACCOUNT}:payments-keys`,
        { Ref: expect.stringMatching(/^KeyturnTopicsNotices/) },
        { Ref: expect.stringMatching(/^KeyturnTopicsOperators/) },
      ]);
    }
    const onTopics = deliver.flatMap(({ actions }) => actions).filter((action) => action.startsWith('sns:'));
    expect(onTopics.toSorted()).toEqual(['sns:ListSubscriptionsByTopic', 'sns:Publish']);
  });

  test('may work off the outbox, and touch nothing else of the worker’s memory', () => {
    expect(onState(deliver)).toEqual([
      {
        effect: 'Allow',
        actions: ['dynamodb:BatchWriteItem', 'dynamodb:DeleteItem', 'dynamodb:PutItem', 'dynamodb:Query'],
        resources: [state],
        conditions: outboxOnly,
      },
    ]);
  });

  test('may look up history by user and by account, not by key or day', () => {
    expect(allowedOn(deliver, 'dynamodb:Query')).toEqual(expect.arrayContaining([state, history, byAccount]));
    expect(allowedOn(deliver, 'dynamodb:Query')).toHaveLength(3);
  });

  test('may read an owner whom it knows by ID, and no list of them', () => {
    expect(allowedOn(deliver, 'dynamodb:GetItem')).toEqual([owners]);
  });
});

/** Without a partition named, a condition for all of them would be true. */
const sealsOnly = {
  'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['seals'] },
  Null: { 'dynamodb:LeadingKeys': 'false' },
};
const onTables = (statements: typeof notify) =>
  statements.filter(({ actions }) =>
    actions.some((action) => /^dynamodb:(?!\w*Stream|GetRecords|GetShardIterator)/.test(action)),
  );

// Fails when the function that proves the history can read or write an event.
describe('seal', () => {
  test('may look at the end of the chain and add to it, and touch nothing else in any table', () => {
    expect(onTables(seal)).toEqual([
      {
        effect: 'Allow',
        actions: ['dynamodb:PutItem', 'dynamodb:Query'],
        resources: [history],
        conditions: sealsOnly,
      },
    ]);
  });

  test('may follow the history stream', () => {
    expect(allowedOn(seal, 'dynamodb:GetRecords')).toEqual([
      { 'Fn::GetAtt': [expect.stringMatching(/^KeyturnHistoryTable/), 'StreamArn'] },
    ]);
  });
});

// Fails when the report reads the history another way than by day, or can write to it.
describe('report', () => {
  test('may read the history by day, and the seals, and write to no table', () => {
    expect(onTables(report)).toEqual([
      { effect: 'Allow', actions: ['dynamodb:Query'], resources: [{ 'Fn::Join': ['', [history, '/index/by-day']] }] },
      { effect: 'Allow', actions: ['dynamodb:Query'], resources: [history], conditions: sealsOnly },
    ]);
  });
});

// Fails when the role that outsiders assume gets a right that is not one to read.
test('an auditor may change nothing', () => {
  const actions = new Set(auditor.flatMap((statement) => statement.actions));
  expect([...actions].filter((action) => !/:(Get|List|Query|Describe)/.test(action))).toEqual([]);
});

// Fails when the role that lives in every account trusts anybody but the worker, or may do more than rotate keys and store
// them.
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
