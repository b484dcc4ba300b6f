import { writeFile } from 'node:fs/promises';
import { type Command, InvalidArgumentError, Option } from 'commander';
import * as argument from '../arguments.ts';
import { CommandError, UsageError } from '../errors.ts';
import { memberProfile } from '../member-profile.ts';
import type { Cli, GlobalOptions } from '../perform.ts';
import { unreadComplaint } from '../unread.ts';
import type { Forecast, ForecastOptions } from '../verbs/forecast.ts';
import { forecastHelp } from './help.ts';

interface ForecastFlags extends ForecastOptions, GlobalOptions {
  readonly live?: true;
  readonly csv?: true;
  readonly html?: string;
}

const MOST_DAYS = 3_660;

/** The verb that looks ahead. It connects to AWS for a live account alone. */
export function addForecast(program: Command, cli: Cli): void {
  program
    .command('forecast')
    .description('what would happen to these keys under this policy, day by day')
    .argument('[reports...]', 'credential reports (CSV), one of each account; the sample when none')
    .option('--live', 'forecast the account that is read, as plan does, instead of reports')
    .addOption(memberProfile())
    .option('--days <n>', `so many runs, one a day; at most ${MOST_DAYS}`, daysArgument, 365)
    .addOption(new Option('--from <date>', 'day of the first run (default: the next one)').argParser(dateArgument))
    .addOption(
      new Option('--run-at <time>', 'when runs happen, UTC')
        .argParser(clockArgument)
        .default(clockArgument('06:17'), '06:17'),
    )
    .option('--policy <policy>', 'default, cis, deployed (with --live), or a file')
    .option('--compare <policies>', 'several of them side by side, with commas between', listArgument)
    .option('--owners <file>', "who is told: CSV as for 'owners import'")
    .option('--ignore-column <name>', 'a column of the reports to pass over; may be given again', another)
    .addOption(new Option('--csv', 'print CSV: a line for each account and day').conflicts('html'))
    .option('--html <file>', 'write a page with a calendar')
    .addHelpText('after', forecastHelp)
    .action(async (reports: readonly string[], _: unknown, command: Command) => {
      const flags = command.optsWithGlobals<ForecastFlags>();
      if (flags.live && reports.length > 0) throw new UsageError('Either reports or --live: name one of them.');
      if (!flags.live && flags.memberProfile !== undefined) throw new UsageError('--member-profile goes with --live.');
      if (flags.live && flags.from !== undefined)
        throw new UsageError('With --live the first run is the next one: leave out --from.');
      if (flags.csv && flags.json) throw new UsageError('Either --csv or --json: name one of them.');
      const forecast = await forecastOf(cli, reports, flags);
      await show(cli, forecast, flags);
      const complaint = unreadComplaint(forecast.unread);
      if (complaint !== undefined) throw new CommandError(complaint);
    });
}

async function forecastOf(cli: Cli, reports: readonly string[], flags: ForecastFlags): Promise<Forecast> {
  const { forecastLive, forecastReports } = await import('../verbs/forecast.ts');
  return flags.live ? forecastLive(await cli.connect(flags), flags) : forecastReports(reports, flags, cli.clock.now());
}

async function show({ terminal }: Cli, forecast: Forecast, { json, csv, html }: ForecastFlags): Promise<void> {
  const { report, outlooks, start } = forecast;
  if (html !== undefined) {
    // The charts take a while to load.
    const { forecastPage } = await import('./html/page.ts');
    await writeFile(html, forecastPage(report)).catch((error: unknown) => {
      throw new CommandError(`The page could not be written to ${html}: ${String(error)}.`);
    });
    terminal.err(`Written to ${html}.`);
  }
  if (json) return terminal.out(JSON.stringify(report, undefined, 2));
  if (csv) {
    const { forecastCsv } = await import('./csv.ts');
    for (const portion of forecastCsv(outlooks, start)) terminal.out(portion);
    return;
  }
  const { forecastView } = await import('../views/forecast.ts');
  terminal.out(forecastView(report, terminal.screen));
}

function daysArgument(text: string): number {
  const days = argument.countArgument(text);
  if (days <= MOST_DAYS) return days;
  throw new InvalidArgumentError(`at most ${MOST_DAYS} days.`);
}

const dateArgument = (text: string) => Date.parse(argument.dayArgument(text));

/** `06:17`, in minutes after midnight. */
function clockArgument(text: string): number {
  const [, hours, minutes] = /^([01]\d|2[0-3]):([0-5]\d)$/.exec(text) ?? [];
  if (hours === undefined) throw new InvalidArgumentError(`'${text}' is not a time of day (such as 06:17).`);
  return Number(hours) * 60 + Number(minutes);
}

function listArgument(text: string): readonly string[] {
  const names = text.split(',').map((name) => name.trim());
  if (names.every((name) => name !== '')) return names;
  throw new InvalidArgumentError(`'${text}' is not a list of policies (such as default,cis).`);
}

const another = (text: string, before: readonly string[] = []): readonly string[] => [...before, text];
