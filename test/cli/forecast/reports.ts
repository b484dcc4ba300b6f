import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const HEADER =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,' +
  'mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,' +
  'access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,' +
  'access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,' +
  'cert_2_last_rotated';
const NO_KEY = 'false,N/A,N/A,N/A,N/A';

export const rootRow = (account = '111122223333', firstActive = false) =>
  `<root_account>,arn:aws:iam::${account}:root,2019-01-01T00:00:00+00:00,not_supported,N/A,not_supported,not_supported,true,` +
  `${firstActive ? 'true,2020-01-01T00:00:00+00:00,N/A,N/A,N/A' : NO_KEY},${NO_KEY},false,N/A,false,N/A`;

/** A key's five columns. */
export const keyCells = (since: string, used?: string, active = true): string =>
  `${active},${since},${used === undefined ? 'N/A,N/A,N/A' : `${used},eu-central-1,s3`}`;

export const userRow = (
  name: string,
  {
    account = '111122223333',
    first = NO_KEY,
    second = NO_KEY,
  }: { readonly account?: string; readonly first?: string; readonly second?: string } = {},
): string => {
  const quoted = (text: string) => (text.includes(',') ? `"${text}"` : text);
  const arn = `arn:aws:iam::${account}:user/team/${name}`;
  return `${quoted(name)},${quoted(arn)},2024-01-01T00:00:00+00:00,false,N/A,N/A,N/A,false,${first},${second},false,N/A,false,N/A`;
};

export const report = (...rows: readonly string[]): string => [HEADER, rootRow(), ...rows].join('\n');

/** A directory for a test's files, gone after it. */
export async function withFiles<T>(
  files: Readonly<Record<string, string>>,
  use: (pathOf: (name: string) => string) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'keyturn-forecast-'));
  try {
    for (const [name, text] of Object.entries(files)) await writeFile(join(directory, name), text);
    return await use((name) => join(directory, name));
  } finally {
    await rm(directory, { recursive: true });
  }
}
