import { type Command, InvalidArgumentError, Option } from 'commander';
import type { HistoryEvent } from '../lambda/domain/events.ts';
import * as argument from './arguments.ts';
import { CommandError, UsageError } from './errors.ts';
import { eventTypes } from './event-wording.ts';
import * as help from './help.ts';
import type { Cli, GlobalOptions } from './perform.ts';
import type { Session } from './session.ts';
import { checkRange, checkSpan, type HistoryOptions, history } from './verbs/history.ts';
import { type VerifyOptions, type VerifySession, verify } from './verbs/history-verify.ts';
import { historyView } from './views/history.ts';
import { csvHeader, csvLine } from './views/history-csv.ts';
import { verifyComplaint, verifyView } from './views/history-verify.ts';

type Options = GlobalOptions & HistoryOptions & VerifyOptions & { csv?: true; pager: boolean; verify?: true };

/** The verb that reads history, and checks it. */
export function addHistory(program: Command, cli: Cli): void {
  const ways = ['user', 'account', 'owner', 'run', 'day', 'allAccounts'];
  const wayIn = (flags: string, text: string, parse: (value: string) => unknown, also: readonly string[] = []) => {
    const option = new Option(flags, text).argParser(parse);
    return option.conflicts([...ways.filter((way) => way !== option.attributeName() && !also.includes(way)), 'verify']);
  };
  program
    .command('history')
    .description('what happened, and who was told; whether the record is as it was written')
    .addOption(wayIn('--user <name>', 'of this user', argument.userArgument, ['account']))
    .addOption(wayIn('--key <id>', 'of this access key', argument.keyArgument))
    .addOption(wayIn('--account <id>', 'of this account', argument.accountArgument, ['user']))
    .addOption(wayIn('--owner <id>', 'of the users of this owner, as assigned now', argument.ownerArgument))
    .addOption(wayIn('--run <id>', 'of this run, in all accounts', argument.runArgument))
    .addOption(
      new Option('--day <date>', 'of this day, in all accounts')
        .argParser(argument.dayArgument)
        .conflicts(['user', 'account', 'owner', 'run', 'allAccounts', 'since', 'until', 'verify']),
    )
    .addOption(new Option('--all-accounts', 'of all accounts, from --since on').conflicts(['verify']))
    .option(
      '--since <time>',
      'from then on (2026-11-20, 2026-11-20T09:30Z, or 7d ago)',
      argument.pastArgument(cli.clock),
    )
    .option('--until <time>', 'before then', argument.pastArgument(cli.clock))
    .option('--type <type>', 'of this type only; may be given several times', argument.eventTypeArgument)
    .option('--limit <n>', 'at most so many events', argument.countArgument)
    .option('--newest-first', 'begin with the newest')
    .addOption(new Option('--csv', 'print CSV').conflicts(['verify']))
    .option('--no-pager', 'do not page')
    .addOption(
      new Option('--verify', 'check that nothing was altered, removed or added').conflicts([
        'type',
        'limit',
        'newestFirst',
      ]),
    )
    .option('--file <copy>', 'with --verify: check this copy, as --json wrote it')
    .option('--seals <copy>', 'with --verify: against this copy of the seals')
    .option('--export-events <file>', 'with --verify: write a copy of the events')
    .option('--export-seals <file>', 'with --verify: write a copy of the seals')
    .option('--anchor <number:hash>', 'with --verify: a seal noted down earlier', anchorArgument)
    .addHelpText('after', help.history(eventTypes))
    .action((_: unknown, command: Command) => {
      const options = command.optsWithGlobals<Options>();
      return options.verify ? check(cli, options) : tell(cli, options);
    });
}

/** They say nothing without --verify, and would be passed over in silence. */
const ofVerify = ['file', 'seals', 'exportEvents', 'exportSeals', 'anchor'] as const satisfies (keyof VerifyOptions)[];

async function tell({ terminal, connect }: Cli, options: Options): Promise<void> {
  if (ofVerify.some((name) => options[name] !== undefined)) {
    throw new UsageError('--file, --seals, --anchor and the --export flags belong to --verify.');
  }
  if (options.csv && options.json) throw new UsageError('--csv and --json cannot be used together.');
  checkRange(options);
  const report = history(await connect(options), options);
  if (options.json || options.csv) {
    if (options.csv) terminal.out(csvHeader());
    const line = options.csv ? csvLine : (event: HistoryEvent) => JSON.stringify(event);
    await terminal.stream(each(report.events, line));
    const hint = await report.hint();
    return hint === undefined ? undefined : terminal.err(hint);
  }
  const events: HistoryEvent[] = [];
  for await (const event of report.events) events.push(event);
  const text = historyView({ ...report, events, more: report.more(), hint: await report.hint() }, terminal.screen);
  return options.pager ? terminal.page(text) : terminal.out(text);
}

async function check({ terminal, connect, clock }: Cli, options: Options): Promise<void> {
  checkSpan(options);
  // A copy and its seals need nobody's account: an auditor may check them anywhere.
  const session = options.file && options.seals ? offline(clock) : inAccount(await connect(options));
  const found = await verify(session, options, (line) => terminal.err(line));
  terminal.out(options.json ? JSON.stringify(found, undefined, 2) : verifyView(found, terminal.screen));
  const complaint = verifyComplaint(found);
  if (complaint !== undefined) throw new CommandError(complaint);
}

const inAccount = (session: Session): VerifySession => ({ ...session, hub: () => session.deployment.settings.hub });

function offline(clock: Cli['clock']): VerifySession {
  const unread = (): never => {
    throw new Error('a copy is checked without the tables: this is a defect');
  };
  return { clock, hub: unread, stored: { stored: unread }, seals: { all: unread }, anchors: async () => undefined };
}

async function* each<T>(items: AsyncIterable<T>, line: (item: T) => string): AsyncIterable<string> {
  for await (const item of items) yield line(item);
}

function anchorArgument(text: string, before: VerifyOptions['anchor']): NonNullable<VerifyOptions['anchor']> {
  const [, number, hash] = /^(\d+):([0-9a-f]{64})$/.exec(text) ?? [];
  if (number === undefined || hash === undefined) {
    throw new InvalidArgumentError(`'${text}' is not a seal's number and hash, as --verify prints them (12:9f86d0…).`);
  }
  return [...(before ?? []), { number: Number(number), hash }];
}
