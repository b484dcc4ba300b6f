import { open, readdir, readFile, realpath, rename, rm, stat } from 'node:fs/promises';

/** What is known of a file beside its bytes. */
export interface FileFacts {
  readonly uid: number;
  readonly gid: number;
  /** Milliseconds since 1970. */
  readonly changedAt: number;
}

/** A new file that nobody else may read. */
export interface NewFile {
  giveTo(facts: FileFacts): Promise<void>;
  write(bytes: Uint8Array): Promise<void>;
  /** Waits until the disk has it. */
  sync(): Promise<void>;
  close(): Promise<void>;
}

/** The few things that are done with files, each of which may be the last one that this process does. */
export interface Files {
  /** Undefined when there is no such file. */
  read(path: string): Promise<Buffer | undefined>;
  /** Undefined when there is no such file. */
  facts(path: string): Promise<FileFacts | undefined>;
  /** Where links lead. */
  realPath(path: string): Promise<string>;
  /** Names in a directory. */
  list(path: string): Promise<readonly string[]>;
  /** Makes a file of mode 0600; fails when there is one of that name. */
  create(path: string): Promise<NewFile>;
  rename(from: string, to: string): Promise<void>;
  remove(path: string): Promise<void>;
  /** Waits until the disk knows the directory's names; what can't do that (Windows) doesn't. */
  syncDirectory(path: string): Promise<void>;
}

export const realFiles: Files = {
  read: (path) => unlessThereIsNone(readFile(path)),
  async facts(path) {
    const found = await unlessThereIsNone(stat(path));
    return found && { uid: found.uid, gid: found.gid, changedAt: found.mtimeMs };
  },
  realPath: (path) => realpath(path),
  list: (path) => readdir(path),
  async create(path) {
    const file = await open(path, 'wx', 0o600);
    return {
      giveTo: ({ uid, gid }) => file.chown(uid, gid),
      write: (bytes) => file.writeFile(bytes),
      sync: () => file.sync(),
      close: () => file.close(),
    };
  },
  rename,
  remove: (path) => rm(path, { force: true }),
  async syncDirectory(path) {
    const directory = await open(path, 'r').catch(() => undefined);
    await directory?.sync().catch(() => {});
    await directory?.close();
  },
};

/** Node's code for what went wrong with a file (`EACCES`, `ENOSPC`, …); undefined for any other error. */
export function codeOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null || !('code' in error)) return undefined;
  return typeof error.code === 'string' ? error.code : undefined;
}

async function unlessThereIsNone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined;
    throw error;
  }
}
