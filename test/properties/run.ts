import { parseArgs } from 'node:util';
import { alwaysTrue, inTheEnd, type Property } from './properties.ts';
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
const all: readonly Property[] = [alwaysTrue, inTheEnd];
const chosen = all.filter(({ name }) => values.only === undefined || name.includes(values.only));
for (const property of chosen) {
  const began = Date.now();
  const share = chosen.length === 1 ? runs : Math.ceil(runs * property.share);
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
