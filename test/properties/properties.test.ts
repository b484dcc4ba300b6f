import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { alwaysTrue, properties } from './properties.ts';
import { falsify } from './support/falsify.ts';

const RUNS = 2_000;
/** The same stories every time: a landing must not fail for what somebody else's change did not do. */
const SEED = 20_260_101;
const command = fileURLToPath(new URL('run.ts', `file://${__dirname}/`));

/** As `npm run properties` does it: in processes of their own, side by side, they take half the time. */
async function runOf(name: string, runs: number): Promise<string> {
  const args = [command, '--runs', String(runs), '--seed', String(SEED), '--only', name];
  const { stdout } = await promisify(execFile)(process.execPath, args).catch((failed: { stdout: string }) => failed);
  return stdout;
}

describe('2,000 stories', () => {
  // Fails as soon as a story ends in what DESIGN section 4 rules out; its shortest form is printed, with how to replay it.
  test.concurrent.each(properties.map(({ name, share }) => [name, RUNS * share] as const))(
    '%s',
    async (name, runs) => expect(await runOf(name, runs)).toMatch(new RegExp(`^held +${runs} runs`)),
    900_000,
  );

  test('are shared out among the properties', () => {
    expect(properties.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1);
  });
});

// Fails when a story that breaks a rule would not be found, or not be told in a way that somebody can follow.
test('a property that does not hold is told as its shortest story, with the seed to replay it', async () => {
  const holds = async ({ days }: { readonly days: number }) => {
    if (days > 3) throw new Error('a story is longer than three days');
  };
  const { counterexample } = await falsify(
    { name: 'stories are short', share: 1, stories: alwaysTrue.stories, holds },
    100,
    SEED,
  );
  expect(counterexample).toContain('for 4 days');
  expect(counterexample).toContain('Then: Error: a story is longer than three days');
  expect(counterexample).toMatch(/npm run properties -- .*--seed 20260101/);
});
