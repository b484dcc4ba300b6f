/** `npm run notices`: writes docs/notices.md and docs/notices.html. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../local/project-root.ts';
import { noticesGallery, noticesPage } from './page.ts';

for (const [name, content] of [
  ['notices.md', noticesPage()],
  ['notices.html', noticesGallery()],
] as const) {
  writeFileSync(join(projectRoot, 'docs', name), content);
  console.log(`docs/${name}`);
}
