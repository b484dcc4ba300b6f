import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { parseUserName } from '../../lambda/domain/ids.ts';
import {
  fetchCommands,
  KEY_PLACEHOLDER,
  listCommand,
  reactivateCommand,
  restoreCommand,
  snoozeCommand,
} from '../../lambda/domain/notices/commands.ts';
import { secretNameOf } from '../../lambda/domain/secret-name.ts';
import { ACCOUNT, AWKWARD_USER, keyId } from '../support/builders.ts';

/** What `aws` would get as its arguments if the line were pasted into bash. */
function argumentsInBash(line: string): readonly string[] {
  const { stdout, stderr, status } = spawnSync('bash', ['-c', `aws() { printf '%s\\0' "$@"; }\n${line}`], {
    encoding: 'utf8',
  });
  expect([stderr, status]).toEqual(['', 0]);
  return stdout.split('\0').slice(0, -1);
}

/** The value of a quoted PowerShell parameter, read by PowerShell's rules for verbatim strings. */
function parameterInPowerShell(line: string, name: string): string {
  const start = line.indexOf(`-${name} '`) + name.length + 3;
  let value = '';
  for (let at = start; at < line.length; at += 1) {
    const isQuote = /['‘’‚‛]/.test(line.charAt(at));
    if (isQuote && !/['‘’‚‛]/.test(line.charAt(at + 1))) return value;
    if (isQuote) at += 1;
    value += line.charAt(at);
  }
  throw new Error(`the string never ends: ${line}`);
}

const commandsFor = (id: string, region = 'eu-central-1', inAnotherAccount = false) =>
  fetchCommands('keyturn', { id, region, inAnotherAccount });

const lines = (secretName: string) =>
  commandsFor(secretName)
    .slice(1)
    .map(({ line }) => line);

describe('the commands that fetch a key', () => {
  test('are keyturn’s, which also installs it, the AWS CLI’s and PowerShell’s', () => {
    expect(commandsFor('keyturn/111122223333/build')).toEqual([
      { tool: 'keyturn', line: 'keyturn pull --profile NAME --region eu-central-1' },
      {
        tool: 'AWS CLI',
        line: "aws secretsmanager get-secret-value --secret-id 'keyturn/111122223333/build' --version-stage AWSCURRENT --region eu-central-1 --query SecretString --output text",
      },
      {
        tool: 'PowerShell',
        line: "(Get-SECSecretValue -SecretId 'keyturn/111122223333/build' -VersionStage AWSCURRENT -Region eu-central-1).SecretString | ConvertFrom-Json",
      },
    ]);
  });

  test('name the secret of a user whose name has every character that IAM allows', () => {
    const secretName = secretNameOf(ACCOUNT, AWKWARD_USER);
    const [cli = '', powerShell = ''] = lines(secretName);
    expect(argumentsInBash(cli)).toEqual([
      ...['secretsmanager', 'get-secret-value', '--secret-id', secretName, '--version-stage', 'AWSCURRENT'],
      ...['--region', 'eu-central-1', '--query', 'SecretString', '--output', 'text'],
    ]);
    expect(parameterInPowerShell(powerShell, 'SecretId')).toBe(secretName);
  });

  test.each(["it's", "'; touch /tmp/x; '", '$(id)', '`id`', 'a\\b', '‘’', '""', 'a b'])(
    'would pass on even %s as it is',
    (name) => {
      const [cli = '', powerShell = ''] = lines(name);
      expect(argumentsInBash(cli)[3]).toBe(name);
      expect(parameterInPowerShell(powerShell, 'SecretId')).toBe(name);
    },
  );

  test('a Region that is none is quoted too', () => {
    const [, cli = '', powerShell = ''] = commandsFor('x', 'eu; id').map(({ line }) => line);
    expect(argumentsInBash(cli)[7]).toBe('eu; id');
    expect(parameterInPowerShell(powerShell, 'Region')).toBe('eu; id');
  });

  test('a secret in another account is named to keyturn too, by its ARN', () => {
    const arn = 'arn:aws:secretsmanager:eu-central-1:999900009999:secret:keyturn/111122223333/build-AbCdEf';
    expect(commandsFor(arn, 'eu-central-1', true)[0]?.line).toBe(
      `keyturn pull --profile NAME --region eu-central-1 --secret '${arn}'`,
    );
  });

  test('PowerShell gets any text as it is', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (name) => {
        expect(parameterInPowerShell(lines(name)[1] ?? '', 'SecretId')).toBe(name);
      }),
    );
  });
});

describe('the command that makes a key active again', () => {
  test.each([AWKWARD_USER, parseUserName('-rf'), parseUserName('--help')])('names user %s as one value', (name) => {
    expect(argumentsInBash(reactivateCommand(name, keyId(1)).line)).toEqual([
      ...['iam', 'update-access-key', `--user-name=${name}`],
      ...['--access-key-id', keyId(1), '--status', 'Active'],
    ]);
  });
});

test('the keys of a user are listed under any name', () => {
  expect(argumentsInBash(listCommand(parseUserName('-rf')).line)).toEqual([
    'iam',
    'list-access-keys',
    '--user-name=-rf',
  ]);
});

test('what may be asked of Keyturn names the key, or stands for the one named beside it', () => {
  expect(restoreCommand('keyturn', keyId(1)).line).toBe(`keyturn restore --key ${keyId(1)} --for 48h --reason '…'`);
  expect(snoozeCommand('keyturn', KEY_PLACEHOLDER).line).toBe("keyturn snooze --key KEY_ID --days 3 --reason '…'");
});
