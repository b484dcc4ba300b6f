import { GetPolicyCommand, GetPolicyVersionCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetResourcePolicyCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseAccountId } from '../../lambda/domain/ids.ts';
import { READ_POLICY } from '../../lambda/domain/secret-name.ts';
import { DAY, fromIso } from '../../lambda/domain/time.ts';
import { defaultAccount, type Emulator, startEmulator } from '../../local/emulator.ts';
import { deployHub, type Hub } from './organization/hub.ts';
import { keysOf, secretOf } from './organization/keys.ts';
import { deployMemberStack } from './organization/member-roles.ts';
import { permissionsSuite } from './suites/permissions.suite.ts';
import { deployedRoles, type PolicyDocument } from './support/deployed-roles.ts';
import { decisionOn } from './support/simulate.ts';

const secretPattern = (name: string): string =>
  `arn:aws:secretsmanager:us-east-1:${defaultAccount}:secret:${name}-??????`;

const DAY_0 = fromIso('2026-03-02T06:17:00.000Z');
const MEMBERS = ['444455556666', '777788889999'] as const;
const [MEMBER] = MEMBERS;
/** The account of the auditors. */
const AUDITOR = '999900009999';
const USER = 'exporter';
const user = { account: MEMBER, userName: USER };

let emulator: Emulator;
let hub: Hub;

beforeAll(async () => {
  emulator = await startEmulator();
  hub = await deployHub(emulator, {
    mode: 'enforce',
    accounts: { kind: 'list', accounts: [...MEMBERS] },
    secrets: { kind: 'hub' },
    notices: {
      email: { from: 'keys@example.com' },
      slack: { secretName: 'slack-webhooks' },
      webhooks: { secretName: 'webhooks' },
    },
    evidence: { auditors: [AUDITOR] },
  });
  const template = JSON.stringify(await hub.template('KeyturnMember'));
  const createdAt = new Date(DAY_0 - 400 * DAY);
  for (const account of MEMBERS) {
    await deployMemberStack(emulator, account, template);
    await emulator.addUsers(account, [{ name: USER, createdAt, keys: [createdAt] }]);
  }
  await hub.runAt(DAY_0);
  // Last month's report is due on the second.
  const at = new Date(fromIso('2026-04-02T09:47:00.000Z'));
  await emulator.clock.set(at);
  await hub.runtime.fireSchedules(at, 'Evidence');
}, 600_000);
afterAll(async () => {
  await hub?.stop();
  await emulator?.stop();
});

test.each(MEMBERS)('the new key of a user of %s is kept in the hub, and nowhere else', async (account) => {
  const [, successor] = await keysOf(emulator, account, USER);
  const kept = await secretOf(emulator, { account, userName: USER }, { account: defaultAccount });
  expect(kept?.currentKeyId).toBe(successor?.keyId);
  expect(await secretOf(emulator, { account, userName: USER })).toBeUndefined();
});

test('it is encrypted with the key that the stack made, for AWS lets nobody read across accounts with its own', async () => {
  const { secrets } = hub.deployment.settings;
  const kept = await secretOf(emulator, user, { account: defaultAccount });
  expect(secrets.kind === 'hub' && secrets.kmsKeyArn).toMatch(/^arn:aws:kms:/);
  expect(kept?.found.KmsKeyId).toBe(secrets.kind === 'hub' && secrets.kmsKeyArn);
});

test('the hub wrote it as itself: the member role has no right to any secret', () => {
  const callers = hub.recorder
    .calls()
    .filter(({ service, action }) => service === 'secretsmanager' && action === 'PutSecretValue')
    .map(({ principalArn }) => principalArn);
  expect(callers).toHaveLength(2);
  for (const caller of callers) expect(caller).toContain(':assumed-role/KeyturnWorker/');
});

describe('who may read it', () => {
  let secretPolicy: PolicyDocument;
  let readPolicy: { readonly name: string; readonly policy: PolicyDocument };
  let resource: string;

  beforeAll(async () => {
    const kept = await secretOf(emulator, user, { account: defaultAccount });
    resource = kept?.found.ARN ?? '';
    const secrets = new SecretsManagerClient(emulator.client());
    const { ResourcePolicy = '' } = await secrets.send(new GetResourcePolicyCommand({ SecretId: resource }));
    secretPolicy = JSON.parse(ResourcePolicy);
    const iam = new IAMClient(emulator.client(MEMBER));
    const PolicyArn = `arn:aws:iam::${MEMBER}:policy/${READ_POLICY}`;
    const { Policy } = await iam.send(new GetPolicyCommand({ PolicyArn }));
    const { PolicyVersion } = await iam.send(
      new GetPolicyVersionCommand({ PolicyArn, VersionId: Policy?.DefaultVersionId }),
    );
    readPolicy = { name: READ_POLICY, policy: JSON.parse(decodeURIComponent(PolicyVersion?.Document ?? '')) };
  });

  const decision = async (name: string, policies: readonly (typeof readPolicy)[], account: string = MEMBER) => {
    const reading = { action: 'secretsmanager:GetSecretValue', resource, context: { 'aws:PrincipalAccount': account } };
    const arn = `arn:aws:iam::${account}:user/${name}`;
    return (await decisionOn(reading, { arn, policies }, secretPolicy)).result;
  };

  test('its user, with the policy that the member stack made', async () => {
    expect(await decision(USER, [readPolicy])).toBe('Allowed');
  });

  test('not without that policy: across accounts both sides must agree', async () => {
    expect(await decision(USER, [])).not.toBe('Allowed');
  });

  test('nobody else, with that policy or not', async () => {
    expect(await decision('somebody-else', [readPolicy])).toBe('ExplicitlyDenied');
    expect(await decision(USER, [readPolicy], MEMBERS[1])).toBe('ExplicitlyDenied');
  });
});

test('history tells its owner where it is, by the ARN that another account needs', async () => {
  const by = { kind: 'account', account: parseAccountId(MEMBER) } as const;
  const details: unknown[] = [];
  for await (const event of hub.history.query({ by, types: ['key-replaced'] })) details.push(event.details);
  expect(details).toEqual([
    expect.objectContaining({ secretArn: expect.stringContaining(`:${defaultAccount}:secret:keyturn/${MEMBER}/`) }),
  ]);
});

/** What this short story has no occasion for. */
const lambdaItself = 'Lambda does this itself, with the role of the function';
const noAddress = 'nobody in this story has such an address; test/adapters has the calls';
const noOwner = 'nobody owns these users';
const wellFormed = 'nothing malformed comes here; test/e2e/enforce.test.ts sends it';
const laterInLife = 'this is the first day of a key; test/e2e/enforce.test.ts sees all of them';
const byAuditors = 'asked by people, not by functions; test/lib/evidence.test.ts asks IAM about them';
const acknowledged = {
  ...Object.fromEntries(
    [
      'dynamodb:DescribeContinuousBackups on history',
      'dynamodb:DescribeTable on history',
      'dynamodb:GetItem on history',
      'dynamodb:GetResourcePolicy on history',
      'dynamodb:Query on history',
      'dynamodb:Query on history index/*',
      'dynamodb:Query on owners',
      's3:GetBucketObjectLockConfiguration on evidence',
      's3:GetBucketVersioning on evidence',
      's3:GetObject on evidence/*',
      's3:GetObjectAttributes on evidence/*',
      's3:GetObjectRetention on evidence/*',
      's3:GetObjectVersion on evidence/*',
      's3:ListBucket on evidence',
      's3:ListBucketVersions on evidence',
      `ssm:GetParameter on arn:aws:ssm:us-east-1:${defaultAccount}:parameter/keyturn/deployment`,
    ].map((right) => [`auditor ${right}`, byAuditors]),
  ),
  'report logs:CreateLogStream on its log': lambdaItself,
  'report logs:PutLogEvents on its log': lambdaItself,
  [`deliver secretsmanager:GetSecretValue on ${secretPattern('slack-webhooks')}`]: noAddress,
  [`deliver secretsmanager:GetSecretValue on ${secretPattern('webhooks')}`]: noAddress,
  [`deliver ses:SendEmail on arn:aws:ses:us-east-1:${defaultAccount}:identity/example.com`]: noAddress,
  [`deliver ses:SendEmail on arn:aws:ses:us-east-1:${defaultAccount}:identity/keys@example.com`]: noAddress,
  'deliver dynamodb:GetItem on owners': noOwner,
  'deliver sns:Publish on notices topic': noOwner,
  'deliver sns:ListSubscriptionsByTopic on notices topic': noOwner,
  'deliver dynamodb:Query on history index/by-account': 'nothing that concerns an account as a whole is told',
  'deliver sqs:SendMessage on dead letters': wellFormed,
  'dispatch sqs:SendMessage on dead letters': wellFormed,
  'notify sqs:SendMessage on dead letters': wellFormed,
  'report sqs:SendMessage on dead letters': 'nothing malformed comes here; test/handlers/report.test.ts sends it',
  'seal sqs:SendMessage on dead letters': wellFormed,
  'worker sqs:SendMessage on dead letters': wellFormed,
  'member iam:DeleteAccessKey on iam:user/*': laterInLife,
  'member iam:GetAccessKeyLastUsed on iam:user/*': laterInLife,
  'member iam:GetUser on iam:user/*': laterInLife,
  'member iam:UpdateAccessKey on iam:user/*': laterInLife,
  'worker dynamodb:DeleteItem on owners': 'nobody has requests',
  'worker dynamodb:Query on history': laterInLife,
  'worker secretsmanager:UpdateSecretVersionStage on secrets': laterInLife,
};

permissionsSuite(
  async () => {
    const { settings } = hub.deployment;
    if (settings.secrets.kind !== 'hub') throw new Error('The secrets are not kept in the hub.');
    const members = await Promise.all(MEMBERS.map((account) => deployedRoles(emulator, account)));
    return {
      calls: hub.recorder.calls(),
      roles: [...(await deployedRoles(emulator)), ...members.flat()],
      names: { userPaths: new Map(), userOfKey: new Map(), secretsKeyArn: settings.secrets.kmsKeyArn },
      deployment: hub.deployment,
    };
  },
  { atLeast: 30, acknowledged },
);
