import { cumsum, max, nice, range, sum, ticks } from 'd3-array';
import { scaleBand } from 'd3-scale';
import { escapeHtml } from '../../domain/escape.ts';
import { legend, picture } from './picture.ts';

export interface BarSeries {
  readonly name: string;
  /** A custom property of the page's style, such as `--c1`: the picture follows the reader's light or dark. */
  readonly colour: string;
  /** One for each category, 0 or more. */
  readonly values: readonly number[];
}

export interface Bars {
  /** What the picture shows, for whoever does not see it. */
  readonly description: string;
  /** From left to right. */
  readonly categories: readonly string[];
  readonly series: readonly BarSeries[];
  readonly xName?: string;
  /** Of the picture, in pixels where the page shows it in full size. */
  readonly width: number;
}

/** In pixels: the highest bar's end, the bars' foot, and the space beside them. */
const [TOP, FOOT, MARGIN] = [12, 220, 8];
/** Pixels for a character of the texts, at the most. */
const CHARACTER = 7;
/** About as many marks on the axis. */
const MARKS = 6;

/** Stacked bars with their legend, as HTML that needs nothing but the page's style. */
export function barChart({ description, categories, series, xName, width }: Bars): string {
  const stacks = categories.map((_, at) => series.map(({ values }) => values[at] ?? 0));
  // Of a linear scale these need the round numbers only; d3's would bring along how to blend colours.
  const [, top] = nice(0, max(stacks, (values) => sum(values)) || 1, MARKS);
  const y = (value: number) => FOOT - ((FOOT - TOP) * value) / top;
  // Nothing here can be counted by halves.
  const marks = ticks(0, top, MARKS).filter(Number.isInteger);
  const left = 2 * MARGIN + CHARACTER * longest(marks.map(inFigures));
  const right = width - MARGIN;
  const x = scaleBand(range(categories.length), [left, right]).padding(0.12);

  const grid = marks.map((mark) => `<path d="M${left} ${short(y(mark))}H${right}"/>`);
  const figures = marks.map((mark) => label(left - MARGIN, y(mark) + 4, inFigures(mark), 'end'));
  const bars = stacks.flatMap((values, at) => {
    const tops = cumsum(values);
    return series.flatMap(({ colour }, n) => {
      const [upper, value] = [tops[n] ?? 0, values[n] ?? 0];
      const [from, to] = [short(y(upper)), short(y(upper - value))];
      if (value === 0) return [];
      return `<rect x="${short(x(at) ?? 0)}" y="${from}" width="${short(x.bandwidth())}" height="${short(to - from)}" fill="var(${colour})"/>`;
    });
  });
  // As many as fit beside each other.
  const every = Math.ceil((CHARACTER * (longest(categories) + 1)) / x.step());
  const names = categories.flatMap((category, at) =>
    at % every === 0 ? label((x(at) ?? 0) + x.bandwidth() / 2, FOOT + 18, category) : [],
  );
  const title = xName === undefined ? [] : label((left + right) / 2, FOOT + 42, xName);
  const height = FOOT + (xName === undefined ? 28 : 52);
  const drawn = [...grid, ...bars, ...figures, ...names, title].join('');
  return `${series.length > 1 ? legend(series) : ''}${picture({ description, width, height }, drawn)}`;
}

const inFigures = (value: number) => value.toLocaleString('en-US');
const longest = (texts: readonly string[]) => max(texts, ({ length }) => length) ?? 0;
/** Nobody sees less than a tenth of a pixel. */
const short = (pixels: number) => Math.round(pixels * 10) / 10;

const label = (x: number, y: number, text: string, anchor: 'middle' | 'end' = 'middle') =>
  `<text x="${short(x)}" y="${short(y)}" text-anchor="${anchor}">${escapeHtml(text)}</text>`;
