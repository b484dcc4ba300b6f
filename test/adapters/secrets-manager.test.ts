import { inspect } from 'node:util';
import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetResourcePolicyCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import * as z from 'zod';
import { secretPolicy } from '../../lambda/adapters/secret-policy.ts';
import { SecretsManager } from '../../lambda/adapters/secrets-manager.ts';
import { SecretAccessKey } from '../../lambda/domain/secret-access-key.ts';
import { secretNameOf, secretVersionOf } from '../../lambda/domain/secret-name.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import { AccessDeniedError, UnavailableError } from '../../lambda/ports.ts';
import { secretsSuite } from '../contracts/secrets.suite.ts';
import { jsonAnswer, jsonError } from '../support/aws-answers.ts';
import { ACCOUNT, AWKWARD_USER, aCreatedKey, anIamUser, keyId } from '../support/builders.ts';
import { emulated } from '../support/emulated.ts';
import type { StubAnswer } from '../support/http-stub.ts';
import { stubbed } from '../support/stubbed.ts';

const { emulator, freshAccount } = emulated();
const { stub, clientConfig } = stubbed();
const plain = { readers: [], replicaRegions: [] };
const secretArn = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keyturn/111122223333/ada-FaKeId';
const held = { arn: secretArn, all: new Set<string>() };
const valueSchema = z.object({ SecretAccessKey: z.string() });

secretsSuite('Secrets Manager on the emulator', async () => {
  const client = new SecretsManagerClient({ ...clientSettings, ...emulator().client(freshAccount()) });
  return {
    secrets: new SecretsManager(client, plain),
    async fetch(secretName) {
      const read = new GetSecretValueCommand({ SecretId: secretName, VersionStage: 'AWSCURRENT' });
      const answer = await client.send(read).catch(() => undefined);
      if (answer?.SecretString === undefined) return undefined;
      return valueSchema.parse(JSON.parse(answer.SecretString)).SecretAccessKey;
    },
    async scheduleDeletion(secretName) {
      await client.send(new DeleteSecretCommand({ SecretId: secretName, RecoveryWindowInDays: 7 }));
    },
  };
});

describe('a secret as its owner and others find it', () => {
  const secretName = secretNameOf(ACCOUNT, AWKWARD_USER);
  const user = anIamUser({ userName: AWKWARD_USER });
  const auditor = 'arn:aws:iam::111122223333:role/Auditor';

  async function freshSecrets() {
    const client = new SecretsManagerClient({ ...clientSettings, ...emulator().client(freshAccount()) });
    const described = () => client.send(new DescribeSecretCommand({ SecretId: secretName }));
    return { client, described, secrets: new SecretsManager(client, { ...plain, readers: [auditor] }) };
  }

  test('holds exactly what credential_process reads, and what a person wants to know', async () => {
    const { client, secrets } = await freshSecrets();
    const key = aCreatedKey();
    const held = await secrets.ensure(secretName, user, ACCOUNT);
    await secrets.store(secretName, ACCOUNT, AWKWARD_USER, key, held);
    const read = new GetSecretValueCommand({ SecretId: secretName, VersionStage: 'AWSCURRENT' });
    expect(JSON.parse((await client.send(read)).SecretString ?? '')).toEqual({
      Version: 1,
      AccessKeyId: key.keyId,
      SecretAccessKey: key.secret.reveal(),
      UserName: AWKWARD_USER,
      Account: ACCOUNT,
      CreatedAt: '2026-01-01T00:00:00.000Z',
    });
  });

  test('says whose it is, in tags whose values AWS takes', async () => {
    const { secrets, described } = await freshSecrets();
    await secrets.ensure(secretName, user, ACCOUNT);
    const { Tags, Description } = await described();
    expect(Tags).toEqual([
      { Key: 'keyturn:account', Value: ACCOUNT },
      { Key: 'keyturn:user', Value: 'a_b+c=3Dd=2Ce.f@g-h' },
    ]);
    for (const { Value } of Tags ?? []) expect(Value).toMatch(/^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u);
    expect(Description).toContain(AWKWARD_USER);
  });

  test('that lost its tags gets them back, others kept', async () => {
    const { client, secrets, described } = await freshSecrets();
    const tags = { Name: secretName, Tags: [{ Key: 'team', Value: 'payments' }] };
    await client.send(new CreateSecretCommand(tags));
    await secrets.ensure(secretName, user, ACCOUNT);
    expect((await described()).Tags).toEqual(
      expect.arrayContaining([...tags.Tags, { Key: 'keyturn:account', Value: ACCOUNT }]),
    );
  });

  test('is readable for the user and the readers, and each time the policy is put anew', async () => {
    const { client, secrets } = await freshSecrets();
    const policy = async () =>
      (await client.send(new GetResourcePolicyCommand({ SecretId: secretName }))).ResourcePolicy ?? '';
    await secrets.ensure(secretName, user, ACCOUNT);
    expect(await policy()).toBe(secretPolicy([user.arn, auditor]));
    const recreated = { ...user, arn: `${user.arn}x` };
    await secrets.ensure(secretName, recreated, ACCOUNT);
    expect(await policy()).toBe(secretPolicy([recreated.arn, auditor]));
  });

  test('that another hand made in the meantime is taken as it is', async () => {
    const secretMissing = jsonError(400, 'ResourceNotFoundException', "Secrets Manager can't find the secret.");
    const tags = [
      { Key: 'keyturn:account', Value: ACCOUNT },
      { Key: 'keyturn:user', Value: 'a_b+c=3Dd=2Ce.f@g-h' },
    ];
    stub().prepare(
      secretMissing,
      jsonError(400, 'ResourceExistsException', 'It already exists.'),
      jsonAnswer({ ARN: secretArn, Name: secretName, Tags: tags }),
      jsonAnswer({}),
    );
    await new SecretsManager(new SecretsManagerClient(clientConfig()), plain).ensure(secretName, user, ACCOUNT);
    const calls = stub().requests.map(({ headers }) => headers['x-amz-target']);
    expect(calls).toEqual([
      'secretsmanager.DescribeSecret',
      'secretsmanager.CreateSecret',
      'secretsmanager.DescribeSecret',
      'secretsmanager.PutResourcePolicy',
    ]);
    expect(JSON.parse(stub().requests[3]?.body ?? '')).toMatchObject({ BlockPublicPolicy: true });
  });
});

describe('failures', () => {
  const secretName = secretNameOf(ACCOUNT, AWKWARD_USER);
  const secrets = () =>
    new SecretsManager(new SecretsManagerClient(clientConfig()), { ...plain, readers: ['arn:aws:iam::1:role/Gone'] });
  const key = aCreatedKey({ secret: new SecretAccessKey('fakeSecretThatMustNotBeSeen') });

  test('a policy that names somebody who does not exist says where to look', async () => {
    const malformed = jsonError(
      400,
      'MalformedPolicyDocumentException',
      'This resource policy contains an unsupported principal.',
    );
    stub().prepare(jsonAnswer({ ARN: secretArn, Name: secretName, Tags: [] }), jsonAnswer({}), malformed);
    const error = await secrets()
      .ensure(secretName, anIamUser(), ACCOUNT)
      .catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain('check that each of these readers exists');
  });

  test('a secret that cannot be looked at is not taken for one that does not exist', async () => {
    stub().prepare(jsonError(400, 'AccessDeniedException', 'not authorized to perform: secretsmanager:DescribeSecret'));
    await expect(secrets().versions(secretName)).rejects.toThrow(AccessDeniedError);
    stub().prepare(jsonError(500, 'InternalServiceError', 'Oops'));
    await expect(secrets().versions(secretName)).rejects.toThrow(UnavailableError);
  });

  test.each<[string, StubAnswer]>([
    [
      'quotes it',
      jsonError(400, 'InvalidParameterException', 'Bad value {"SecretAccessKey":"fakeSecretThatMustNotBeSeen"}'),
    ],
    ['fails inside', jsonError(500, 'InternalServiceError', 'Oops')],
    ['hangs up', 'drop'],
    ['is silent', 'hang'],
  ])('storing a key does not show its secret when AWS %s', async (_name, answer) => {
    stub().prepare(answer);
    const error = await secrets()
      .store(secretName, ACCOUNT, AWKWARD_USER, key, held)
      .catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(inspect(error, { depth: null, showHidden: true })).not.toContain('fakeSecretThatMustNotBeSeen');
  });

  test('a key is stored as pending, under the version that its ID gives', async () => {
    stub().prepare(jsonAnswer({}));
    await secrets().store(secretName, ACCOUNT, AWKWARD_USER, key, held);
    expect(JSON.parse(stub().requests[0]?.body ?? '')).toMatchObject({
      SecretId: secretName,
      VersionStages: ['AWSPENDING'],
      ClientRequestToken: secretVersionOf(key.keyId),
    });
  });
});

describe('knowing what a secret holds', () => {
  const secretName = secretNameOf(ACCOUNT, AWKWARD_USER);
  const secrets = () => new SecretsManager(new SecretsManagerClient(clientConfig()), plain);
  const [first, second] = [aCreatedKey({ keyId: keyId(1) }), aCreatedKey({ keyId: keyId(2) })];
  const calls = () => stub().requests.map(({ headers }) => String(headers['x-amz-target']).split('.')[1]);
  const holds = { arn: secretArn, all: new Set([secretVersionOf(first.keyId)]), current: secretVersionOf(first.keyId) };

  test("a secret's first key is published by being stored, as AWS's answer says", async () => {
    stub().prepare(jsonAnswer({ VersionStages: ['AWSPENDING', 'AWSCURRENT'] }));
    const stored = await secrets().store(secretName, ACCOUNT, AWKWARD_USER, first, held);
    expect(stored).toEqual(holds);
    await secrets().publish(secretName, first.keyId, stored);
    expect(calls()).toEqual(['PutSecretValue']);
  });

  test('a later key is published with one call', async () => {
    stub().prepare(jsonAnswer({ VersionStages: ['AWSPENDING'] }), jsonAnswer({}));
    const stored = await secrets().store(secretName, ACCOUNT, AWKWARD_USER, second, holds);
    expect(stored.current).toBe(holds.current);
    await secrets().publish(secretName, second.keyId, stored);
    expect(calls()).toEqual(['PutSecretValue', 'UpdateSecretVersionStage']);
    expect(JSON.parse(stub().requests[1]?.body ?? '')).toEqual({
      SecretId: secretName,
      VersionStage: 'AWSCURRENT',
      MoveToVersionId: secretVersionOf(second.keyId),
      RemoveFromVersionId: holds.current,
    });
  });

  test('when AWS finds the label elsewhere, it is looked for and moved from there', async () => {
    const elsewhere = secretVersionOf(keyId(3));
    const refusal = jsonError(400, 'InvalidParameterException', 'The label AWSCURRENT is attached to another version.');
    const stages = { [elsewhere]: ['AWSCURRENT'], [secretVersionOf(second.keyId)]: ['AWSPENDING'] };
    stub().prepare(refusal, jsonAnswer({ ARN: secretArn, VersionIdsToStages: stages }), jsonAnswer({}));
    await secrets().publish(secretName, second.keyId, holds);
    expect(calls()).toEqual(['UpdateSecretVersionStage', 'DescribeSecret', 'UpdateSecretVersionStage']);
    expect(JSON.parse(stub().requests[2]?.body ?? '')).toMatchObject({ RemoveFromVersionId: elsewhere });
  });

  test('any other failure to move it is a failure', async () => {
    stub().prepare(jsonError(400, 'AccessDeniedException', 'not authorized'));
    await expect(secrets().publish(secretName, second.keyId, holds)).rejects.toThrow(AccessDeniedError);
    expect(calls()).toEqual(['UpdateSecretVersionStage']);
  });
});
