import { createHash } from 'node:crypto';
import type { EvidenceStore } from '../../lambda/ports.ts';

export interface EvidenceUnderTest {
  readonly store: EvidenceStore;
  /** The newest version of a file, as an auditor fetches it. */
  content(name: string): Promise<string>;
}

/** What every EvidenceStore does. Each one made is empty at first. */
export function evidenceSuite(name: string, make: () => Promise<EvidenceUnderTest>): void {
  describe(`EvidenceStore contract: ${name}`, () => {
    const file = {
      name: 'reports/2026-10/keys.csv',
      contentType: 'text/csv',
      lines: ['account,user', '111122223333,größe'],
    };
    const content = 'account,user\n111122223333,größe\n';

    test('stores lines as they are, and answers with the size and the hash of what is there', async () => {
      const { store, content: read } = await make();
      const stored = await store.put(file);
      expect(await read(file.name)).toBe(content);
      expect(stored).toEqual({
        name: file.name,
        contentType: 'text/csv',
        bytes: Buffer.byteLength(content),
        sha256: createHash('sha256').update(content).digest('hex'),
      });
    });

    test('knows what is there by its whole name', async () => {
      const { store } = await make();
      expect(await store.has(file.name)).toBe(false);
      await store.put(file);
      expect(await store.has(file.name)).toBe(true);
      expect(await store.has('reports/2026-10/keys')).toBe(false);
      expect(await store.has('reports/2026-10/keys.csv.bak')).toBe(false);
    });

    test('takes a file of no lines, and one larger than what is held at once', async () => {
      const { store, content: read } = await make();
      expect(await store.put({ ...file, name: 'empty', lines: [] })).toMatchObject({ bytes: 0 });
      expect(await store.has('empty')).toBe(true);
      const lines = Array.from({ length: 30_000 }, (_, n) => `line ${n}`);
      await store.put({ ...file, name: 'large', lines });
      expect(await read('large')).toBe(`${lines.join('\n')}\n`);
    });

    test('when the lines break off nothing is stored', async () => {
      const { store } = await make();
      function* breaking(): Generator<string> {
        yield 'first';
        throw new Error('the report broke off');
      }
      await expect(store.put({ ...file, lines: breaking() })).rejects.toThrow('the report broke off');
      expect(await store.has(file.name)).toBe(false);
    });
  });
}
