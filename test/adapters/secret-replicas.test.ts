import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { replicaRegions } from '../../lambda/adapters/secret-replicas.ts';
import { SecretsManager } from '../../lambda/adapters/secrets-manager.ts';
import { secretNameOf } from '../../lambda/domain/secret-name.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { jsonAnswer } from '../support/aws-answers.ts';
import { ACCOUNT, aCreatedKey, anIamUser, USER } from '../support/builders.ts';
import { emulated } from '../support/emulated.ts';
import { stubbed } from '../support/stubbed.ts';

const { emulator, freshAccount } = emulated();
const { stub, clientConfig } = stubbed();
const secretName = secretNameOf(ACCOUNT, USER);
const secretArn = `arn:aws:secretsmanager:eu-central-1:${ACCOUNT}:secret:${secretName}-FaKeId`;
const kmsKeyArn = `arn:aws:kms:eu-central-1:${ACCOUNT}:key/mrk-00000000000000000000000000000000`;

describe('the copies of a secret', () => {
  function account() {
    const id = freshAccount();
    const clientIn = (region: string) =>
      new SecretsManagerClient({ ...clientSettings, ...emulator().client(id), region });
    const home = clientIn('eu-central-1');
    const secrets = (...regions: string[]) => new SecretsManager(home, { readers: [], replicaRegions: regions });
    const copies = async () => {
      const { ReplicationStatus = [] } = await home.send(new DescribeSecretCommand({ SecretId: secretName }));
      return ReplicationStatus.map(({ Region }) => Region);
    };
    return { home, clientIn, secrets, copies };
  }

  test('are made with it, and hold its keys', async () => {
    const { secrets, copies, clientIn } = account();
    const key = aCreatedKey();
    const held = await secrets('us-east-1', 'eu-west-1').ensure(secretName, anIamUser(), ACCOUNT);
    await secrets('us-east-1').store(secretName, ACCOUNT, USER, key, held);
    expect(await copies()).toEqual(['us-east-1', 'eu-west-1']);
    const read = new GetSecretValueCommand({ SecretId: secretName, VersionStage: 'AWSCURRENT' });
    const { SecretString = '' } = await clientIn('us-east-1').send(read);
    expect(SecretString).toContain(key.secret.reveal());
  });

  test('are added to a secret that lacks some, and those that are there are left alone', async () => {
    const { secrets, copies } = account();
    await secrets().ensure(secretName, anIamUser(), ACCOUNT);
    expect(await copies()).toEqual([]);
    await secrets('us-east-1').ensure(secretName, anIamUser(), ACCOUNT);
    await secrets('us-east-1', 'eu-west-1').ensure(secretName, anIamUser(), ACCOUNT);
    await secrets('us-east-1', 'eu-west-1').ensure(secretName, anIamUser(), ACCOUNT);
    expect(await copies()).toEqual(['us-east-1', 'eu-west-1']);
  });

  test('that AWS failed to make come to light before there is a key, with what to do', async () => {
    const { secrets, clientIn } = account();
    await clientIn('us-east-1').send(new CreateSecretCommand({ Name: secretName }));
    await secrets('us-east-1').ensure(secretName, anIamUser(), ACCOUNT);
    const error = await secrets('us-east-1')
      .ensure(secretName, anIamUser(), ACCOUNT)
      .catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toMatch(
      /could not be replicated to us-east-1: .*already exists.*remove-regions-from-replication --secret-id/,
    );
  });

  test('in Regions that nobody asks for any more are left alone', async () => {
    const failed = { Region: 'ap-south-1', Status: 'Failed', StatusMessage: 'In the way' };
    const tags = [
      { Key: 'keyturn:account', Value: ACCOUNT },
      { Key: 'keyturn:user', Value: 'ci=2Ddeploy' },
    ];
    stub().prepare(jsonAnswer({ ARN: secretArn, Tags: tags, ReplicationStatus: [failed] }), jsonAnswer({}));
    const client = new SecretsManagerClient(clientConfig());
    await new SecretsManager(client, { readers: [], replicaRegions: [] }).ensure(secretName, anIamUser(), ACCOUNT);
    expect(stub().requests.map(({ headers }) => headers['x-amz-target'])).not.toContain(
      'secretsmanager.ReplicateSecretToRegions',
    );
  });
});

describe("a key of one's own", () => {
  test('encrypts the secret, and its replica the copy', async () => {
    stub().prepare(
      { status: 400, headers: { 'x-amzn-errortype': 'ResourceNotFoundException' }, body: '{}' },
      jsonAnswer({ ARN: secretArn }),
      jsonAnswer({}),
    );
    const client = new SecretsManagerClient(clientConfig());
    const options = { readers: [], kmsKeyArn, replicaRegions: ['us-east-1'] };
    await new SecretsManager(client, options).ensure(secretName, anIamUser(), ACCOUNT);
    expect(JSON.parse(stub().requests[1]?.body ?? '')).toMatchObject({
      KmsKeyId: kmsKeyArn,
      AddReplicaRegions: [{ Region: 'us-east-1', KmsKeyId: kmsKeyArn.replace('eu-central-1', 'us-east-1') }],
    });
  });

  test('keeps its partition in another Region', () => {
    const inChina = 'arn:aws-cn:kms:cn-north-1:111122223333:key/mrk-1';
    expect(replicaRegions({ kmsKeyArn: inChina, replicaRegions: ['cn-northwest-1'] })).toEqual([
      { Region: 'cn-northwest-1', KmsKeyId: 'arn:aws-cn:kms:cn-northwest-1:111122223333:key/mrk-1' },
    ]);
  });
});
