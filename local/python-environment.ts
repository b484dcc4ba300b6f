import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { run, tail } from './child-process.ts';
import type { OnProgress } from './progress.ts';
import { projectRoot } from './project-root.ts';

const requirementsFile = join(projectRoot, 'local', 'requirements.txt');
const abandonedAfterMs = 60 * 60 * 1000;

/**
 * The path of a Python that has the emulator installed, in a private virtual environment under `.local/`;
 * made on first need. Rejects with a sentence that says what to install if Python 3.10 or its venv is missing.
 */
export async function pythonWithEmulator(onProgress: OnProgress = () => {}, folder = defaultFolder): Promise<string> {
  const python = await findPython();
  const requirements = await readFile(requirementsFile, 'utf8');
  const key = createHash('sha256').update(`${requirements}\n${python.version}`).digest('hex').slice(0, 12);
  const finished = join(folder, `python-${key}`);
  if (existsSync(finished)) return pythonIn(finished);

  await mkdir(folder, { recursive: true });
  await removeAbandoned(folder);
  onProgress('Installing the local AWS emulator into .local/ (once, about a quarter of a minute)');
  // Built aside and renamed when whole: whoever looks sees all of it or nothing, and of two builders one wins.
  const partial = join(folder, `partial-${key}-${process.pid}-${Date.now()}`);
  try {
    await must(python.command, ['-m', 'venv', partial], venvAdvice);
    await must(
      pythonIn(partial),
      ['-m', 'pip', 'install', '--disable-pip-version-check', '--no-compile', '--quiet', '-r', requirementsFile],
      'Installing the local AWS emulator from PyPI failed. Check the network (or your pip configuration) and try again.',
    );
    await rename(partial, finished).catch((error: unknown) => {
      if (!existsSync(finished)) throw error;
    });
  } finally {
    await rm(partial, { recursive: true, force: true });
  }
  onProgress('The local AWS emulator is installed');
  return pythonIn(finished);
}

const defaultFolder = join(projectRoot, '.local');

const pythonAdvice =
  'The local AWS needs Python 3.10 or newer. Install it (https://www.python.org/downloads/, or your package manager), ' +
  'or name one with the environment variable PYTHON.';
const venvAdvice =
  "Python's venv module does not work here. On Debian and Ubuntu install it with: sudo apt install python3-venv";

async function findPython(): Promise<{ command: string; version: string }> {
  const named = process.env.PYTHON;
  const commands = named === undefined ? ['python3', 'python'] : [named];
  const seen: string[] = [];
  for (const command of commands) {
    const asked = await run(command, ['-c', 'import sys; print(sys.version_info >= (3, 10), sys.version)']).catch(
      () => undefined,
    );
    if (asked === undefined || asked.code !== 0) continue;
    const [newEnough, ...version] = asked.stdout.trim().split(' ');
    if (newEnough === 'True') return { command, version: version.join(' ') };
    seen.push(`${command} is ${version[0]}`);
  }
  const found = seen.length > 0 ? seen.join(', ') : `none of ${commands.join(', ')} runs`;
  throw new Error(`${pythonAdvice} Found: ${found}.`);
}

function pythonIn(environment: string): string {
  return process.platform === 'win32' ? join(environment, 'Scripts', 'python.exe') : join(environment, 'bin', 'python');
}

async function must(command: string, args: readonly string[], advice: string): Promise<void> {
  const { code, output } = await run(command, args);
  if (code !== 0) throw new Error(`${advice}\n${tail(output)}`);
}

/** An installation that was interrupted leaves its unfinished folder behind. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith('partial-')) continue;
    const path = join(folder, name);
    const { mtimeMs } = await stat(path).catch(() => ({ mtimeMs: Date.now() }));
    if (Date.now() - mtimeMs > abandonedAfterMs) await rm(path, { recursive: true, force: true });
  }
}
