import { paragraphs } from '../caption.ts';
import { count, minuteOf } from '../dates.ts';
import type { AccountInRun, RunRecord, SoFar } from '../run-record.ts';
import type { Screen } from '../screen.ts';
import { type Column, printable, table } from '../table.ts';
import { type RunSummary, type RunsReport, summaryOf } from '../verbs/runs.ts';
import { actionInWords, skipInWords } from '../wording.ts';

/** The last runs, one line each. */
export function runsView({ runs, more }: RunsReport, screen: Screen): string {
  const left = more ? ' There are more: raise --limit.' : '';
  return paragraphs(
    runs.length === 0 ? undefined : table(summaryColumns(screen), runs, screen, { columns: narrowColumns(screen) }),
    runs.length === 0
      ? 'There has been no run yet.'
      : `${count(runs.length, 'run')}, newest first, times in UTC.${left}`,
  );
}

const started = ({ at }: RunSummary): string => minuteOf(at);

function summaryColumns({ paint }: Screen): readonly Column<RunSummary>[] {
  const bad = (number: (run: RunSummary) => number) => ({
    text: (run: RunSummary) => String(number(run)),
    colour: (run: RunSummary) => (number(run) > 0 ? paint.red : undefined),
  });
  return [
    { title: 'STARTED', text: started },
    { title: 'RUN', text: ({ runId }) => runId },
    { title: 'EXPECTED', text: ({ expected }) => String(expected) },
    { title: 'SWEPT', text: ({ swept }) => String(swept) },
    { title: 'FAILED', ...bad(({ failed }) => failed) },
    { title: 'NO ACCESS', ...bad(({ noAccess }) => noAccess) },
    { title: 'OUTSTANDING', text: ({ outstanding }) => String(outstanding) },
    { title: 'REMARKS', text: remarks, wraps: true },
  ];
}

function narrowColumns({ paint }: Screen): readonly Column<RunSummary>[] {
  const bad = ({ failed, noAccess, begun }: RunSummary) => failed + noAccess > 0 || begun !== 'whole';
  return [
    { title: 'STARTED', text: started },
    { title: 'RUN', text: ({ runId }) => runId },
    { title: 'ACCOUNTS', text: inOneLine, wraps: true, colour: (run) => (bad(run) ? paint.red : undefined) },
  ];
}

function inOneLine(run: RunSummary): string {
  const { expected, swept, failed, noAccess, outstanding } = run;
  const parts = [
    `${swept} of ${expected} swept`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(noAccess > 0 ? [`${noAccess} no access`] : []),
    ...(outstanding > 0 ? [`${outstanding} outstanding`] : []),
  ];
  const more = remarks(run);
  return (run.begun === 'no' ? [] : [parts.join(', ')]).concat(more === '' ? [] : [more]).join('; ');
}

/** Whom the run left out, and what went wrong with the run itself. */
function remarks({ begun, requested, errors, skipped, sweptInPart, withoutReport }: RunSummary): string {
  const left = Object.entries(skipped).map(([why, number]) => `${number} skipped: ${skipInWords(why)}`);
  return [
    ...(requested ? ['somebody asked for it'] : []),
    ...(begun === 'no' ? [`did not begin: ${errors.at(-1) ?? 'nothing says why'}`] : []),
    ...(begun === 'partly' ? [`began only in part: ${errors.at(-1) ?? 'nothing says why'}`] : []),
    ...(begun === 'whole' && errors.length > 0 ? [`began at attempt ${errors.length + 1}`] : []),
    ...(sweptInPart > 0 ? [`${sweptInPart} swept but for some users or requests`] : []),
    ...(withoutReport > 0 ? [`${withoutReport} without a credential report`] : []),
    ...left,
  ].join('; ');
}

/** One run, a line for each account. */
export function oneRunView(run: RunRecord, screen: Screen): string {
  const { runId, at, accounts, errors } = run;
  const { paint } = screen;
  const failures = errors.map((error) => paint.red(`Could not begin: ${printable(error)}`));
  return paragraphs(
    `Run ${paint.bold(runId)}, started ${minuteOf(at)} UTC`,
    failures.join('\n'),
    accounts.length === 0 ? undefined : table(accountColumns(screen), accounts, screen),
    `${inOneLine(summaryOf(run)) || 'No account was swept'}.`,
  );
}

function accountColumns({ paint }: Screen): readonly Column<AccountInRun>[] {
  const colours = {
    swept: undefined,
    'no-access': paint.red,
    failed: paint.red,
    outstanding: paint.yellow,
    skipped: paint.dim,
  };
  return [
    { title: 'ACCOUNT', text: ({ account }) => account },
    { title: 'MODE', text: (one) => ('mode' in one ? one.mode : '-') },
    {
      title: 'OUTCOME',
      text: ({ outcome }) => outcome.replace('-', ' '),
      colour: ({ outcome }) => colours[outcome],
    },
    { title: 'WHAT', text: whatOf, wraps: true },
  ];
}

function whatOf(one: AccountInRun): string {
  switch (one.outcome) {
    case 'swept':
      return [
        count(one.users, 'user'),
        count(one.keys, 'key'),
        ...doneInWords(one),
        ...(one.unreadRequests ? [`${count(one.unreadRequests, 'request')} could not be read (the log says why)`] : []),
        ...(one.reportMissing === undefined ? [] : [`no credential report (${one.reportMissing})`]),
      ].join(', ');
    case 'no-access':
    case 'failed':
      return one.error;
    case 'outstanding':
      if (one.soFar === undefined) return 'not heard of yet';
      return [`part ${one.soFar.part} ended ${minuteOf(one.soFar.at)}, goes on`, ...doneInWords(one.soFar)].join(', ');
    case 'skipped':
      return skipInWords(one.why);
    default:
      return one satisfies never;
  }
}

const doneInWords = ({ steps, usersFailed }: Pick<SoFar, 'steps' | 'usersFailed'>): readonly string[] => [
  ...Object.entries(steps).map(([kind, number]) => `${number} ${stepInWords(kind)}`),
  ...(usersFailed > 0 ? [`${count(usersFailed, 'user')} failed (keyturn history says why)`] : []),
];

const stepInWords = (kind: string): string => new Map(Object.entries<string>(actionInWords)).get(kind) ?? kind;
