import type { Command } from 'commander';
import type { AccountId, ExemptionId } from '../lambda/domain/ids.ts';
import * as argument from './arguments.ts';
import { type ExemptionFlags, exemptionTerms } from './exemption-terms.ts';
import * as help from './help.ts';
import { memberProfile } from './member-profile.ts';
import { type Cli, perform } from './perform.ts';
import { exemptAdd } from './verbs/exempt-add.ts';
import { exemptList } from './verbs/exempt-list.ts';
import { exemptRevoke } from './verbs/exempt-revoke.ts';
import { exemptAddView, exemptListView, exemptRevokeView } from './views/exemptions.ts';

interface ExemptFlags extends ExemptionFlags {
  readonly account?: AccountId | '*';
  readonly reason: string;
  readonly approver: string;
}

export function addExempt(exempt: Command, cli: Cli): void {
  exempt
    .command('add')
    .description('exempt a user, or all that fit a pattern')
    .option('--user <name>', 'this user', argument.userArgument)
    .option('--name-pattern <pattern>', "users whose name fits, such as 'lab-*'", argument.namePatternArgument)
    .option('--path-pattern <pattern>', "users whose IAM path fits, such as '/lab/*'", argument.pathPatternArgument)
    .option('--account <id>', "in this account, or '*' (default: the one that is read)", argument.accountOrAllArgument)
    .addOption(memberProfile())
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
