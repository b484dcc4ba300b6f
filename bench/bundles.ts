import { spawnSync } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { environment } from '../lambda/contracts/environment.ts';
import { defaultAccount, defaultRegion } from '../local/emulator.ts';
import { count, median, type Result, type Say, target } from './benchmark.ts';
import { buildFunctions } from './functions.ts';

const MOST_BYTES = 450_000;
const ROUNDS = 21;

/** How big each function's bundle is, and how long a fresh process takes to load it. */
export async function bundles(_: unknown, say: Say): Promise<Result> {
  say('bundling');
  const { functions, discard } = await buildFunctions({ evidence: {} });
  try {
    const [first] = functions;
    if (first === undefined) throw new Error('There is no function to measure.');
    const empty = join(dirname(first.file), 'empty.js');
    await writeFile(empty, '');
    const scripts = [{ name: 'empty script', file: empty, variables: {} }, ...functions];
    const loads = new Map(scripts.map(({ name }) => [name, [] as number[]]));
    // Turn and turn about, so that whatever else this machine does meets all of them alike.
    for (let round = 0; round < ROUNDS; round += 1) {
      say(`loading, round ${round + 1} of ${ROUNDS}`);
      for (const { name, file, variables } of scripts) loads.get(name)?.push(loadMs(file, variables));
    }
    const rows = scripts.map(({ name, file }) => {
      const bytes = functions.find((built) => built.file === file)?.bytes;
      return { name, ...(bytes !== undefined && { bytes }), loadMs: median(loads.get(name) ?? []) };
    });
    return {
      tables: [
        {
          head: ['Function', 'Bundle', 'Loads in (median)'],
          rows: rows.map(({ name, bytes, loadMs: ms }) => [
            name,
            bytes === undefined ? '' : `${count(bytes / 1000)} KB`,
            `${ms.toFixed(0)} ms`,
          ]),
        },
      ],
      targets: functions.map(({ name, bytes }) =>
        target(`${name}: bytes`, bytes, { atMost: MOST_BYTES }, (value) => `${(value / 1000).toFixed(0)} KB`),
      ),
      notes: [
        `Load time: a fresh Node ${process.version} process from start to end, median of ${ROUNDS}; the empty script is what Node itself takes.`,
      ],
      figures: { rounds: ROUNDS, functions: rows },
    };
  } finally {
    await discard();
  }
}

/** What a function's module needs to load beside its own variables, with values that lead nowhere. */
const somewhere = {
  ...Object.fromEntries(Object.values(environment).map((name) => [name, 'something'])),
  [environment.secretReaders]: '[]',
  [environment.email]: '{"from":"keys@example.com","region":"eu-west-1"}',
  [environment.operatorsTopicArn]: `arn:aws:sns:${defaultRegion}:${defaultAccount}:operators`,
  [environment.noticesTopicArn]: `arn:aws:sns:${defaultRegion}:${defaultAccount}:notices`,
  AWS_REGION: defaultRegion,
};

function loadMs(file: string, variables: Readonly<Record<string, string>>): number {
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [file], {
    env: { ...somewhere, ...variables },
    encoding: 'utf8',
  });
  const ms = performance.now() - started;
  if (status !== 0) throw new Error(`${file} could not be loaded: ${stderr}`);
  return ms;
}
