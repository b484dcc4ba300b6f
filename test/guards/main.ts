/** `npm run guards`: takes each guard out of a copy of the repository and expects tests to fail; `-- WORD` chooses some. */
import Table from 'cli-table3';
import { Copy } from './copy.ts';
import type { Guard } from './guard.ts';
import { guards } from './guards.ts';

const words = process.argv.slice(2);
const chosen = guards.filter(({ name }) => words.length === 0 || words.some((word) => name.includes(word)));
const copy = new Copy();

/** With every guard in place these tests pass: otherwise their failing would prove nothing. */
async function begin(): Promise<void> {
  const files = [...new Set(chosen.flatMap(({ tests }) => tests))];
  const matrixOnly = files.filter((file) => file.includes('in-memory'));
  const others = files.filter((file) => !file.includes('in-memory'));
  const names = chosen.flatMap(({ tests, only }) =>
    only !== undefined && tests.some((one) => matrixOnly.includes(one)) ? [only] : [],
  );
  console.log('With every guard in place …');
  const runs = [
    ...(others.length > 0 ? [await copy.test(others)] : []),
    ...(matrixOnly.length > 0 ? [await copy.test(matrixOnly, names.join('|'))] : []),
  ];
  for (const { failed, firstFailing, trouble } of runs) {
    if (failed > 0 || trouble !== undefined) {
      throw new Error(`these tests fail although no guard is missing: ${firstFailing ?? trouble}`);
    }
  }
}

interface Verdict {
  readonly guard: Guard;
  /** Absent: nothing noticed. */
  readonly noticedBy?: string;
  readonly trouble?: string;
}

async function judge(guard: Guard): Promise<Verdict> {
  try {
    const { firstFailing, trouble } = await copy.without(guard, () => copy.test(guard.tests, guard.only));
    if (firstFailing !== undefined) return { guard, noticedBy: firstFailing };
    return { guard, ...(trouble !== undefined && { trouble }) };
  } catch (error) {
    return { guard, trouble: error instanceof Error ? error.message : String(error) };
  }
}

let verdicts: Verdict[] = [];
try {
  await begin();
  for (const guard of chosen) {
    const verdict = await judge(guard);
    verdicts = [...verdicts, verdict];
    console.log(`${verdict.noticedBy === undefined ? 'UNNOTICED' : 'noticed  '} ${guard.name}`);
  }
} finally {
  copy.remove();
}

const table = new Table({
  head: ['without this guard', 'the first test to fail'],
  colWidths: [50, 68],
  wordWrap: true,
});
for (const { guard, noticedBy, trouble } of verdicts) {
  table.push([guard.name, noticedBy ?? (trouble === undefined ? 'NONE' : `NOT TRIED: ${trouble.slice(0, 400)}`)]);
}
console.log(table.toString());
const missed = verdicts.filter(({ noticedBy }) => noticedBy === undefined);
console.log(`${verdicts.length - missed.length} of ${verdicts.length} guards cannot be removed unnoticed.`);
process.exitCode = missed.length === 0 ? 0 : 1;
