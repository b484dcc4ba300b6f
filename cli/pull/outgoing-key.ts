import { InvalidIdError, parseAccessKeyId } from '../../lambda/domain/ids.ts';
import { SecretAccessKey } from '../../lambda/domain/secret-access-key.ts';
import { CommandError } from '../errors.ts';
import type { Section } from './ini.ts';
import type { KeyPair } from './key-pair.ts';
import { type Profile, profileIn, profilesOf, type SharedFile, valueIn } from './profile.ts';
import type { Place, SharedFiles } from './shared-files.ts';

/** The key that is there now, and where. */
export interface OutgoingKey extends KeyPair {
  /** Undefined: the key comes from the environment. */
  readonly home: { readonly profile: string; readonly file: SharedFile } | undefined;
  /** Of the environment or the profile. */
  readonly region: string | undefined;
}

/** The key that AWS's tools would use: of the profile that is named, else of the environment, else of `default`. */
export function outgoingKey(shared: SharedFiles, { env }: Place, named: string | undefined): OutgoingKey {
  const profile = named ?? (env.AWS_PROFILE || env.AWS_DEFAULT_PROFILE || undefined);
  if (profile === undefined && env.AWS_ACCESS_KEY_ID && env.AWS_SECRET_ACCESS_KEY) {
    const where = 'The environment';
    const { AWS_ACCESS_KEY_ID: keyId, AWS_SECRET_ACCESS_KEY: secret, AWS_SESSION_TOKEN: token } = env;
    return { ...keyPair(where, { keyId, secret, token }), home: undefined, region: regionOf(shared, env, 'default') };
  }
  const name = profile ?? 'default';
  const home = homeOf(shared, name);
  const value = (property: string) => valueIn(home.section, property);
  const found = {
    keyId: value('aws_access_key_id'),
    secret: value('aws_secret_access_key'),
    token: value('aws_session_token'),
  };
  return {
    ...keyPair(`Profile '${name}' in ${home.file.path}`, found),
    home: { profile: name, file: home.file },
    region: regionOf(shared, env, name),
  };
}

function regionOf({ credentials, config }: SharedFiles, env: Place['env'], profile: string): string | undefined {
  return (
    env.AWS_REGION ||
    env.AWS_DEFAULT_REGION ||
    valueIn(profileIn(credentials, profile), 'region') ||
    valueIn(profileIn(config, profile), 'region')
  );
}

/** The file and section that hold the profile's key; as for AWS's tools the credentials file wins. */
function homeOf({ credentials, config }: SharedFiles, name: string): { file: SharedFile; section: Section } {
  const sections = [credentials, config].map((file) => ({ file, section: profileIn(file, name) }));
  const there = sections.flatMap(({ file, section }) => (section === undefined ? [] : [{ file, section }]));
  const holding = there.find(({ section }) => valueIn(section, 'aws_access_key_id') !== undefined);
  if (holding !== undefined) return holding;
  const [first] = there;
  if (first === undefined) throw new CommandError(noProfile({ credentials, config }, name));
  const way = there.map(({ section }) => otherWay(section)).find((found) => found !== undefined);
  throw new CommandError(
    `Profile '${name}' in ${first.file.path} holds no access key${way === undefined ? '' : `: ${way}`}. ` +
      'Name the profile that holds the old key with --profile.',
  );
}

/** How else a profile comes by its credentials. */
function otherWay(section: Section): string | undefined {
  const source = valueIn(section, 'source_profile');
  if (source !== undefined) return `it takes a role, with the credentials of profile '${source}'`;
  if (valueIn(section, 'credential_process') !== undefined) return 'a command gives it its credentials';
  if (section.properties.some(({ name }) => name.startsWith('sso_'))) return 'it signs in by SSO';
  return undefined;
}

function noProfile({ credentials, config }: SharedFiles, name: string): string {
  const misplaced = profilesOf(credentials).find((each: Profile) => each.name === `profile ${name}`);
  if (misplaced !== undefined) {
    return (
      `${credentials.path} has a section [profile ${name}] in line ${misplaced.section.line}, but in this file AWS's ` +
      `tools want it to be called [${name}]: rename it and try again. Nothing was changed.`
    );
  }
  const known = [...new Set([...profilesOf(credentials), ...profilesOf(config)].map((each) => each.name))];
  const others = known.length === 0 ? 'there are none' : `there are ${known.slice(0, 12).join(', ')}`;
  return (
    `There is no profile '${name}' in ${credentials.path} or ${config.path} (${others}): ` +
    'name the one that holds the old key with --profile.'
  );
}

interface FoundKey {
  readonly keyId: string | undefined;
  readonly secret: string | undefined;
  readonly token: string | undefined;
}

function keyPair(where: string, { keyId = '', secret, token }: FoundKey): KeyPair {
  if (token || keyId.startsWith('ASIA')) {
    throw new CommandError(
      `${where} holds temporary credentials, which Keyturn has nothing to do with: name the profile that holds the ` +
        "user's own access key with --profile.",
    );
  }
  if (secret === undefined) {
    throw new CommandError(
      `${where} holds an aws_access_key_id, but no aws_secret_access_key beside it: put that in, or name another with --profile.`,
    );
  }
  try {
    return { keyId: parseAccessKeyId(keyId), secret: new SecretAccessKey(secret) };
  } catch (error) {
    if (!(error instanceof InvalidIdError)) throw error;
    // Not told what is there instead: halves do get mixed up, and that would be the secret one.
    throw new CommandError(`${where} holds no access key ID (AKIA…) as aws_access_key_id: put the right one in.`);
  }
}
