import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { type Files, realFiles } from '../../../cli/pull/files.ts';
import { removeLeftOvers, replaceFile } from '../../../cli/pull/replace-file.ts';

let home: string;
let file: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'keyturn-replace-'));
  file = join(home, 'credentials');
  await writeFile(file, 'old', { mode: 0o600 });
});
afterEach(() => rm(home, { recursive: true, force: true }));

const content = () => readFile(file, 'utf8');
const toNew = () => Buffer.from('new');
const failure = (code: string) => Object.assign(new Error(`${code}: refused`), { code });

/** Real files, one of whose steps fails: not at all taken, or taken and then said to have failed. */
function failing(step: string, code: string, when: 'before' | 'after'): Files {
  async function around<T>(name: string, work: () => Promise<T>): Promise<T> {
    if (name === step && when === 'before') throw failure(code);
    const done = await work();
    if (name === step) throw failure(code);
    return done;
  }
  return {
    read: (path) => around('read', () => realFiles.read(path)),
    facts: (path) => around('facts', () => realFiles.facts(path)),
    realPath: (path) => around('realPath', () => realFiles.realPath(path)),
    list: (path) => around('list', () => realFiles.list(path)),
    rename: (from, to) => around('rename', () => realFiles.rename(from, to)),
    remove: (path) => around('remove', () => realFiles.remove(path)),
    syncDirectory: (path) => around('syncDirectory', () => realFiles.syncDirectory(path)),
    async create(path) {
      const made = await around('create', async () => {
        const file = await realFiles.create(path);
        if (step === 'create') await file.close();
        return file;
      });
      return {
        giveTo: (facts) => around('giveTo', () => made.giveTo(facts)),
        write: (bytes) => around('write', () => made.write(bytes)),
        sync: () => around('sync', () => made.sync()),
        // Closed in any case: only what is said of it differs.
        close: () => made.close().then(() => around('close', async () => {})),
      };
    },
  };
}

describe('a step that fails', () => {
  const steps = ['realPath', 'read', 'facts', 'create', 'write', 'sync', 'close', 'rename'] as const;
  test.each(steps.flatMap((step) => [[step, 'before'] as const, [step, 'after'] as const]))(
    '%s (%s it was taken) leaves the old file or the new one, and says so',
    async (step, when) => {
      await expect(replaceFile(failing(step, 'EIO', when), file, toNew)).rejects.toThrow(
        /^The new key could not be written to \S+: the system says EIO\./,
      );
      const renamed = step === 'rename' && when === 'after';
      expect(await content()).toBe(renamed ? 'new' : 'old');
      // When making a file is said to have failed nobody knows its name; the next run removes it.
      const isOrphan = step === 'create' && when === 'after';
      expect(await readdir(home)).toHaveLength(isOrphan ? 2 : 1);
    },
  );

  test('syncDirectory is no failure: the new file is in place', async () => {
    await replaceFile(failing('syncDirectory', 'EIO', 'before'), file, toNew);
    expect(await content()).toBe('new');
  });

  test.each([
    ['EACCES', 'create', /you may not write to the directory/],
    ['EROFS', 'create', /you may not write to the directory/],
    ['ENOSPC', 'write', /the disk is full\. Nothing was changed\. To get the new key without .* use --exec or --print/],
    ['EBUSY', 'rename', /it is mounted by itself \(as into a container\)/],
    ['ENOENT', 'realPath', /it has been removed meanwhile/],
  ])('by %s is told in words', async (code, step, sentence) => {
    await expect(replaceFile(failing(step, code, 'before'), file, toNew)).rejects.toThrow(sentence);
    expect(await content()).toBe('old');
  });
});

describe('others who write', () => {
  test('before the new file is in place: the edit begins again with what they wrote', async () => {
    let writes = 1;
    const files: Files = {
      ...realFiles,
      async create(path) {
        if (writes-- > 0) await writeFile(file, 'theirs');
        return realFiles.create(path);
      },
    };
    await replaceFile(files, file, (before) => Buffer.from(`${before} edited`));
    expect(await content()).toBe('theirs edited');
    expect(await readdir(home)).toEqual(['credentials']);
  });

  test('again and again: it gives up and leaves the file theirs', async () => {
    let writes = 0;
    const files: Files = {
      ...realFiles,
      async create(path) {
        writes += 1;
        await writeFile(file, `theirs ${writes}`);
        return realFiles.create(path);
      },
    };
    await expect(replaceFile(files, file, toNew)).rejects.toThrow(/changes all the time/);
    expect(await content()).toBe(`theirs ${writes}`);
    expect(await readdir(home)).toEqual(['credentials']);
  });

  test('an edit that throws changes nothing', async () => {
    const refuse = () => {
      throw new Error('not this one');
    };
    await expect(replaceFile(realFiles, file, refuse)).rejects.toThrow('not this one');
    expect(await content()).toBe('old');
  });
});

test('the new file is private whatever the old one was, and stays whose it was', async () => {
  await chmod(file, 0o664);
  const given: unknown[] = [];
  const files: Files = {
    ...realFiles,
    facts: async (path) => ({ ...((await realFiles.facts(path)) ?? { changedAt: 0 }), uid: 4711, gid: 4712 }),
    async create(path) {
      const made = await realFiles.create(path);
      return { ...made, giveTo: async (facts) => void given.push(facts) };
    },
  };
  await replaceFile(files, file, toNew);
  expect((await stat(file)).mode & 0o777).toBe(0o600);
  expect(given).toMatchObject([{ uid: 4711, gid: 4712 }]);
});

describe('what killed runs left', () => {
  test('is removed a minute later, and nothing else', async () => {
    const left = `${file}.keyturn-0123456789ab`;
    const others = [`${file}.bak`, join(home, 'config.keyturn-0123456789ab')];
    for (const path of [left, ...others]) await writeFile(path, 'x');
    const now = (await stat(left)).mtimeMs;
    await removeLeftOvers(realFiles, file, now + 50_000);
    expect(await readdir(home)).toContain(basename(left));
    for (const path of others) await utimes(path, 0, 0);
    await removeLeftOvers(realFiles, file, now + 61_000);
    expect((await readdir(home)).sort()).toEqual(['config.keyturn-0123456789ab', 'credentials', 'credentials.bak']);
  });

  test('is left when it cannot be removed', async () => {
    await removeLeftOvers(failing('list', 'EACCES', 'before'), file, Date.now());
    expect(await content()).toBe('old');
  });
});
