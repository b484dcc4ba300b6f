import { Command, InvalidArgumentError, Option } from 'commander';

export const benchmarkNames = [
  'sweep',
  'growth',
  'fleet',
  'first',
  'rules',
  'bundles',
  'notices',
  'verify',
  'story',
  'report',
  'forecast',
] as const;
export type BenchmarkName = (typeof benchmarkNames)[number];

export interface BenchOptions {
  /** File to write the figures to. */
  readonly json?: string;
  readonly users: number;
  readonly due: number;
  readonly accounts: number;
  readonly accountUsers: number;
  readonly concurrency: number;
  /** Accounts that one invocation is handed; as deployed when absent. */
  readonly batch?: number;
  readonly iamLatencyMs: number;
  readonly iamRate: number;
  readonly iamBurst: number;
  readonly reportMs: number;
  readonly newKeyMs: number;
  readonly latencyMs: number;
  readonly callCpuMs: number;
  readonly owners: number;
  readonly ownerKeys: number;
  readonly slackChannels: number;
  readonly events: number;
  readonly storyEvents: number;
  readonly forecastUsers: number;
}

export interface Chosen {
  readonly names: readonly BenchmarkName[];
  readonly options: BenchOptions;
}

const atLeastOne = (text: string): number => {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= 1) return value;
  throw new InvalidArgumentError('It must be a whole number, at least 1.');
};
const notNegative = (text: string): number => {
  const value = Number(text);
  if (text.trim() !== '' && value >= 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number, at least 0.');
};

/** The assumptions of `fleet`; what is known of IAM's limits is unpublished, so these are guesses, on the slow side. */
export const assumed = {
  iamLatencyMs: 60,
  iamRate: 20,
  iamBurst: 100,
  reportMs: 4_000,
  newKeyMs: 8_000,
  latencyMs: 15,
  callCpuMs: 3,
} as const;

/** Reads the command line; prints help, or what is wrong, and ends the process if that is all there is to do. */
export function benchOptions(argv: readonly string[]): Chosen {
  const command = new Command('npm run bench --')
    .description(
      `Measures Keyturn on this machine, and compares it in the same run with the
sweep that other rotators do. Needs no AWS account, no Docker, and Python 3.10
or newer. Without names it runs everything. Ends with exit code 1 if a target
of this project was missed.

  sweep    calls, time and memory of sweeping one account, on a local AWS
  growth   how calls grow with the number of users, on a local AWS
  fleet    a daily run over an organisation: the real workflow in virtual time
  first    the first sweep of an old account, however slow IAM is, in virtual time
  rules    users decided a second
  bundles  size and loading time of the functions
  notices  telling many owners of one run, on a local AWS and local endpoints
  verify   checking a long history against its seals
  report   a month's evidence from a million events: time and memory
  forecast a year ahead over credential reports of a million users: time and memory
  story    what reading one user's history costs in a larger table, on a local AWS`,
    )
    .argument('[names...]', `any of: ${benchmarkNames.join(', ')}`, collect)
    .option('--json <file>', 'also write the figures to that file')
    .option('--users <n>', 'sweep and first: users of the account', atLeastOne, 5_000)
    .option('--due <n>', 'sweep: users due on the measured day', atLeastOne, 55)
    .option('--accounts <n>', 'fleet: accounts', atLeastOne, 5_000)
    .option('--account-users <n>', 'fleet: users of each account', atLeastOne, 200)
    .option('--concurrency <n>', "fleet: the queue's maximum concurrency", atLeastOne, 50)
    .option('--batch <n>', 'fleet: accounts per invocation (default: as deployed)', atLeastOne)
    .addOption(assumption('--iam-latency-ms <n>', 'what a call to IAM or STS takes', assumed.iamLatencyMs))
    .addOption(
      assumption('--iam-rate <n>', 'calls a second that an account may go on making of one IAM API', assumed.iamRate),
    )
    .addOption(
      assumption('--iam-burst <n>', 'calls of one IAM API that it may make at once before that', assumed.iamBurst),
    )
    .addOption(assumption('--report-ms <n>', 'how long IAM takes to make a credential report', assumed.reportMs))
    .addOption(assumption('--new-key-ms <n>', 'how long until a new key works', assumed.newKeyMs))
    .addOption(assumption('--latency-ms <n>', 'what a call to any other service takes', assumed.latencyMs))
    .addOption(assumption('--call-cpu-ms <n>', 'processor time of the function per call', assumed.callCpuMs))
    .option('--owners <n>', 'notices: owners', atLeastOne, 500)
    .option('--owner-keys <n>', 'notices: keys of each owner', atLeastOne, 20)
    .option('--slack-channels <n>', 'notices: Slack channels that half of the owners share', atLeastOne, 5)
    .option('--events <n>', 'verify: events of the history', atLeastOne, 1_000_000)
    .option('--forecast-users <n>', 'forecast: users of the reports', atLeastOne, 1_000_000)
    .option('--story-events <n>', 'story: events of the larger table', atLeastOne, 20_000)
    .helpOption('-h, --help', 'show this')
    .parse([...argv], { from: 'user' });
  const [names = []] = command.processedArgs as [readonly BenchmarkName[] | undefined];
  return { names: names.length === 0 ? benchmarkNames : names, options: command.opts<BenchOptions>() };
}

const assumption = (flags: string, what: string, value: number): Option =>
  new Option(flags, `fleet: ${what}`).argParser(notNegative).default(value);

function collect(text: string, before: readonly BenchmarkName[] = []): readonly BenchmarkName[] {
  const name = benchmarkNames.find((known) => known === text);
  if (name === undefined) throw new InvalidArgumentError(`There is ${benchmarkNames.join(', ')}.`);
  return [...before, name];
}
