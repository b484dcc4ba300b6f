import { CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { STSClient } from '@aws-sdk/client-sts';
import { accountOpener, partitionOf } from '../../lambda/adapters/sts.ts';
import { parseAccountId, parseUserName } from '../../lambda/domain/ids.ts';
import { secretNameOf } from '../../lambda/domain/secret-name.ts';
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

const access = { region: 'eu-central-1', roleName: 'KeyturnMember', externalId: 'keyturn-1', secretReaders: [] };

test('an opened account is worked on with the member role of that account', async () => {
  const sts = new STSClient({ ...clientSettings, ...emulator().client() });
  const account = parseAccountId(freshAccount());
  const ada = parseUserName('ada');
  await new IAMClient(emulator().client(account)).send(new CreateUserCommand({ UserName: ada }));

  const { iam, secrets, prover, region } = await accountOpener({ ...access, sts })(account, RUN);
  const [user] = await collect(iam.users());
  expect(user?.arn).toBe(`arn:aws:iam::${account}:user/ada`);
  const key = await iam.createKey(ada);
  if (user) await secrets.ensure(secretNameOf(account, ada), user, account);
  await secrets.store(secretNameOf(account, ada), account, ada, key);
  await prover.prove(key);
  await secrets.publish(secretNameOf(account, ada), key.keyId);
  expect((await secrets.versions(secretNameOf(account, ada)))?.current).toContain(key.keyId);
  expect(region).toBe('eu-central-1');

  const [other] = [parseAccountId(freshAccount())];
  const elsewhere = await accountOpener({ ...access, sts })(other, RUN);
  expect(await collect(elsewhere.iam.users())).toEqual([]);
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
