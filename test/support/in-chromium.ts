import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type BrowserContext, chromium, type Page } from 'playwright-core';

const executablePath = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find(existsSync);

/** Nothing of its own accord: no updates, no background traffic, nothing from before. */
const quiet = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A document opened from disk, and what came of it. */
export interface Opened {
  readonly page: Page;
  readonly address: string;
  /** Addresses that the browser asked for. */
  readonly requests: readonly string[];
  /** What the browser had to say of it. */
  readonly complaints: readonly string[];
  /** What axe finds against it as it looks now, and how many of its rules found nothing. */
  readonly axe: () => Promise<{ readonly violations: readonly string[]; readonly passes: number }>;
}

/** Tests of a document in a real browser; skipped, and told so, on a machine without one. */
export function describeInChromium(
  name: string,
  document: { readonly width: number; readonly html: () => string | Promise<string> },
  tests: (opened: Opened) => void,
): void {
  const suite = executablePath === undefined ? describe.skip : describe;
  const why =
    executablePath === undefined ? ' (skipped: there is no /usr/bin/chromium; Debian has it as package chromium)' : '';
  suite(`${name}${why}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'keyturn-chromium-'));
    const file = join(folder, 'document.html');
    let browser: BrowserContext;
    let page: Page;
    const requests: string[] = [];
    const complaints: string[] = [];

    beforeAll(async () => {
      writeFileSync(file, await document.html());
      browser = await chromium.launchPersistentContext(join(folder, 'profile'), {
        executablePath: executablePath ?? '',
        args: quiet,
        viewport: { width: document.width, height: 900 },
      });
      browser.on('request', (request) => requests.push(request.url()));
      page = await browser.newPage();
      page.on('console', (message) => complaints.push(`${message.type()}: ${message.text()}`));
      page.on('pageerror', (error) => complaints.push(String(error)));
      await page.goto(`file://${file}`);
    }, 60_000);

    afterAll(async () => {
      await browser?.close();
      rmSync(folder, { recursive: true, force: true });
    });

    const axe = async () => {
      // Not as a script of the page, which its own policy would refuse.
      await page.evaluate(readFileSync(createRequire(__filename).resolve('axe-core/axe.min.js'), 'utf8'));
      const found = await page.evaluate<{ violations: { id: string; nodes: { html: string }[] }[]; passes: unknown[] }>(
        'axe.run()',
      );
      const violations = found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
      return { violations, passes: found.passes.length };
    };

    tests({
      get page() {
        return page;
      },
      address: `file://${file}`,
      requests,
      complaints,
      axe,
    });
  });
}
