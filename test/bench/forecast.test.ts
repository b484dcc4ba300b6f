import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeReports } from '../../bench/forecast/reports.ts';
import { forecastReports } from '../../cli/verbs/forecast.ts';
import { at } from '../support/builders.ts';

const NOW = at('2026-11-21');

test('the reports that a forecast is measured with are such as the command reads, the same every time', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'keyturn-bench-test-'));
  try {
    const estate = { accounts: 3, usersPerAccount: 200 };
    const files = await writeReports(join(directory, 'one'), estate, NOW);
    const again = await writeReports(join(directory, 'two'), estate, NOW);
    expect(await Promise.all(again.map((file) => readFile(file, 'utf8')))).toEqual(
      await Promise.all(files.map((file) => readFile(file, 'utf8'))),
    );
    const { report } = await forecastReports(files, { days: 30, runAt: 377, from: NOW }, NOW);
    expect(report).toMatchObject({ accounts: 3, users: 600 });
    // Half of the keys are due at once.
    const [first] = report.policies[0]?.days ?? [];
    expect((first?.rotate ?? 0) + (first?.deferred ?? 0)).toBeGreaterThan(200);
    expect(report.keys - report.users).toBeGreaterThan(15);
  } finally {
    await rm(directory, { recursive: true });
  }
});
