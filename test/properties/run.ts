import { parseArgs } from 'node:util';
import { properties } from './properties.ts';
import { falsify } from './support/falsify.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '2000' },
    seed: { type: 'string' },
    path: { type: 'string' },
    only: { type: 'string' },
  },
});
const runs = Number(values.runs);
const seed = values.seed === undefined ? Date.now() % 2 ** 31 : Number(values.seed);
if (!Number.isInteger(runs) || runs < 1 || !Number.isInteger(seed)) {
  console.error('Usage: npm run properties -- [--runs N] [--seed S] [--only "words of its name"] [--path P]');
  process.exit(2);
}
const chosen = properties.filter(({ name }) => values.only === undefined || name.includes(values.only));
const total = chosen.reduce((sum, { share }) => sum + share, 0);
for (const property of chosen) {
  const began = Date.now();
  const share = Math.ceil((runs * property.share) / total);
  const verdict = await falsify(property, share, seed, values.path);
  const seconds = ((Date.now() - began) / 1000).toFixed(0);
  console.log(
    `${verdict.counterexample === undefined ? 'held ' : 'FAILED'} ${verdict.runs} runs, seed ${seed}, ${seconds} s: ${property.name}`,
  );
  if (verdict.counterexample !== undefined) {
    console.log(verdict.counterexample);
    process.exitCode = 1;
  }
}
