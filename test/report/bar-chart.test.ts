import { type Bars, barChart } from '../../lambda/rendering/html/bar-chart.ts';

const bars = (over: Partial<Bars> = {}): string =>
  barChart({
    description: 'Keys by month.',
    categories: ['2026-10', '2026-11'],
    series: [{ name: 'rotate', colour: '--c1', values: [2, 4] }],
    width: 640,
    ...over,
  });

const values = (...of: number[]) => ({ series: [{ name: 'rotate', colour: '--c1', values: of }] });

interface Rect {
  readonly x: number;
  readonly y: number;
  readonly height: number;
  readonly fill: string;
}

const rectsOf = (html: string): readonly Rect[] =>
  [...html.matchAll(/<rect x="([^"]+)" y="([^"]+)" width="[^"]+" height="([^"]+)" fill="([^"]+)"\/>/g)].map(
    ([, x, y, height, fill = '']) => ({ x: Number(x), y: Number(y), height: Number(height), fill }),
  );

const textsOf = (html: string, anchor: 'middle' | 'end'): readonly string[] =>
  [...html.matchAll(new RegExp(`text-anchor="${anchor}">([^<]*)<`, 'g'))].map(([, text = '']) => text);

test('a bar is as high as its value says', () => {
  const [october, november] = rectsOf(bars());
  expect(november?.height).toBe(208);
  expect(october?.height).toBe(104);
  // They stand on the same line.
  expect((october?.y ?? 0) + 104).toBe((november?.y ?? 0) + 208);
});

test('bars of one category stand on each other, in the order of their series', () => {
  const html = bars({
    categories: ['2026-10'],
    series: [
      { name: 'rotate', colour: '--c1', values: [1] },
      { name: 'disable', colour: '--c2', values: [2] },
      { name: 'delete', colour: '--c3', values: [1] },
    ],
  });
  const [rotate, disable, remove] = rectsOf(html);
  expect([rotate, disable, remove].map((rect) => rect?.fill)).toEqual(['var(--c1)', 'var(--c2)', 'var(--c3)']);
  expect([rotate, disable, remove].map((rect) => rect?.height)).toEqual([52, 104, 52]);
  expect((disable?.y ?? 0) + 104).toBe(rotate?.y);
  expect((remove?.y ?? 0) + 52).toBe(disable?.y);
});

test('a legend tells several series apart; one needs none', () => {
  const [first, second] = [
    { name: '<current>', colour: '--c1', values: [1, 0] },
    { name: 'warned', colour: '--c2', values: [0, 1] },
  ] as const;
  expect(bars({ series: [first, second] })).toContain(
    '<ul class="legend"><li style="border-color: var(--c1)">&lt;current&gt;</li><li style="border-color: var(--c2)">warned</li></ul>',
  );
  expect(bars({ series: [first] })).not.toContain('legend');
});

test('what is zero has no bar, and nothing but zeros no height', () => {
  expect(rectsOf(bars(values(0, 3)))).toHaveLength(1);
  const empty = bars(values(0, 0));
  expect(rectsOf(empty)).toEqual([]);
  expect(textsOf(empty, 'end')).toEqual(['0', '1']);
});

test.each([
  [1, ['0', '1']],
  [3, ['0', '1', '2', '3']],
  [9, ['0', '2', '4', '6', '8', '10']],
  [60, ['0', '10', '20', '30', '40', '50', '60']],
  [1_234_567, ['0', '200,000', '400,000', '600,000', '800,000', '1,000,000', '1,200,000', '1,400,000']],
])('up to %i the axis counts in whole, round numbers', (most, marks) => {
  expect(textsOf(bars(values(most, 1)), 'end')).toEqual(marks);
});

test('as many names stand below as fit, and all bars are there', () => {
  const days = Array.from({ length: 400 }, (_, n) => new Date(Date.UTC(2026, 0, 1 + n)).toISOString().slice(5, 10));
  const html = bars({ categories: days, ...values(...days.map(() => 1)) });
  // Days of two years share their names, and not their places.
  expect(new Set(rectsOf(html).map(({ x }) => x)).size).toBe(400);
  const names = textsOf(html, 'middle');
  expect(names[0]).toBe('01-01');
  expect(names.length).toBeGreaterThan(8);
  expect(names.length).toBeLessThan(16);
  expect(textsOf(bars(), 'middle')).toEqual(['2026-10', '2026-11']);
});

test('the axis has its name, and the picture its description, as text', () => {
  const html = bars({ xName: 'age < 90 "days"', description: 'Bars & "more" <b>' });
  expect(textsOf(html, 'middle')).toContain('age &lt; 90 &quot;days&quot;');
  expect(html).toContain('role="img" aria-label="Bars &amp; &quot;more&quot; &lt;b&gt;"');
});
