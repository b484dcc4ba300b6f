import * as fc from 'fast-check';
import type { Property } from '../properties.ts';
import type { Story } from './story.ts';
import { linesOf } from './tell.ts';

export interface Verdict {
  readonly property: string;
  readonly runs: number;
  readonly seed: number;
  /** The shortest story for which it does not hold, in readable lines; absent when none was found. */
  readonly counterexample?: string;
}

/** Looks for a story for which the property does not hold. */
export async function falsify(
  { name, stories, holds }: Property,
  runs: number,
  seed: number,
  path?: string,
): Promise<Verdict> {
  const replay = path === undefined ? {} : { path };
  const found = await fc.check(fc.asyncProperty(stories, holds), { numRuns: runs, seed, ...replay });
  if (!found.failed) return { property: name, runs: found.numRuns, seed };
  const [story] = found.counterexample ?? [];
  const counterexample = [
    `Not true: ${name}.`,
    ...(story === undefined ? [] : tellingOf(story)),
    `Then: ${reasonOf(found.errorInstance)}`,
    `Replay: npm run properties -- --seed ${seed} --runs ${runs}${found.counterexamplePath === null ? '' : ` --path ${found.counterexamplePath}`} --only '${name.slice(0, 20)}'`,
  ].join('\n');
  return { property: name, runs: found.numRuns, seed, counterexample };
}

const tellingOf = (story: Story): readonly string[] => linesOf(story).map((line) => `  ${line}`);

const reasonOf = (error: unknown): string =>
  error instanceof Error && error.name === 'Violation'
    ? error.message
    : error instanceof Error
      ? (error.stack ?? error.message)
      : String(error);
