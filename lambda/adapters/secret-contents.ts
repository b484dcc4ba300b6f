import type { AccountId, UserName } from '../domain/ids.ts';
import { toIso } from '../domain/time.ts';
import type { CreatedKey } from '../ports.ts';

/** The shape that `credential_process` of every AWS SDK reads, with what a person wants to know beside it. */
export const secretValue = (account: AccountId, userName: UserName, key: CreatedKey): string =>
  JSON.stringify({
    Version: 1,
    AccessKeyId: key.keyId,
    SecretAccessKey: key.secret.reveal(),
    UserName: userName,
    Account: account,
    CreatedAt: toIso(key.createdAt),
  });

export const secretDescription = (userName: UserName): string =>
  `Access key of IAM user ${userName}, kept by Keyturn: the version AWSCURRENT is the key to use. ` +
  'Readable by that user itself; its value fits credential_process in ~/.aws/config.';

/** Whose secret it is. A tag's value may not hold a comma, a user name may: the encoded one of the secret's name is used. */
export const secretTags = (secretName: string, account: AccountId) => [
  { Key: 'keyturn:account', Value: account },
  { Key: 'keyturn:user', Value: secretName.slice(secretName.lastIndexOf('/') + 1) },
];
