import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { encodeTime } from 'ulid';
import { longHistory } from '../../bench/report/long-history.ts';
import { nextSeal, type Seal } from '../../lambda/contracts/seal.ts';
import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { parseEventId } from '../../lambda/domain/ids.ts';
import { DAY, fromIso, MINUTE, toIso } from '../../lambda/domain/time.ts';
import type { Finding } from '../../lambda/workflows/verify-history.ts';
import { FakeCli } from './fake-cli.ts';

const fail = (): never => {
  throw new Error('there is no history');
};

/** Four months of rotations in two accounts, with notices, receipts, inventories and runs. */
const policy = { rotateAfterDays: 90, disableAfterDays: 100, deleteAfterDays: 110 };
const start = fromIso('2026-01-04T00:00:00.000Z');
const events = [...longHistory({ accounts: 2, usersPerAccount: 6, policy }, start, 120)];
const [someEvent = fail()] = events;
const written = events.map((event) => JSON.stringify(event));
const COUNT = events.length;
/** Two hours after the last event: everything is sealed. */
const now = Math.max(...events.map(({ time }) => fromIso(time))) + 120 * MINUTE;

const folder = mkdtempSync(join(tmpdir(), 'keyturn-tampered-'));
afterAll(() => rmSync(folder, { recursive: true }));
const seals = join(folder, 'seals.jsonl');
beforeAll(() => {
  const chain: Seal[] = [];
  for (const batch of Map.groupBy(events, ({ time }) => time.slice(0, 10)).values()) {
    chain.push(nextSeal(chain.at(-1), batch, toIso(fromIso(batch.at(-1)?.time ?? '') + MINUTE)));
  }
  writeFileSync(seals, chain.map((seal) => `${JSON.stringify(seal)}\n`).join(''));
});

async function check(lines: readonly string[], at = now) {
  const file = join(folder, 'events.jsonl');
  writeFileSync(file, lines.map((line) => `${line}\n`).join(''));
  const cli = new FakeCli();
  cli.clock.set(at);
  return cli.run('history', '--verify', '--json', '--file', file, '--seals', seals);
}

/** What is named, once for each finding. */
async function named(lines: readonly string[]): Promise<readonly string[]> {
  const { exitCode, out, err } = await check(lines);
  if (out === '') throw new Error(err);
  const findings: readonly Finding[] = JSON.parse(out).findings;
  expect(exitCode).toBe(findings.length === 0 ? 0 : 1);
  return findings.map((finding) => ('eventId' in finding ? `${finding.kind} ${finding.eventId}` : finding.kind));
}

/** First, last, middle, and some that a generator with a fixed seed chooses. */
function places(): readonly number[] {
  let seed = 20_261_120;
  const next = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return seed % COUNT;
  };
  return [0, 1, Math.floor(COUNT / 2), COUNT - 2, COUNT - 1, ...Array.from({ length: 8 }, next)];
}
const idAt = (place: number): string => events[place]?.id ?? '';
const eventAt = (place: number): object => ({ ...events[place] });
/** That event, written anew with this in place of what it said. */
const rewritten = (place: number, change: object): string => JSON.stringify({ ...eventAt(place), ...change });
const everywhere = places().map((place) => [place] as const);

test('the untouched copy has no findings, however late it is checked', async () => {
  expect(COUNT).toBeGreaterThan(400);
  expect(await named(written)).toEqual([]);
  expect((await check(written, now + 900 * DAY)).exitCode).toBe(0);
  // Other tools write the same with spaces, and names in another order.
  const sorted = written.map((line) => JSON.stringify(JSON.parse(line), undefined, ' ').replaceAll('\n', ' '));
  expect(await named(sorted)).toEqual([]);
});

test('texts may hold whatever a person writes, and lines may end as on Windows', async () => {
  const actor = 'arn:aws:iam::111122223333:user/ann\u2028\u2029\u0085\ufeff=\\"\n';
  const odd: HistoryEvent = {
    ...someEvent,
    id: parseEventId(encodeTime(now, 10) + '0'.repeat(16)),
    time: toIso(now),
    actor,
  };
  const file = join(folder, 'odd.jsonl');
  const itsSeals = join(folder, 'odd-seals.jsonl');
  const first = nextSeal(undefined, [someEvent], someEvent.time);
  writeFileSync(itsSeals, `${JSON.stringify(first)}\r\n${JSON.stringify(nextSeal(first, [odd], odd.time))}`);
  for (const text of [`${written[0]}\n${JSON.stringify(odd)}`, `${written[0]}\r\n\r\n${JSON.stringify(odd)}\r\n`]) {
    writeFileSync(file, text);
    const { exitCode, out } = await new FakeCli().run('history', '--verify', '--file', file, '--seals', itsSeals);
    expect(out).toContain('Checked 2 events against 2 seals');
    expect(exitCode).toBe(0);
  }
});

test.each(everywhere)('event %d deleted: it is named', async (place) => {
  expect(await named(written.toSpliced(place, 1))).toEqual([`missing ${idAt(place)}`]);
});

describe.each<[string, (place: number) => string]>([
  ['another actor', (place) => rewritten(place, { actor: 'arn:aws:iam::111122223333:user/mallory' })],
  ['a note that no event has', (place) => rewritten(place, { note: 'approved' })],
  ['an approver in its details', (place) => rewritten(place, { details: { ...details(place), approvedBy: 'Dana' } })],
  ['details of another kind', (place) => rewritten(place, { details: { by: 7 } })],
  ['another time', (place) => rewritten(place, { time: '2026-01-01T00:00:00.000Z' })],
  ['a type that there is not', (place) => rewritten(place, { type: 'key-approved' })],
  ['a broken character', (place) => rewritten(place, { actor: '\ud800' })],
  [
    'a name that is special to JavaScript',
    (place) => written[place]?.replace('{', '{"__proto__":{"note":"ok"},') ?? '',
  ],
  ['a name without a value', (place) => rewritten(place, { approvedBy: null })],
])('altered: %s', (_, altered) => {
  test.each(everywhere)('event %d is named', async (place) => {
    expect(await named(written.with(place, altered(place)))).toEqual([`altered ${idAt(place)}`]);
  });
});
const details = (place: number): object => ({ ...events[place]?.details });

test.each(everywhere)('event %d under another ID: both are named', async (place) => {
  const id = `${idAt(place).slice(0, -1)}Z`;
  const found = await named(written.with(place, rewritten(place, { id })));
  expect(found.toSorted()).toEqual([`missing ${idAt(place)}`, `unsealed ${id}`]);
});

test.each(everywhere)('event %d with one name twice: its line is named', async (place) => {
  const twice = written[place]?.replace('"actor"', '"actor":"mallory",$&') ?? '';
  const { exitCode, err } = await check(written.with(place, twice));
  expect(exitCode).toBe(1);
  expect(err).toContain(`line ${place + 1} cannot be relied on: an object has the name \\"actor\\" twice`);
});

test.each(everywhere)('event %d with a number that is not read to its end: its line is named', async (place) => {
  const more = written[place]?.replace('"rotateAfterDays":90', '$&.00000000000000000001') ?? '';
  const { exitCode, err } = await check(written.with(place, more));
  expect(exitCode).toBe(1);
  expect(err).toContain(`line ${place + 1} cannot be relied on: the number 90.00000000000000000001 is read as 90`);
});

describe.each<[string, number]>([
  ['of its own day', 0],
  ['of 2099', Date.UTC(2099, 0)],
  ['of half an hour ago', now - 30 * MINUTE],
  ['of an earlier year', Date.UTC(2020, 0)],
])('inserted: a notice %s', (_, date) => {
  test.each([...everywhere, [COUNT] as const])('before event %d is named', async (place) => {
    const at = date === 0 ? fromIso(events[Math.min(place, COUNT - 1)]?.time ?? '') : date;
    const id = encodeTime(at, 10) + 'F'.repeat(16);
    const receipt = { about: [idAt(0)], channel: 'slack', to: 'payments' };
    const forged = JSON.stringify({ ...eventAt(0), id, time: toIso(at), type: 'notice-delivered', details: receipt });
    // What is younger than the newest seal, or hardly older, may be about to be sealed for an hour: not here.
    const hourLater = async (lines: readonly string[]) => JSON.parse((await check(lines, now + 61 * MINUTE)).out);
    const { findings } = await hourLater(written.toSpliced(place, 0, forged));
    expect(findings).toMatchObject([{ kind: 'unsealed', eventId: id, line: place + 1 }]);
  });
});

test('one that is dated within the last hour is named at once, as not sealed yet', async () => {
  const at = now - 30 * MINUTE;
  const forged = { ...eventAt(0), id: encodeTime(at, 10) + 'F'.repeat(16), time: toIso(at) };
  const { out } = await check([...written, JSON.stringify(forged)]);
  expect(JSON.parse(out)).toMatchObject({ awaitingSeal: 1, awaiting: [forged.id] });
});

test.each(everywhere)('event %d inserted again, near and far: it is named', async (place) => {
  for (const to of [0, place, place + 1, COUNT]) {
    expect(await named(written.toSpliced(to, 0, written[place] ?? ''))).toEqual([`repeated ${idAt(place)}`]);
  }
});

test.each(everywhere)('event %d moved elsewhere: it is named', async (place) => {
  for (const to of [0, place - 1, place + 1, COUNT - 1].filter((other) => other !== place && written[other])) {
    const lines = written.toSpliced(place, 1).toSpliced(to, 0, written[place] ?? '');
    // Neighbours that changed places: nobody can tell which of them was moved.
    const either = Math.abs(to - place) === 1 ? [idAt(place), idAt(to)] : [idAt(place)];
    const found = await named(lines);
    expect(found).toHaveLength(1);
    expect(either.map((id) => `out-of-order ${id}`)).toContain(found[0]);
  }
});

test('the last event moved to the front: it alone is named, with its line', async () => {
  const { out } = await check([...written.slice(-1), ...written.slice(0, -1)]);
  expect(JSON.parse(out).findings).toEqual([{ kind: 'out-of-order', eventId: idAt(COUNT - 1), line: 1 }]);
});
