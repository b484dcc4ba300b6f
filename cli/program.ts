import { readFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { DEPLOYMENT_PARAMETER } from '../lambda/contracts/environment.ts';
import type { AccountId } from '../lambda/domain/ids.ts';
import type { Instant } from '../lambda/domain/time.ts';
import * as argument from './arguments.ts';
import { UsageError } from './errors.ts';
import { addForecast } from './forecast/program.ts';
import * as help from './help.ts';
import { adviceComplaint } from './key-advice.ts';
import { memberProfile } from './member-profile.ts';
import { type Cli, perform } from './perform.ts';
import { addAuditing } from './program-auditing.ts';
import { addExempt } from './program-exempt.ts';
import { addHistory } from './program-history.ts';
import { addOperating } from './program-operating.ts';
import { addRequests } from './program-requests.ts';
import { addPull } from './pull/program.ts';
import { addReport } from './report/program.ts';
import { unreadComplaint } from './unread.ts';
import { ownersImport } from './verbs/owners-import.ts';
import { ownersList } from './verbs/owners-list.ts';
import { ownersWho, type WhoOptions } from './verbs/owners-who.ts';
import { type PlanOptions, plan } from './verbs/plan.ts';
import { type StatusOptions, status } from './verbs/status.ts';
import { refuseFuture, statusAt } from './verbs/status-at.ts';
import { statusOfAllAt } from './verbs/status-at-all.ts';
import { ownersImportView, ownersListView, ownersWhoView } from './views/owners.ts';
import { planView } from './views/plan.ts';
import { statusView } from './views/status.ts';
import { statusAtView, statusOfAllAtView } from './views/status-at.ts';

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
  addOperating(program, cli);
  addRequests(program, cli);
  addForecast(program, cli);
  addPull(program, cli);
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
    .option('--account <id>', 'fail unless it is this account that is read', argument.accountArgument)
    .addOption(memberProfile())
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
    .option('--at <time>', 'as it was then, from history alone', argument.timeArgument)
    .addOption(
      new Option('--all-accounts', 'with --at: of every account on record').conflicts([
        'account',
        'memberProfile',
        'advice',
      ]),
    )
    .addOption(
      new Option('--advice', 'also what each Active key was last used for, and what may take its place').conflicts(
        'at',
      ),
    )
    .option('--account <id>', 'fail unless it is this account that is read', argument.accountArgument)
    .addOption(memberProfile())
    .addHelpText('after', help.status)
    .action(
      ({ at, allAccounts, ...options }: StatusOptions & { at?: Instant; allAccounts?: true }, command: Command) => {
        if (at !== undefined) return tellPast(cli, command, at, allAccounts ? 'all' : options.account);
        if (allAccounts) {
          throw new UsageError(
            '--all-accounts goes with --at: as it is now, an account is read with credentials of its own (--member-profile).',
          );
        }
        return perform(
          cli,
          command,
          (session) => status(session, options),
          statusView,
          ({ unread, advice }) => unreadComplaint(unread) ?? adviceComplaint(advice),
        );
      },
    );
  addHistory(program, cli);
  addAuditing(program, cli);
  addReport(program, cli);
}

/** `status --at`. */
function tellPast(cli: Cli, command: Command, at: Instant, account: AccountId | 'all' | undefined): Promise<void> {
  refuseFuture(at, cli.clock.now());
  if (account !== 'all') {
    return perform(cli, command, (session) => statusAt(session, { at, ...(account && { account }) }), statusAtView);
  }
  return perform(
    cli,
    command,
    (session) => statusOfAllAt(session, at, (line) => cli.terminal.err(line)),
    statusOfAllAtView,
  );
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
    .option('--account <id>', 'its account (default: the one that is read)', argument.accountArgument)
    .addOption(memberProfile())
    .option('--path <path>', 'its IAM path (default: looked up)', argument.pathArgument)
    .addHelpText('after', help.ownersWho)
    .action((options: WhoOptions, command: Command) =>
      perform(cli, command, (session) => ownersWho(session, options), ownersWhoView),
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
