import { type AccountId, parseAccountId } from '../../lambda/domain/ids.ts';
import { DAY } from '../../lambda/domain/time.ts';
import { count, megabytes, type Result, type Say, seconds, target, times } from '../benchmark.ts';
import type { BenchOptions } from '../options.ts';
import { openPlace, type Swept } from './place.ts';
import { population } from './population.ts';
import { START } from './start.ts';
import { steadyDay } from './steady.ts';

const [KEYTURN, ONE_BY_ONE, EIGHT_AT_ONCE, STEADY] = [
  parseAccountId('111111111111'),
  parseAccountId('222222222222'),
  parseAccountId('333333333333'),
  parseAccountId('444444444444'),
] as const;
/** A day apart, so that on each of them nothing else is to be done; before the seventh day, when all users are read. */
const WARM_DAYS = [2, 4, 6];
const MOST_BYTES = 256 * 1024 ** 2;

/** One account, swept by Keyturn and by the per-user sweep against the same local AWS. */
export async function sweep({ users, due }: BenchOptions, say: Say): Promise<Result> {
  const place = await openPlace(say);
  try {
    const { emulator } = place;
    await emulator.addUsers(KEYTURN, population(START, { users, perDay: due, dueOn: [0, ...WARM_DAYS] }));
    const keyturn = (day: number) => place.sweep('keyturn', KEYTURN, START + day * DAY, { warnBeforeDays: [14] });
    say(`Keyturn, cold: the first sweep of ${count(users)} users`);
    const cold = await keyturn(0);
    const quiet: Swept[] = [];
    const warm: Swept[] = [];
    for (const day of WARM_DAYS) {
      say('Keyturn on the day after: nothing is due');
      quiet.push(await keyturn(day - 1));
      say(`Keyturn, warm: ${due} are due`);
      warm.push(await keyturn(day));
    }
    const [lastDay = 0] = WARM_DAYS.toReversed();
    const perUser = async (account: AccountId, perUser: number) => {
      await emulator.addUsers(account, population(START, { users, perDay: due, dueOn: [lastDay] }));
      say(`the per-user sweep, ${perUser} at once: ${due} are due`);
      return place.sweep({ perUser }, account, START + lastDay * DAY);
    };
    const oneByOne = await perUser(ONE_BY_ONE, 1);
    const eightAtOnce = await perUser(EIGHT_AT_ONCE, 8);
    const { swept: steady, ...work } = await steadyDay(place, STEADY, { users, perDay: due }, say);
    return report({
      users,
      due,
      cold,
      quiet: typical(quiet),
      warm: typical(warm),
      oneByOne,
      eightAtOnce,
      steady,
      work,
    });
  } finally {
    await place.stop();
  }
}

/** The one of median time. */
const typical = (swept: readonly Swept[]): Swept => {
  const found = swept.toSorted((a, b) => a.wallMs - b.wallMs)[Math.floor(swept.length / 2)];
  if (found === undefined) throw new Error('Nothing was measured.');
  return found;
};

interface Measured {
  readonly users: number;
  readonly due: number;
  readonly cold: Swept;
  readonly quiet: Swept;
  readonly warm: Swept;
  readonly oneByOne: Swept;
  readonly eightAtOnce: Swept;
  readonly steady: Swept;
  readonly work: object;
}

function report(measured: Measured): Result {
  const { users, due, cold, quiet, warm, oneByOne, eightAtOnce, steady } = measured;
  const iam = ({ calls }: Swept): number => calls.services.iam ?? 0;
  const services = ['iam', 'sts', 'dynamodb', 'secretsmanager'] as const;
  const row = (name: string, swept: Swept): readonly string[] => [
    name,
    ...services.map((service) => count(swept.calls.services[service] ?? 0)),
    count(swept.calls.all),
    seconds(swept.wallMs),
    megabytes(swept.peakRssBytes),
  ];
  const fewer = (what: (swept: Swept) => number) => what(oneByOne) / what(warm);
  return {
    tables: [
      {
        title: `One account of ${count(users)} users`,
        head: ['Sweep', 'IAM', 'STS', 'DynamoDB', 'Secrets', 'All calls', 'Time', 'Peak memory'],
        rows: [
          row(`Keyturn, cold, ${due} due`, cold),
          row('Keyturn, the day after, none due', quiet),
          row(`Keyturn, warm, ${due} due`, warm),
          row(`per user, one after another, ${due} due`, oneByOne),
          row(`per user, 8 at once, ${due} due`, eightAtOnce),
          row('Keyturn, a day with everything', steady),
        ],
      },
    ],
    targets: [
      target('warm: IAM calls (4 + 3 for each due)', iam(warm), { atMost: 4 + 3 * due }),
      target('warm: calls in all (12 + 10 for each due)', warm.calls.all, { atMost: 12 + 10 * due }),
      target('IAM calls, per user : warm', fewer(iam), { atLeast: 80 }, times),
      target(
        'calls in all, per user : warm',
        fewer(({ calls }) => calls.all),
        { atLeast: 20 },
        times,
      ),
      target(
        'time, per user : warm',
        fewer(({ wallMs }) => wallMs),
        { atLeast: 15 },
        times,
      ),
      target('warm: peak memory', warm.peakRssBytes, { atMost: MOST_BYTES }, megabytes),
    ],
    notes: [
      'Due: the key has reached 90 days and is rotated. A run may rotate 1,000 keys here, so that the cap of 50 that is deployed defers none. Each sweep is one invocation in a process of its own; calls are the requests that arrive at the local AWS, repetitions included. Time is without the loading of the code, memory is that of the whole process. Warm and the day after: of three days the one of median time.',
      'Per user, as other rotators do it, one user after another: ListUsers, and for each user ListAccessKeys, GetAccessKeyLastUsed for each key and ListUserTags; then the same rotations by the same code. Keyturn is at 8 users at once; so is the second of these rows.',
      `The day after: what was changed the day before is read again (${count(quiet.calls.actions['iam:ListAccessKeys'] ?? 0)} users), whatever the report says.`,
      `A day with everything: for ${due} keys each the first warning, the last warning, rotation, disabling and deletion, and what was changed the day before is read again: 5 × ${due} = ${count(5 * due)} steps. Every seventh day all users are read, as in the cold sweep.`,
    ],
    figures: measured,
  };
}
