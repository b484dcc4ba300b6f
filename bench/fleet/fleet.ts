import { isFullSweepDue } from '../../lambda/domain/inventory.ts';
import { MINUTE } from '../../lambda/domain/time.ts';
import { sweepAccount } from '../../lambda/workflows/sweep-account.ts';
import { count, minutes, type Result, type Say, seconds, target, times } from '../benchmark.ts';
import { buildFunctions } from '../functions.ts';
import type { BenchOptions } from '../options.ts';
import { perUserSweep } from '../per-user.ts';
import { type AccountData, copyOf } from './account-data.ts';
import { type Bill, billOf, dollars, prices } from './bill.ts';
import { grownAccounts, messageFor, RUN_AT, settings } from './estate.ts';
import { type Fed, feedQueue } from './lambda.ts';
import { CallModel, noUsage, type Processor, type Usage } from './model.ts';
import { VirtualTime } from './virtual-time.ts';
import { worldOf } from './worlds.ts';

const LONGEST_RUN = 30 * MINUTE;
const LEAST_RATIO = 20;
const FUNCTION_TIME = 15 * MINUTE;
const LAST_STEP = 90_000;

interface Run extends Fed {
  readonly name: string;
  readonly usage: Usage;
  readonly bill: Bill;
}

/** A daily run over an organisation in virtual time: the real workflows over accounts in memory. */
export async function fleet(options: BenchOptions, say: Say): Promise<Result> {
  const { functions, accountsPerInvocation, discard } = await buildFunctions();
  await discard();
  const memoryMb = functions.find(({ name }) => name === 'rotate-account')?.memoryMb ?? 512;
  const batch = options.batch ?? accountsPerInvocation;
  const samples = await grownAccounts(options.accountUsers, say);
  const { concurrency } = options;

  type Sweep = (data: AccountData, model: CallModel) => Promise<void>;
  const run = async (name: string, perInvocation: number, sweep: Sweep, from = samples): Promise<Run> => {
    say(name);
    const time = new VirtualTime(RUN_AT);
    const usage = noUsage();
    const accounts = Array.from({ length: options.accounts }, (_, n) => from[n % from.length]);
    const fed = await time.passUntil(
      feedQueue(time, accounts, { concurrency, batch: perInvocation }, async (sample, processor: Processor) => {
        if (sample === undefined) throw new Error('There is no account to copy.');
        await sweep(copyOf(sample), new CallModel(time, options, processor, usage));
      }),
    );
    return { name, ...fed, usage, bill: billOf({ ...fed, usage, memoryMb, accounts: options.accounts }) };
  };
  const sweepOnce: Sweep = async (data, model) => {
    const invocation = { holder: 'one', deadline: model.now() + FUNCTION_TIME - LAST_STEP };
    const outcome = await sweepAccount(worldOf(data, model, settings), messageFor(data.account, RUN_AT), invocation);
    if (outcome.kind !== 'finished' || outcome.tally.failed > 0)
      throw new Error(`A sweep failed: ${JSON.stringify(outcome)}`);
  };
  const keyturn = await run('Keyturn', batch, sweepOnce);
  const whole = samples.filter(({ fullSweep }) => fullSweep && isFullSweepDue(fullSweep.startedAt, RUN_AT));
  const wholeDay = await run('Keyturn, the day on which all accounts are read in full', batch, sweepOnce, whole);
  const perUser = (concurrentUsers: number) => async (data: AccountData, model: CallModel) => {
    const failures = await perUserSweep(
      worldOf(data, model, settings),
      messageFor(data.account, RUN_AT),
      concurrentUsers,
    );
    if (failures.length > 0) throw new Error(`A per-user sweep failed: ${failures[0]}`);
  };
  const oneByOne = await run('per user, one after another', 1, perUser(1));
  const eightAtOnce = await run('per user, 8 at once', 1, perUser(8));
  const sideBySide = await run(`per user, 8 at once, ${batch} accounts side by side`, batch, perUser(8));
  return report(options, { memoryMb, batch, runs: [keyturn, oneByOne, eightAtOnce, sideBySide, wholeDay] });
}

function report(
  options: BenchOptions,
  { memoryMb, batch, runs }: { readonly memoryMb: number; readonly batch: number; readonly runs: readonly Run[] },
): Result {
  const [keyturn, perUser] = runs;
  const wholeDay = runs.at(-1);
  if (keyturn === undefined || perUser === undefined || wholeDay === undefined)
    throw new Error('Nothing was simulated.');
  const users = options.accounts * options.accountUsers;
  const requests = ({ usage }: Run, service: string) => usage.requests.get(service) ?? 0;
  const all = ({ usage }: Run) => [...usage.requests.values()].reduce((sum, each) => sum + each, 0);
  return {
    tables: [
      {
        title: `A daily run over ${count(options.accounts)} accounts of ${count(options.accountUsers)} users`,
        head: [
          'Sweep',
          'Run takes',
          'Invocations',
          'An account takes',
          'GB-seconds',
          'IAM calls',
          'All calls',
          '$ a month',
          'with secrets',
        ],
        rows: runs.map((run) => [
          run.name,
          minutes(run.runMs),
          count(run.invocations),
          seconds(run.billedMs / options.accounts),
          count(run.bill.gbSeconds),
          count(requests(run, 'iam')),
          count(all(run)),
          dollars(run.bill.monthly),
          dollars(run.bill.monthly + prices.secret * users),
        ]),
      },
    ],
    targets: [
      target('the run ends in simulated time', keyturn.runMs, { atMost: LONGEST_RUN }, minutes),
      target(
        'GB-seconds, per user : Keyturn',
        perUser.bill.gbSeconds / keyturn.bill.gbSeconds,
        { atLeast: LEAST_RATIO },
        times,
      ),
      target('the same when all accounts are read in full: time', wholeDay.runMs, { atMost: LONGEST_RUN }, minutes),
      target(
        'and GB-seconds, per user : Keyturn',
        perUser.bill.gbSeconds / wholeDay.bill.gbSeconds,
        { atLeast: LEAST_RATIO },
        times,
      ),
    ],
    notes: [
      `The real workflows in virtual time over accounts in memory that have lived through months before: keys of every age, a seventh of the accounts on their weekly full reading; where all were deployed on one day, they are read in full on one day too, which is the last row. ${options.concurrency} function instances of ${memoryMb} MB, an invocation of Keyturn has ${batch} accounts. The per-user sweep that other rotators do has one account in an invocation and goes from user to user; the other rows give it what Keyturn has.`,
      `Assumed: a call takes ${options.iamLatencyMs} ms to IAM and STS and ${options.latencyMs} ms to other services, and ${options.callCpuMs} ms of the function's processor; each account may call each IAM API ${options.iamBurst} times at once and then ${options.iamRate} times a second, and whoever must wait waits exactly as long as needed; a credential report is made in ${seconds(options.reportMs)}; a new key works after ${seconds(options.newKeyMs)}. All are options (--help).`,
      `Dollars (us-east-1, arm64, on demand, 30 days, no free tier): the worker and its queue, DynamoDB requests, calls to Secrets Manager. Not: logs, storage, notices. A secret is ${dollars(prices.secret)} a month whoever makes it.`,
    ],
    figures: {
      memoryMb,
      accountsPerInvocation: batch,
      runs: runs.map(({ usage, ...run }) => ({
        ...run,
        requests: Object.fromEntries(usage.requests),
        dynamoDb: { readUnits: Math.round(usage.readUnits), writeUnits: usage.writeUnits },
      })),
    },
  };
}
