import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { DAY, type Instant, toIso } from '../../lambda/domain/time.ts';

export interface Estate {
  readonly accounts: number;
  readonly usersPerAccount: number;
}

const header =
  'user,arn,user_creation_time,password_enabled,password_last_used,password_last_changed,password_next_rotation,' +
  'mfa_active,access_key_1_active,access_key_1_last_rotated,access_key_1_last_used_date,access_key_1_last_used_region,' +
  'access_key_1_last_used_service,access_key_2_active,access_key_2_last_rotated,access_key_2_last_used_date,' +
  'access_key_2_last_used_region,access_key_2_last_used_service,cert_1_active,cert_1_last_rotated,cert_2_active,' +
  'cert_2_last_rotated';
const NO_KEY = 'false,N/A,N/A,N/A,N/A';
const NO_CERTIFICATES = 'false,N/A,false,N/A';

/** Writes a credential report for each account of an invented estate, the same every time; answers with their paths. */
export async function writeReports(directory: string, { accounts, usersPerAccount }: Estate, now: Instant) {
  await mkdir(directory);
  const random = numbers(20_261_120);
  const files: string[] = [];
  for (let n = 0; n < accounts; n += 1) {
    const account = String(100_000_000_000 + n);
    const file = join(directory, `${account}.csv`);
    const stream = createWriteStream(file);
    stream.write(`${header}\n${rootRow(account)}`);
    for (let user = 0; user < usersPerAccount; user += 1)
      stream.write(`\n${userRow(account, `service-${user}`, random, now)}`);
    stream.end();
    await once(stream, 'close');
    files.push(file);
  }
  return files;
}

const rootRow = (account: string): string =>
  `<root_account>,arn:aws:iam::${account}:root,2019-01-01T00:00:00+00:00,not_supported,N/A,not_supported,not_supported,true,` +
  `${NO_KEY},${NO_KEY},${NO_CERTIFICATES}`;

/** Half of the keys are young, the other half up to four years old; one user in seventeen has two, one in ten never used its key. */
function userRow(account: string, name: string, random: () => number, now: Instant): string {
  const ago = (days: number) => `${toIso(now - days * DAY).slice(0, 19)}+00:00`;
  const age = random() < 0.5 ? random() * 90 : random() * 1_500;
  const use = (keyAge: number) =>
    random() < 0.1 ? 'N/A,N/A,N/A' : `${ago(random() * Math.min(keyAge, 60))},eu-central-1,s3`;
  const secondAge = random() * age;
  const second = random() < 0.06 ? `${random() < 0.5},${ago(secondAge)},${use(secondAge)}` : NO_KEY;
  return (
    `${name},arn:aws:iam::${account}:user/team/${name},${ago(age + 10)},false,N/A,N/A,N/A,false,` +
    `true,${ago(age)},${use(age)},${second},${NO_CERTIFICATES}`
  );
}

/** Numbers from 0 to 1 that look random. */
function numbers(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
    return state / 2_147_483_648;
  };
}
