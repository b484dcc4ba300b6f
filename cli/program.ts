import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { DEPLOYMENT_PARAMETER } from '../lambda/contracts/environment.ts';
import type { AccountId, ExemptionId } from '../lambda/domain/ids.ts';
import * as argument from './arguments.ts';
import { UsageError } from './errors.ts';
import { eventTypes } from './event-wording.ts';
import { type ExemptionFlags, exemptionTerms } from './exemption-terms.ts';
import * as help from './help.ts';
import { type Cli, perform } from './perform.ts';
import { unreadComplaint } from './unread.ts';
import { exemptAdd } from './verbs/exempt-add.ts';
import { exemptList } from './verbs/exempt-list.ts';
import { exemptRevoke } from './verbs/exempt-revoke.ts';
import { checkRange, type HistoryOptions, history } from './verbs/history.ts';
import { ownersImport } from './verbs/owners-import.ts';
import { ownersList } from './verbs/owners-list.ts';
import { ownersWho, type WhoOptions } from './verbs/owners-who.ts';
import { type PlanOptions, plan } from './verbs/plan.ts';
import { status } from './verbs/status.ts';
import { exemptAddView, exemptListView, exemptRevokeView } from './views/exemptions.ts';
import { historyView } from './views/history.ts';
import { ownersImportView, ownersListView, ownersWhoView } from './views/owners.ts';
import { planView } from './views/plan.ts';
import { statusView } from './views/status.ts';

/** Every verb and flag there is. A flag's text is parsed before anything is asked of AWS. */
export function makeProgram(cli: Cli): Command {
  const program = new Command('keyturn')
    .description('See and steer Keyturn, which rotates the access keys of AWS IAM users.')
    .version(cli.version, '-V, --version', 'print the version')
    .option('--json', 'print JSON, errors too')
    .option('--profile <name>', 'AWS profile to use')
    .option('--region <region>', 'AWS Region Keyturn is deployed in', argument.regionArgument)
    .option('--deployment <parameter>', 'SSM parameter that tells what is deployed', DEPLOYMENT_PARAMETER)
    .helpCommand(false)
    .configureHelp({ showGlobalOptions: true })
    .addHelpText('after', help.keyturn);
  configure(program, cli);
  addReading(program, cli);
  addOwners(
    program.command('owners').helpCommand(false).description('who owns which user, and how they are reached'),
    cli,
  );
  addExempt(
    program.command('exempt').helpCommand(false).description('recorded, reasoned, expiring permissions not to rotate'),
    cli,
  );
  return program;
}

/** Writes to the terminal given, and throws instead of ending the process. */
function configure(program: Command, { terminal }: Cli): void {
  const width = terminal.screen.width ?? 80;
  program.exitOverride().configureOutput({
    writeOut: (text) => terminal.out(text.trimEnd()),
    writeErr: (text) => terminal.err(text.trimEnd()),
    // Errors are told by run, in its own way.
    outputError: () => {},
    getOutHelpWidth: () => width,
    getErrHelpWidth: () => width,
  });
}

function addReading(program: Command, cli: Cli): void {
  program
    .command('plan')
    .description('what the next sweep would do for each user, and why')
    .option('--all', 'show users with nothing to do as well')
    .option('--at <time>', 'plan as if the sweep ran then', argument.timeArgument)
    .addHelpText('after', help.plan)
    .action((options: PlanOptions, command: Command) =>
      perform(
        cli,
        command,
        (session) => plan(session, options),
        planView,
        ({ unread }) => unreadComplaint(unread),
      ),
    );
  program
    .command('status')
    .description('every key: its age, where it stands, what happens to it next and when')
    .addHelpText('after', help.status)
    .action((_: unknown, command: Command) =>
      perform(cli, command, status, statusView, ({ unread }) => unreadComplaint(unread)),
    );
  const alone = ['user', 'account', 'day'];
  program
    .command('history')
    .description('what happened, and who was told')
    .option('--user <name>', 'of this user', argument.userArgument)
    .addOption(new Option('--key <id>', 'of this access key').argParser(argument.keyArgument).conflicts(alone))
    .option('--account <id>', 'of this account', argument.accountArgument)
    .addOption(
      new Option('--day <date>', 'of this day, in all accounts')
        .argParser(argument.dayArgument)
        .conflicts(['user', 'account', 'since', 'until']),
    )
    .option(
      '--since <time>',
      'from then on (2026-11-20, 2026-11-20T09:30Z, or 7d ago)',
      argument.pastArgument(cli.clock),
    )
    .option('--until <time>', 'before then', argument.pastArgument(cli.clock))
    .option('--type <type>', 'of this type only; may be given several times', argument.eventTypeArgument)
    .option('--limit <n>', 'at most so many events', argument.countArgument)
    .option('--newest-first', 'begin with the newest')
    .addHelpText('after', help.history(eventTypes))
    .action((options: HistoryOptions, command: Command) => {
      checkRange(options);
      return perform(cli, command, (session) => history(session, options), historyView);
    });
}

function addOwners(owners: Command, cli: Cli): void {
  owners
    .command('import')
    .description('bring in owners and assignments from a CSV file')
    .argument('<file>', 'CSV file')
    .option('--dry-run', 'show what would change, change nothing')
    .option('--prune', 'remove owners and assignments that the file does not mention')
    .addHelpText('after', help.ownersImport)
    .action(async (file: string, options: { dryRun?: true; prune?: true }, command: Command) => {
      const bytes = await contentOf(file);
      await perform(cli, command, (session) => ownersImport(session, { ...options, file, bytes }), ownersImportView);
    });
  owners
    .command('list')
    .description('every owner, how it is reached and what it owns')
    .addHelpText('after', help.ownersList)
    .action((_: unknown, command: Command) => perform(cli, command, ownersList, ownersListView));
  owners
    .command('who')
    .description("who is told about a user's keys, and by which rule")
    .requiredOption('--user <name>', 'IAM user', argument.userArgument)
    .option('--account <id>', 'its account (default: the one Keyturn is deployed in)', argument.accountArgument)
    .option('--path <path>', 'its IAM path (default: looked up)', argument.pathArgument)
    .addHelpText('after', help.ownersWho)
    .action((options: WhoOptions, command: Command) =>
      perform(cli, command, (session) => ownersWho(session, options), ownersWhoView),
    );
}

interface ExemptFlags extends ExemptionFlags {
  readonly account?: AccountId | '*';
  readonly reason: string;
  readonly approver: string;
}

function addExempt(exempt: Command, cli: Cli): void {
  exempt
    .command('add')
    .description('exempt a user, or all that fit a pattern')
    .option('--user <name>', 'this user', argument.userArgument)
    .option('--name-pattern <pattern>', "users whose name fits, such as 'lab-*'", argument.namePatternArgument)
    .option('--path-pattern <pattern>', "users whose IAM path fits, such as '/lab/*'", argument.pathPatternArgument)
    .option(
      '--account <id>',
      "in this account, or '*' (default: the one Keyturn is deployed in)",
      argument.accountOrAllArgument,
    )
    .requiredOption('--reason <text>', 'why', argument.textArgument)
    .requiredOption('--approver <who>', 'who allowed it', argument.textArgument)
    .option('--expires <time>', 'when it ends (2026-12-31 is its first moment, UTC)', argument.timeArgument)
    .option('--for <duration>', 'how long it lasts, such as 30d or 4w', argument.durationArgument)
    .addHelpText('after', help.exemptAdd)
    .action((flags: ExemptFlags, command: Command) => {
      const { account, reason, approver } = flags;
      const terms = { ...exemptionTerms(flags, cli.clock.now()), reason, approver, ...(account && { account }) };
      return perform(cli, command, (session) => exemptAdd(session, terms), exemptAddView);
    });
  exempt
    .command('list')
    .description('exemptions that hold, the next to end first')
    .option('--all', 'those that have ended as well')
    .addHelpText('after', help.exemptList)
    .action((options: { all?: true }, command: Command) =>
      perform(cli, command, (session) => exemptList(session, options), exemptListView),
    );
  exempt
    .command('revoke')
    .description('end an exemption now')
    .argument('<id>', 'as exempt list shows it', argument.exemptionArgument)
    .requiredOption('--reason <text>', 'why', argument.textArgument)
    .addHelpText('after', help.exemptRevoke)
    .action((id: ExemptionId, { reason }: { reason: string }, command: Command) =>
      perform(cli, command, (session) => exemptRevoke(session, { id, reason }), exemptRevokeView),
    );
}

async function contentOf(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (error) {
    const why = /ENOENT/.test(String(error)) ? 'there is no such file' : String(error);
    throw new UsageError(`Cannot read '${file}': ${why}.`);
  }
}
