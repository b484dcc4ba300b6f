import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { Match } from 'aws-cdk-lib/assertions';
import { AwsSolutionsChecks } from 'cdk-nag';
import { environment } from '../../lambda/contracts/environment.ts';
import { ConfigError, resolveProps } from '../../lib/resolve-config.ts';
import { ACCOUNT, allowedOn, makeApp, REGION, statementsOf, substituted, synth } from './synth.ts';

const auditors = [
  '444455556666',
  'arn:aws:iam::777788889999:role/AuditTool',
  { account: '111122223333', permissionSet: 'Auditor' },
];
const { hub } = synth({ evidence: { auditors } });
const bucket = { 'Fn::GetAtt': [expect.stringMatching(/^KeyturnEvidenceBucket/), 'Arn'] };
const inBucket = (path: string) => ({ 'Fn::Join': ['', [bucket, `/${path}`]] });
const history = { 'Fn::GetAtt': [expect.stringMatching(/^KeyturnHistoryTable/), 'Arn'] };

describe('without the setting', () => {
  test('there is no bucket, no function and no role of it', () => {
    const { hub: without } = synth();
    without.resourceCountIs('AWS::S3::Bucket', 0);
    expect(statementsOf(without, 'Evidence')).toEqual([]);
    expect(JSON.stringify(without.toJSON())).not.toMatch(/KeyturnAuditor|evidenceBucket/);
  });
});

describe('the bucket', () => {
  test('is versioned, locked, encrypted, private, and outlives the stack, a trial too', () => {
    for (const template of [hub, synth({ evidence: {}, removal: 'destroy' }).hub]) {
      template.hasResource('AWS::S3::Bucket', {
        DeletionPolicy: 'Retain',
        UpdateReplacePolicy: 'Retain',
        Properties: {
          VersioningConfiguration: { Status: 'Enabled' },
          ObjectLockEnabled: true,
          ObjectLockConfiguration: {
            ObjectLockEnabled: 'Enabled',
            Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 366 } },
          },
          BucketEncryption: {
            ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
          },
          PublicAccessBlockConfiguration: {
            BlockPublicAcls: true,
            BlockPublicPolicy: true,
            IgnorePublicAcls: true,
            RestrictPublicBuckets: true,
          },
          OwnershipControls: { Rules: [{ ObjectOwnership: 'BucketOwnerEnforced' }] },
        },
      });
    }
  });

  test('refuses whoever does not speak TLS', () => {
    hub.hasResourceProperties('AWS::S3::BucketPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Action: 's3:*', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
  });

  /** Whether the bucket's own policy forbids it to everybody. */
  async function isDenied(action: string, key: string, context: Readonly<Record<string, string>> = {}) {
    const [policy] = Object.values(hub.findResources('AWS::S3::BucketPolicy'));
    const arn = 'arn:aws:s3:::evidence';
    const Statement = JSON.parse(
      JSON.stringify(policy?.Properties.PolicyDocument.Statement, (_, value) => {
        if (value?.['Fn::GetAtt'] !== undefined) return arn;
        return value?.['Fn::Join'] === undefined ? value : `${arn}${value['Fn::Join'][1].at(-1)}`;
      }),
    );
    const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] } as const;
    const found = await runSimulation(
      {
        request: {
          principal: `arn:aws:iam::${ACCOUNT}:role/administrator`,
          action,
          resource: { resource: `${arn}/${key}`, accountId: ACCOUNT },
          contextVariables: { 'aws:SecureTransport': 'true', 's3:TlsVersion': '1.3', ...context },
        },
        identityPolicies: [{ name: 'own', policy: everything }],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        resourcePolicy: { Version: '2012-10-17', Statement },
      },
      {},
    );
    if (found.resultType !== 'single') throw new Error(JSON.stringify(found));
    return found.result.analysis.result === 'ExplicitlyDenied';
  }

  test.each<[boolean, string, string, Readonly<Record<string, string>>]>([
    [true, 's3:DeleteObject', 'heads/2026-11-20.json', {}],
    [true, 's3:DeleteObject', 'reports/2026-10/report.html', {}],
    // What Object Lock no longer keeps may be removed, version by version.
    [false, 's3:DeleteObjectVersion', 'reports/2026-10/report.html', {}],
    [true, 's3:PutObject', 'heads/2026-11-20.json', {}],
    [false, 's3:PutObject', 'heads/2026-11-20.json', { 's3:if-none-match': '*' }],
    [false, 's3:PutObject', 'reports/2026-10/report.html', {}],
  ])('forbids to everybody, %s: %s of %s %j', async (denied, action, key, context) => {
    expect(await isDenied(action, key, context)).toBe(denied);
  });

  test('is locked as configured', () => {
    const { hub: strict } = synth({ evidence: { objectLock: { mode: 'COMPLIANCE', years: 7 } } });
    strict.hasResourceProperties('AWS::S3::Bucket', {
      ObjectLockConfiguration: { Rule: { DefaultRetention: { Mode: 'COMPLIANCE', Days: 2557 } } },
    });
  });

  test('is known to the command line and told in the outputs', () => {
    const [parameter] = Object.values(hub.findResources('AWS::SSM::Parameter'));
    expect(JSON.stringify(parameter?.Properties.Value)).toContain('evidenceBucket');
    hub.hasOutput('EvidenceBucketName', {});
    hub.hasOutput('AuditorRoleArn', {});
  });
});

describe('the function that writes reports', () => {
  const writer = statementsOf(hub, 'KeyturnEvidenceFunctionRole');

  test('may add reports and see which there are; it can neither read nor remove one', () => {
    expect(allowedOn(writer, 's3:PutObject')).toEqual([inBucket('heads/*'), inBucket('reports/*')]);
    const ofBucket = writer.filter(({ actions }) => actions.some((action) => action.startsWith('s3:')));
    expect(ofBucket.flatMap(({ actions }) => actions).toSorted()).toEqual(['s3:ListBucket', 's3:PutObject']);
    expect(ofBucket.find(({ actions }) => actions.includes('s3:ListBucket'))).toMatchObject({
      resources: [bucket],
      conditions: { StringLike: { 's3:prefix': ['reports/*', 'heads/*'] } },
    });
  });

  test('may read history by day and the seals, and no other table', () => {
    const ofTables = writer.filter(({ actions }) => actions.some((action) => action.startsWith('dynamodb:')));
    expect(ofTables).toMatchObject([
      { actions: ['dynamodb:Query'], resources: [{ 'Fn::Join': ['', [history, '/index/by-day']] }] },
      {
        actions: ['dynamodb:Query'],
        resources: [history],
        conditions: { 'ForAllValues:StringEquals': { 'dynamodb:LeadingKeys': ['seals'] } },
      },
    ]);
  });

  test('is told what it works with', () => {
    const functions = Object.entries(hub.findResources('AWS::Lambda::Function'));
    const [, found] = functions.find(([id]) => id.startsWith('KeyturnEvidence')) ?? [];
    const { historyTable, evidenceBucket, deadLetterQueueUrl } = environment;
    expect(Object.keys(found?.Properties.Environment.Variables).toSorted()).toEqual(
      [historyTable, evidenceBucket, deadLetterQueueUrl].toSorted(),
    );
    expect(found?.Properties).toMatchObject({ Runtime: 'nodejs24.x', Timeout: 900 });
  });

  test('looks every day', () => {
    hub.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'cron(47 9 * * ? *)' });
  });

  test.each([
    ['report-failing', { MetricName: 'Errors', Threshold: 1, TreatMissingData: 'notBreaching' }],
    ['report-not-running', { MetricName: 'Invocations', EvaluationPeriods: 26, TreatMissingData: 'missing' }],
  ])('rings %s', (anchor, properties) => {
    hub.hasResourceProperties('AWS::CloudWatch::Alarm', {
      ...properties,
      AlarmDescription: Match.stringLikeRegexp(`docs/runbook\\.md#${anchor}$`),
    });
  });
});

test('each alarm says where the runbook says what to do', () => {
  const runbook = readFileSync(join(__dirname, '../../docs/runbook.md'), 'utf8');
  expect(runbook).toMatch(/^## Report failing$/m);
  expect(runbook).toMatch(/^## Report not running$/m);
});

describe("the auditors' role", () => {
  const role = Object.values(hub.findResources('AWS::IAM::Role')).find(
    ({ Properties }) => Properties.RoleName === 'KeyturnAuditor',
  );

  test('can be assumed by an account, a role, and whoever has a permission set', () => {
    const statements = substituted(role?.Properties.AssumeRolePolicyDocument.Statement);
    const sso = 'arn:aws:iam::111122223333:role/aws-reserved/sso.amazonaws.com';
    expect(statements).toEqual([
      expect.objectContaining({
        Principal: { AWS: ['arn:aws:iam::444455556666:root', 'arn:aws:iam::777788889999:role/AuditTool'] },
      }),
      expect.objectContaining({
        Principal: { AWS: 'arn:aws:iam::111122223333:root' },
        Condition: {
          ArnLike: {
            'aws:PrincipalArn': [
              `${sso}/AWSReservedSSO_Auditor_????????????????`,
              `${sso}/*/AWSReservedSSO_Auditor_????????????????`,
            ],
          },
        },
      }),
    ]);
  });

  test('can change nothing', () => {
    const actions = statementsOf(hub, 'EvidenceAuditors').flatMap((statement) => statement.actions);
    expect(actions.length).toBeGreaterThan(0);
    expect(actions.filter((action) => !/^\w+:(Get|List|Query|Describe)/.test(action))).toEqual([]);
  });

  test('reads the parameter that tells the command line what there is', () => {
    expect(allowedOn(statementsOf(hub, 'EvidenceAuditors'), 'ssm:GetParameter')).toEqual([
      `arn:aws:ssm:${REGION}:${ACCOUNT}:parameter/keyturn/deployment`,
    ]);
  });

  test('is not there without auditors', () => {
    const { hub: alone } = synth({ evidence: {} });
    expect(statementsOf(alone, 'EvidenceAuditors')).toEqual([]);
  });
});

describe("owners' addresses, as IAM decides about requests to the owners' table", () => {
  const table = `arn:aws:dynamodb:${REGION}:${ACCOUNT}:table/owners`;
  const statements = statementsOf(hub, 'EvidenceAuditors').filter(({ resources }) =>
    JSON.stringify(resources).includes('KeyturnOwnersTable'),
  );
  const policy = {
    Version: '2012-10-17' as const,
    Statement: statements.map(({ effect, actions, conditions }) => ({
      Effect: effect,
      Action: [...actions],
      Resource: table,
      Condition: conditions,
    })),
  };
  const caller = {
    arn: `arn:aws:sts::${ACCOUNT}:assumed-role/KeyturnAuditor/ada`,
    policies: [{ name: 'own', policy }],
  };

  /** Whether the role may ask this; the context is what DynamoDB tells IAM of the request. */
  async function mayAsk(action: string, context: Readonly<Record<string, string | string[]>>): Promise<boolean> {
    const found = await runSimulation(
      {
        request: {
          principal: caller.arn,
          action,
          resource: { resource: table, accountId: ACCOUNT },
          contextVariables: { ...context },
        },
        identityPolicies: [...caller.policies],
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        resourcePolicy: undefined,
      },
      {},
    );
    if (found.resultType !== 'single') throw new Error(JSON.stringify(found));
    return found.result.analysis.result === 'Allowed';
  }
  const of = (partition: string) => ({ 'dynamodb:LeadingKeys': [partition] });
  const named = { 'dynamodb:Select': 'SPECIFIC_ATTRIBUTES' };

  test.each<[string, boolean, string, Readonly<Record<string, string | string[]>>]>([
    ['assignments', true, 'dynamodb:Query', of('ASSIGNMENT')],
    ['exemptions', true, 'dynamodb:Query', of('EXEMPTION')],
    [
      "owners' names",
      true,
      'dynamodb:Query',
      { ...of('OWNER'), ...named, 'dynamodb:Attributes': ['pk', 'sk', 'id', 'name'] },
    ],
    [
      "owners' addresses",
      false,
      'dynamodb:Query',
      { ...of('OWNER'), ...named, 'dynamodb:Attributes': ['pk', 'sk', 'id', 'email'] },
    ],
    ['whole owners, when the request names no attributes', false, 'dynamodb:Query', of('OWNER')],
    ['whole owners', false, 'dynamodb:Query', { ...of('OWNER'), 'dynamodb:Select': 'ALL_ATTRIBUTES' }],
    ['whole owners, when it says so but names none', false, 'dynamodb:Query', { ...of('OWNER'), ...named }],
    ['whole owners among assignments', false, 'dynamodb:Query', { 'dynamodb:LeadingKeys': ['ASSIGNMENT', 'OWNER'] }],
    ['requests', false, 'dynamodb:Query', of('REQUEST')],
    ['an owner by ID', false, 'dynamodb:GetItem', of('OWNER')],
    ['the whole table', false, 'dynamodb:Scan', {}],
    ['the table without a partition', false, 'dynamodb:Query', named],
  ])('%s: %s', async (_, allowed, action, context) => {
    expect(await mayAsk(action, context)).toBe(allowed);
  });
});

test('cdk-nag finds nothing that is not acknowledged', () => {
  for (const options of [{}, { current: {} }]) {
    const { app } = makeApp({ evidence: { auditors } }, options);
    expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
  }
});

test('mistakes are told', () => {
  const resolve = (evidence: unknown) => () => resolveProps({ evidence });
  expect(resolve({ objectLock: { mode: 'LEGAL', years: 0 } })).toThrow(ConfigError);
  expect(resolve({ objectLock: { years: 0 } })).toThrow(/evidence\.objectLock\.years/);
  expect(resolve({ auditors: ['bob'] })).toThrow(/evidence\.auditors\.0: is neither an account/);
  expect(resolve({ auditor: [] })).toThrow(/evidence\.auditor is not a setting/);
  expect(resolve(undefined)).not.toThrow();
});
