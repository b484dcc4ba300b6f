import { SecretsManagerClient, UpdateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { SecretsManager } from '../../lambda/adapters/secrets-manager.ts';
import { secretNameOf } from '../../lambda/domain/secret-name.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { jsonAnswer } from '../support/aws-answers.ts';
import { ACCOUNT, anIamUser, USER } from '../support/builders.ts';
import { emulated } from '../support/emulated.ts';
import { stubbed } from '../support/stubbed.ts';

const { emulator, freshAccount } = emulated();
const { stub, clientConfig } = stubbed();
const secretName = secretNameOf(ACCOUNT, USER);
const keyArn = (id: string, region = 'eu-central-1') => `arn:aws:kms:${region}:${ACCOUNT}:key/${id}`;
const [former, now] = ['mrk-00000000000000000000000000000001', 'mrk-00000000000000000000000000000002'];

const ensure = (client: SecretsManagerClient, key: string, ...replicas: string[]) =>
  new SecretsManager(client, { readers: [], kmsKeyArn: keyArn(key), replicaRegions: replicas }).ensure(
    secretName,
    anIamUser(),
    ACCOUNT,
  );

const answered = (secret: Record<string, unknown>) => {
  const arn = `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:${secretName}-FaKeId`;
  stub().prepare(jsonAnswer({ ARN: arn, ...secret }), jsonAnswer({}));
  return new SecretsManagerClient(clientConfig());
};
const calls = () => stub().requests.map(({ headers }) => String(headers['x-amz-target']).split('.')[1]);

// AWS encrypts a new version with the secret's own key, and the worker may use that of the settings alone.
test('a secret under a former key comes to light before there is a key to store, with the command that moves it', async () => {
  const client = new SecretsManagerClient({ ...clientSettings, ...emulator().client(freshAccount()) });
  await ensure(client, former);
  const error = await ensure(client, now).catch((refusal: unknown) => refusal);
  expect(error).toBeInstanceOf(UnavailableError);
  expect(String(error)).toContain(`is encrypted with ${keyArn(former)}, and the settings name ${keyArn(now)}`);
  expect(String(error)).toContain(
    `aws secretsmanager update-secret --secret-id '${secretName}' --kms-key-id ${keyArn(now)}`,
  );
  await client.send(new UpdateSecretCommand({ SecretId: secretName, KmsKeyId: keyArn(now) }));
  await expect(ensure(client, now)).resolves.toMatchObject({ all: new Set() });
});

test('nothing of it is changed', async () => {
  await ensure(answered({ KmsKeyId: keyArn(former) }), now).catch(() => undefined);
  expect(calls()).toEqual(['DescribeSecret']);
});

test.each([
  ['the same key', keyArn(now)],
  ['the same key by its ID', now],
  ['a name that may stand for the same key', `arn:aws:kms:eu-central-1:${ACCOUNT}:alias/keyturn`],
  // That of the account itself, which everybody in it may use.
  ['no key of anybody’s own', undefined],
])('a secret under %s is filled', async (_, KmsKeyId) => {
  await expect(ensure(answered({ KmsKeyId }), now)).resolves.toMatchObject({ all: new Set() });
});

test('a copy under a former key comes to light too', async () => {
  const copy = { Region: 'us-east-1', Status: 'InSync', KmsKeyId: keyArn(former, 'us-east-1') };
  const client = answered({ KmsKeyId: keyArn(now), ReplicationStatus: [copy] });
  const error = await ensure(client, now, 'us-east-1').catch((refusal: unknown) => refusal);
  expect(error).toBeInstanceOf(UnavailableError);
  expect(String(error)).toContain(
    `remove-regions-from-replication --secret-id '${secretName}' --remove-replica-regions us-east-1`,
  );
  expect(String(error)).toContain(keyArn(now, 'us-east-1'));
});

test('a copy under the same key, or in a Region that nobody asks for any more, is left alone', async () => {
  const copies = [
    { Region: 'us-east-1', Status: 'InSync', KmsKeyId: keyArn(now, 'us-east-1') },
    { Region: 'ap-south-1', Status: 'InSync', KmsKeyId: keyArn(former, 'ap-south-1') },
  ];
  const client = answered({ KmsKeyId: keyArn(now), ReplicationStatus: copies });
  await expect(ensure(client, now, 'us-east-1')).resolves.toMatchObject({ all: new Set() });
  expect(calls()).not.toContain('ReplicateSecretToRegions');
});
