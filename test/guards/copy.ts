import { execFileSync, spawn } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { projectRoot } from '../../local/project-root.ts';
import type { Guard } from './guard.ts';

const results = z.object({
  numFailedTests: z.number(),
  numPassedTests: z.number(),
  testResults: z.array(
    z.object({
      message: z.string(),
      assertionResults: z.array(
        z.object({ status: z.string(), fullName: z.string(), failureMessages: z.array(z.string()) }),
      ),
    }),
  ),
});

export interface TestRun {
  readonly passed: number;
  readonly failed: number;
  /** Absent: none did. */
  readonly firstFailing?: string;
  /** What jest said when a file could not even begin. */
  readonly trouble?: string;
}

/** A copy of the repository as it is, uncommitted changes included: what is done to it leaves the original alone. */
export class Copy {
  readonly root: string = mkdtempSync(join(tmpdir(), 'keyturn-guards-'));

  constructor() {
    const listed = execFileSync('git', ['ls-files', '-z', '-co', '--exclude-standard'], { cwd: projectRoot });
    for (const file of listed.toString('utf8').split('\0')) {
      if (file === '' || !existsSync(join(projectRoot, file))) continue;
      mkdirSync(dirname(join(this.root, file)), { recursive: true });
      cpSync(join(projectRoot, file), join(this.root, file));
    }
    // Installed things are only read.
    for (const name of ['node_modules', '.local']) {
      if (existsSync(join(projectRoot, name))) symlinkSync(join(projectRoot, name), join(this.root, name));
    }
  }

  /** Takes the guard out while `work` runs. Throws when it does not stand in its file exactly once. */
  async without<T>({ file, guard, without }: Guard, work: () => Promise<T>): Promise<T> {
    const path = join(this.root, file);
    const whole = readFileSync(path, 'utf8');
    const places = whole.split(guard).length - 1;
    if (places !== 1) throw new Error(`${file} holds this guard ${places} times, not once:\n${guard}`);
    writeFileSync(
      path,
      whole.replace(guard, () => without),
    );
    try {
      return await work();
    } finally {
      writeFileSync(path, whole);
    }
  }

  async test(files: readonly string[], only?: string): Promise<TestRun> {
    const report = join(this.root, 'jest-report.json');
    rmSync(report, { force: true });
    const jest = join(this.root, 'node_modules', 'jest', 'bin', 'jest.js');
    const named = only === undefined ? [] : ['--testNamePattern', only];
    const cache = ['--cacheDirectory', join(this.root, '.jest-cache')];
    const args = ['--json', '--outputFile', report, '--silent', ...cache, ...named, '--', ...files];
    const said = await this.#node([jest, ...args]);
    if (!existsSync(report)) throw new Error(`jest gave no report:\n${said}`);
    const { numFailedTests, numPassedTests, testResults } = results.parse(JSON.parse(readFileSync(report, 'utf8')));
    const failing = testResults
      .flatMap(({ assertionResults }) => assertionResults)
      .find(({ status }) => status === 'failed');
    const broken = testResults.find(({ assertionResults, message }) => assertionResults.length === 0 && message !== '');
    // Code that cannot run at all would make any test fail.
    const senseless = failing?.failureMessages.find((message) => /^(Reference|Syntax)Error/.test(message));
    return {
      passed: numPassedTests,
      failed: numFailedTests,
      ...(failing && senseless === undefined && { firstFailing: failing.fullName }),
      ...((senseless ?? broken?.message) !== undefined && { trouble: senseless ?? broken?.message ?? '' }),
    };
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }

  #node(args: readonly string[]): Promise<string> {
    return new Promise((resolve, reject) => {
      const child = spawn(process.execPath, args, { cwd: this.root, stdio: ['ignore', 'pipe', 'pipe'] });
      const said: string[] = [];
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => said.push(text));
      }
      child.once('error', reject);
      child.once('close', () => resolve(said.join('')));
    });
  }
}
