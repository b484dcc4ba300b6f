import type { Command } from 'commander';
import type { RunId } from '../lambda/domain/ids.ts';
import * as argument from './arguments.ts';
import * as help from './help.ts';
import { type Cli, perform } from './perform.ts';
import { doctor, doctorComplaint } from './verbs/doctor.ts';
import { oneRun, type RunsOptions, runs } from './verbs/runs.ts';
import { doctorView } from './views/doctor.ts';
import { oneRunView, runsView } from './views/runs.ts';

/** The verbs of whoever operates Keyturn. */
export function addOperating(program: Command, cli: Cli): void {
  program
    .command('runs')
    .description('the last runs: which accounts were swept, failed, were skipped')
    .argument('[run]', 'one run, account by account', argument.runArgument)
    .option('--limit <n>', 'so many runs, the newest first (default: 10)', argument.countArgument)
    .addHelpText('after', help.runs)
    .action((run: RunId | undefined, options: RunsOptions, command: Command) =>
      run === undefined
        ? perform(cli, command, (session) => runs(session, options), runsView)
        : perform(cli, command, (session) => oneRun(session, run), oneRunView),
    );
  program
    .command('doctor')
    .description('whether everything is in place, and what to do where it is not')
    .addHelpText('after', help.doctor)
    .action((_: unknown, command: Command) =>
      perform(cli, command, (session) => doctor(session, cli), doctorView, doctorComplaint),
    );
}
