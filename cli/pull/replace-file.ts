import { randomBytes } from 'node:crypto';
import { basename, dirname, join } from 'node:path';
import { CommandError } from '../errors.ts';
import { codeOf, type FileFacts, type Files, type NewFile } from './files.ts';

const UNCHANGED = 'Nothing was changed.';

/**
 * Replaces a file as a whole: whenever the process dies, its name stands for the old bytes or the new ones. A link is
 * followed and stays. `edit` is given the bytes to start from, once more if somebody else changed them meanwhile.
 */
export async function replaceFile(files: Files, path: string, edit: (before: Buffer) => Buffer): Promise<void> {
  await telling(path, async () => {
    const target = await files.realPath(path);
    for (let attempt = 0; attempt < 5; attempt += 1) if (await replacedOnce(files, target, edit)) return;
    throw new CommandError(`${target} changes all the time: close what writes to it and try again. ${UNCHANGED}`);
  });
}

/** False when somebody else wrote to the file meanwhile. */
async function replacedOnce(files: Files, target: string, edit: (before: Buffer) => Buffer): Promise<boolean> {
  const before = await files.read(target);
  const facts = await files.facts(target);
  if (before === undefined || facts === undefined) throw removed(target);
  const after = edit(before);
  // Beside the target, as a rename works within one file system only; of a name of its own, so that nobody else renames it.
  const temporary = `${target}${LEFT_OVER}${randomBytes(6).toString('hex')}`;
  const file = await files.create(temporary);
  try {
    await fill(file, after, facts);
    // AWS's own tools know of no lock, so look once more at the last moment.
    if (!(await files.read(target))?.equals(before)) {
      await files.remove(temporary);
      return false;
    }
    await files.rename(temporary, target);
  } catch (error) {
    await files.remove(temporary).catch(() => {});
    throw error;
  }
  // The new bytes are in place; this only makes sure that they still are after a power cut.
  await files.syncDirectory(dirname(target)).catch(() => {});
  return true;
}

async function fill(file: NewFile, bytes: Buffer, facts: FileFacts): Promise<void> {
  try {
    // With sudo the file would else become root's, and its owner could not read it any more.
    if (process.getuid !== undefined && process.getuid() !== facts.uid) await file.giveTo(facts);
    await file.write(bytes);
    await file.sync();
  } finally {
    await file.close();
  }
}

const LEFT_OVER = '.keyturn-';
/** Milliseconds. A write takes a few; its file stays longer only when its process was killed. */
const LEFT_OVER_AFTER = 60_000;

/** Removes what killed runs left beside the file: there are keys in it. Never fails, as nothing depends on it. */
export async function removeLeftOvers(files: Files, path: string, now: number): Promise<void> {
  try {
    const target = await files.realPath(path);
    const names = await files.list(dirname(target));
    for (const name of names.filter((each) => each.startsWith(`${basename(target)}${LEFT_OVER}`))) {
      const found = join(dirname(target), name);
      const { changedAt = now } = (await files.facts(found)) ?? {};
      if (now - changedAt > LEFT_OVER_AFTER) await files.remove(found);
    }
  } catch {
    // The next pull tries again.
  }
}

const removed = (target: string) => new CommandError(`${target} has been removed meanwhile. ${UNCHANGED}`);

/** Says in a sentence what became of the file when its disk or its rights are in the way. */
async function telling<T>(target: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    throw new CommandError(
      `The new key could not be written to ${target}: ${reason(code, target)}. ${UNCHANGED} ` +
        'To get the new key without writing to that file, use --exec or --print.',
    );
  }
}

function reason(code: string, target: string): string {
  if (['EACCES', 'EPERM', 'EROFS'].includes(code)) {
    return `you may not write to the directory ${dirname(target)}, or the file belongs to somebody else`;
  }
  if (['ENOSPC', 'EDQUOT'].includes(code)) return 'the disk is full';
  if (['EBUSY', 'EXDEV'].includes(code)) return 'it is mounted by itself (as into a container) and cannot be replaced';
  if (code === 'ENOENT') return 'it has been removed meanwhile';
  return `the system says ${code}`;
}
