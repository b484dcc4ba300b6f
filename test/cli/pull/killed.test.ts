import { spawn } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { NEW, profile, stored } from './owners-world.ts';

const root = resolve(__dirname, '../../..');
const OTHERS = '\r\n# written by hand\r\n[other]\r\nregion = eu-west-1\r\n'.repeat(200);
const BEFORE = profile('build') + OTHERS;
const AFTER = `${profile('build', NEW)}${OTHERS}\n${profile('build-previous')}`;

let homes: string;
beforeAll(async () => {
  homes = await mkdtemp(join(tmpdir(), 'keyturn-killed-'));
});
afterAll(() => rm(homes, { recursive: true, force: true }));

async function newHome(): Promise<string> {
  const home = await mkdtemp(join(homes, 'home-'));
  await mkdir(join(home, '.aws'));
  await writeFile(join(home, '.aws', 'credentials'), BEFORE, { mode: 0o600 });
  return home;
}

const credentialsIn = (home: string) => readFile(join(home, '.aws', 'credentials'), 'utf8');

/** Pulls in a process of its own that kills itself at that step (0: at none). */
async function pull(home: string, step: number, how = 'before', ahead = 0) {
  const script = resolve(root, 'test/cli/pull/killed.ts');
  const child = spawn(resolve(root, 'node_modules/.bin/node'), [script, home, String(step), how], {
    env: { PATH: process.env.PATH, SECRET_VALUE: stored(), AHEAD_MS: String(ahead) },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, err] = ['', ''];
  child.stdout.on('data', (data) => {
    out += data;
  });
  child.stderr.on('data', (data) => {
    err += data;
  });
  const signal = await new Promise((done) => child.once('close', (_, by) => done(by)));
  return { signal, err, lines: out.trim().split('\n') };
}

test('killed at any step, the credentials file is the old or the new one, and the next pull ends as if nothing had been', async () => {
  const undisturbed = await newHome();
  const { lines, signal, err } = await pull(undisturbed, 0);
  expect({ signal, err, outcome: lines.at(-1) }).toEqual({ signal: null, err: '', outcome: 'written' });
  expect(await credentialsIn(undisturbed)).toBe(AFTER);
  const steps = lines.slice(0, -1);
  expect(steps).toEqual(expect.arrayContaining(['create', 'write', 'sync', 'close', 'rename', 'syncDirectory']));

  // What comes after the directory is synchronised only reads.
  const writing = steps.slice(0, steps.indexOf('syncDirectory') + 2);
  const deaths = [
    ...writing.map((_, at) => [at + 1, 'before'] as const),
    [steps.indexOf('write') + 1, 'half'] as const,
  ];
  const outcomes: string[] = [];
  let leftOvers = 0;
  for (const [step, how] of deaths) {
    const home = await newHome();
    expect(await pull(home, step, how)).toMatchObject({ signal: 'SIGKILL' });
    const left = await credentialsIn(home);
    expect([BEFORE, AFTER]).toContain(left);
    expect(left === AFTER ? 'new' : 'old').toBe(step > steps.indexOf('rename') + 1 ? 'new' : 'old');
    const names = await readdir(join(home, '.aws'));
    for (const name of names) expect((await stat(join(home, '.aws', name))).mode & 0o777).toBe(0o600);
    leftOvers += names.length - 1;

    const again = await pull(home, 0, 'before', 120_000);
    outcomes.push(`${again.lines.at(-1)}`);
    expect(await credentialsIn(home)).toBe(AFTER);
    expect(await readdir(join(home, '.aws'))).toEqual(['credentials']);
  }
  expect(new Set(outcomes)).toEqual(new Set(['written', 'already there']));
  // Otherwise none of them died in the middle of it.
  expect(leftOvers).toBeGreaterThanOrEqual(4);
}, 120_000);
