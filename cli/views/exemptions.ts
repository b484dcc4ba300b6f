import { fromIso, type IsoTime } from '../../lambda/domain/time.ts';
import { paragraphs } from '../caption.ts';
import { count, minuteOf, relative } from '../dates.ts';
import type { Screen } from '../screen.ts';
import { type Column, printable, table } from '../table.ts';
import type { ExemptionReport } from '../verbs/exempt-list.ts';

export function exemptAddView(exemption: ExemptionReport, { paint }: Screen): string {
  const until = `until ${minuteOf(exemption.expiresAt)} UTC`;
  return `Exempted ${printable(rangeOf(exemption))} ${until}: exemption ${paint.bold(exemption.id)}.`;
}

export const exemptRevokeView = (exemption: ExemptionReport): string =>
  `Revoked exemption ${exemption.id} of ${printable(rangeOf(exemption))}: from the next sweep on it counts no more.`;

export function exemptListView(
  { at, exemptions }: { readonly at: IsoTime; readonly exemptions: readonly ExemptionReport[] },
  screen: Screen,
): string {
  const now = fromIso(at);
  const range: Column<ExemptionReport> = { title: 'WHO', text: rangeOf };
  const columns: readonly Column<ExemptionReport>[] = [
    { title: 'ID', text: ({ id }) => id },
    {
      title: 'UNTIL (UTC)',
      text: ({ expiresAt }) => `${minuteOf(expiresAt)}, ${relative(expiresAt, now)}`,
      colour: ({ valid }) => (valid ? undefined : screen.paint.dim),
    },
    { title: 'APPROVED BY', text: ({ approver }) => approver, wraps: true },
    { title: 'REASON', text: ({ reason }) => reason, wraps: true },
  ];
  return paragraphs(
    exemptions.length === 0 ? undefined : table([range, ...columns], exemptions, screen, { columns, heading: rangeOf }),
    `${count(exemptions.length, 'exemption')}.`,
  );
}

const rangeOf = ({ match, account }: ExemptionReport): string =>
  account === '*' ? `${match} in every account` : `${match} in account ${account}`;
