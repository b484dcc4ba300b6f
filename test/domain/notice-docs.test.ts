import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../local/project-root.ts';
import { noticesGallery, noticesPage } from '../notices/page.ts';
import { inObserve, severalAtOnce, toOperators } from '../notices/to-operators.ts';
import { toOwners } from '../notices/to-owners.ts';
import { toldTypes } from './support/notices.ts';

const read = (name: string) => readFileSync(join(projectRoot, 'docs', name), 'utf8');

describe('docs/notices.md', () => {
  test.each([
    ['notices.md', noticesPage],
    ['notices.html', noticesGallery],
  ])('docs/%s is what `npm run notices` writes', (name, generate) => {
    expect(read(name)).toBe(generate());
  });

  test('shows every type of event that somebody is told', () => {
    const samples = [...toOwners, ...severalAtOnce, ...toOperators, ...inObserve];
    const shown = new Set(samples.flatMap(({ items }) => items.map(({ event }) => event.type)));
    expect(toldTypes.filter((type) => !shown.has(type))).toEqual([]);
  });

  test('shows no key but obviously fake ones', () => {
    const keys = `${read('notices.md')}${read('notices.html')}`.match(/\b(AKIA|ASIA)[A-Z0-9]{12,}/g) ?? [];
    expect(keys.length).toBeGreaterThan(100);
    expect(keys.filter((key) => !key.startsWith('AKIAFAKE'))).toEqual([]);
  });
});
