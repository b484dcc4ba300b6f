import { type Command, Option } from 'commander';
import * as argument from './arguments.ts';
import * as help from './help-requests.ts';
import { type RequestReport, requestComplaint } from './make-request.ts';
import { memberProfile } from './member-profile.ts';
import { type Cli, perform } from './perform.ts';
import type { Session } from './session.ts';
import { type RestoreOptions, restore } from './verbs/restore.ts';
import { type RotateOptions, rotate } from './verbs/rotate.ts';
import { type SnoozeOptions, snooze } from './verbs/snooze.ts';
import { requestView } from './views/requests.ts';

type Verb<Options> = (session: Session, options: Options, progress: (line: string) => void) => Promise<RequestReport>;

/** The verbs that ask for something which the next sweep carries out. */
export function addRequests(program: Command, cli: Cli): void {
  const ask =
    <Options>(verb: Verb<Options>) =>
    (options: Options, command: Command) =>
      perform(
        cli,
        command,
        (session) => verb(session, options, (line) => cli.terminal.err(line)),
        requestView,
        requestComplaint,
      );
  program
    .command('rotate')
    .description('replace a key now, out of turn')
    .requiredOption('--user <name>', 'IAM user', argument.userArgument)
    .option('--account <id>', 'its account (default: the one that is read)', argument.accountArgument)
    .addOption(memberProfile())
    .option('--key <id>', 'the key that is meant, if the user has two', argument.keyArgument)
    .option('--disable-old-now', 'the old key stops at once: for a leak')
    .addOption(reason())
    .addOption(wait())
    .addHelpText('after', help.rotate)
    .action(ask<RotateOptions>(rotate));
  keyed(program.command('restore').description('let a disabled key work again for a while'))
    .requiredOption('--for <duration>', 'for how long, such as 48h or 2d', argument.hoursArgument)
    .addOption(reason())
    .addOption(wait())
    .addHelpText('after', help.restore)
    .action(ask<RestoreOptions>(restore));
  keyed(program.command('snooze').description('put the next step of a key on its way out off'))
    .requiredOption('--days <n>', 'by so many days', argument.countArgument)
    .addOption(reason())
    .addOption(wait())
    .addHelpText('after', help.snooze)
    .action(ask<SnoozeOptions>(snooze));
}

const keyed = (command: Command): Command =>
  command
    .requiredOption('--key <id>', 'access key', argument.keyArgument)
    .option('--user <name>', 'its user (default: by history)', argument.userArgument)
    .option('--account <id>', 'its account (default: by history)', argument.accountArgument)
    .addOption(memberProfile());

const reason = (): Option =>
  new Option('--reason <text>', 'why').argParser(argument.textArgument).makeOptionMandatory();
const wait = (): Option => new Option('--wait', 'follow it until it is carried out or refused');
