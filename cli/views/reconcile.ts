import { toIso } from '../../lambda/domain/time.ts';
import { paragraphs } from '../caption.ts';
import { count, minuteOf } from '../dates.ts';
import type { Screen } from '../screen.ts';
import { type Column, printable, table } from '../table.ts';
import type { TrailEvent } from '../trail.ts';
import type { Difference, ReconcileReport } from '../verbs/reconcile.ts';

/** What history and AWS do not agree on, and who else changed keys. */
export function reconcileView(report: ReconcileReport, screen: Screen): string {
  const { account, since, keys, agreed, differences, byOthers, trailMissing } = report;
  const { paint } = screen;
  const verdict =
    differences.length === 0
      ? `${paint.green('✔')} History and AWS agree.`
      : `${paint.red('✘')} ${count(differences.length, 'difference')}:\n${differences.map((each) => `  ${printable(inWords(each))}`).join('\n')}`;
  return paragraphs(
    `Account ${paint.bold(account)}, history against IAM and CloudTrail since ${minuteOf(since)} UTC`,
    verdict,
    `${count(keys, 'key')} compared with IAM; ${trailMissing === undefined ? `${count(agreed, 'change')} by Keyturn found in both` : paint.yellow(`CloudTrail was left out: ${printable(trailMissing)}`)}.`,
    byOthers.length === 0 ? undefined : `Changed by others:\n${table(columns, byOthers, screen)}`,
  );
}

/** Why the command fails; undefined when all is well. */
export const reconcileComplaint = ({ differences }: ReconcileReport): string | undefined =>
  differences.length === 0 ? undefined : 'History and AWS do not agree: see above.';

const columns: readonly Column<TrailEvent>[] = [
  { title: 'TIME', text: ({ at }) => minuteOf(toIso(at)) },
  { title: 'KEY', text: ({ keyId }) => keyId },
  { title: 'USER', text: ({ userName }) => userName },
  { title: 'CHANGE', text: ({ change }) => change },
  { title: 'BY', text: ({ actor }) => actor, wraps: true },
];

function inWords(difference: Difference): string {
  switch (difference.kind) {
    case 'status': {
      const { keyId, userName, inHistory, inIam, explainedBy } = difference;
      const who =
        explainedBy &&
        `: ${explainedBy.change} by ${explainedBy.actor} on ${minuteOf(toIso(explainedBy.at))}, which the next sweep finds`;
      return `Key ${keyId} of ${userName} is ${inHistory} by history and ${inIam} in IAM${who ?? ''}`;
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
