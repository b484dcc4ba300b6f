import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { DAY, fromIso, toIso } from '../../lambda/domain/time.ts';
import { AccessDeniedError } from '../../lambda/ports.ts';
import { sealHistory } from '../../lambda/workflows/seal-history.ts';
import { anEvent, eventId } from '../support/builders.ts';
import { FakeCli } from './fake-cli.ts';

const folder = mkdtempSync(join(tmpdir(), 'keyturn-verify-'));
afterAll(() => rmSync(folder, { recursive: true }));
const fileWith = (text: string): string => {
  const file = join(folder, `copy-${Math.random()}.jsonl`);
  writeFileSync(file, text);
  return file;
};

const START = fromIso('2026-03-01T12:00:00.000Z');
const happened = (n: number): HistoryEvent =>
  anEvent('key-deleted', { id: eventId(START + n * DAY, n), time: toIso(START + n * DAY) });
const altered = { ...happened(2), actor: 'arn:aws:iam::111122223333:user/mallory' };

/** Five days with an event each, sealed in two batches; `now` is three months later. */
async function aSealedHistory(events = [0, 1, 2, 3, 4].map(happened)): Promise<FakeCli> {
  const cli = new FakeCli();
  const { seals, clock } = cli;
  await sealHistory({ seals, clock }, [0, 1].map(happened));
  await sealHistory({ seals, clock }, [2, 3, 4].map(happened));
  await cli.ledger.append(events);
  return cli;
}

describe('keyturn history --verify', () => {
  test('of an untouched history says so, and gives the line to note down', async () => {
    const { exitCode, out } = await (await aSealedHistory()).run('history', '--verify');
    expect(exitCode).toBe(0);
    expect(out).toContain('Checked 5 events against 2 seals: nothing was altered, removed or added.');
    expect(out).toMatch(/Newest seal: 2, of 2026-06-01 00:00 UTC\n[0-9a-f]{64}/);
  });

  test('names the event that was altered, in words, and fails', async () => {
    const cli = await aSealedHistory([happened(0), happened(1), altered, happened(3), happened(4)]);
    const { exitCode, out, err } = await cli.run('history', '--verify');
    expect(exitCode).toBe(1);
    expect(out).toContain(`Event ${altered.id} was altered: its hash is not the sealed one (2026-03-03 12:00`);
    expect(err).toContain('keep it as it is');
  });

  test('names the event that was removed', async () => {
    const cli = await aSealedHistory([0, 1, 2, 4].map(happened));
    const { exitCode, out } = await cli.run('history', '--verify');
    expect(exitCode).toBe(1);
    expect(out).toContain(`Event ${happened(3).id} was removed: seal 2 holds its hash`);
  });

  test('as JSON has every finding', async () => {
    const cli = await aSealedHistory([1, 2, 4].map(happened));
    const { out } = await cli.run('history', '--verify', '--json');
    expect(JSON.parse(out).findings).toEqual([
      { kind: 'missing', eventId: happened(0).id, seal: 1 },
      { kind: 'missing', eventId: happened(3).id, seal: 2 },
    ]);
  });

  test('finds nothing when the seals are those that were noted down, and says which is not', async () => {
    const cli = await aSealedHistory();
    const { hash } = JSON.parse((await cli.run('history', '--verify', '--json')).out).head;
    expect((await cli.run('history', '--verify', '--anchor', `2:${hash}`)).exitCode).toBe(0);
    const { exitCode, out } = await cli.run('history', '--verify', '--anchor', `1:${hash}`);
    expect(exitCode).toBe(1);
    expect(out).toContain('Seal 1: it is not the one that was anchored');
  });
});

describe('the evidence bucket', () => {
  test('tells of a chain that was made anew since', async () => {
    const cli = await aSealedHistory();
    cli.anchors = [{ number: 1, hash: '0'.repeat(64) }];
    const { exitCode, out } = await cli.run('history', '--verify');
    expect(exitCode).toBe(1);
    expect(out).toContain('Seal 1: it is not the one that was anchored');
  });

  test('that the caller may not read is left out, and that is said', async () => {
    const cli = await aSealedHistory();
    cli.anchors = new AccessDeniedError('AWS denied s3:ListBucket: no policy allows it.');
    const { exitCode, err } = await cli.run('history', '--verify');
    expect(exitCode).toBe(0);
    expect(err).toContain('The seals noted down in the evidence bucket are left out: AWS denied s3:ListBucket');
  });
});

describe('a copy', () => {
  const copyOf = async (cli: FakeCli) =>
    (await cli.run('history', '--all-accounts', '--since', '2026-01-01', '--json')).out;

  test('can be checked without the table, against a copy of the seals', async () => {
    const cli = await aSealedHistory();
    const seals = join(folder, 'seals.jsonl');
    await cli.run('history', '--verify', '--export-seals', seals);
    expect(readFileSync(seals, 'utf8').trim().split('\n')).toHaveLength(2);
    const elsewhere = new FakeCli();
    const { exitCode, out } = await elsewhere.run(
      'history',
      '--verify',
      '--file',
      fileWith(await copyOf(cli)),
      '--seals',
      seals,
    );
    expect(out).toContain('Checked 5 events against 2 seals: nothing');
    expect(exitCode).toBe(0);
    // Whoever checks it needs no AWS account.
    expect(elsewhere.connections).toEqual([]);
  });

  test.each([
    ['deleted', (lines: string[]) => lines.toSpliced(2, 1), `Event ${happened(2).id} was removed`],
    ['altered', (lines: string[]) => lines.with(2, JSON.stringify(altered)), `Event ${happened(2).id} was altered`],
    [
      'inserted',
      (lines: string[]) => lines.toSpliced(2, 0, JSON.stringify({ ...happened(2), id: eventId(START + DAY, 999) })),
      `Event ${eventId(START + DAY, 999)} was added by another hand`,
    ],
    [
      'moved',
      (lines: string[]) => [lines[0], lines[2], lines[1], lines[3], lines[4]].flatMap((line) => line ?? []),
      `Event ${happened(1).id} stands behind a younger one`,
    ],
  ])('with one event %s: that one is named', async (_, touch, words) => {
    const cli = await aSealedHistory();
    const file = fileWith(touch((await copyOf(cli)).split('\n')).join('\n'));
    const { exitCode, out } = await cli.run('history', '--verify', '--file', file);
    expect(exitCode).toBe(1);
    expect(out).toContain(words);
  });

  test.each([
    ['is cut off', (text: string) => text.slice(0, -20), /line 5 is no JSON, perhaps because the copy was cut off/],
    ['holds something else', (text: string) => `${text}\n{"hello":1}`, /line 6 holds no event of Keyturn's/],
  ])('that %s is refused by its line', async (_, damage, words) => {
    const cli = await aSealedHistory();
    const { exitCode, err } = await cli.run('history', '--verify', '--file', fileWith(damage(await copyOf(cli))));
    expect(exitCode).toBe(1);
    expect(err).toMatch(words);
  });

  test('that is not there is a clear mistake', async () => {
    const { exitCode, err } = await (await aSealedHistory()).run('history', '--verify', '--file', join(folder, 'none'));
    expect(exitCode).toBe(1);
    expect(err).toContain('Cannot read');
  });
});
