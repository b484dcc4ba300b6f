import type { Command } from 'commander';
import * as argument from './arguments.ts';
import * as help from './help.ts';
import { memberProfile } from './member-profile.ts';
import { type Cli, perform } from './perform.ts';
import { type ExplainOptions, explainKey } from './verbs/explain.ts';
import { type ReconcileOptions, reconcile } from './verbs/reconcile.ts';
import { explainView } from './views/explain.ts';
import { reconcileComplaint, reconcileView } from './views/reconcile.ts';

/** The verbs of whoever has to prove what happened. */
export function addAuditing(program: Command, cli: Cli): void {
  program
    .command('explain')
    .description("one key's story: what happened to it, why, by whom, and who was told")
    .requiredOption('--key <id>', 'the access key', argument.keyArgument)
    .option(
      '--account <id>',
      'where to look for a key that nothing happened to (default: everywhere)',
      argument.accountArgument,
    )
    .addHelpText('after', help.explain)
    .action((options: ExplainOptions, command: Command) =>
      perform(cli, command, (session) => explainKey(session, options, (line) => cli.terminal.err(line)), explainView),
    );
  program
    .command('reconcile')
    .description('whether history, IAM and CloudTrail tell the same')
    .option('--days <n>', 'so many days back; CloudTrail keeps 90', argument.trailDaysArgument)
    .option('--account <id>', 'fail unless it is this account that is read', argument.accountArgument)
    .addOption(memberProfile())
    .addHelpText('after', help.reconcile)
    .action((options: ReconcileOptions, command: Command) =>
      perform(
        cli,
        command,
        (session) => reconcile(session, options, (line) => cli.terminal.err(line)),
        reconcileView,
        reconcileComplaint,
      ),
    );
}
