import { escapeHtml } from '../../domain/escape.ts';

export interface Picture {
  /** What it shows, for whoever does not see it. */
  readonly description: string;
  readonly width: number;
  readonly height: number;
}

/** An SVG element that grows and shrinks with the page and takes its colours from the page's style. */
export const picture = ({ description, width, height }: Picture, drawn: string): string =>
  `<svg class="chart" role="img" aria-label="${escapeHtml(description)}" viewBox="0 0 ${width} ${height}">${drawn}</svg>`;

/** What each colour means; in HTML, so that it wraps as text does. */
export const legend = (entries: readonly { readonly name: string; readonly colour: string }[]): string =>
  `<ul class="legend">${entries.map(({ name, colour }) => `<li style="border-color: var(${colour})">${escapeHtml(name)}</li>`).join('')}</ul>`;

/** What both need of the page's style, which has the colours `--line` and those that are named. */
export const pictureStyle = `
.chart { display: block; width: 100%; height: auto; font: 12px sans-serif; fill: currentColor; }
.chart path { stroke: var(--line); } .chart rect { shape-rendering: crispEdges; }
.legend { list-style: none; display: flex; flex-wrap: wrap; justify-content: center; gap: .3rem 1.5rem; margin: .3rem 0; padding: 0; font-size: .8rem; line-height: 1; }
.legend li { border-left: .9rem solid; padding-left: .4rem; }
`.trim();
