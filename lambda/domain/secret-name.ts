import {
  type AccessKeyId,
  type AccountId,
  InvalidIdError,
  parseAccountId,
  parseUserName,
  type UserName,
} from './ids.ts';

/** Every secret's name begins with this and a slash. */
export const SECRET_PREFIX = 'keyturn';

/**
 * Name of a user's secret: `keyturn/<account>/<encoded user name>`.
 *
 * User names may hold a comma, secret names may not, so it is written `=2C`, and the escape character itself `=3D`. A
 * hyphen before the last six characters becomes `=2D`: Secrets Manager could take them for the suffix of an ARN.
 */
export function secretNameOf(account: AccountId, userName: UserName): string {
  const escaped = userName.replaceAll('=', '=3D').replaceAll(',', '=2C');
  const encoded = escaped.replace(/-(?=.{6}$)/, '=2D');
  return `${SECRET_PREFIX}/${account}/${encoded}`;
}

/** Managed policy in every account whose users' secrets are in another one: lets whoever has it read there. */
export const READ_POLICY = 'KeyturnReadSecrets';

/** The account that a secret of this ARN is in. */
export const secretAccountOf = (secretArn: string): string | undefined => secretArn.split(':')[4];

/** The user name in a secret's name; throws when the name is not one that `secretNameOf` gives. */
export function userNameOf(secretName: string): UserName {
  const [, account, encoded] = secretName.split('/');
  try {
    const decoded = encoded?.replaceAll('=2D', '-').replaceAll('=2C', ',').replaceAll('=3D', '=');
    const userName = parseUserName(decoded ?? '');
    if (secretNameOf(parseAccountId(account ?? ''), userName) === secretName) return userName;
  } catch (error) {
    if (!(error instanceof InvalidIdError)) throw error;
  }
  throw new Error(`'${secretName}' is not the name of a Keyturn secret`);
}

/**
 * Version ID (ClientRequestToken, 32–64 characters) under which a key is stored. It follows from the key ID alone, so
 * DescribeSecret answers "is this key stored?" without any right to read the secret.
 */
export function secretVersionOf(keyId: AccessKeyId): string {
  const version = `${keyId}-keyturn`.padEnd(32, '-');
  if (version.length > 64) throw new Error(`key ID ${keyId} is too long to derive a secret version ID from`);
  return version;
}
