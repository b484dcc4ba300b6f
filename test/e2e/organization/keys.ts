import { IAMClient, ListAccessKeysCommand } from '@aws-sdk/client-iam';
import {
  DescribeSecretCommand,
  type DescribeSecretCommandOutput,
  GetSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { parseAccountId, parseUserName } from '../../../lambda/domain/ids.ts';
import { secretNameOf } from '../../../lambda/domain/secret-name.ts';
import type { Emulator } from '../../../local/emulator.ts';

export interface Key {
  readonly keyId: string;
  readonly status: string;
}

/** A user's keys as IAM has them now, oldest first. */
export async function keysOf(emulator: Emulator, account: string, UserName: string): Promise<readonly Key[]> {
  const { AccessKeyMetadata = [] } = await new IAMClient(emulator.client(account)).send(
    new ListAccessKeysCommand({ UserName }),
  );
  return AccessKeyMetadata.toSorted((a, b) => (a.CreateDate?.getTime() ?? 0) - (b.CreateDate?.getTime() ?? 0)).map(
    ({ AccessKeyId: keyId = '', Status: status = '' }) => ({ keyId, status }),
  );
}

/** A user's secret, looked up in that account and Region; undefined when it is not there. */
export async function secretOf(
  emulator: Emulator,
  user: { readonly account: string; readonly userName: string },
  where: { readonly account?: string; readonly region?: string } = {},
): Promise<{ readonly found: DescribeSecretCommandOutput; readonly currentKeyId: string } | undefined> {
  const secrets = new SecretsManagerClient(emulator.client(where.account ?? user.account, where.region));
  const SecretId = secretNameOf(parseAccountId(user.account), parseUserName(user.userName));
  try {
    const found = await secrets.send(new DescribeSecretCommand({ SecretId }));
    const { SecretString = '{}' } = await secrets.send(
      new GetSecretValueCommand({ SecretId, VersionStage: 'AWSCURRENT' }),
    );
    return { found, currentKeyId: JSON.parse(SecretString).AccessKeyId };
  } catch (error) {
    if (error instanceof Error && error.name === 'ResourceNotFoundException') return undefined;
    throw error;
  }
}
