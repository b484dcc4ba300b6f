import type { AccessKeyId, UserName } from '../ids.ts';

/** A command as it can be pasted, and the tool it is for. */
export interface Command {
  readonly tool: string;
  readonly line: string;
}

/** In commands that serve for several keys: stands for the secret, or the key ID, that is named with each of them. */
export const SECRET_PLACEHOLDER = 'SECRET';
export const KEY_PLACEHOLDER = 'KEY_ID';

/** Where a user's current key is. */
export interface SecretPlace {
  /** Name, or ARN where it is in another account. */
  readonly id: string;
  readonly region: string;
  readonly inAnotherAccount: boolean;
}

/** Fetches the current key from a user's secret and puts it in the place of the old one. `keyturn`: how the tool is called. */
export function pullCommand(keyturn: string, { id, region, inAnotherAccount }: SecretPlace): Command {
  const secret = inAnotherAccount ? ` --secret ${inBash(id)}` : '';
  return { tool: 'keyturn', line: `${keyturn} pull --profile NAME --region ${bareOr(inBash, region)}${secret}` };
}

/** The commands that fetch the current key from a user's secret: the one that also installs it, then those that show it. */
export const fetchCommands = (keyturn: string, place: SecretPlace): readonly Command[] => [
  pullCommand(keyturn, place),
  ...readCommands(place),
];

/** The commands that show the current key, for anybody who may read the secret. */
export function readCommands({ id, region }: Pick<SecretPlace, 'id' | 'region'>): readonly Command[] {
  return [
    {
      tool: 'AWS CLI',
      line: `aws secretsmanager get-secret-value --secret-id ${inBash(id)} --version-stage AWSCURRENT --region ${bareOr(inBash, region)} --query SecretString --output text`,
    },
    {
      tool: 'PowerShell',
      line: `(Get-SECSecretValue -SecretId ${inPowerShell(id)} -VersionStage AWSCURRENT -Region ${bareOr(inPowerShell, region)}).SecretString | ConvertFrom-Json`,
    },
  ];
}

/** Makes a disabled key work again for two days, for whoever may ask Keyturn for it. */
export const restoreCommand = (keyturn: string, keyId: AccessKeyId | typeof KEY_PLACEHOLDER): Command => ({
  tool: 'keyturn',
  line: `${keyturn} restore --key ${keyId} --for 48h --reason '…'`,
});

/** Puts the next step of a key on its way out off. */
export const snoozeCommand = (keyturn: string, keyId: AccessKeyId | typeof KEY_PLACEHOLDER): Command => ({
  tool: 'keyturn',
  line: `${keyturn} snooze --key ${keyId} --days 3 --reason '…'`,
});

/** Lists the keys of a user, which only one who may ask IAM can. */
export const listCommand = (userName: UserName): Command => ({
  tool: 'AWS CLI',
  line: `aws iam list-access-keys --user-name=${inBash(userName)}`,
});

/** The command that makes a disabled key work again. With `=`, as a user name may begin with a hyphen. */
export function reactivateCommand(userName: UserName, keyId: AccessKeyId): Command {
  return {
    tool: 'AWS CLI',
    line: `aws iam update-access-key --user-name=${inBash(userName)} --access-key-id ${keyId} --status Active`,
  };
}

/** Regions need no quotes; anything else in their place gets them. */
const bareOr = (quoted: (text: string) => string, text: string): string =>
  /^[a-z0-9-]+$/.test(text) ? text : quoted(text);

const inBash = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;

/** PowerShell also takes typographic quotes for quotes. */
const inPowerShell = (text: string): string => `'${text.replace(/['‘’‚‛]/g, '$&$&')}'`;
