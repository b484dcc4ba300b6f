import { paragraphs } from '../caption.ts';
import { count, dayOf } from '../dates.ts';
import {
  type AccountForecast,
  type DayForecast,
  type ForecastReport,
  type HeldUpUsers,
  type PolicyForecast,
  stepsOf,
} from '../forecast/forecast-report.ts';
import { holdInWords, policyInWords, sourceInWords } from '../forecast/wording.ts';
import type { Screen } from '../screen.ts';
import { type Column, printable, table } from '../table.ts';

/** More accounts than a person would read; the CSV has all. */
const MOST_ACCOUNTS = 10;

/** What would happen, for a person at a terminal: the policies side by side, then each by itself. */
export function forecastView(report: ForecastReport, screen: Screen): string {
  const { paint } = screen;
  return paragraphs(
    headOf(report, screen),
    sideBySide(report.policies, screen),
    ...report.policies.flatMap((policy) => [
      report.policies.length > 1 ? paint.bold(`Policy ${printable(policy.name)}`) : undefined,
      daysOf(policy, screen),
      monthsOf(policy, screen),
      accountsOf(policy, screen),
      heldUpOf(policy, screen),
    ]),
    rootKeysOf(report, screen),
    list('TAKEN FOR GRANTED', report.assumed, screen),
    list('NOT CERTAIN', report.uncertain, screen),
  );
}

function headOf(
  { source, from, to, runs, accounts, users, keys, usersWithoutKeys }: ForecastReport,
  { paint }: Screen,
) {
  return [
    `Forecast for ${paint.bold(printable(sourceInWords(source)))}`,
    `${count(runs, 'run')} from ${dayOf(from)} to ${dayOf(to)}; ${count(accounts, 'account')}, ${number(users)} ${users === 1 ? 'user' : 'users'} ` +
      `(${number(usersWithoutKeys)} without keys), ${number(keys)} keys. Nothing is changed.`,
  ].join('\n');
}

/** Each policy is a row. */
function sideBySide(policies: readonly PolicyForecast[], screen: Screen): string {
  const figure = (title: string, of: (policy: PolicyForecast) => string): Column<PolicyForecast> =>
    right(title, of, policies);
  const columns: readonly Column<PolicyForecast>[] = [
    { title: 'POLICY', text: ({ name }) => name },
    figure('ROTATE', ({ totals }) => number(totals.rotate)),
    figure('DISABLE', ({ totals }) => number(totals.disable)),
    figure('DELETE', ({ totals }) => number(totals.delete)),
    figure('MESSAGES', ({ totals }) => number(totals.messages)),
    { title: 'FIRST DAY', text: ({ firstDay }) => firstDay?.date ?? '-' },
    { title: 'WORST DAY', text: ({ worstDays: [day] }) => (day ? `${day.date} (${number(stepsOf(day))})` : '-') },
    figure('$/MONTH', ({ months }) => monthly(months)),
  ];
  const rules = policies.map(({ name, policy }) => `${printable(name)}: ${policyInWords(policy)}.`);
  return [table(columns, policies, screen), ...rules].join('\n');
}

/** What the last whole month costs. */
const monthly = (months: PolicyForecast['months']): string => money((months.at(-2) ?? months.at(-1))?.dollars ?? 0);

function daysOf({ firstDay, worstDays, caps }: PolicyForecast, screen: Screen): string | undefined {
  if (firstDay === undefined) return 'Nothing happens in this time.';
  const days = [
    { what: 'first', ...firstDay },
    ...worstDays.map((day, at) => ({ what: at === 0 ? 'worst' : '', ...day })),
  ];
  type Day = DayForecast & { readonly what: string };
  const columns: readonly Column<Day>[] = [
    { title: 'DAY', text: ({ what }) => what },
    { title: 'DATE', text: ({ date }) => date },
    ...dayColumns(days),
  ];
  return `${table(columns, days, screen)}\n${capsOf(caps)}`;
}

function capsOf({ perRun, accounts, days, mostDeferred, clearOn }: PolicyForecast['caps']): string {
  if (accounts === 0) return `The cap of ${perRun} steps of a kind in an account and run is never reached.`;
  const end = clearOn === undefined ? 'to the end, and steps still wait then' : `until ${clearOn}`;
  return (
    `The cap of ${perRun} steps of a kind defers steps in ${count(accounts, 'account')} on ${count(days, 'day')}, ${end}; ` +
    `at most ${number(mostDeferred)} wait in an account.`
  );
}

const dayColumns = <Row extends DayForecast>(rows: readonly Row[]): readonly Column<Row>[] => [
  right('ROTATE', (day) => number(day.rotate), rows),
  right('DISABLE', (day) => number(day.disable), rows),
  right('DELETE', (day) => number(day.delete), rows),
  right('DEFERRED', (day) => number(day.deferred), rows),
  right('MESSAGES', (day) => number(day.messages), rows),
];

function monthsOf({ months }: PolicyForecast, screen: Screen): string {
  type Month = PolicyForecast['months'][number];
  const columns: readonly Column<Month>[] = [
    { title: 'MONTH', text: ({ month }) => month },
    right('ROTATE', ({ rotate }) => number(rotate), months),
    right('DISABLE', (month) => number(month.disable), months),
    right('DELETE', (month) => number(month.delete), months),
    right('MESSAGES', ({ messages }) => number(messages), months),
    right('SECRETS', ({ secrets }) => number(secrets), months),
    right('COST $', ({ dollars }) => money(dollars), months),
  ];
  return table(columns, months, screen);
}

function accountsOf({ accounts }: PolicyForecast, screen: Screen): string | undefined {
  if (accounts.length < 2) return undefined;
  const shown = accounts.slice(0, MOST_ACCOUNTS);
  const columns: readonly Column<AccountForecast>[] = [
    { title: 'ACCOUNT', text: ({ account }) => account },
    right('USERS', ({ users }) => number(users), shown),
    right('ROTATE', ({ rotate }) => number(rotate), shown),
    right('DISABLE', (account) => number(account.disable), shown),
    right('DELETE', (account) => number(account.delete), shown),
    {
      title: 'WORST DAY',
      text: ({ worstDay }) => (worstDay ? `${worstDay.date} (${number(stepsOf(worstDay))})` : '-'),
    },
    right('AT CAP', ({ daysAtCap }) => (daysAtCap === 0 ? '-' : count(daysAtCap, 'day')), shown),
  ];
  const rest = accounts.length - shown.length;
  return [
    table(columns, shown, screen),
    ...(rest > 0 ? [`and ${count(rest, 'account')} more; --csv has each of them, day by day`] : []),
  ].join('\n');
}

function heldUpOf({ heldUp }: PolicyForecast, screen: Screen): string | undefined {
  if (heldUp.length === 0) return undefined;
  const columns: readonly Column<HeldUpUsers>[] = [
    right('HELD UP', ({ users }) => number(users), heldUp),
    { title: 'FROM', text: ({ firstDate }) => firstDate },
    {
      title: 'FOR',
      text: ({ longestDays, unending }) => (unending > 0 ? 'to the end' : `≤ ${count(longestDays, 'day')}`),
    },
    { title: 'WHY', text: ({ reason }) => holdInWords[reason], wraps: true },
    {
      title: 'SUCH AS',
      text: ({ users, examples }) => namesOf(examples) + (users > examples.length ? ' …' : ''),
      wraps: true,
    },
  ];
  return table(columns, heldUp, screen);
}

const namesOf = (examples: HeldUpUsers['examples']): string => examples.map(({ userName }) => userName).join(' ');

function rootKeysOf({ rootKeys }: ForecastReport, { paint }: Screen): string | undefined {
  if (rootKeys.length === 0) return undefined;
  const accounts = rootKeys.slice(0, MOST_ACCOUNTS).map(({ account }) => account);
  const more = rootKeys.length > accounts.length ? ', …' : '';
  return paint.red(
    `The root user has Active access keys in ${count(rootKeys.length, 'account')} (${accounts.join(', ')}${more}): ` +
      'delete them, Keyturn does not touch them.',
  );
}

const list = (title: string, sentences: readonly string[], screen: Screen): string =>
  table([{ title, text: (each: string) => `- ${each}`, wraps: true }], sentences, screen);

/** Figures stand under each other. */
function right<Row>(title: string, text: (row: Row) => string, rows: readonly Row[]): Column<Row> {
  const width = Math.max(title.length, ...rows.map((row) => text(row).length));
  return { title: title.padStart(width), text: (row) => text(row).padStart(width) };
}

const number = (value: number): string => value.toLocaleString('en-US');

const money = (dollars: number): string =>
  dollars.toLocaleString('en-US', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
