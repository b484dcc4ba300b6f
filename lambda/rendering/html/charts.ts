import { escapeHtml } from '../../domain/escape.ts';
import { keyStates } from '../../domain/past/standing.ts';
import { namesInWords, spansInWords } from '../../domain/report/control-words.ts';
import type { ReportModel } from '../../domain/report/model.ts';
import { type Bars, barChart } from './bar-chart.ts';

const stateColours: Readonly<Record<string, string>> = {
  current: '--c1',
  warned: '--c2',
  due: '--c3',
  rotating: '--c4',
  retiring: '--c5',
  inactive: '--c6',
  exempt: '--c7',
  blocked: '--c8',
};

const WIDTH = 640;

interface Chart extends Omit<Bars, 'width'> {
  /** Unique in the document. */
  readonly id: string;
  readonly title: string;
  /** What to know of it, below. */
  readonly note?: string;
}

/** The four pictures, each with the figures behind it. */
export function* chartLines(model: ReportModel): Generator<string> {
  yield '<div class="charts">';
  for (const chart of [ages(model), states(model), deadlines(model), adoption(model)]) yield* figure(chart);
  yield '</div>';
}

function* figure(chart: Chart): Generator<string> {
  const { id, title, categories, series, xName = '', note } = chart;
  yield `<figure id="${id}"><figcaption>${escapeHtml(title)}</figcaption>`;
  const total = series.flatMap(({ values }) => values).reduce((sum, value) => sum + value, 0);
  if (total === 0) yield '<p class="nothing">Nothing to show.</p>';
  else yield barChart({ ...chart, width: WIDTH });
  if (note !== undefined) yield `<p class="note">${escapeHtml(note)}</p>`;
  yield `<details><summary>The figures of “${escapeHtml(title)}”</summary><div class="scroll" tabindex="0" role="region" aria-label="Figures of ${escapeHtml(title)}"><table>`;
  yield `<thead><tr><th scope="col">${escapeHtml(xName)}</th>${series.map(({ name }) => `<th scope="col" class="number">${escapeHtml(name)}</th>`).join('')}</tr></thead><tbody>`;
  for (const [n, category] of categories.entries()) {
    const cells = series.map(({ values }) => `<td class="number">${values[n] ?? 0}</td>`);
    yield `<tr><th scope="row">${escapeHtml(category)}</th>${cells.join('')}</tr>`;
  }
  yield '</tbody></table></div></details></figure>';
}

function ages({ series: { ages: bars, limitDays }, figures }: ReportModel): Chart {
  const over = bars.filter(({ fromDays }) => fromDays >= limitDays).reduce((sum, { keys }) => sum + keys, 0);
  const within = (fromDays: number) => fromDays < limitDays;
  const last = bars.at(-1)?.fromDays ?? 0;
  return {
    id: 'chart-ages',
    title: 'Age of the Active keys at the end',
    description: `Bar chart of ${figures.activeKeys} Active keys by age. ${over} are ${limitDays} days old or older.`,
    xName: 'age in days',
    categories: bars.map(({ fromDays }) => (fromDays === last ? `${fromDays}+` : `${fromDays}–${fromDays + 9}`)),
    series: [
      {
        name: `under ${limitDays} days`,
        colour: '--c1',
        values: bars.map((bar) => (within(bar.fromDays) ? bar.keys : 0)),
      },
      {
        name: `${limitDays} days or older`,
        colour: '--c8',
        values: bars.map((bar) => (within(bar.fromDays) ? 0 : bar.keys)),
      },
    ],
  };
}

function states({ series, basis: { daysWithoutRun } }: ReportModel): Chart {
  const present = keyStates.filter((state) => series.states.some(({ keys }) => (keys[state] ?? 0) > 0));
  const [first, last] = [series.states[0], series.states.at(-1)];
  const told = present.map((state) => `${state} ${first?.keys[state] ?? 0} to ${last?.keys[state] ?? 0}`);
  return {
    id: 'chart-states',
    title: 'Keys by state over the period',
    description: `Stacked bar chart of the number of keys in each state, from the first to the last day: ${told.join(', ')}.`,
    xName: 'end of the day (UTC)',
    // A count at midnight is that of the day before.
    categories: series.states.map(({ at }) => new Date(Date.parse(at) - 1).toISOString().slice(5, 10)),
    series: present.map((state) => ({
      name: state,
      colour: stateColours[state] ?? '--c6',
      values: series.states.map(({ keys }) => keys[state] ?? 0),
    })),
    ...(daysWithoutRun.length > 0 && {
      note: `No run began ${namesInWords(spansInWords(daysWithoutRun), '; ')}: there the bars show what was known before.`,
    }),
  };
}

function deadlines({ series: { deadlines: weeks } }: ReportModel): Chart {
  const sum = (step: 'rotate' | 'disable' | 'delete') => weeks.reduce((total, week) => total + week[step], 0);
  const steps = [
    { name: 'rotate', colour: '--c1' },
    { name: 'disable', colour: '--c5' },
    { name: 'delete', colour: '--c6' },
  ] as const;
  const told = steps.map(({ name }) => `${sum(name)} to ${name}`);
  return {
    id: 'chart-deadlines',
    title: 'What falls due in the weeks after',
    description: `Stacked bar chart of the steps due in each of 13 weeks after the period: ${told.join(', ')}. The first week includes what was overdue.`,
    xName: 'week from',
    categories: weeks.map(({ week }) => week.slice(5, 10)),
    series: steps.map(({ name, colour }) => ({ name, colour, values: weeks.map((week) => week[name]) })),
  };
}

function adoption({ series }: ReportModel): Chart {
  const used = series.adoption.slice(0, -1).reduce((sum, { keys }) => sum + keys, 0);
  return {
    id: 'chart-adoption',
    title: 'How soon new keys were used',
    description: `Bar chart of the days from a new key to its first use. ${used} new keys were first used in the period; ${series.adoption.at(-1)?.keys ?? 0} old keys stopped before that.`,
    xName: 'days from publication to first use; never: not before the old key stopped',
    categories: series.adoption.map(({ days }) => days),
    series: [{ name: 'keys', colour: '--c2', values: series.adoption.map(({ keys }) => keys) }],
  };
}
