import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { paged } from '../../cli/pager.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-pager-'));
afterAll(() => rmSync(folder, { recursive: true }));
const seen = join(folder, 'seen');
const toFile = { PAGER: `cat > '${seen}'` };

/** A terminal of ten lines, or a pipe. */
function screen(isTTY: boolean) {
  const written: string[] = [];
  const write = (text: string) => written.push(text) > 0;
  return { written, stdout: { isTTY, rows: 10, write: write as NodeJS.WriteStream['write'] } };
}
const long = Array.from({ length: 30 }, (_, n) => `line ${n}`).join('\n');

test('what is longer than the screen goes through the pager', async () => {
  const { written, stdout } = screen(true);
  await paged(long, stdout, toFile);
  expect(readFileSync(seen, 'utf8')).toBe(`${long}\n`);
  expect(written).toEqual([]);
});

test.each([
  ['fits the screen', true, 'short', toFile],
  ['goes into a pipe', false, long, toFile],
  ['finds no pager', true, long, { PAGER: 'no-such-pager-here' }],
])('what %s is simply written', async (_, isTTY, text, env) => {
  const { written, stdout } = screen(isTTY);
  await paged(text, stdout, env);
  expect(written).toEqual([`${text}\n`]);
});
