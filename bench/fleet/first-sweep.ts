import { sweepMessage } from '../../lambda/adapters/sweep-message.ts';
import type { SweepMessage } from '../../lambda/contracts/messages.ts';
import { MINUTE } from '../../lambda/domain/time.ts';
import type { Sweep } from '../../lambda/ports.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';
import { count, minutes, type Result, type Say, target } from '../benchmark.ts';
import type { BenchOptions } from '../options.ts';
import { type AccountData, newAccount } from './account-data.ts';
import { messageFor, RUN_AT, settings } from './estate.ts';
import { CallModel, noUsage, type Usage } from './model.ts';
import { VirtualTime } from './virtual-time.ts';
import { worldOf } from './worlds.ts';

/** Calls a second of each IAM API. */
const RATES = [5, 10, 20] as const;
/** Evenly spread up to this age, nine keys in ten are due. */
const OLDEST_DAYS = 900;
/** What the worker has in one part: its 15 minutes without a last step. */
const PART = 15 * MINUTE - 90_000;
const MOST_PARTS = 4;

interface First {
  readonly rate: number;
  readonly parts: number;
  readonly minutes: number;
  readonly iamCalls: number;
  readonly rotated: number;
  readonly due: number;
}

/** The first sweep ever of an account whose keys nobody rotated, part by part, in virtual time: the real workflow. */
export async function first(options: BenchOptions, say: Say): Promise<Result> {
  const measured: First[] = [];
  for (const rate of RATES) {
    say(`${rate} calls a second`);
    measured.push(await firstSweep(options, rate));
  }
  return {
    tables: [
      {
        head: ['IAM allows', 'Due', 'Parts', 'Until it ends', 'IAM calls', 'Rotated'],
        rows: measured.map((one) => [
          `${one.rate} calls a second`,
          count(one.due),
          count(one.parts),
          minutes(one.minutes),
          count(one.iamCalls),
          count(one.rotated),
        ]),
      },
    ],
    targets: measured.flatMap(({ rate, parts, rotated }) => [
      target(`at ${rate} calls a second: parts`, parts, { atMost: MOST_PARTS }),
      target(`at ${rate} calls a second: keys rotated`, rotated, { atLeast: settings.policy.maxStepsPerSweep }),
    ]),
    notes: [
      `One account of ${count(options.users)} users in virtual time, nine in ten due; a part has ${minutes(PART)}, and a run rotates ${settings.policy.maxStepsPerSweep} keys of an account.`,
    ],
    figures: { users: options.users, measured },
  };
}

async function firstSweep(options: BenchOptions, rate: number): Promise<First> {
  const data = newAccount(1, options.users, RUN_AT, OLDEST_DAYS);
  const [time, usage] = [new VirtualTime(RUN_AT), noUsage()];
  const model = new CallModel(time, { ...options, iamRate: rate }, { freeAt: 0 }, usage);
  const before = data.keysMade;
  let parts = 0;
  for (let message: SweepMessage | undefined = messageFor(data.account, RUN_AT); message !== undefined; ) {
    parts += 1;
    message = await time.passUntil(onePart(data, model, message, `part-${parts}`));
    if (parts > 20) break;
  }
  const { iam = 0 } = callsOf(usage);
  const due = Math.round(options.users * (1 - settings.policy.rotateAfterDays / OLDEST_DAYS));
  return { rate, parts, minutes: model.now() - RUN_AT, iamCalls: iam, rotated: data.keysMade - before, due };
}

/** The message of the next part; undefined when the sweep has come to its end. */
async function onePart(
  data: AccountData,
  model: CallModel,
  message: SweepMessage,
  holder: string,
): Promise<SweepMessage | undefined> {
  const sent: Sweep[] = [];
  const world = worldOf(data, model, settings);
  const queue = {
    ...world.queue,
    sendAll: async (sweeps: readonly Sweep[]) => {
      sent.push(...sweeps);
    },
  };
  await sweepAccount({ ...world, queue }, message, { holder, deadline: model.now() + PART });
  const [next] = sent;
  return next && sweepMessage(next);
}

const callsOf = ({ requests }: Usage): Readonly<Partial<Record<string, number>>> => Object.fromEntries(requests);
