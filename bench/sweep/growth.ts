import { parseAccountId } from '../../lambda/domain/ids.ts';
import { DAY } from '../../lambda/domain/time.ts';
import { count, type Result, type Say, seconds, target, times } from '../benchmark.ts';
import { openPlace, type Swept } from './place.ts';
import { population } from './population.ts';
import { START } from './start.ts';

const SIZES = [500, 1_000, 2_000, 5_000];
const DUE = 10;
const MOST_GROWTH = 1.2;

/** What a warm sweep costs in accounts of different size with the same number of due users. */
export async function growth(_: unknown, say: Say): Promise<Result> {
  const place = await openPlace(say);
  try {
    const measured: { readonly users: number; readonly warm: Swept }[] = [];
    for (const [n, users] of SIZES.entries()) {
      const account = parseAccountId(String(400_000_000_000 + n));
      await place.emulator.addUsers(account, population(START, { users, perDay: DUE, dueOn: [1] }));
      say(`${count(users)} users, cold`);
      await place.sweep('keyturn', account, START);
      say(`${count(users)} users, warm`);
      measured.push({ users, warm: await place.sweep('keyturn', account, START + DAY) });
    }
    return report(measured);
  } finally {
    await place.stop();
  }
}

function report(measured: readonly { readonly users: number; readonly warm: Swept }[]): Result {
  const [smallest, largest] = [measured.at(0), measured.at(-1)];
  if (smallest === undefined || largest === undefined) throw new Error('Nothing was measured.');
  return {
    tables: [
      {
        title: `Warm sweeps with ${DUE} users due`,
        head: ['Users', 'IAM calls', 'Reads of State', 'All calls', 'Time'],
        rows: measured.map(({ users, warm: { calls, wallMs } }) => [
          count(users),
          count(calls.services.iam ?? 0),
          count(calls.actions['dynamodb:Query'] ?? 0),
          count(calls.all),
          seconds(wallMs),
        ]),
      },
    ],
    targets: [
      target(
        `calls with ${count(largest.users)} users : with ${count(smallest.users)}`,
        largest.warm.calls.all / smallest.warm.calls.all,
        { atMost: MOST_GROWTH },
        (value) => value.toFixed(2),
      ),
    ],
    notes: [
      `Reads of State: two about exemptions, and one for each megabyte of what is remembered of the users. Time grows with the report and with these pages: ${times(largest.warm.wallMs / smallest.warm.wallMs)} for ${times(largest.users / smallest.users)} the users.`,
    ],
    figures: { due: DUE, measured },
  };
}
