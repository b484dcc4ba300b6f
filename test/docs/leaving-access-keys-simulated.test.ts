import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runSimulation } from '@cloud-copilot/iam-simulate';
import { LEAVING_GUIDE } from '../../lambda/domain/ways-out.ts';

const guide = readFileSync(join(__dirname, '../..', LEAVING_GUIDE), 'utf8');

/** The guide's only policy that contains the words. */
function policyWith(words: string) {
  const found = [...guide.matchAll(/^```json\n(.*?)^```$/gms)].flatMap(([, text = '']) =>
    text.includes(words) ? [text] : [],
  );
  if (found.length !== 1 || found[0] === undefined) throw new Error(`${found.length} policies contain '${words}'`);
  return JSON.parse(found[0]);
}

interface Asked {
  readonly principal: string;
  readonly action: string;
  readonly resource: string;
  readonly accountId?: string;
  readonly context?: Record<string, string>;
  readonly identity?: readonly object[];
  readonly trust?: object;
}

/** What AWS would say, as `@cloud-copilot/iam-simulate` evaluates it. */
async function verdict({ principal, action, resource, context = {}, identity = [], trust, ...asked }: Asked) {
  const answer = await runSimulation(
    {
      request: {
        principal,
        action,
        resource: { resource, accountId: asked.accountId ?? '111122223333' },
        contextVariables: context,
      },
      identityPolicies: identity.map((policy, at) => ({ name: `policy ${at}`, policy })),
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: trust,
    },
    {},
  );
  return answer.resultType === 'error' ? JSON.stringify(answer.errors) : answer.overallResult;
}

describe('the discovery role of another account', () => {
  const tool = 'arn:aws:iam::111122223333:role/inventory';
  const assuming = {
    principal: tool,
    action: 'sts:AssumeRole',
    resource: 'arn:aws:iam::444455556666:role/discovery',
    accountId: '444455556666',
    identity: [policyWith('role/discovery')],
    trust: policyWith('aws:PrincipalOrgID'),
  };
  const rightly = {
    'aws:PrincipalArn': tool,
    'aws:PrincipalOrgID': 'o-example0001',
    'sts:ExternalId': 'inventory-7f3a',
  };

  test('is for the tool', async () => {
    expect(await verdict({ ...assuming, context: rightly })).toBe('Allowed');
  });

  test.each([
    ['another role of its account', { principal: 'arn:aws:iam::111122223333:role/other' }, rightly],
    ['the tool with another external ID', {}, { ...rightly, 'sts:ExternalId': 'guessed' }],
    ['the tool outside the organisation', {}, { ...rightly, 'aws:PrincipalOrgID': 'o-other00001' }],
    ['the tool without a right of its own', { identity: [] }, rightly],
  ])('is not for %s', async (_, change, context) => {
    expect(await verdict({ ...assuming, ...change, context })).toBe('ImplicitlyDenied');
  });

  test.each([
    ['ec2:DescribeInstances', 'eu-central-1', 'Allowed'],
    ['ec2:DescribeInstances', 'us-east-1', 'ImplicitlyDenied'],
    ['ec2:TerminateInstances', 'eu-central-1', 'ImplicitlyDenied'],
    ['s3:ListAllMyBuckets', 'us-east-1', 'Allowed'],
    ['s3:GetObject', 'eu-central-1', 'ImplicitlyDenied'],
  ])('may %s in %s: %s', async (action, region, expected) => {
    const resources: Record<string, string> = {
      'ec2:TerminateInstances': 'arn:aws:ec2:eu-central-1:444455556666:instance/i-0fa4e000000000001',
      's3:GetObject': 'arn:aws:s3:::example-reports/daily/1',
    };
    const principal = 'arn:aws:sts::444455556666:assumed-role/discovery/inventory';
    const identity = [policyWith('ec2:DescribeVpcs')];
    const resource = resources[action] ?? '*';
    const asked = { principal, action, resource, accountId: '444455556666', identity };
    expect(await verdict({ ...asked, context: { 'aws:RequestedRegion': region } })).toBe(expected);
  });
});

describe('a key that is worth nothing without MFA', () => {
  const everything = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };
  const user = {
    principal: 'arn:aws:iam::111122223333:user/ada',
    identity: [everything, policyWith('NothingWithoutMfa')],
  };
  const s3 = { action: 's3:GetObject', resource: 'arn:aws:s3:::example-reports/daily/1' };
  const secret = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keyturn/111122223333/ada-AbCdEf';

  test.each([
    ['the bare key', {}, 'ExplicitlyDenied'],
    ['a session without a code', { 'aws:MultiFactorAuthPresent': 'false' }, 'ExplicitlyDenied'],
    ['a session with a code', { 'aws:MultiFactorAuthPresent': 'true' }, 'Allowed'],
  ])('%s', async (_, context, expected) => {
    expect(await verdict({ ...user, ...s3, context })).toBe(expected);
  });

  test.each([
    ['fetches its successor, so keyturn pull works', 'secretsmanager:GetSecretValue', secret],
    ['asks for a session', 'sts:GetSessionToken', '*'],
  ])('the bare key %s', async (_, action, resource) => {
    expect(await verdict({ ...user, action, resource })).toBe('Allowed');
  });

  // Its user may read everything: whatever is not denied is given away with the key.
  const secretOf = (name: string) => `arn:aws:secretsmanager:eu-central-1:111122223333:secret:${name}`;
  test.each([
    ['of another user', secretOf('keyturn/111122223333/bob-AbCdEf')],
    ['of a user whose name begins like its own', secretOf('keyturn/111122223333/ada-admin-AbCdEf')],
    ['of a database', secretOf('prod/database-AbCdEf')],
    ['of another account', 'arn:aws:secretsmanager:eu-central-1:444455556666:secret:keyturn/111122223333/ada-AbCdEf'],
  ])('the secret %s is for a session with a code alone', async (_, resource) => {
    const asked = { ...user, action: 'secretsmanager:GetSecretValue', resource };
    expect(await verdict(asked)).toBe('ExplicitlyDenied');
    expect(await verdict({ ...asked, context: { 'aws:MultiFactorAuthPresent': 'false' } })).toBe('ExplicitlyDenied');
    expect(await verdict({ ...asked, context: { 'aws:MultiFactorAuthPresent': 'true' } })).toBe('Allowed');
  });

  const assuming = {
    principal: user.principal,
    action: 'sts:AssumeRole',
    resource: 'arn:aws:iam::111122223333:role/reports',
    trust: policyWith('aws:MultiFactorAuthAge'),
  };

  test.each([
    ['with a code of an hour less a second ago', '3599', 'Allowed'],
    ['with a code of an hour ago', '3600', 'ImplicitlyDenied'],
  ])('the role is taken on %s: %s', async (_, age, expected) => {
    const context = { 'aws:MultiFactorAuthPresent': 'true', 'aws:MultiFactorAuthAge': age };
    expect(await verdict({ ...assuming, context })).toBe(expected);
  });

  test('the role is not taken on by the bare key', async () => {
    expect(await verdict(assuming)).toBe('ImplicitlyDenied');
  });
});

describe('a mail sender', () => {
  test.each([
    ['reports@example.com', 'Allowed'],
    ['ceo@example.com', 'ImplicitlyDenied'],
  ])('may send as %s: %s', async (from, expected) => {
    const resource = 'arn:aws:ses:eu-central-1:111122223333:identity/example.com';
    const principal = 'arn:aws:sts::111122223333:assumed-role/reports/i-1';
    const asked = { principal, action: 'ses:SendEmail', resource, identity: [policyWith('ses:FromAddress')] };
    expect(await verdict({ ...asked, context: { 'ses:FromAddress': from } })).toBe(expected);
  });
});
