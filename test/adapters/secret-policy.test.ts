import { runSimulation } from '@cloud-copilot/iam-simulate';
import { secretPolicy } from '../../lambda/adapters/secret-policy.ts';
import { ACCOUNT, anIamUser, OTHER_ACCOUNT } from '../support/builders.ts';

const owner = anIamUser({ path: '/team/' }).arn;
const auditor = `arn:aws:iam::${ACCOUNT}:role/Auditor`;
const secretArn = `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:keyturn/${ACCOUNT}/ci-deploy-AbCdEf`;
const allowAll = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] };

/** What AWS would say to that caller; `mightDoAnything`: its own policies allow everything. */
async function verdict(
  { arn, principalArn = arn }: { arn: string; principalArn?: string },
  { action = 'GetSecretValue', mightDoAnything = true } = {},
) {
  const answer = await runSimulation(
    {
      request: {
        principal: arn,
        action: `secretsmanager:${action}`,
        resource: { resource: secretArn, accountId: ACCOUNT },
        contextVariables: { 'aws:PrincipalArn': principalArn },
      },
      identityPolicies: mightDoAnything ? [{ name: 'all', policy: allowAll }] : [],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy: JSON.parse(secretPolicy([owner, auditor])),
    },
    {},
  );
  return answer.resultType === 'error' ? JSON.stringify(answer.errors) : answer.overallResult;
}

test('the user itself may read its secret, with no policy of its own', async () => {
  expect(await verdict({ arn: owner }, { mightDoAnything: false })).toBe('Allowed');
  expect(await verdict({ arn: owner }, { mightDoAnything: false, action: 'DescribeSecret' })).toBe('Allowed');
});

test('a configured reader may read it in a session of its role', async () => {
  const session = `arn:aws:sts::${ACCOUNT}:assumed-role/Auditor/ada`;
  expect(await verdict({ arn: session, principalArn: auditor })).toBe('Allowed');
});

test.each([
  ['an administrator', `arn:aws:iam::${ACCOUNT}:user/admin`],
  ['the root user', `arn:aws:iam::${ACCOUNT}:root`],
  ['a user whose name begins the same', `${owner}-2`],
  ['a user of that name and another path', `arn:aws:iam::${ACCOUNT}:user/ci-deploy`],
  ['the user of that name in another account', owner.replace(ACCOUNT, OTHER_ACCOUNT)],
])('%s may not, although its own policies allow everything', async (_name, arn) => {
  expect(await verdict({ arn })).toBe('ExplicitlyDenied');
});

test("Keyturn's own role may not", async () => {
  const arn = `arn:aws:sts::${ACCOUNT}:assumed-role/KeyturnMember/run-1`;
  const principalArn = `arn:aws:iam::${ACCOUNT}:role/KeyturnMember`;
  expect(await verdict({ arn, principalArn })).toBe('ExplicitlyDenied');
  expect(await verdict({ arn, principalArn }, { action: 'DescribeSecret' })).toBe('Allowed');
});

test('the user may not change its secret by this policy', async () => {
  expect(await verdict({ arn: owner }, { action: 'PutSecretValue', mightDoAnything: false })).toBe('ImplicitlyDenied');
});

describe('a secret in the hub, of a user in another account', () => {
  const stranger = `arn:aws:iam::${OTHER_ACCOUNT}:user/bob`;
  const other = anIamUser({ arn: `arn:aws:iam::${OTHER_ACCOUNT}:user/ada` }).arn;
  const attached = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Resource: `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:keyturn/${OTHER_ACCOUNT}/*`,
      },
    ],
  };
  const secret = { resource: secretArn.replace(`keyturn/${ACCOUNT}`, `keyturn/${OTHER_ACCOUNT}`), accountId: ACCOUNT };

  async function verdictOn(arn: string, identityPolicies: readonly object[]) {
    const answer = await runSimulation(
      {
        request: {
          principal: arn,
          action: 'secretsmanager:GetSecretValue',
          resource: secret,
          contextVariables: { 'aws:PrincipalArn': arn },
        },
        identityPolicies: identityPolicies.map((policy, n) => ({ name: `policy ${n}`, policy })),
        serviceControlPolicies: [],
        resourceControlPolicies: [],
        resourcePolicy: JSON.parse(secretPolicy([other])),
      },
      {},
    );
    return answer.resultType === 'error' ? JSON.stringify(answer.errors) : answer.overallResult;
  }

  test('is read by that user with the policy of its own account, and not without', async () => {
    expect(await verdictOn(other, [attached])).toBe('Allowed');
    expect(await verdictOn(other, [])).toBe('ImplicitlyDenied');
  });

  test('is read by nobody else of that account', async () => {
    expect(await verdictOn(stranger, [attached])).toBe('ExplicitlyDenied');
    expect(await verdictOn(stranger, [allowAll])).toBe('ExplicitlyDenied');
  });
});
