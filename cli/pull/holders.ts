import { join } from 'node:path';
import type { AccessKeyId } from '../../lambda/domain/ids.ts';
import type { Files } from './files.ts';
import { previousOf, profilesOf, type SharedFile } from './profile.ts';
import type { Place, SharedFiles } from './shared-files.ts';

/** Something that holds the old key, or may. */
export interface Holder {
  readonly kind: 'profile' | 'environment' | 'file' | 'command';
  /** What it is, for a person: names and places, never what it holds. */
  readonly what: string;
  /** False: it may. */
  readonly certain: boolean;
}

/** Where tools that are not AWS's keep keys, below the home directory. */
const elsewhere = ['.s3cfg', '.boto', '.passwd-s3fs', '.config/rclone/rclone.conf', '.mc/config.json'];

/** What else on this computer holds the key, as far as one can know; it is searched for by its ID. */
export async function otherHolders(
  keyId: AccessKeyId,
  { shared, files, place, profile }: { shared: SharedFiles; files: Files; place: Place; profile: string },
): Promise<readonly Holder[]> {
  const { credentials, config } = shared;
  const variables = Object.entries(place.env).filter(([, value]) => value?.includes(keyId));
  return [
    ...[credentials, config].flatMap((file) => profilesHolding(keyId, file, profile)),
    ...variables.map(
      ([name]) => ({ kind: 'environment', what: `environment variable ${name}`, certain: true }) as const,
    ),
    ...(await filesHolding(keyId, files, [
      join(place.cwd, '.env'),
      ...elsewhere.map((name) => join(place.home, name)),
    ])),
    ...[credentials, config].flatMap((file) => commandsIn(file)),
  ];
}

function profilesHolding(keyId: AccessKeyId, file: SharedFile, pulled: string): readonly Holder[] {
  return profilesOf(file)
    .filter(({ name }) => name !== previousOf(pulled))
    .filter(({ section }) =>
      section.properties.some(({ name, value }) => name === 'aws_access_key_id' && value === keyId),
    )
    .map(({ name }) => ({ kind: 'profile', what: `profile '${name}' in ${file.path}`, certain: true }));
}

const commandsIn = (file: SharedFile): readonly Holder[] =>
  profilesOf(file)
    .filter(({ section }) => section.properties.some(({ name }) => name === 'credential_process'))
    .map(({ name }) => ({
      kind: 'command',
      what: `the command (credential_process) of profile '${name}' in ${file.path}`,
      certain: false,
    }));

async function filesHolding(keyId: AccessKeyId, files: Files, paths: readonly string[]): Promise<readonly Holder[]> {
  const read = await Promise.all(paths.map((path) => files.read(path).catch(() => undefined)));
  return paths
    .filter((_, at) => read[at]?.includes(keyId))
    .map((path) => ({ kind: 'file', what: path, certain: true }));
}
