import { readFileSync } from 'node:fs';
import { forecastPage } from '../../../cli/forecast/html/page.ts';
import { forecastReports } from '../../../cli/verbs/forecast.ts';
import { at } from '../../support/builders.ts';
import { describeInChromium } from '../../support/in-chromium.ts';
import { FakeCli } from '../fake-cli.ts';
import { withFiles } from './reports.ts';

const ofSample = async () => {
  const options = { days: 365, runAt: 377, compare: ['default', 'cis'] };
  return (await forecastReports([], options, at('2026-06-01T00:00:00.000Z'))).report;
};

describe('the page of a forecast', () => {
  test('is written by --html, and the table is shown all the same', async () => {
    await withFiles({}, async (path) => {
      const { exitCode, out, err } = await new FakeCli().run('forecast', '--html', path('f.html'));
      expect({ exitCode, err }).toEqual({ exitCode: 0, err: `Written to ${path('f.html')}.` });
      expect(out).toContain('Forecast for the sample report');
      expect(readFileSync(path('f.html'), 'utf8')).toContain('<h1>Keyturn forecast, 2026-11-20 to 2027-11-19</h1>');
    });
  });

  test('that cannot be written is told', async () => {
    const { exitCode, err } = await new FakeCli().run('forecast', '--html', '/no/such/place/f.html');
    expect(exitCode).toBe(1);
    expect(err).toContain('The page could not be written to /no/such/place/f.html');
  });

  test('needs nothing else, and runs nothing', async () => {
    const page = forecastPage(await ofSample());
    expect(page).not.toMatch(/<script|<link|<img|@import|url\(|javascript:/i);
    expect(page.replaceAll('http://www.w3.org/', '')).not.toMatch(/https?:/);
  });

  test('has each policy’s figures as text beside its charts', async () => {
    const report = await ofSample();
    const page = forecastPage(report);
    for (const { name, days, worstDays } of report.policies) {
      expect(page).toContain(`<h2>Policy ${name}</h2>`);
      expect(page).toContain(`The heaviest day is ${worstDays[0]?.date}`);
      for (const { date } of days) expect(page).toContain(`<th scope="row">${date}</th>`);
    }
    expect(page.match(/<svg class="chart" role="img" aria-label="[^"]{40,}"/g)).toHaveLength(4);
  });

  test('holds names that were made to do harm as text', async () => {
    const report = await ofSample();
    const [policy] = report.policies;
    if (policy === undefined) throw new Error('there is no policy');
    const page = forecastPage({ ...report, policies: [{ ...policy, name: '</h2><script>alert(1)</script>"' }] });
    expect(page).not.toContain('<script');
    expect(page).toContain('&lt;script&gt;alert(1)&lt;/script&gt;&quot;');
  });
});

const html = async () => forecastPage(await ofSample());

describeInChromium('the page of a forecast in a real browser', { width: 1100, html }, (opened) => {
  test('opens from disk without a complaint, and asks for nothing but itself', async () => {
    await expect(opened.page.title()).resolves.toBe('Keyturn forecast, 2026-11-20 to 2027-11-19');
    expect(opened.complaints).toEqual([]);
    expect([...new Set(opened.requests)]).toEqual([opened.address]);
  });

  test('shows every day in figures when asked', async () => {
    await opened.page.locator('summary').first().click();
    await expect(opened.page.getByRole('rowheader', { name: '2026-11-20' }).first().isVisible()).resolves.toBe(true);
  });

  test.each(['light', 'dark'] as const)('passes the accessibility check of axe, %s', async (colorScheme) => {
    await opened.page.emulateMedia({ colorScheme });
    // A chart has another look in the dark: its colours come from the opened.page.
    const strongest = `document.querySelector('svg.chart rect[fill="var(--heat-4)"]')`;
    const heat = await opened.page.evaluate(`getComputedStyle(${strongest}).fill`);
    expect(heat).toBe(colorScheme === 'light' ? 'rgb(8, 68, 52)' : 'rgb(168, 236, 214)');
    const { violations, passes } = await opened.axe();
    expect(violations).toEqual([]);
    expect(passes).toBeGreaterThan(20);
  });
});
