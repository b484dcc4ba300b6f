import { GetPolicyCommand, GetPolicyVersionCommand, IAMClient } from '@aws-sdk/client-iam';
import { GetResourcePolicyCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { parseAccountId } from '../../lambda/domain/ids.ts';
import { READ_POLICY } from '../../lambda/domain/secret-name.ts';
import { DAY, fromIso } from '../../lambda/domain/time.ts';
import { defaultAccount, type Emulator, startEmulator } from '../../local/emulator.ts';
import { deployHub, type Hub } from './organization/hub.ts';
import { keysOf, secretOf } from './organization/keys.ts';
import { deployMemberStack } from './organization/member-roles.ts';
import type { PolicyDocument } from './support/deployed-roles.ts';
import { decisionOn } from './support/simulate.ts';

const DAY_0 = fromIso('2026-03-02T06:17:00.000Z');
const MEMBERS = ['444455556666', '777788889999'] as const;
const [MEMBER] = MEMBERS;
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
  });
  const template = JSON.stringify(await hub.template('KeyturnMember'));
  const createdAt = new Date(DAY_0 - 400 * DAY);
  for (const account of MEMBERS) {
    await deployMemberStack(emulator, account, template);
    await emulator.addUsers(account, [{ name: USER, createdAt, keys: [createdAt] }]);
  }
  await hub.runAt(DAY_0);
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
