import { BarChart } from 'echarts/charts';
import { GridComponent, LegendComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

echarts.use([BarChart, GridComponent, LegendComponent, SVGRenderer]);

export interface BarSeries {
  readonly name: string;
  /** A custom property of the page's style, such as `--c1`: the picture follows the reader's light or dark. */
  readonly colour: string;
  readonly values: readonly number[];
}

export interface Bars {
  /** Unique in the document. */
  readonly id: string;
  /** What the picture shows, for whoever does not see it. */
  readonly description: string;
  readonly categories: readonly string[];
  readonly series: readonly BarSeries[];
  readonly xName: string;
}

const [WIDTH, HEIGHT] = [640, 300];
const text = { color: 'var(--text)', fontSize: 12 };
const line = { lineStyle: { color: 'var(--line)' } };

/** Stacked bars as one SVG element that needs nothing but the page's style. */
export function barsSvg({ id, description, categories, series, xName }: Bars): string {
  const chart = echarts.init(null, undefined, { renderer: 'svg', ssr: true, width: WIDTH, height: HEIGHT });
  const many = series.length > 1;
  chart.setOption({
    animation: false,
    textStyle: { fontFamily: 'sans-serif' },
    grid: { left: 56, right: 24, top: many ? 48 : 28, bottom: 48 },
    ...(many && {
      legend: {
        top: 0,
        backgroundColor: 'transparent',
        borderColor: 'transparent',
        textStyle: text,
        itemWidth: 14,
        itemHeight: 10,
        itemGap: 28,
      },
    }),
    xAxis: {
      type: 'category',
      data: [...categories],
      name: xName,
      nameLocation: 'middle',
      nameGap: 30,
      nameTextStyle: text,
      axisLabel: { ...text, hideOverlap: true },
      axisLine: line,
      axisTick: { show: false },
    },
    yAxis: { type: 'value', minInterval: 1, axisLabel: text, splitLine: line, axisLine: { show: false } },
    series: series.map(({ name, colour, values }) => ({
      type: 'bar',
      name,
      stack: 'all',
      barCategoryGap: '12%',
      silent: true,
      itemStyle: { color: `var(${colour})` },
      data: [...values],
    })),
  });
  const svg = chart.renderToSVGString();
  chart.dispose();
  return accessible(svg, id, description);
}

/** As a picture with a description; without what only a live chart needs, and with IDs of its own. */
function accessible(svg: string, id: string, description: string): string {
  const quoted = description.replaceAll('&', '&amp;').replaceAll('"', '&quot;').replaceAll('<', '&lt;');
  return svg
    .replace(/<style\s*>[\s\S]*?<\/style>/g, '')
    .replace(/ (class="zr\d+-cls-\d+"|ecmeta_[a-z_]+="[^"]*"|pointer-events="visible")/g, '')
    .replaceAll(/\bzr\d+-/g, `${id}-`)
    .replace(/\n+/g, '')
    .replace('<svg ', `<svg role="img" aria-label="${quoted}" `);
}
