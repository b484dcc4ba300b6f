import { paragraphs } from '../caption.ts';
import type { Finding } from '../checks/finding.ts';
import { count } from '../dates.ts';
import type { Screen } from '../screen.ts';
import { type Column, table } from '../table.ts';
import type { DoctorReport } from '../verbs/doctor.ts';

/** One line for each check, with what to do where something is wrong. */
export function doctorView({ findings, summary }: DoctorReport, screen: Screen): string {
  const { ok, warn, fail, unknown } = summary;
  const sum = [
    `${ok} ok`,
    ...(warn > 0 ? [count(warn, 'warning')] : []),
    ...(fail > 0 ? [`${fail} failed`] : []),
    ...(unknown > 0 ? [`${unknown} unknown`] : []),
  ];
  return paragraphs(table(columns(screen), findings, screen), `${count(findings.length, 'check')}: ${sum.join(', ')}.`);
}

function columns({ paint }: Screen): readonly Column<Finding>[] {
  const colours = { ok: paint.green, warn: paint.yellow, fail: paint.red, unknown: paint.magenta };
  return [
    { title: '', text: ({ verdict }) => verdict, colour: ({ verdict }) => colours[verdict] },
    { title: 'CHECK', text: ({ check }) => check },
    { title: 'WHAT', text: ({ what, fix }) => (fix === undefined ? what : `${what}: ${fix}`), wraps: true },
  ];
}
