import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { AwsIam } from '../../lambda/adapters/iam.ts';
import { parseAccessKeyId, parseUserId } from '../../lambda/domain/ids.ts';
import { clientSettings, singleAttempt } from '../../lambda/platform/aws-clients.ts';
import { iamSuite } from '../contracts/iam.suite.ts';
import { emulated } from '../support/emulated.ts';

const { emulator, freshAccount } = emulated();

iamSuite('AWS on the emulator', async () => {
  const account = freshAccount();
  const config = emulator().client(account);
  const client = new IAMClient({ ...clientSettings, ...config });
  const iam = new AwsIam({ retrying: client, single: new IAMClient({ ...singleAttempt, ...config }) });
  return {
    iam,
    async addUser(userName, path = '/') {
      const { User } = await client.send(new CreateUserCommand({ UserName: userName, Path: path }));
      return { userName, userId: parseUserId(User?.UserId ?? ''), path, arn: User?.Arn ?? '' };
    },
    async deleteUser(userName) {
      const { AccessKeyMetadata = [] } = await client.send(new ListAccessKeysCommand({ UserName: userName }));
      for (const { AccessKeyId } of AccessKeyMetadata) {
        await client.send(new DeleteAccessKeyCommand({ UserName: userName, AccessKeyId }));
      }
      await client.send(new DeleteUserCommand({ UserName: userName }));
    },
    async createKeyByHand(userName) {
      const { AccessKey } = await client.send(new CreateAccessKeyCommand({ UserName: userName }));
      return parseAccessKeyId(AccessKey?.AccessKeyId ?? '');
    },
    async setStatus(userName, keyId, status) {
      await client.send(new UpdateAccessKeyCommand({ UserName: userName, AccessKeyId: keyId, Status: status }));
    },
    useKey: (keyId, { at, ...where }) => emulator().setLastUsed(keyId, { date: new Date(at), ...where }),
    setActiveRootKeys: (count) => emulator().setRootKeys(account, count),
  };
});
