/** `npm run bench`: measures, compares, and says whether the targets of this project are met. */
import { writeFile } from 'node:fs/promises';
import { availableParallelism, totalmem } from 'node:os';
import { pageOf } from '../local/demo/report/paint.ts';
import type { Result, Say } from './benchmark.ts';
import { bundles } from './bundles.ts';
import { first } from './fleet/first-sweep.ts';
import { fleet } from './fleet/fleet.ts';
import { forecast } from './forecast/forecast.ts';
import { notices } from './notices/notices.ts';
import { type BenchmarkName, type BenchOptions, benchOptions } from './options.ts';
import { printed } from './print.ts';
import { progressLine } from './progress.ts';
import { report } from './report/report.ts';
import { rules } from './rules.ts';
import { story } from './story/story.ts';
import { growth } from './sweep/growth.ts';
import { sweep } from './sweep/sweep.ts';
import { verify } from './verify/verify.ts';

type Benchmark = (options: BenchOptions, say: Say) => Promise<Result>;

const benchmarks: Readonly<Record<BenchmarkName, { readonly title: string; readonly run: Benchmark }>> = {
  sweep: { title: 'sweep: what one account costs', run: sweep },
  growth: { title: 'growth: whether the number of users matters', run: growth },
  fleet: { title: 'fleet: what an organisation costs', run: fleet },
  first: { title: 'first: how long the first sweep of an old account takes', run: first },
  rules: { title: 'rules: how fast is decided', run: rules },
  bundles: { title: 'bundles: what a function loads', run: bundles },
  story: { title: "story: what one user's history costs to read", run: story },
  verify: { title: 'verify: how fast a history is checked', run: verify },
  report: { title: 'report: how long a month of evidence takes', run: report },
  forecast: { title: 'forecast: how long a year ahead takes', run: forecast },
  notices: { title: 'notices: many owners told of one run', run: notices },
};

const started = performance.now();
const { names, options } = benchOptions(process.argv.slice(2));
const page = pageOf(process.stdout);
const progress = progressLine(process.stderr);
const results = new Map<BenchmarkName, Result>();
try {
  for (const name of names) {
    const { title, run } = benchmarks[name];
    const result = await run(options, (line) => progress.show(`${name}: ${line}`));
    progress.clear();
    results.set(name, result);
    console.log(`\n${printed(title, result, page)}`);
  }
  if (options.json !== undefined) {
    await writeFile(options.json, `${JSON.stringify(recordOf(results), null, 2)}\n`);
    console.log(`\nWritten to ${options.json}.`);
  }
  const targets = [...results.values()].flatMap((result) => result.targets);
  const missed = targets.filter(({ met }) => !met).length;
  const verdict =
    missed === 0 ? `All ${targets.length} targets are met` : `${missed} of ${targets.length} targets are missed`;
  console.log(`\n${page.paint.bold(verdict)}, after ${Math.round((performance.now() - started) / 1000)} s.`);
  process.exitCode = missed === 0 ? 0 : 1;
} catch (error) {
  progress.clear();
  console.error(
    `\n${page.paint.red('The benchmark could not go on.')} ${error instanceof Error ? error.message : String(error)}`,
  );
  if (process.env.KEYTURN_DEBUG === '1') console.error(error);
  process.exitCode = 1;
}

function recordOf(measured: ReadonlyMap<BenchmarkName, Result>): object {
  const entries = [...measured].map(([name, { figures, targets }]) => [name, { targets, figures }]);
  const machine = {
    cores: availableParallelism(),
    memoryGb: Math.round(totalmem() / 1024 ** 3),
    node: process.version,
  };
  return { date: new Date().toISOString().slice(0, 10), machine, options, benchmarks: Object.fromEntries(entries) };
}
