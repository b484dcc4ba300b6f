import type { Finding, Verification } from '../../lambda/workflows/verify-history.ts';
import { paragraphs } from '../caption.ts';
import { count, minuteOf } from '../dates.ts';
import { eventInWords } from '../event-wording.ts';
import type { Screen } from '../screen.ts';

/** What the check found: the first of it in words, then the rest. */
export function verifyView({ events, seals, awaitingSeal, head, findings }: Verification, { paint }: Screen): string {
  const looked = `${number(events, 'event')} against ${number(seals, 'seal')}`;
  const recent =
    awaitingSeal === 0
      ? undefined
      : `${number(awaitingSeal, 'event')} of the last hour ${awaitingSeal === 1 ? 'is' : 'are'} not sealed yet.`;
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

/** Why the command fails; undefined when all is well. */
export const verifyComplaint = ({ findings }: Verification): string | undefined =>
  findings.length === 0
    ? undefined
    : 'The history is not what was sealed: keep it as it is, and find out who wrote to the table.';

function findingInWords(finding: Finding): string {
  switch (finding.kind) {
    case 'broken-seal':
      return `Seal ${finding.seal}: ${finding.why}`;
    case 'missing':
      return `Event ${finding.eventId} was removed: seal ${finding.seal} holds its hash`;
    default: {
      const { id, time, account, userName = '', type } = finding.event;
      const subject = [minuteOf(time), account, userName, type].filter(Boolean).join(' ');
      return `Event ${id} ${how[finding.kind]} (${subject}: ${eventInWords(finding.event)})`;
    }
  }
}

const how = {
  altered: 'was altered: its hash is not the sealed one',
  unsealed: 'was added by another hand, or sealing stood still: no seal holds its hash',
  'out-of-order': 'stands behind a younger one',
  repeated: 'stands there twice',
} as const;

const number = (amount: number, noun: string): string =>
  count(amount, noun).replace(String(amount), amount.toLocaleString('en'));
