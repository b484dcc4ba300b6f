import { paragraphs } from '../caption.ts';
import { count, dayOf, minuteOf } from '../dates.ts';
import type { Screen } from '../screen.ts';
import { type Column, table } from '../table.ts';
import type { PastKeyRow, PastStatusReport } from '../verbs/status-at.ts';
import type { PastStatusOfAll } from '../verbs/status-at-all.ts';
import { waitInWords } from '../wording.ts';

const keyColumns: readonly Column<PastKeyRow>[] = [
  { title: 'KEY', text: ({ keyId }) => keyId },
  { title: 'STATUS', text: ({ status }) => status },
  { title: 'AGE', text: ({ ageDays }) => (ageDays === undefined ? '?' : `${ageDays} d`) },
  { title: 'STATE', text: stateInWords, wraps: true },
  { title: 'NEXT', text: nextInWords, wraps: true },
  { title: 'TOLD', text: ({ told }) => (told === undefined ? '-' : `${told.to}, ${dayOf(told.at)}`), wraps: true },
];
const user: Column<PastKeyRow> = { title: 'USER', text: ({ userName }) => userName };
const account: Column<PastKeyRow> = { title: 'ACCOUNT', text: (row) => row.account };

/** Every key as it was; on a narrow screen under its user's name. */
export function statusAtView(report: PastStatusReport, screen: Screen): string {
  const { account, at, mode, inventoryOf, keys } = report;
  const known =
    inventoryOf === undefined
      ? 'No inventory was on record by then: only keys that something had happened to are known.'
      : `Every key that was there on ${minuteOf(inventoryOf)} is known, and later ones that something had happened to.`;
  return paragraphs(
    `Account ${screen.paint.bold(account)} as of ${minuteOf(at)} UTC, from history alone${mode === undefined ? '' : `; ${rulesInWords(report)}`}`,
    keys.length === 0
      ? undefined
      : table([user, ...keyColumns], keys, screen, { columns: keyColumns, heading: ({ userName }) => userName }),
    known,
    `${keysInWords([report])}.`,
  );
}

/** The same of every account, with what there is to know of each. */
export function statusOfAllAtView({ at, accounts }: PastStatusOfAll, screen: Screen): string {
  const keys = accounts.flatMap((report) => report.keys);
  const heading = (row: PastKeyRow) => `${row.account} ${row.userName}`;
  return paragraphs(
    `${screen.paint.bold(count(accounts.length, 'account'))} as of ${minuteOf(at)} UTC, from history alone`,
    keys.length === 0
      ? undefined
      : table([account, user, ...keyColumns], keys, screen, { columns: keyColumns, heading }),
    accounts.map((report) => `${screen.paint.bold(report.account)}: ${accountInWords(report)}`).join('\n'),
    accounts.length === 0
      ? 'No run was on record by then, so no account was.'
      : `${keysInWords(accounts)} in ${count(accounts.length, 'account')}.`,
  );
}

function accountInWords(report: PastStatusOfAll['accounts'][number]): string {
  const { inventoryOf, lastExpected, mode } = report;
  return [
    // Such an account may have left the organisation, or been excluded: nobody looked since.
    ...(lastExpected === undefined
      ? []
      : [`no run has expected it since ${minuteOf(lastExpected)}, so its keys are as last known`]),
    ...(mode === undefined ? [] : [rulesInWords(report)]),
    inventoryOf === undefined
      ? 'no inventory by then: only keys that something had happened to'
      : `every key of ${minuteOf(inventoryOf)}, and later ones that something had happened to`,
  ].join('; ');
}

function rulesInWords({ mode, policy }: PastStatusReport): string {
  const days = policy && `${policy.rotateAfterDays}/${policy.disableAfterDays}/${policy.deleteAfterDays} days`;
  return `mode ${mode}, policy ${days}`;
}

function keysInWords(reports: readonly PastStatusReport[]): string {
  const keys = reports.flatMap((report) => report.keys);
  const users = new Set(keys.map((row) => `${row.account}/${row.userName}`));
  return `${count(keys.length, 'key')} of ${count(users.size, 'user')}`;
}

function stateInWords({ state, exemption }: PastKeyRow): string {
  return exemption === undefined ? state : `exempt until ${dayOf(exemption.until)}, by ${exemption.approver}`;
}

function nextInWords({ next }: PastKeyRow): string {
  if (next === undefined) return '-';
  const { step, at, waits } = next;
  return waits === undefined ? `${step} ${dayOf(at)}` : `${step} ${dayOf(at)}, waits ${waitInWords[waits]}`;
}
