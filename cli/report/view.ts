import type { Formatter } from 'picocolors/types.js';
import type { Control, ReportModel, Verdict } from '../../lambda/domain/report/model.ts';
import { count, dayOf } from '../dates.ts';
import type { Screen } from '../screen.ts';
import { type Column, table } from '../table.ts';

/** What a report comes to, for whoever had it written. */
export interface ReportSummary {
  readonly file: string;
  readonly period: ReportModel['period'];
  readonly figures: ReportModel['figures'];
  readonly controls: readonly Pick<Control, 'id' | 'title' | 'verdict' | 'finding' | 'against'>[];
}

export const summaryOf = ({ period, figures, controls }: ReportModel, file: string): ReportSummary => ({
  file,
  period,
  figures,
  controls: controls.map(({ id, title, verdict, finding, against }) => ({ id, title, verdict, finding, against })),
});

export function reportView({ file, period, figures, controls }: ReportSummary, screen: Screen): string {
  const { paint } = screen;
  const colours: Readonly<Partial<Record<Verdict, Formatter>>> = {
    pass: paint.green,
    fail: paint.red,
    excepted: paint.yellow,
    unknown: paint.yellow,
  };
  const columns: readonly Column<ReportSummary['controls'][number]>[] = [
    { title: 'VERDICT', text: ({ verdict }) => verdict, colour: ({ verdict }) => colours[verdict] },
    { title: 'AGAINST', text: ({ against }) => String(against) },
    { title: 'CONTROL', text: ({ title }) => title, wraps: true },
  ];
  const scope = `${count(figures.keys, 'key')} of ${count(figures.users, 'user')} in ${count(figures.accounts, 'account')}`;
  return [
    `Evidence from ${dayOf(period.from)} to ${dayOf(new Date(Date.parse(period.to) - 1).toISOString())} (UTC): ${scope}`,
    '',
    table(columns, controls, screen),
    '',
    `Written to ${file}.`,
  ].join('\n');
}
