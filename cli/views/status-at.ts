import { paragraphs } from '../caption.ts';
import { count, dayOf, minuteOf } from '../dates.ts';
import type { Screen } from '../screen.ts';
import { type Column, table } from '../table.ts';
import type { PastKeyRow, PastStatusReport } from '../verbs/status-at.ts';

const keyColumns: readonly Column<PastKeyRow>[] = [
  { title: 'KEY', text: ({ keyId }) => keyId },
  { title: 'STATUS', text: ({ status }) => status },
  { title: 'AGE', text: ({ ageDays }) => (ageDays === undefined ? '?' : `${ageDays} d`) },
  { title: 'STATE', text: ({ state }) => state },
  { title: 'NEXT', text: ({ next }) => (next === undefined ? '-' : `${next.step} ${dayOf(next.at)}`) },
  { title: 'TOLD', text: ({ told }) => (told === undefined ? '-' : `${told.to}, ${dayOf(told.at)}`), wraps: true },
];

/** Every key as it was; on a narrow screen under its user's name. */
export function statusAtView(report: PastStatusReport, screen: Screen): string {
  const { account, at, mode, policy, inventoryOf, keys } = report;
  const days = policy && `${policy.rotateAfterDays}/${policy.disableAfterDays}/${policy.deleteAfterDays} days`;
  const user: Column<PastKeyRow> = { title: 'USER', text: ({ userName }) => userName };
  const known =
    inventoryOf === undefined
      ? 'No inventory was on record by then: only keys that something had happened to are known.'
      : `Every key that was there on ${minuteOf(inventoryOf)} is known, and later ones that something had happened to.`;
  return paragraphs(
    `Account ${screen.paint.bold(account)} as of ${minuteOf(at)} UTC, from history alone${mode === undefined ? '' : `; mode ${mode}, policy ${days}`}`,
    keys.length === 0
      ? undefined
      : table([user, ...keyColumns], keys, screen, { columns: keyColumns, heading: ({ userName }) => userName }),
    known,
    `${count(keys.length, 'key')} of ${count(new Set(keys.map(({ userName }) => userName)).size, 'user')}.`,
  );
}
