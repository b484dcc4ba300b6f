import { escapeHtml } from '../../../lambda/domain/escape.ts';
import { barChart } from '../../../lambda/rendering/html/bar-chart.ts';
import { count, dayOf } from '../../dates.ts';
import {
  type AccountForecast,
  type DayForecast,
  type ForecastReport,
  type HeldUpUsers,
  type PolicyForecast,
  stepsOf,
} from '../forecast-report.ts';
import { holdInWords, policyInWords } from '../wording.ts';
import { calendar } from './calendar.ts';
import { type Cell, htmlTable, number } from './markup.ts';

/** A page of more accounts is slow to open. */
const MOST_ACCOUNTS = 500;

/** Policies side by side. */
export function comparison(policies: readonly PolicyForecast[]): string {
  const cells: readonly Cell<PolicyForecast>[] = [
    { title: 'Policy', text: ({ name }) => name },
    figure('Rotations', ({ totals }) => totals.rotate),
    figure('Disables', ({ totals }) => totals.disable),
    figure('Deletes', ({ totals }) => totals.delete),
    figure('Messages to owners', ({ totals }) => totals.messages),
    { title: 'Heaviest day', text: ({ worstDays: [day] }) => (day ? `${day.date}: ${number(stepsOf(day))}` : 'none') },
    { title: 'Rules', text: ({ policy }) => policyInWords(policy) },
  ];
  return `<section><h2>Side by side</h2>${htmlTable('What each policy would do', cells, policies)}</section>`;
}

/** Everything about one policy: a calendar, months, accounts, users that are held up. */
export function policySection(policy: PolicyForecast, { from, to }: ForecastReport): string {
  const { name, totals, days, months, worstDays, firstDay } = policy;
  const [worst] = worstDays;
  const told = worst
    ? `From ${firstDay?.date ?? worst.date} on. The heaviest day is ${worst.date}: ${dayInWords(worst)}.`
    : 'No key is rotated, disabled or deleted in this time.';
  return `<section>
<h2>Policy ${escapeHtml(name)}</h2>
<p class="soft">${escapeHtml(policyInWords(policy.policy))}.</p>
<dl class="figures">${[
    ['rotations', totals.rotate],
    ['disables', totals.disable],
    ['deletes', totals.delete],
    ['messages to owners', totals.messages],
    ['secrets at the end', months.at(-1)?.secrets ?? 0],
  ]
    .map(([what, value]) => `<div><dt>${what}</dt><dd>${number(Number(value))}</dd></div>`)
    .join('')}</dl>
<p>${escapeHtml(told)} ${escapeHtml(capsInWords(policy))}</p>
<figure class="calendar">${calendar(days, dayOf(from), dayOf(to))}
<figcaption>Rotations, disables and deletes of each day, stronger where there are more. The figures are in the table below.</figcaption></figure>
<details><summary>Every day in figures</summary>${htmlTable(`Days, policy ${name}`, dayCells, days)}</details>
<h3>Months</h3>
<figure>${monthBars(policy)}<figcaption>Rotations, disables and deletes by month.</figcaption></figure>
${htmlTable(`Months, policy ${name}`, monthCells, months)}
${accountsOf(policy)}
${heldUpOf(policy)}
</section>`;
}

/** Rotations, disables and deletes by month. */
const monthBars = ({ name, months }: PolicyForecast): string =>
  barChart({
    description: `Stacked bar chart of the rotations, disables and deletes of each month under policy ${name}.`,
    categories: months.map(({ month }) => month),
    series: (['rotate', 'disable', 'delete'] as const).map((kind) => ({
      name: kind,
      colour: `--${kind}`,
      values: months.map((month) => month[kind]),
    })),
    width: 900,
  });

function figure<Row>(title: string, of: (row: Row) => number): Cell<Row> {
  return { title, text: (row) => number(of(row)), figure: true };
}

const dayCells: readonly Cell<DayForecast>[] = [
  { title: 'Date', text: ({ date }) => date },
  figure('Rotate', ({ rotate }) => rotate),
  figure('Disable', (day) => day.disable),
  figure('Delete', (day) => day.delete),
  figure('Deferred', ({ deferred }) => deferred),
  figure('Messages', ({ messages }) => messages),
];

type Month = PolicyForecast['months'][number];
const monthCells: readonly Cell<Month>[] = [
  { title: 'Month', text: ({ month }) => month },
  figure('Rotate', ({ rotate }) => rotate),
  figure('Disable', (month) => month.disable),
  figure('Delete', (month) => month.delete),
  figure('Messages', ({ messages }) => messages),
  figure('Secrets', ({ secrets }) => secrets),
  { title: 'Cost, $', text: ({ dollars }) => dollars.toFixed(2), figure: true },
];

const dayInWords = (day: DayForecast): string =>
  `${count(day.rotate, 'rotation')}, ${count(day.disable, 'disable')}, ${count(day.delete, 'delete')}`;

function capsInWords({ caps: { perRun, accounts, days, mostDeferred, clearOn } }: PolicyForecast): string {
  if (accounts === 0) return `The cap of ${perRun} steps of a kind in an account and run is never reached.`;
  const end = clearOn === undefined ? 'and steps still wait at the end' : `the last until ${clearOn}`;
  return `The cap of ${perRun} steps of a kind defers steps in ${count(accounts, 'account')} on ${count(days, 'day')}, ${end}; at most ${number(mostDeferred)} wait in an account.`;
}

function accountsOf({ name, accounts }: PolicyForecast): string {
  if (accounts.length < 2) return '';
  const cells: readonly Cell<AccountForecast>[] = [
    { title: 'Account', text: ({ account }) => account },
    figure('Users', ({ users }) => users),
    figure('Rotate', ({ rotate }) => rotate),
    figure('Disable', (account) => account.disable),
    figure('Delete', (account) => account.delete),
    { title: 'First day', text: ({ firstDate }) => firstDate ?? '' },
    {
      title: 'Heaviest day',
      text: ({ worstDay }) => (worstDay ? `${worstDay.date}: ${number(stepsOf(worstDay))}` : ''),
    },
    figure('Days at the cap', ({ daysAtCap }) => daysAtCap),
  ];
  const shown = accounts.slice(0, MOST_ACCOUNTS);
  const caption =
    shown.length < accounts.length
      ? `The ${number(shown.length)} busiest of ${number(accounts.length)} accounts, policy ${name}`
      : `Accounts, policy ${name}`;
  return `<h3>Accounts</h3>${htmlTable(caption, cells, shown)}`;
}

function heldUpOf({ name, heldUp }: PolicyForecast): string {
  if (heldUp.length === 0) return '';
  const cells: readonly Cell<HeldUpUsers>[] = [
    { title: 'Why', text: ({ reason }) => holdInWords[reason] },
    figure('Users', ({ users }) => users),
    { title: 'From', text: ({ firstDate }) => firstDate },
    {
      title: 'For',
      text: ({ longestDays, unending }) => (unending > 0 ? 'to the end' : `up to ${count(longestDays, 'day')}`),
    },
    {
      title: 'Such as',
      text: ({ examples }) => examples.map(({ account, userName }) => `${userName} (${account})`).join(', '),
    },
  ];
  return `<h3>Held up</h3>${htmlTable(`Users who are held up, policy ${name}`, cells, heldUp)}`;
}
