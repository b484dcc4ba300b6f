import { toIso } from '../../lambda/domain/time.ts';
import type { EventFinding, Finding } from '../../lambda/workflows/verify-history.ts';
import { paragraphs } from '../caption.ts';
import { count, minuteOf } from '../dates.ts';
import { eventInWords } from '../event-wording.ts';
import type { Screen } from '../screen.ts';
import { printable } from '../table.ts';
import type { VerifyReport } from '../verbs/history-verify.ts';

/** What the check found: the first of it in words, then the rest. */
export function verifyView(report: VerifyReport, { paint }: Screen): string {
  const { head, findings } = report;
  const looked = [
    `${number(report.events, 'event')}${rangeOf(report)} against ${number(report.seals, 'seal')}`,
    `and the seals against ${number(report.anchors, 'anchor')}`,
  ].join(', ');
  const recent = recentIn(report);
  const note =
    head &&
    `Newest seal: ${head.number}, of ${minuteOf(head.sealedAt)} UTC\n${head.hash}\nWho keeps this line elsewhere can prove later, with --anchor ${head.number}:HASH, that nothing before it was changed.`;
  const [first, ...others] = findings;
  if (first === undefined) {
    return paragraphs(`${paint.green('✔')} Checked ${looked}: nothing was altered, removed or added.`, recent, note);
  }
  return paragraphs(
    `${paint.red('✘')} Checked ${looked}: ${number(findings.length, 'finding')}. The first:`,
    paint.bold(findingInWords(first)),
    others.map((finding) => `  ${findingInWords(finding)}`).join('\n'),
    recent,
    note,
  );
}

/** They are named: an event that was put there within the last hour looks like one of them. */
function recentIn({ awaitingSeal, awaiting }: VerifyReport): string | undefined {
  if (awaitingSeal === 0) return undefined;
  const most = awaitingSeal > awaiting.length ? `, the last ${awaiting.length}` : '';
  const told = `${number(awaitingSeal, 'event')} of the last hour ${awaitingSeal === 1 ? 'is' : 'are'} not sealed yet${most}:`;
  return [told, ...awaiting.map((id) => `  ${printable(id)}`)].join('\n');
}

function rangeOf({ since, until }: VerifyReport): string {
  const from = since === undefined ? '' : ` from ${minuteOf(toIso(since))}`;
  return until === undefined ? from : `${from} until ${minuteOf(toIso(until))}`;
}

/** Why the command fails; undefined when all is well. */
export const verifyComplaint = ({ findings }: Pick<VerifyReport, 'findings'>): string | undefined =>
  findings.length === 0
    ? undefined
    : 'The history is not what was sealed: keep it as it is, and find out who wrote to the table.';

function findingInWords(finding: Finding): string {
  switch (finding.kind) {
    case 'no-seals':
      return 'There are events, and no seal at all: the chain was removed. (A new deployment has its first seal some minutes after its first event.)';
    case 'broken-seal':
      return `Seal ${finding.seal}: ${finding.why}`;
    case 'broken-anchor':
      return `Anchor ${finding.anchor}: ${finding.why}`;
    case 'missing':
      return `Event ${finding.eventId} was removed: seal ${finding.seal} holds its hash`;
    default:
      return eventFindingInWords(finding);
  }
}

function eventFindingInWords({ kind, eventId, line, event }: EventFinding): string {
  const place = line === undefined ? '' : ` on line ${line}`;
  const told = `Event ${printable(eventId)}${place} ${how[kind]}`;
  if (event === undefined) return told;
  const { time, account, userName = '', type } = event;
  const subject = [minuteOf(time), account, userName, type].filter(Boolean).join(' ');
  return `${told} (${subject}: ${eventInWords(event)})`;
}

const how = {
  altered: 'was altered: its hash is not the sealed one',
  unsealed: 'was added by another hand, or sealing stood still: no seal holds its hash',
  misdated: 'was written at another time than it says: its seal was made days later, or before',
  misplaced: 'was moved in the table: it lies where some commands do not find it',
  'out-of-order': 'was moved: it does not stand in its order',
  repeated: 'stands there twice',
} as const satisfies { readonly [K in EventFinding['kind']]: string };

const number = (amount: number, noun: string): string =>
  count(amount, noun).replace(String(amount), amount.toLocaleString('en'));
