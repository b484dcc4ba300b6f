import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { type ReportModel, type ReportTable, reportTables } from '../../lambda/domain/report/model.ts';
import * as argument from '../arguments.ts';
import { CommandError, UsageError } from '../errors.ts';
import type { Cli, GlobalOptions } from '../perform.ts';
import { type PeriodOptions, periodOf, report } from '../verbs/report.ts';
import { help } from './help.ts';
import { reportView, summaryOf } from './view.ts';

interface ReportOptions extends PeriodOptions {
  readonly format: 'html' | 'csv' | 'json';
  readonly table?: ReportTable;
  readonly out?: string;
}

/** `keyturn report`: the evidence of a period as a file. */
export function addReport(program: Command, cli: Cli): void {
  const past = argument.pastArgument(cli.clock);
  program
    .command('report')
    .description('evidence for auditors: controls, keys, rotations, notices, exemptions, gaps')
    .option('--from <time>', 'from then on (2026-10-01, or 90d ago)', past)
    .option('--to <time>', 'before then (default: now)', past)
    .addOption(
      new Option('--month <month>', 'a calendar month, such as 2026-10 (default: the last one)')
        .argParser(monthArgument)
        .conflicts(['from', 'to']),
    )
    .addOption(new Option('--format <format>', 'what is written').choices(['html', 'csv', 'json']).default('html'))
    .addOption(new Option('--table <table>', 'which table, for csv (default: keys)').choices([...reportTables]))
    .option('--out <file>', 'file to write')
    .addHelpText('after', help)
    .action(async (options: ReportOptions, command: Command) => {
      check(options, cli);
      const period = periodOf(options, cli.clock.now());
      const session = await cli.connect(command.optsWithGlobals<GlobalOptions>());
      const model = await report(session, period, progress(cli));
      const lines = await linesOf(model, options);
      if (options.out === undefined) {
        for (const line of lines) cli.terminal.out(line);
        return;
      }
      await writeTo(options.out, lines);
      const summary = summaryOf(model, options.out);
      const { json } = command.optsWithGlobals<GlobalOptions>();
      cli.terminal.out(json ? JSON.stringify(summary, undefined, 2) : reportView(summary, cli.terminal.screen));
    });
}

function check({ format, table, out }: ReportOptions, { terminal }: Cli): void {
  if (table !== undefined && format !== 'csv') {
    throw new UsageError('--table is for --format csv: the other formats have every table.');
  }
  if (out === undefined && terminal.screen.width !== undefined) {
    throw new UsageError('Where to write? Name a file with --out, or send the output into one.');
  }
}

/** What writes a page is loaded for that alone: it brings the charts along. */
async function linesOf(model: ReportModel, { format, table = 'keys' }: ReportOptions): Promise<Iterable<string>> {
  switch (format) {
    case 'html':
      return (await import('../../lambda/rendering/html/page.ts')).htmlLines(model);
    case 'csv':
      return (await import('../../lambda/rendering/csv.ts')).csvLines(model, table);
    case 'json':
      return (await import('../../lambda/rendering/json.ts')).jsonLines(model);
    default:
      return format satisfies never;
  }
}

async function writeTo(file: string, lines: Iterable<string>): Promise<void> {
  function* broken(): Generator<string> {
    for (const line of lines) yield `${line}\n`;
  }
  try {
    await pipeline(Readable.from(broken()), createWriteStream(file));
  } catch (error) {
    const why = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : String(error);
    throw new CommandError(`Cannot write '${file}' (${why}): name a file in a folder that is there, with --out.`);
  }
}

/** A line now and then on stderr, so that what is sent elsewhere stays clean. */
function progress({ terminal }: Cli) {
  const EVERY = 100;
  return (day: string, number: number, of: number): void => {
    if (number % EVERY === 0) terminal.err(`reading history: ${day}, day ${number} of ${of}`);
  };
}

function monthArgument(text: string): string {
  if (/^\d{4}-(0[1-9]|1[0-2])$/.test(text)) return text;
  throw new InvalidArgumentError(`'${text}' is not a month (such as 2026-10).`);
}
