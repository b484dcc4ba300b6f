import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  CreateAccessKeyCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteUserCommand,
  IAMClient,
  ListAccessKeysCommand,
  UpdateAccessKeyCommand,
} from '@aws-sdk/client-iam';
import { GetSecretValueCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { type AccessKeyId, parseAccessKeyId } from '../../lambda/domain/ids.ts';
import { defaultRegion, type Emulator } from '../emulator.ts';
import type { CastMember } from './cast.ts';
import type { KeyturnCommand } from './keyturn-command.ts';

/** Where an owner's profile is written down. */
const PROFILE = 'mine';

/** A key whose secret access key its owner has. */
export interface HeldKey {
  readonly keyId: AccessKeyId;
  readonly userName: string;
  readonly secretAccessKey: string;
  /** Name of the key in the cast; absent for one that Keyturn made and its owner fetched. */
  readonly name?: string;
}

/** The people who own the users: what they do by hand, and which keys they hold. */
export class People {
  readonly #emulator: Emulator;
  readonly #iam: IAMClient;
  readonly #held = new Map<AccessKeyId, HeldKey>();

  constructor(emulator: Emulator) {
    this.#emulator = emulator;
    this.#iam = new IAMClient(emulator.client());
  }

  get held(): ReadonlyMap<AccessKeyId, HeldKey> {
    return this.#held;
  }

  /** Key of the cast; throws if it was not made yet. */
  key(userName: string, name: string): HeldKey {
    const found = [...this.#held.values()].find((key) => key.userName === userName && key.name === name);
    if (found === undefined) throw new Error(`${userName} has no key '${name}' yet.`);
    return found;
  }

  async createUser({ userName, path }: Pick<CastMember, 'userName' | 'path'>): Promise<void> {
    await this.#iam.send(new CreateUserCommand({ UserName: userName, Path: path }));
  }

  async createKey(userName: string, name: string): Promise<AccessKeyId> {
    const { AccessKey: made } = await this.#iam.send(new CreateAccessKeyCommand({ UserName: userName }));
    const keyId = parseAccessKeyId(made?.AccessKeyId ?? '');
    this.#held.set(keyId, { keyId, userName, name, secretAccessKey: made?.SecretAccessKey ?? '' });
    return keyId;
  }

  async setStatus(userName: string, keyId: AccessKeyId, Status: 'Active' | 'Inactive'): Promise<void> {
    await this.#iam.send(new UpdateAccessKeyCommand({ UserName: userName, AccessKeyId: keyId, Status }));
  }

  /** Deletes the user with all of its keys, as an administrator must. */
  async deleteUser(userName: string): Promise<void> {
    const { AccessKeyMetadata: keys = [] } = await this.#iam.send(new ListAccessKeysCommand({ UserName: userName }));
    for (const { AccessKeyId } of keys) {
      await this.#iam.send(new DeleteAccessKeyCommand({ UserName: userName, AccessKeyId }));
    }
    await this.#iam.send(new DeleteUserCommand({ UserName: userName }));
  }

  /**
   * Does what the AWS CLI command in a notice does: asks Secrets Manager, signed with a key that the owner holds. From
   * then on the owner holds the new key too.
   */
  async fetch(command: FetchCommand, heldKey: HeldKey): Promise<HeldKey> {
    const { keyId: accessKeyId, secretAccessKey } = heldKey;
    const owner = new SecretsManagerClient({
      endpoint: this.#emulator.url,
      region: command.region,
      credentials: { accessKeyId, secretAccessKey },
    });
    const { SecretString = '' } = await owner.send(
      new GetSecretValueCommand({ SecretId: command.secretId, VersionStage: command.versionStage }),
    );
    const { AccessKeyId, SecretAccessKey, UserName } = JSON.parse(SecretString);
    return this.#install({
      keyId: parseAccessKeyId(AccessKeyId),
      userName: String(UserName),
      secretAccessKey: String(SecretAccessKey),
    });
  }

  /** Does what the first command in a notice does, with a credentials file that holds the old key and nothing else. */
  async pull(keyturn: Pick<KeyturnCommand, 'runAtHome'>, notice: string, heldKey: HeldKey): Promise<HeldKey> {
    const [, region] = /keyturn pull --profile NAME --region ([\w-]+)/.exec(notice) ?? [];
    if (region === undefined) throw new Error('The notice does not tell of keyturn pull.');
    const home = await mkdtemp(join(tmpdir(), 'keyturn-owner-'));
    const file = join(home, '.aws', 'credentials');
    try {
      await mkdir(dirname(file));
      await writeFile(file, profileOf(heldKey), { mode: 0o600 });
      const args = ['pull', '--profile', PROFILE, '--region', region, '--yes'];
      const { exitCode, output } = await keyturn.runAtHome(home, ...args);
      if (exitCode !== 0) throw new Error(`keyturn pull failed: ${output.trim()}`);
      return await this.#install({ ...readProfile(await readFile(file, 'utf8')), userName: heldKey.userName });
    } finally {
      await rm(home, { recursive: true });
    }
  }

  /** From now on the owner holds it, and uses it. */
  async #install(fetched: HeldKey): Promise<HeldKey> {
    this.#held.set(fetched.keyId, fetched);
    const use = { date: this.#emulator.clock.now(), service: 's3', region: defaultRegion };
    await this.#emulator.setLastUsed(fetched.keyId, use);
    return fetched;
  }
}

const profileOf = ({ keyId, secretAccessKey }: HeldKey): string =>
  `[${PROFILE}]\naws_access_key_id = ${keyId}\naws_secret_access_key = ${secretAccessKey}\n`;

/** The key that the owner's profile holds. */
function readProfile(file: string): Omit<HeldKey, 'userName'> {
  const section = file.split(/^\[/m).find((part) => part.startsWith(`${PROFILE}]`)) ?? '';
  const [, keyId = ''] = /^aws_access_key_id\s*=\s*(\S+)/m.exec(section) ?? [];
  const [, secretAccessKey = ''] = /^aws_secret_access_key\s*=\s*(\S+)/m.exec(section) ?? [];
  return { keyId: parseAccessKeyId(keyId), secretAccessKey };
}

export interface FetchCommand {
  readonly secretId: string;
  readonly versionStage: string;
  readonly region: string;
  /** As printed. */
  readonly line: string;
}

/** The AWS CLI command in a notice, read as a shell would; throws if the notice has none. */
export function fetchCommandIn(notice: string): FetchCommand {
  const line = /aws secretsmanager get-secret-value [^\n`]*/.exec(notice)?.[0];
  if (line === undefined) throw new Error('The notice does not say how to fetch the new key.');
  const words = shellWords(line);
  const flagValue = (flag: string): string => {
    const value = words[words.indexOf(flag) + 1];
    if (!words.includes(flag) || value === undefined)
      throw new Error(`The command in the notice has no ${flag}: ${line}`);
    return value;
  };
  return {
    secretId: flagValue('--secret-id'),
    versionStage: flagValue('--version-stage'),
    region: flagValue('--region'),
    line,
  };
}

/** Words of a command line with single quotes, the only ones that notices use. */
const shellWords = (line: string): string[] =>
  [...line.matchAll(/(?:'[^']*'|\\.|[^\s'\\])+/g)].map(([word]) => word.replaceAll(/'([^']*)'|\\(.)/g, '$1$2'));
