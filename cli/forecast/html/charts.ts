import { BarChart, HeatmapChart } from 'echarts/charts';
import { CalendarComponent, GridComponent, LegendComponent, VisualMapPiecewiseComponent } from 'echarts/components';
import * as echarts from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import type { MonthCost } from '../cost.ts';
import { type DayForecast, stepsOf } from '../forecast-report.ts';

echarts.use([
  BarChart,
  HeatmapChart,
  CalendarComponent,
  GridComponent,
  LegendComponent,
  VisualMapPiecewiseComponent,
  SVGRenderer,
]);

/** Named by the style sheet, so that a chart turns light and dark with the page. */
const ink = 'var(--ink)';
const line = 'var(--line)';
const text = { color: ink, fontFamily: 'inherit', fontSize: 12 };
const still = { animation: false, textStyle: text } as const;
const shades = [1, 2, 3, 4].map((step) => `var(--heat-${step})`);

/** Levels of the calendar: up to a quarter of the heaviest day, a half, three quarters, all. */
export function levelsOf(most: number): readonly { readonly from: number; readonly to: number }[] {
  const levels: { from: number; to: number }[] = [];
  let from = 1;
  for (let step = 1; step <= shades.length; step += 1) {
    const to = Math.max(from, Math.ceil((most * step) / shades.length));
    if (from > most) break;
    levels.push({ from, to });
    from = to + 1;
  }
  return levels;
}

/** The days of a year or so, darker the more is done on them; an SVG. */
export function calendar(days: readonly DayForecast[], from: string, to: string): string {
  const busy = days.filter((day) => stepsOf(day) > 0);
  const levels = levelsOf(Math.max(1, ...busy.map(stepsOf)));
  const years = yearsBetween(from, to);
  const heightOf = 150;
  return drawn(
    { width: 900, height: years.length * heightOf + 40 },
    {
      ...still,
      visualMap: {
        type: 'piecewise',
        orient: 'horizontal',
        left: 'center',
        bottom: 0,
        itemGap: 18,
        textStyle: text,
        outOfRange: { color: 'transparent' },
        pieces: levels.map(({ from: gte, to: lte }, at) => ({
          gte,
          lte,
          label: gte === lte ? `${gte}` : `${gte} to ${lte}`,
          color: shades[at],
        })),
      },
      calendar: years.map((range, at) => ({
        top: at * heightOf + 26,
        left: 70,
        range,
        cellSize: [15, 15],
        splitLine: { lineStyle: { color: ink, width: 1 } },
        itemStyle: { color: 'transparent', borderColor: line, borderWidth: 1 },
        dayLabel: { ...text, firstDay: 1, nameMap: 'en' },
        monthLabel: { ...text, nameMap: 'en' },
        yearLabel: { ...text, show: true, margin: 40 },
      })),
      series: years.map(([first, last], at) => ({
        type: 'heatmap',
        coordinateSystem: 'calendar',
        calendarIndex: at,
        silent: true,
        emphasis: { disabled: true },
        data: busy.filter(({ date }) => date >= first && date <= last).map((day) => [day.date, stepsOf(day)]),
      })),
    },
  );
}

/** Rotations, disables and deletes by month; an SVG. */
export function monthBars(months: readonly MonthCost[]): string {
  const series = (name: string, kind: 'rotate' | 'disable' | 'delete') => ({
    type: 'bar',
    stack: 'all',
    name,
    silent: true,
    emphasis: { disabled: true },
    itemStyle: { color: `var(--${kind})` },
    data: months.map((month) => month[kind]),
  });
  const axis = { axisLabel: text, axisLine: { lineStyle: { color: line } }, axisTick: { show: false } };
  return drawn(
    { width: 900, height: 260 },
    {
      ...still,
      grid: { left: 60, right: 10, top: 34, bottom: 28 },
      legend: { top: 0, itemGap: 18, textStyle: text, selectedMode: false },
      xAxis: { type: 'category', data: months.map(({ month }) => month), ...axis },
      yAxis: { type: 'value', minInterval: 1, splitLine: { lineStyle: { color: line } }, ...axis },
      series: [series('rotate', 'rotate'), series('disable', 'disable'), series('delete', 'delete')],
    },
  );
}

function drawn(size: { readonly width: number; readonly height: number }, option: echarts.EChartsCoreOption): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, ...size });
  try {
    chart.setOption(option);
    // It scales with the page, which also says in words what it shows.
    return chart
      .renderToSVGString()
      .replace(/^<svg width="\d+" height="\d+"/, '<svg class="chart" aria-hidden="true" focusable="false"');
  } finally {
    chart.dispose();
  }
}

/** One row of the calendar for each calendar year that the forecast touches. */
function yearsBetween(from: string, to: string): [string, string][] {
  const years: [string, string][] = [];
  for (let year = Number(from.slice(0, 4)); year <= Number(to.slice(0, 4)); year += 1) {
    const first = `${year}-01-01`;
    const last = `${year}-12-31`;
    years.push([from > first ? `${from.slice(0, 7)}-01` : first, to < last ? to : last]);
  }
  return years;
}
