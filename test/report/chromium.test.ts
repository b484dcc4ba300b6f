import { htmlLines } from '../../lambda/rendering/html/page.ts';
import { describeInChromium } from '../support/in-chromium.ts';
import { sampleReport } from './sample.ts';

// Small: axe looks at each cell by itself.
const model = sampleReport({ accounts: 9, usersPerAccount: 6 });
const html = () => [...htmlLines(model)].join('\n');

describeInChromium('the report in a real browser', { width: 1280, html }, (opened) => {
  const table = (title: string) => opened.page.locator(`table[data-rows="${title}"]`);
  const shownRows = (title: string) => table(title).locator('tbody tr:not([hidden])');
  const columnOf = (title: string, heading: string) =>
    table(title).evaluate((element, name) => {
      const [table] = [element as unknown as { tHead: { rows: Row[] }; tBodies: { rows: Row[] }[] }];
      interface Row {
        readonly cells: readonly { readonly textContent: string }[];
      }
      const at = [...(table.tHead.rows[0]?.cells ?? [])].findIndex((cell) => cell.textContent === name);
      return [...(table.tBodies[0]?.rows ?? [])].map((row) => row.cells[at]?.textContent ?? '');
    }, heading);

  test('opens from disk without a complaint, and asks for nothing but itself', async () => {
    await expect(opened.page.title()).resolves.toBe('Access keys: evidence for October 2026');
    expect(opened.complaints).toEqual([]);
    expect([...new Set(opened.requests)]).toEqual([opened.address]);
  });

  test('finds rows by any of their words', async () => {
    expect(await shownRows('keys').count()).toBe(model.keys.length);
    const [first] = model.keys;
    const search = opened.page.getByLabel('Search keys');
    await search.fill(`${first?.keyId.toLowerCase()} ${first?.account}`);
    expect(await shownRows('keys').count()).toBe(1);
    await search.fill('no such key');
    expect(await shownRows('keys').count()).toBe(0);
    expect(await table('keys').locator('xpath=../preceding-sibling::div[1]//output').textContent()).toBe(
      `0 of ${model.keys.length} rows`,
    );
    await search.fill('');
    expect(await shownRows('keys').count()).toBe(model.keys.length);
  });

  test('sorts numbers as numbers and texts as texts, up and down, what is empty last', async () => {
    const age = table('keys').getByRole('button', { name: 'Age, days' });
    await age.click();
    const numbers = model.keys.map(({ ageDays }) => ageDays ?? 0).toSorted((a, b) => a - b);
    expect((await columnOf('keys', 'Age, days')).map(Number)).toEqual(numbers);
    await age.click();
    expect((await columnOf('keys', 'Age, days')).map(Number)).toEqual(numbers.toReversed());
    expect(await table('keys').locator('th[aria-sort]').allTextContents()).toEqual(['Age, days']);
    await table('rotations').getByRole('button', { name: 'Successor used' }).click();
    const used = await columnOf('rotations', 'Successor used');
    const there = used.filter((text) => text !== '');
    expect(there.length).toBeGreaterThan(0);
    expect(used.slice(0, there.length)).toEqual(there.toSorted());
  });

  test('can be worked by keyboard alone', async () => {
    await opened.page.getByLabel('Search runs').focus();
    await opened.page.keyboard.press('Tab');
    // The table scrolls sideways, so it can be focused; then come its headings.
    await opened.page.keyboard.press('Tab');
    await opened.page.keyboard.press('Enter');
    expect(await table('runs').locator('th[aria-sort=ascending]').allTextContents()).toEqual(['Run']);
  });

  test.each(['light', 'dark'] as const)('axe finds nothing in %s', async (colorScheme) => {
    await opened.page.emulateMedia({ colorScheme });
    await opened.page.locator('details').evaluateAll((all) => {
      for (const one of all) one.setAttribute('open', '');
    });
    const background = await opened.page.evaluate('getComputedStyle(document.body).backgroundColor');
    expect(background).toBe(colorScheme === 'dark' ? 'rgb(18, 22, 28)' : 'rgb(246, 247, 249)');
    const { violations, passes } = await opened.axe();
    expect(violations).toEqual([]);
    expect(passes).toBeGreaterThan(20);
  });

  test('nothing but tables is wider than a telephone', async () => {
    await opened.page.setViewportSize({ width: 390, height: 800 });
    expect(await opened.page.evaluate('document.documentElement.scrollWidth')).toBe(390);
    await opened.page.setViewportSize({ width: 1280, height: 900 });
  });

  test('prints without cutting a table, whatever the reader has opened or likes', async () => {
    await opened.page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    // A4, landscape, within the margins of 12 mm, at 96 pixels an inch.
    const width = Math.floor(((297 - 24) / 25.4) * 96);
    await opened.page.setViewportSize({ width, height: 700 });
    const cut = await opened.page.evaluate<string[]>(`[...document.querySelectorAll('table, figure, .controls > li')]
      .filter((one) => one.offsetParent !== null && one.getBoundingClientRect().right > ${width} + 0.5)
      .map((one) => one.dataset.rows ?? one.id)`);
    expect(cut).toEqual([]);
    const hidden = await opened.page.evaluate<string[]>(`[...document.querySelectorAll('table')]
      .filter((one) => one.offsetParent !== null)
      .flatMap((one) => [one, one.parentElement].filter((box) => box.scrollWidth > box.clientWidth + 1 && getComputedStyle(box).overflowX !== 'visible'))
      .map((one) => one.outerHTML.slice(0, 80))`);
    expect(hidden).toEqual([]);
    const torn = await opened.page.evaluate<string[]>(`[...document.querySelectorAll('td')]
      .filter((cell) => cell.offsetParent !== null && /^[a-z]+$/i.test(cell.textContent.trim()))
      .filter((cell) => {
        const range = document.createRange();
        range.selectNodeContents(cell);
        return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
      })
      .map((cell) => cell.textContent)`);
    expect(torn).toEqual([]);
    const rows = await opened.page.evaluate<string[]>(
      `[...new Set([...document.querySelectorAll('tr')].map((row) => getComputedStyle(row).breakInside))]`,
    );
    expect(rows).toEqual(['avoid']);
    expect(await opened.page.evaluate('getComputedStyle(document.body).backgroundColor')).toBe('rgb(255, 255, 255)');
    await opened.page.emulateMedia({ media: null });
    const pdf = await opened.page.pdf({ preferCSSPageSize: true, printBackground: true });
    const text = pdf.toString('latin1');
    const pages = [...text.matchAll(/\/Type\s*\/Page\b(?!s)/g)].length;
    expect(pages).toBeGreaterThan(3);
    // Every page is A4 in landscape, in points.
    const boxes = new Set(
      [...text.matchAll(/\/MediaBox\s*\[([^\]]+)\]/g)].map(([, box = '']) =>
        box
          .split(/\s+/)
          .filter(Boolean)
          .map((side) => Math.round(Number(side)))
          .join(' '),
      ),
    );
    expect([...boxes]).toEqual(['0 0 842 595']);
  });
});
