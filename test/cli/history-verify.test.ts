import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { DAY, fromIso, toIso } from '../../lambda/domain/time.ts';
import { AccessDeniedError } from '../../lambda/ports.ts';
import { sealHistory } from '../../lambda/workflows/seal-history.ts';
import { anEvent, eventId } from '../support/builders.ts';
import { FakeClock } from '../support/fake-clock.ts';
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
const copyOf = async (cli: FakeCli) =>
  (await cli.run('history', '--all-accounts', '--since', '2026-01-01', '--json')).out;
const altered = { ...happened(2), actor: 'arn:aws:iam::111122223333:user/mallory' };

/** Five days with an event each, sealed in two batches when the last of each had happened; `now` is three months later. */
async function aSealedHistory(events = [0, 1, 2, 3, 4].map(happened)): Promise<FakeCli> {
  const cli = new FakeCli();
  const { seals } = cli;
  await sealHistory({ seals, clock: new FakeClock(happened(1).time) }, [0, 1].map(happened));
  await sealHistory({ seals, clock: new FakeClock(happened(4).time) }, [2, 3, 4].map(happened));
  await cli.ledger.append(events);
  return cli;
}

describe('keyturn history --verify', () => {
  test('of an untouched history says so, and gives the line to note down', async () => {
    const { exitCode, out } = await (await aSealedHistory()).run('history', '--verify');
    expect(exitCode).toBe(0);
    expect(out).toContain(
      'Checked 5 events against 2 seals, and the seals against 0 anchors: nothing was altered, removed or added.',
    );
    expect(out).toMatch(/Newest seal: 2, of 2026-03-05 12:00 UTC\n[0-9a-f]{64}/);
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

  test('tells of notes that were tampered with', async () => {
    const cli = await aSealedHistory();
    cli.anchors = [];
    cli.anchorFaults = [{ anchor: 'heads/2026-03-02.json', why: 'somebody marked it as deleted' }];
    const { exitCode, out } = await cli.run('history', '--verify');
    expect(exitCode).toBe(1);
    expect(out).toContain('Anchor heads/2026-03-02.json: somebody marked it as deleted');
  });

  test('says how many notes there were', async () => {
    const cli = await aSealedHistory();
    const { head } = JSON.parse((await cli.run('history', '--verify', '--json')).out);
    cli.anchors = [head];
    const { out } = await cli.run('history', '--verify', '--anchor', `2:${head.hash}`);
    expect(out).toContain('and the seals against 2 anchors');
  });

  test('that the caller may not read is left out, and that is said', async () => {
    const cli = await aSealedHistory();
    cli.anchors = new AccessDeniedError('AWS denied s3:ListBucket: no policy allows it.');
    const { exitCode, err } = await cli.run('history', '--verify');
    expect(exitCode).toBe(0);
    expect(err).toContain('The seals noted down in the evidence bucket are left out: AWS denied s3:ListBucket');
  });
});

describe('the flags of --verify', () => {
  test.each(['--file', '--seals', '--export-events', '--export-seals'])('%s alone is refused', async (flag) => {
    const { exitCode, err } = await (await aSealedHistory()).run('history', flag, join(folder, 'x'));
    expect(exitCode).toBe(2);
    expect(err).toContain('belong to --verify');
  });

  test('do not go with those that choose what is shown', async () => {
    const cli = await aSealedHistory();
    for (const flags of [['--limit', '3'], ['--type', 'key-deleted'], ['--newest-first']]) {
      expect((await cli.run('history', '--verify', ...flags)).exitCode).toBe(2);
    }
    expect((await cli.run('history', '--verify', '--since', '2026-03-04', '--until', '2026-03-01')).exitCode).toBe(2);
  });
});

describe('an export', () => {
  test('is whole whenever it is checked: what awaits its seal is left out, what was sealed meanwhile too', async () => {
    const cli = await aSealedHistory();
    const now = cli.clock.now();
    const recent = anEvent('user-gone', { id: eventId(now - 1_000), time: toIso(now - 1_000) });
    await cli.ledger.append([recent]);
    const [events, seals] = [join(folder, 'whole-events.jsonl'), join(folder, 'whole-seals.jsonl')];
    const made = await cli.run('history', '--verify', '--export-events', events, '--export-seals', seals);
    expect(made).toMatchObject({ exitCode: 0, out: expect.stringContaining('1 event of the last hour is not sealed') });
    await sealHistory(cli, [recent]);
    const elsewhere = new FakeCli();
    elsewhere.clock.set(now + 400 * DAY);
    const { exitCode, out } = await elsewhere.run('history', '--verify', '--file', events, '--seals', seals);
    expect(out).toContain('Checked 5 events against 2 seals');
    expect(exitCode).toBe(0);
  });

  test('of a quarter is checked as one', async () => {
    const cli = await aSealedHistory();
    const span = ['--since', '2026-03-02', '--until', '2026-03-05'];
    const plain = fileWith((await cli.run('history', '--all-accounts', ...span, '--json')).out);
    expect((await cli.run('history', '--verify', '--file', plain)).exitCode).toBe(1);
    const { exitCode, out } = await cli.run('history', '--verify', '--file', plain, ...span);
    expect(out).toContain('Checked 3 events from 2026-03-02 00:00 until 2026-03-05 00:00 against 2 seals');
    expect(exitCode).toBe(0);
    expect((await cli.run('history', '--verify', ...span)).out).toContain('Checked 3 events from');
  });

  test('that cannot be written is a clear mistake, and so is one of a copy', async () => {
    const cli = await aSealedHistory();
    const file = join(folder, 'no-such-folder', 'events.jsonl');
    expect((await cli.run('history', '--verify', '--export-events', file)).err).toContain(`Cannot write '${file}'`);
    const copy = fileWith(await copyOf(cli));
    const { err } = await cli.run('history', '--verify', '--file', copy, '--export-events', join(folder, 'again'));
    expect(err).toContain('cannot be used with --file');
  });
});

describe('a copy', () => {
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
    expect(out).toContain('Checked 5 events against 2 seals, and the seals against 0 anchors: nothing');
    expect(exitCode).toBe(0);
    // Whoever checks it needs no AWS account.
    expect(elsewhere.connections).toEqual([]);
  });

  test.each([
    ['deleted', (lines: string[]) => lines.toSpliced(2, 1), `Event ${happened(2).id} was removed`],
    [
      'altered',
      (lines: string[]) => lines.with(2, JSON.stringify(altered)),
      `Event ${happened(2).id} on line 3 was altered`,
    ],
    [
      'inserted',
      (lines: string[]) => lines.toSpliced(2, 0, JSON.stringify({ ...happened(2), id: eventId(START + DAY, 999) })),
      `Event ${eventId(START + DAY, 999)} on line 3 was added by another hand`,
    ],
    [
      'moved',
      (lines: string[]) => [lines[0], lines[2], lines[1], lines[3], lines[4]].flatMap((line) => line ?? []),
      `Event ${happened(2).id} on line 2 was moved: it does not stand in its order`,
    ],
  ])('with one event %s: that one is named', async (_, touch, words) => {
    const cli = await aSealedHistory();
    const file = fileWith(touch((await copyOf(cli)).split('\n')).join('\n'));
    const { exitCode, out } = await cli.run('history', '--verify', '--file', file);
    expect(exitCode).toBe(1);
    expect(out).toContain(words);
  });

  test.each([
    [
      'is cut off',
      (text: string) => text.slice(0, -20),
      /line 5 cannot be relied on: .* It was cut off, or altered by hand/,
    ],
    [
      'holds something else',
      (text: string) => `${text}\n{"hello":1}`,
      /line 6 holds no event of Keyturn's: it has no ID/,
    ],
    [
      'says one thing twice',
      (text: string) => text.replace('"actor"', '"actor":"mallory",$&'),
      /line 1 .* has the name "actor" twice/,
    ],
    ['ends in something else', (text: string) => `${text}x`, /line 5 cannot be relied on/],
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
