import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Built, buildFunctions } from '../../bench/functions.ts';

describe('the bundles that are measured', () => {
  let built: Built;
  beforeAll(async () => {
    built = await buildFunctions({ evidence: {} });
  }, 120_000);
  afterAll(() => built.discard());

  test('are those of every function, the report’s too', () => {
    const handlers = readdirSync(join(__dirname, '../../lambda/handlers')).map((file) => file.replace(/\.ts$/, ''));
    expect(built.functions.map(({ name }) => name).toSorted()).toEqual(handlers.toSorted());
  });

  test('are of at most 450 KB each', () => {
    expect(built.functions.filter(({ bytes }) => bytes > 450_000)).toEqual([]);
  });
});
