import { csvParseRows } from 'd3-dsv';
import { type ReportModel, reportTables } from '../../lambda/domain/report/model.ts';
import { csvLines } from '../../lambda/rendering/csv.ts';
import { htmlLines } from '../../lambda/rendering/html/page.ts';
import { MOST_ROWS } from '../../lambda/rendering/html/tables.ts';
import { jsonLines } from '../../lambda/rendering/json.ts';
import { reportFiles } from '../../lambda/rendering/report-files.ts';
import { sampleReport } from './sample.ts';
import { october } from './support.ts';

const model = sampleReport();
const text = (lines: Iterable<string>) => [...lines].join('\n');
const html = text(htmlLines(model));
const rowsOf = (table: Parameters<typeof csvLines>[1], of = model) => csvParseRows(text(csvLines(of, table)));

describe('JSON', () => {
  test('is the whole report, with a line for each row', () => {
    const lines = [...jsonLines(model)];
    expect(JSON.parse(lines.join('\n'))).toEqual(model);
    expect(lines.length).toBeGreaterThan(model.keys.length + model.rotations.length);
  });

  test('of nothing is a report too', () => {
    const empty = october();
    expect(JSON.parse(text(jsonLines(empty)))).toEqual(empty);
  });
});

describe('CSV', () => {
  test.each(reportTables)('%s has a heading and a row for each row, all equally long', (table) => {
    const [heading = [], ...rows] = rowsOf(table);
    const expected = {
      controls: model.controls,
      keys: model.keys,
      rotations: model.rotations,
      exemptions: model.exemptions,
      runs: model.runs,
      'late-steps': model.lateSteps,
      policies: model.policies,
    }[table];
    expect(rows).toHaveLength(expected.length);
    expect(new Set(heading).size).toBe(heading.length);
    for (const row of rows) expect(row).toHaveLength(heading.length);
  });

  test('a row of keys', () => {
    const [heading = [], first = []] = rowsOf('keys', october());
    expect([heading, first]).toEqual([
      [
        'account',
        'user',
        'key',
        'status',
        'state',
        'created',
        'created_known_from',
        'age_days',
        'days_over_90',
        'next_step',
        'deadline',
        'waits_for',
        'exemption',
      ],
      [],
    ]);
    const [key] = model.keys;
    expect(rowsOf('keys')[1]?.slice(0, 4)).toEqual([key?.account, key?.userName, key?.keyId, key?.status]);
  });

  test('rotations have every receipt with its event', () => {
    const [heading = [], ...rows] = rowsOf('rotations');
    const notices = rows.map((row) => row[heading.indexOf('notices')]);
    expect(notices[0]).toMatch(
      /^payments by slack 20\d\d-\d\d-\d\d \d\d:\d\d \(receipt 01\w{24}, about key-replaced 01\w{24}\)/,
    );
  });

  test('a text that a spreadsheet would take for a formula is kept from it; a number is not touched', () => {
    const [heading = [], row = []] = rowsOf('exemptions');
    expect(row[heading.indexOf('reason')]).toMatch(/^'=HYPERLINK/);
    const negative: ReportModel = {
      ...model,
      lateSteps: model.lateSteps.slice(0, 1).map((one) => ({ ...one, daysLate: -3 })),
    };
    expect(rowsOf('late-steps', negative)[1]).toContain('-3');
  });
});

describe('HTML', () => {
  test('loads nothing: no address, no import, no picture from elsewhere', () => {
    const outside = html.replaceAll('&quot;https://example.com&quot;', '');
    expect(outside).not.toMatch(/https?:\/\/|@import|url\(|<link (?!rel="icon" href="data:,")|src=/);
    expect(html).toContain('default-src &#39;none&#39;');
  });

  test('shows what people wrote, and runs none of it', () => {
    expect(html).toContain(
      '=HYPERLINK(&quot;https://example.com&quot;), &lt;script&gt;alert(&quot;no&quot;)&lt;/script&gt; &amp; &quot;quotes&quot;',
    );
    expect(html.match(/<script/g)).toHaveLength(1);
  });

  test('has each control with its verdict in words', () => {
    for (const { id, title } of model.controls) {
      expect(html).toContain(`id="control-${id}"`);
      expect(html).toContain(title);
    }
    expect(html).toContain('✗ Fail');
    expect(html).toContain('✓ Pass');
    expect(html).toContain('– Not assessed');
  });

  test('each picture has a description and its figures', () => {
    expect(html.match(/<svg class="chart" role="img" aria-label="[^"]{40,}"/g)).toHaveLength(4);
    expect(html.match(/<summary>The figures of/g)).toHaveLength(4);
    const ids = [...html.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('pictures take their colours from the page, so that they follow light and dark', () => {
    const colours = [...html.matchAll(/<svg[\s\S]*?<\/svg>/g)].flatMap(([svg]) =>
      [...svg.matchAll(/ (?:fill|stroke)="([^"]+)"/g)].map(([, colour]) => colour),
    );
    expect(colours.length).toBeGreaterThan(100);
    expect(new Set(colours.filter((colour) => !/^var\(--\w+\)$/.test(colour ?? '')))).toEqual(new Set());
  });

  test('is the same for the same report', () => {
    expect(text(htmlLines(model))).toBe(html);
  });

  test('names the month, or the days', () => {
    expect(html).toContain('<title>Access keys: evidence for October 2026</title>');
    const days = { ...model, period: { from: '2026-10-05T00:00:00.000Z', to: '2026-11-02T00:00:00.000Z' } };
    expect(text(htmlLines(days))).toContain('evidence for 2026-10-05 to 2026-11-01');
  });

  test('of nothing says so', () => {
    const empty = text(htmlLines(october()));
    expect(empty.match(/<p class="nothing">/g)?.length).toBeGreaterThanOrEqual(9);
  });

  test('more rows than anybody reads are left to the other formats, and that is said', () => {
    const [key] = model.keys;
    if (key === undefined) throw new Error('the sample has no keys');
    const many = { ...model, keys: Array.from({ length: MOST_ROWS + 1 }, () => key) };
    const page = text(htmlLines(many));
    expect(page).toContain(`These are the first ${MOST_ROWS} of ${MOST_ROWS + 1} rows;`);
    expect(rowsOf('keys', many)).toHaveLength(MOST_ROWS + 2);
  });
});

test('a month is a page, a file for programs and a file for each table', () => {
  expect([...reportFiles(model)].map(({ name }) => name)).toEqual([
    'report.html',
    'report.json',
    ...reportTables.map((table) => `${table}.csv`),
  ]);
});
