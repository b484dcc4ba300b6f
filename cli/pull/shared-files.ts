import { join, resolve } from 'node:path';
import { CommandError } from '../errors.ts';
import { codeOf, type Files } from './files.ts';
import type { SharedFile, SharedFileKind } from './profile.ts';

/** Where the command runs. */
export interface Place {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** The person's home directory. */
  readonly home: string;
  /** The directory that the command was started in. */
  readonly cwd: string;
}

/** AWS's two shared files, read once, so that all that is said of them fits together. */
export interface SharedFiles {
  readonly credentials: SharedFile;
  readonly config: SharedFile;
}

/** Reads both files from where AWS's tools look for them; one that is missing reads as empty. */
export async function readSharedFiles(files: Files, place: Place): Promise<SharedFiles> {
  const { AWS_SHARED_CREDENTIALS_FILE: credentials, AWS_CONFIG_FILE: config } = place.env;
  return {
    credentials: await readSharedFile(files, 'credentials', pathOf(credentials, 'credentials', place)),
    config: await readSharedFile(files, 'config', pathOf(config, 'config', place)),
  };
}

function pathOf(named: string | undefined, usual: string, { home, cwd }: Place): string {
  if (named === undefined || named === '') return join(home, '.aws', usual);
  if (/^~[/\\]/.test(named)) return join(home, named.slice(2));
  return resolve(cwd, named);
}

async function readSharedFile(files: Files, kind: SharedFileKind, path: string): Promise<SharedFile> {
  return { kind, path, text: textOf(path, (await bytesOf(files, path)) ?? Buffer.alloc(0)) };
}

async function bytesOf(files: Files, path: string): Promise<Buffer | undefined> {
  try {
    return await files.read(path);
  } catch (error) {
    const code = codeOf(error);
    if (code === undefined) throw error;
    const why =
      code === 'EACCES' || code === 'EPERM'
        ? 'you have no right to; check its permissions (chmod 600) and whom it belongs to'
        : code === 'EISDIR'
          ? 'it is a directory'
          : `the system says ${code}`;
    throw new CommandError(`${path} cannot be read: ${why}. Nothing was changed.`);
  }
}

/** A file's bytes, one character each. Throws CommandError for UTF-16, which AWS's tools do not read either. */
export function textOf(path: string, bytes: Buffer): string {
  if (bytes.includes(0)) {
    throw new CommandError(
      `${path} is not in UTF-8 (PowerShell's '>' writes UTF-16): save it as UTF-8 and try again. Nothing was changed.`,
    );
  }
  return bytes.toString('latin1');
}
