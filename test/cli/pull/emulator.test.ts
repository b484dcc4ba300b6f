import { CreateAccessKeyCommand, CreateUserCommand, IAMClient } from '@aws-sdk/client-iam';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SecretsManager } from '../../../lambda/adapters/secrets-manager.ts';
import { parseAccessKeyId, parseAccountId, parseUserId, parseUserName } from '../../../lambda/domain/ids.ts';
import { SecretAccessKey } from '../../../lambda/domain/secret-access-key.ts';
import { secretNameOf } from '../../../lambda/domain/secret-name.ts';
import { defaultRegion } from '../../../local/emulator.ts';
import { emulated } from '../../support/emulated.ts';
import { OwnersWorld, profile } from './owners-world.ts';

const { emulator, freshAccount } = emulated();

test('what Keyturn stores in Secrets Manager is what keyturn pull fetches, with the old key alone', async () => {
  const account = parseAccountId(freshAccount());
  const userName = parseUserName('build,bot=1');
  const iam = new IAMClient(emulator().client(account));
  const { User } = await iam.send(new CreateUserCommand({ UserName: userName, Path: '/ci/' }));
  const newKey = async () => {
    const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName: userName }));
    return { id: AccessKey?.AccessKeyId ?? '', secret: AccessKey?.SecretAccessKey ?? '' };
  };
  const [outgoing, incoming] = [await newKey(), await newKey()];
  const secrets = new SecretsManager(new SecretsManagerClient(emulator().client(account)), {
    readers: [],
    replicaRegions: [],
  });
  const name = secretNameOf(account, userName);
  const user = { userName, userId: parseUserId(User?.UserId ?? ''), arn: User?.Arn ?? '', path: '/ci/', createdAt: 0 };
  const key = { keyId: parseAccessKeyId(incoming.id), secret: new SecretAccessKey(incoming.secret), createdAt: 0 };
  const held = await secrets.ensure(name, user, account);
  await secrets.store(name, account, userName, key, held);
  await secrets.publish(name, key.keyId);

  const world = await OwnersWorld.begin();
  const aws = { AWS_ENDPOINT_URL: emulator().url, AWS_REGION: defaultRegion };
  try {
    await world.write(world.credentialsFile, profile('build', outgoing));
    const pulled = await world.pull(['--profile', 'build', '--yes'], aws);
    expect({ exitCode: pulled.exitCode, err: pulled.err }).toEqual({ exitCode: 0, err: '' });
    expect(pulled.out).toContain(`key ${incoming.id}, the current one of user ${userName} in account ${account}`);
    expect(await world.credentials()).toBe(`${profile('build', incoming)}\n${profile('build-previous', outgoing)}`);
    const again = await world.pull(['--profile', 'build'], aws);
    expect(again.out).toMatch(/^You already have it/);
  } finally {
    await world.end();
  }
});
