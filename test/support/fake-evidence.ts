import { createHash } from 'node:crypto';
import { ConflictError, type EvidenceStore, type StoredFile } from '../../lambda/ports.ts';

/** An evidence bucket in memory; the newest version of each file. */
export class FakeEvidence implements EvidenceStore {
  readonly files = new Map<string, { readonly stored: StoredFile; readonly content: string }>();
  /** Names of everything that was put, oldest first. */
  readonly puts: string[] = [];

  async put({ name, contentType, lines, onlyNew }: Parameters<EvidenceStore['put']>[0]): Promise<StoredFile> {
    if (onlyNew && this.files.has(name)) throw new ConflictError(`There is a '${name}' already.`);
    const content = [...lines].map((line) => `${line}\n`).join('');
    const sha256 = createHash('sha256').update(content).digest('hex');
    const stored = { name, contentType, bytes: Buffer.byteLength(content), sha256 };
    this.files.set(name, { stored, content });
    this.puts.push(name);
    return stored;
  }

  async has(name: string): Promise<boolean> {
    return this.files.has(name);
  }

  text(name: string): string {
    const file = this.files.get(name);
    if (file === undefined) throw new Error(`there is no ${name}`);
    return file.content;
  }
}
