import { fork } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fromIso, type Instant } from '../../lambda/domain/time.ts';
import { count, megabytes, type Result, type Say, seconds, target } from '../benchmark.ts';
import { type Measurement, measurement, type Order } from './messages.ts';
import { type Estate, writeReports } from './reports.ts';

const DAYS = 365;
const MOST_MS = 60_000;
const MOST_BYTES = 1024 ** 3;
const START: Instant = fromIso('2026-11-21');
/** IAM allows so many users in an account. */
const USERS_OF_A_LARGE_ACCOUNT = 5_000;
const USERS_OF_A_SMALL_ACCOUNT = 200;

/** How long a year ahead takes over the credential reports of so many users, in few large and in many small accounts. */
export async function forecast(
  { forecastUsers: users }: { readonly forecastUsers: number },
  say: Say,
): Promise<Result> {
  const directory = await mkdtemp(join(tmpdir(), 'keyturn-bench-forecast-'));
  try {
    const large = await measure('large', estateOf(users, USERS_OF_A_LARGE_ACCOUNT), ['default']);
    const small = await measure('small', estateOf(users, USERS_OF_A_SMALL_ACCOUNT), ['default']);
    const both = await measure('large', estateOf(users, USERS_OF_A_LARGE_ACCOUNT), ['default', 'cis']);
    return resultOf(users, [large, small], both);
  } finally {
    await rm(directory, { recursive: true });
  }

  async function measure(name: string, estate: Estate, policies: string[]): Promise<Measured> {
    const place = join(directory, `${name}-${policies.length}`);
    say(`writing reports of ${count(estate.accounts)} accounts`);
    const files = await writeReports(place, estate, START);
    say(`${DAYS} runs over ${count(estate.accounts)} accounts, ${policies.join(' and ')}`);
    const measured = await inItsOwnProcess({ files, start: START, days: DAYS, policies });
    await rm(place, { recursive: true });
    return { estate, policies, measured };
  }
}

interface Measured {
  readonly estate: Estate;
  readonly policies: readonly string[];
  readonly measured: Measurement;
}

const estateOf = (users: number, most: number): Estate => {
  const usersPerAccount = Math.min(users, most);
  return { accounts: Math.ceil(users / usersPerAccount), usersPerAccount };
};

/** `compared`: of two policies side by side the memory is promised, not the time. */
function resultOf(users: number, promised: readonly Measured[], compared: Measured): Result {
  const runs = [...promised, compared];
  for (const { estate, measured } of runs) {
    if (measured.users !== estate.accounts * estate.usersPerAccount) throw new Error('Not every user was read.');
  }
  const name = ({ estate, policies }: Measured) =>
    `${count(estate.accounts)} accounts × ${count(estate.usersPerAccount)} users, ${policies.join(' and ')}`;
  return {
    tables: [
      {
        head: ['Reports', 'Processor', 'Clock', 'Peak memory', 'Steps foreseen'],
        rows: runs.map((run) => [
          name(run),
          seconds(run.measured.cpuMs),
          seconds(run.measured.wallMs),
          megabytes(run.measured.peakRssBytes),
          count(run.measured.steps),
        ]),
      },
    ],
    targets: [
      ...promised.flatMap((run) => [
        target(`a year, ${name(run)}`, run.measured.cpuMs, { atMost: MOST_MS }, seconds),
        target('its memory', run.measured.peakRssBytes, { atMost: MOST_BYTES }, megabytes),
      ]),
      target(`memory, ${name(compared)}`, compared.measured.peakRssBytes, { atMost: MOST_BYTES }, megabytes),
    ],
    notes: [
      `${DAYS} runs over credential reports of ${count(users)} users, read from files, one of each account, and told as JSON. ` +
        'Half of the keys are up to 90 days old, half up to four years; one user in seventeen has two. ' +
        'Processor time counts, so that what else this machine does is not counted; the work is done in one thread.',
    ],
    figures: { runs },
  };
}

function inItsOwnProcess(order: Order): Promise<Measurement> {
  return new Promise((resolve, reject) => {
    const child = fork(join(import.meta.dirname, 'forecast-process.ts'), [], {
      execArgv: ['--disable-warning=ExperimentalWarning'],
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    let complaints = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      complaints += text;
    });
    let told: Measurement | undefined;
    child.once('message', (message) => {
      told = measurement.parse(message);
    });
    child.once('error', reject);
    child.once('close', (code) => {
      if (told !== undefined) resolve(told);
      else reject(new Error(`The forecast ended with exit code ${code}: ${complaints.slice(-2_000)}`));
    });
    child.send(order);
  });
}
