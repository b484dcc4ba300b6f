import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { DescribeSecretCommand, GetResourcePolicyCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { STSClient } from '@aws-sdk/client-sts';
import { accountOpener, type MemberAccess, partitionOf } from '../../lambda/adapters/sts.ts';
import { parseAccountId, parseUserName } from '../../lambda/domain/ids.ts';
import { secretAccountOf, secretNameOf } from '../../lambda/domain/secret-name.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import { NoAccessError, UnavailableError } from '../../lambda/ports.ts';
import { denied, queryAnswer, throttled } from '../support/aws-answers.ts';
import { ACCOUNT, RUN, USER } from '../support/builders.ts';
import { collect } from '../support/collect.ts';
import { emulated } from '../support/emulated.ts';
import { useEndpoint } from '../support/endpoint.ts';
import { stubbed } from '../support/stubbed.ts';

const { emulator, freshAccount } = emulated();
const { stub, asked, clientConfig } = stubbed();
useEndpoint(() => emulator().url);

const access: Omit<MemberAccess, 'sts'> = {
  region: 'eu-central-1',
  roleName: 'KeyturnMember',
  externalId: 'keyturn-1',
  secretReaders: [],
  secretsHome: { kind: 'member', replicaRegions: [] },
};

test('an opened account is worked on with the member role of that account', async () => {
  const sts = new STSClient({ ...clientSettings, ...emulator().client() });
  const account = parseAccountId(freshAccount());
  const ada = parseUserName('ada');
  await new IAMClient(emulator().client(account)).send(new CreateUserCommand({ UserName: ada }));

  const { iam, secrets, prover, region } = await accountOpener({ ...access, sts })(account, RUN);
  const [user] = await collect(iam.users());
  expect(user?.arn).toBe(`arn:aws:iam::${account}:user/ada`);
  const key = await iam.createKey(ada);
  if (user === undefined) throw new Error('there is no user');
  const held = await secrets.ensure(secretNameOf(account, ada), user, account);
  await secrets.store(secretNameOf(account, ada), account, ada, key, held);
  await prover.prove(key);
  await secrets.publish(secretNameOf(account, ada), key.keyId);
  expect((await secrets.versions(secretNameOf(account, ada)))?.current).toContain(key.keyId);
  expect(region).toBe('eu-central-1');

  const [other] = [parseAccountId(freshAccount())];
  const elsewhere = await accountOpener({ ...access, sts })(other, RUN);
  expect(await collect(elsewhere.iam.users())).toEqual([]);
});

test('secrets in the hub are kept with its own credentials, under its key, whoever the user belongs to', async () => {
  const account = parseAccountId(freshAccount());
  const hub = emulator().client();
  const { accessKeyId, secretAccessKey, sessionToken } = await emulator().credentials();
  const own = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
  };
  jest.replaceProperty(process, 'env', { ...process.env, ...own });
  const ada = parseUserName('ada');
  const iamClient = new IAMClient(emulator().client(account));
  const { User } = await iamClient.send(new CreateUserCommand({ UserName: ada }));
  const kmsKeyArn = 'arn:aws:kms:eu-central-1:123456789012:key/00000000-0000-0000-0000-000000000000';
  const sts = new STSClient({ ...clientSettings, ...hub });
  const secretsHome = { kind: 'hub', kmsKeyArn, replicaRegions: [] } as const;
  const { secrets, iam } = await accountOpener({ ...access, sts, secretsHome })(account, RUN);

  const held = await secrets.ensure(secretNameOf(account, ada), await iam.user(ada), account);
  const key = await iam.createKey(ada);
  await secrets.store(secretNameOf(account, ada), account, ada, key, held);
  const reader = new SecretsManagerClient({ ...clientSettings, ...hub, region: 'eu-central-1' });
  const kept = await reader.send(new DescribeSecretCommand({ SecretId: secretNameOf(account, ada) }));
  expect(kept).toMatchObject({ ARN: held.arn, KmsKeyId: kmsKeyArn });
  expect(secretAccountOf(held.arn)).not.toBe(account);
  const { ResourcePolicy = '' } = await reader.send(
    new GetResourcePolicyCommand({ SecretId: secretNameOf(account, ada) }),
  );
  expect(ResourcePolicy).toContain(User?.Arn);
  jest.restoreAllMocks();
});

const credentials =
  '<Credentials><AccessKeyId>ASIAFAKE</AccessKeyId><SecretAccessKey>fake</SecretAccessKey>' +
  '<SessionToken>fake</SessionToken><Expiration>2030-01-01T00:00:00Z</Expiration></Credentials>';

describe('in an opened account', () => {
  const opened = () => {
    const environment = { ...process.env, AWS_ENDPOINT_URL: stub().url };
    jest.replaceProperty(process, 'env', environment);
    return accountOpener({ ...access, sts: new STSClient(clientConfig()) })(ACCOUNT, RUN);
  };
  afterEach(() => jest.restoreAllMocks());

  test('creating a key is never repeated when no answer comes', async () => {
    stub().prepare(queryAnswer('AssumeRole', credentials), 'drop');
    const { iam } = await opened();
    await expect(iam.createKey(USER)).rejects.toThrow(UnavailableError);
    expect(asked('Action')).toEqual(['AssumeRole', 'CreateAccessKey']);
  });

  test('reading is repeated until it works', async () => {
    const keys = queryAnswer(
      'ListAccessKeys',
      '<AccessKeyMetadata></AccessKeyMetadata><IsTruncated>false</IsTruncated>',
    );
    stub().prepare(queryAnswer('AssumeRole', credentials), 'drop', throttled, keys);
    const { iam } = await opened();
    expect(await iam.keys(USER)).toEqual([]);
    expect(asked('Action')).toEqual(['AssumeRole', 'ListAccessKeys', 'ListAccessKeys', 'ListAccessKeys']);
  });
});

describe('assuming the role', () => {
  const open = () => accountOpener({ ...access, sts: new STSClient(clientConfig()) })(ACCOUNT, RUN);

  test('names it, the run and the external ID, for one hour', async () => {
    stub().prepare(queryAnswer('AssumeRole', credentials));
    await open();
    expect(asked('RoleArn')).toEqual([`arn:aws:iam::${ACCOUNT}:role/KeyturnMember`]);
    expect(asked('RoleSessionName')).toEqual([RUN]);
    expect(asked('ExternalId')).toEqual(['keyturn-1']);
    expect(asked('DurationSeconds')).toEqual(['3600']);
  });

  test('that is refused says what an operator can do', async () => {
    stub().prepare(denied('sts:AssumeRole'));
    const error = await open().catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(NoAccessError);
    expect(String(error)).toMatch(
      /may not enter account 111122223333 .*role\/KeyturnMember.* Deploy the member stack in that account/,
    );
  });

  test('that is throttled does not look like a missing role', async () => {
    stub().prepare(throttled);
    const error = await open().catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).not.toBeInstanceOf(NoAccessError);
  });

  test('that answers without credentials is a failure', async () => {
    stub().prepare(queryAnswer('AssumeRole', ''));
    await expect(open()).rejects.toThrow('sts:AssumeRole answered without Credentials.');
  });
});

test.each([
  ['eu-central-1', 'aws'],
  ['us-east-1', 'aws'],
  ['cn-north-1', 'aws-cn'],
  ['us-gov-west-1', 'aws-us-gov'],
  ['us-isob-east-1', 'aws-iso-b'],
  ['eusc-de-east-1', 'aws-eusc'],
])('Region %s is in partition %s', (region, partition) => {
  expect(partitionOf(region)).toBe(partition);
});
