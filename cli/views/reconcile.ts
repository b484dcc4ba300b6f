import { fromIso, toIso } from '../../lambda/domain/time.ts';
import { paragraphs } from '../caption.ts';
import { count, minuteOf } from '../dates.ts';
import type { Screen } from '../screen.ts';
import { type Column, printable, table } from '../table.ts';
import type { TrailEvent } from '../trail.ts';
import type { Difference, ReconcileReport } from '../verbs/reconcile.ts';
import { unreadInWords } from './unread.ts';

/** What history and AWS do not agree on, and who else changed keys: IAM first, then CloudTrail. */
export function reconcileView(report: ReconcileReport, screen: Screen): string {
  const { account, at, byOthers } = report;
  const { paint } = screen;
  return paragraphs(
    `Account ${paint.bold(account)}, history against IAM and CloudTrail, as of ${minuteOf(at)} UTC`,
    verdict(report, screen),
    iamInWords(report),
    unlistedInWords(report, screen),
    unreadInWords(report.unread, screen),
    notYetInWords(report),
    trailInWords(report, screen),
    byOthers.length === 0 ? undefined : `Changed by others, by CloudTrail:\n${table(columns, byOthers, screen)}`,
  );
}

/** Why the command fails; undefined when all is well. */
export function reconcileComplaint(report: ReconcileReport): string | undefined {
  if (report.differences.length > 0) return 'History and AWS do not agree: see above.';
  return isWhole(report) ? undefined : 'Not everything could be compared: see above.';
}

/** Whoever may not read CloudTrail has asked for the rest; anything else that is missing was to be compared. */
const isWhole = ({ unread, unlisted, trailMissing }: ReconcileReport): boolean =>
  unread.length === 0 && unlisted === undefined && trailMissing?.why !== 'failed';

function verdict(report: ReconcileReport, { paint }: Screen): string {
  const { differences, unread, unlisted, trailMissing } = report;
  if (differences.length > 0) {
    const lines = differences.map((each) => `  ${printable(inWords(each, report))}`);
    return `${paint.red('✘')} ${count(differences.length, 'difference')}:\n${lines.join('\n')}`;
  }
  if (unread.length > 0 || unlisted !== undefined) return `${paint.yellow('!')} No difference in what could be read.`;
  return `${paint.green('✔')} History and ${trailMissing === undefined ? 'AWS' : 'IAM'} agree.`;
}

function iamInWords({ keys, users, inventoryOf }: ReconcileReport): string {
  const last = inventoryOf === undefined ? 'no inventory is on record' : `last inventory ${minuteOf(inventoryOf)}`;
  return `IAM: ${count(keys, 'key')} of ${count(users, 'user')} compared (${last}).`;
}

const unlistedInWords = ({ unlisted }: ReconcileReport, { paint }: Screen): string | undefined =>
  unlisted === undefined
    ? undefined
    : paint.yellow(
        `The users of the account could not be listed, so only those that history knows were compared: ${printable(unlisted)}`,
      );

function notYetInWords({ notYet, inventoryOf }: ReconcileReport): string | undefined {
  if (notYet.length === 0 || inventoryOf === undefined) return undefined;
  const keys = notYet.map(({ keyId, userName, status }) => `${keyId} of ${printable(userName)} (${status})`);
  return `Not in history yet, because they are younger than the inventory of ${minuteOf(inventoryOf)}, and the next one lists them: ${keys.join(', ')}.`;
}

function trailInWords({ agreed, since, trailMissing }: ReconcileReport, { paint }: Screen): string {
  if (trailMissing === undefined)
    return `CloudTrail since ${minuteOf(since)}: ${count(agreed, 'change')} by Keyturn found in both.`;
  const { why, sentence } = trailMissing;
  const what = why === 'denied' ? 'CloudTrail was left out' : 'CloudTrail could not be compared';
  return paint.yellow(`${what}: ${printable(sentence)}`);
}

const columns: readonly Column<TrailEvent>[] = [
  { title: 'TIME', text: ({ at }) => minuteOf(toIso(at)) },
  { title: 'KEY', text: ({ keyId }) => keyId },
  { title: 'USER', text: ({ userName }) => userName },
  { title: 'CHANGE', text: ({ change }) => change },
  { title: 'BY', text: ({ actor }) => actor, wraps: true },
];

function inWords(difference: Difference, report: Pick<ReconcileReport, 'inventoryOf'>): string {
  switch (difference.kind) {
    case 'status': {
      const { keyId, userName, nameInIam, inHistory, since, inIam, explainedBy } = difference;
      const user = nameInIam === undefined ? userName : `${userName} (in IAM of ${nameInIam})`;
      const gone = inHistory === 'gone' ? ` since ${minuteOf(since)}` : '';
      return `Key ${keyId} of ${user} is ${inHistory} by history${gone} and ${inIam} in IAM${who(explainedBy, report)}`;
    }
    case 'not-in-history': {
      const { keyId, userName, status, createdAt, missedByInventory, explainedBy } = difference;
      const how = missedByInventory ? 'could not read its user' : 'is younger and does not list it';
      const why =
        report.inventoryOf === undefined
          ? 'no inventory was ever taken'
          : `the inventory of ${minuteOf(report.inventoryOf)} ${how}`;
      return `Key ${keyId} of ${userName}, ${status} in IAM and created ${minuteOf(createdAt)}, is not in history: ${why}${who(explainedBy, report)}`;
    }
    case 'unrecorded': {
      const { change, keyId, userName, at, id } = difference.change;
      return `Key ${keyId} of ${userName} was ${change} by Keyturn on ${minuteOf(toIso(at))} (CloudTrail ${id}), and history does not say so`;
    }
    case 'not-in-trail':
      return `Event ${difference.eventId} (${difference.type} of key ${difference.keyId}, ${minuteOf(difference.at)}) is not in CloudTrail`;
    default:
      return difference satisfies never;
  }
}

function who(change: TrailEvent | undefined, { inventoryOf }: Pick<ReconcileReport, 'inventoryOf'>): string {
  if (change === undefined) return '';
  const isNew = inventoryOf !== undefined && change.at >= fromIso(inventoryOf);
  const when = isNew ? ', after the last inventory: the next one records it' : '';
  return `: ${change.change} by ${change.actor} on ${minuteOf(toIso(change.at))}${when}`;
}
