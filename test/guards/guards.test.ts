import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../local/project-root.ts';
import { guards } from './guards.ts';

// Would fail when the code that a guard consists of is changed or moved without its entry here: then `npm run guards`
// could no longer take it out.
test.each(guards.map((guard) => [guard.name, guard] as const))('%s: stands where it is said to stand', (_, guard) => {
  const text = readFileSync(join(projectRoot, guard.file), 'utf8');
  expect(text.split(guard.guard).length - 1).toBe(1);
  for (const test of guard.tests) expect(existsSync(join(projectRoot, test))).toBe(true);
});

test('every guard of the promises in DESIGN section 4 is among them', () => {
  for (const word of ['lock', 'intent', 'orphan check', 'publish gate', 'delivered-notice gate', 'lease']) {
    expect(guards.filter(({ name }) => name.startsWith(`${word}:`))).not.toHaveLength(0);
  }
});
