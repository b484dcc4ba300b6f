import type { StepKind } from '../../lambda/domain/step.ts';
import { caption, paragraphs } from '../caption.ts';
import { count } from '../dates.ts';
import type { Screen } from '../screen.ts';
import { type Column, printable, table } from '../table.ts';
import type { PlannedStep, PlannedUser, PlanReport } from '../verbs/plan.ts';
import { actionInWords } from '../wording.ts';
import { unreadInWords } from './unread.ts';

interface Row extends PlannedStep {
  readonly userName: string;
}

/** The plan as a table, one line per step, with its sum below. */
export function planView(report: PlanReport, screen: Screen): string {
  const rows = report.users.flatMap(rowsOf);
  const { paint } = screen;
  const colours = {
    rotate: paint.green,
    disable: paint.yellow,
    delete: paint.red,
    wait: paint.cyan,
    block: paint.red,
  } as const;
  const user: Column<Row> = { title: 'USER', text: ({ userName }) => userName };
  const columns: readonly Column<Row>[] = [
    { title: 'KEY', text: ({ keyId }) => keyId ?? '-' },
    { title: 'STEP', text: ({ action }) => action, colour: ({ kind }) => new Map(Object.entries(colours)).get(kind) },
    { title: 'WHY', text: ({ why }) => why, wraps: true },
  ];
  const narrow = { columns, heading: ({ userName }: Row) => userName };
  return paragraphs(
    caption(report, screen),
    rows.length === 0 ? undefined : table([user, ...columns], rows, screen, narrow),
    report.gone.length === 0 ? undefined : `Gone from IAM, so their records are closed: ${report.gone.join(', ')}`,
    report.stray.length === 0
      ? undefined
      : `Requests about users that IAM does not have, which are refused: ${report.stray.join(', ')}`,
    report.unasked.length === 0
      ? undefined
      : `Requests that nobody is on record as having made, which are refused: ${report.unasked.join(', ')}`,
    unreadInWords(report.unread, screen),
    unreadRequestsInWords(report, screen),
    rootKeysInWords(report, screen),
    summary(report),
  );
}

function rowsOf({ userName, steps }: PlannedUser): readonly Row[] {
  return steps.map((step) => ({ ...step, userName }));
}

function unreadRequestsInWords({ unreadRequests = [] }: PlanReport, { paint }: Screen): string | undefined {
  if (unreadRequests.length === 0) return undefined;
  const many = count(unreadRequests.length, 'request');
  return [
    paint.red(`Could not be read, and stay on the list: ${many}`),
    ...unreadRequests.map((why) => `  ${printable(why)}`),
  ].join('\n');
}

function rootKeysInWords({ rootKeys = 0, reportMissing }: PlanReport, { paint }: Screen): string | undefined {
  if (reportMissing !== undefined) {
    return paint.yellow(
      `There is no credential report, so nothing is known of the root user (${printable(reportMissing)}).`,
    );
  }
  if (rootKeys === 0) return undefined;
  return paint.red(
    `The root user has ${count(rootKeys, 'Active access key')}: delete them, Keyturn does not touch them.`,
  );
}

function summary({ summary: { users, steps, nothingToDo, unread }, mode }: PlanReport): string {
  const parts = countedSteps.flatMap((kind) => {
    const number = steps[kind] ?? 0;
    return number === 0 ? [] : [`${number} ${actionInWords[kind]}`];
  });
  const sweep = mode === 'observe' ? 'The next sweep would, if it were to act' : 'The next sweep';
  return [
    `${sweep}: ${parts.length === 0 ? 'nothing to do' : parts.join(', ')}.`,
    `${count(users, 'user')}, ${nothingToDo} with nothing to do${unread > 0 ? `, ${unread} unread` : ''}.`,
  ].join(' ');
}

/** In the order in which the sum tells them; what is merely put on record is left out. */
const countedSteps = [
  'rotate',
  'disable',
  'delete',
  'start-retirement',
  'cancel-retirement',
  'warn',
  'recover',
  'restore',
  'snooze',
  'refuse',
  'wait',
  'block',
] as const satisfies StepKind[];
