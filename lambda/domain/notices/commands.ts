import type { AccessKeyId, UserName } from '../ids.ts';

/** A command as it can be pasted, and the tool it is for. */
export interface Command {
  readonly tool: string;
  readonly line: string;
}

/** The commands that fetch the current key from a user's secret, by its name or ARN. */
export function fetchCommands(secretId: string, region: string): readonly Command[] {
  return [
    {
      tool: 'AWS CLI',
      line: `aws secretsmanager get-secret-value --secret-id ${inBash(secretId)} --version-stage AWSCURRENT --region ${bareOr(inBash, region)} --query SecretString --output text`,
    },
    {
      tool: 'PowerShell',
      line: `(Get-SECSecretValue -SecretId ${inPowerShell(secretId)} -VersionStage AWSCURRENT -Region ${bareOr(inPowerShell, region)}).SecretString | ConvertFrom-Json`,
    },
  ];
}

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
