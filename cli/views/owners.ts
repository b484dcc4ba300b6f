import { paragraphs } from '../caption.ts';
import { count } from '../dates.ts';
import type { Screen } from '../screen.ts';
import { type Column, printable, table } from '../table.ts';
import type { ImportReport } from '../verbs/owners-import.ts';
import type { ListedAssignment, ListedOwner, OwnersReport } from '../verbs/owners-list.ts';
import type { WhoReport } from '../verbs/owners-who.ts';

/** What an import did, or would do, one change a line. */
export function ownersImportView(report: ImportReport, { paint }: Screen): string {
  const signs = { add: paint.green('+'), change: paint.yellow('~'), remove: paint.red('-') };
  const found = `${report.file}: ${count(report.owners, 'owner')}, ${count(report.assignments, 'assignment')}`;
  const changes = count(report.changes.length, 'change');
  const outcome = report.dryRun ? `dry run: ${changes} to make, none made` : `${changes} made`;
  return paragraphs(
    report.changes.map(({ kind, text }) => `${signs[kind]} ${printable(text)}`).join('\n'),
    report.unconfirmed.length === 0
      ? undefined
      : paint.yellow(
          `To be confirmed by the link in AWS's mail, which holds for two days; until then nothing reaches them: ${report.unconfirmed.map(printable).join(', ')}.`,
        ),
    `${found}; ${outcome}, ${report.unchanged} unchanged.`,
  );
}

export function ownersListView({ owners, unknownOwners, namesOnly }: OwnersReport, screen: Screen): string {
  const contact: readonly Column<ListedOwner>[] = [
    { title: 'REACHED BY', text: (owner) => reachedBy(owner).join(', '), wraps: true },
  ];
  const columns: readonly Column<ListedOwner>[] = [
    { title: 'OWNER', text: ({ id }) => id },
    { title: 'NAME', text: ({ name }) => name, wraps: true },
    ...(namesOnly ? [] : contact),
    { title: 'OWNS', text: ({ assignments }) => rangesInWords(assignments), wraps: true },
  ];
  const unknown = unknownOwners.map(({ id, assignments }) => `  ${id}: ${rangesInWords(assignments)}`);
  return paragraphs(
    owners.length === 0 ? undefined : table(columns, owners, screen),
    unknown.length === 0
      ? undefined
      : [screen.paint.red('Assigned to owners that do not exist, so the operators are told:'), ...unknown].join('\n'),
    owners.length === 0
      ? "No owners yet: 'keyturn owners import FILE' brings them in."
      : `${count(owners.length, 'owner')}.`,
    namesOnly ? 'How they are reached is not shown: your role may not read it.' : undefined,
  );
}

export function ownersWhoView(report: WhoReport, { paint }: Screen): string {
  const { account, userName, path, pathFrom, rule, owner } = report;
  const user = `User ${paint.bold(userName)} (account ${account}, path ${path})`;
  const assumed =
    pathFrom === 'assumed' ? 'The path could not be looked up and is assumed; --path says it.' : undefined;
  if (rule === undefined) return paragraphs(`${user} has no owner: the operators are told.`, assumed);
  const why = `by the rule for ${rule.match}${rule.account === '*' ? ' in every account' : ''}`;
  if (owner === undefined) {
    const who = `${user} belongs to '${rule.ownerId}' ${why}, but there is no such owner: the operators are told.`;
    return paragraphs(who, assumed);
  }
  const name = printable(owner.name);
  return paragraphs(
    `${user} belongs to ${paint.bold(owner.id)} (${name}, ${reachedBy(owner).join(', ')}) ${why}.`,
    assumed,
  );
}

const reachedBy = (owner: ListedOwner | NonNullable<WhoReport['owner']>): readonly string[] => {
  const { email, slackChannel, slackUser, webhook, snsTopicArn } = owner;
  const ways = [email, slackChannel, slackUser, webhook && `webhook ${webhook}`, snsTopicArn];
  return ways.filter((way) => way !== undefined);
};

const rangesInWords = (assignments: readonly ListedAssignment[]): string =>
  assignments.length === 0
    ? '-'
    : assignments.map(({ account, match }) => `${match} (${account === '*' ? 'every account' : account})`).join('; ');
