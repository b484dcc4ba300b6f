import type { EvidenceStore } from '../../lambda/ports.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { sealHistory } from '../../lambda/workflows/seal-history.ts';
import { dueMonth, writeReport } from '../../lambda/workflows/write-report.ts';
import { receiptOf, run, told } from '../report/support.ts';
import { ACCOUNT, at, keyId } from '../support/builders.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeEvidence } from '../support/fake-evidence.ts';
import { FakeLedger } from '../support/fake-ledger.ts';
import { FakeLog } from '../support/fake-log.ts';
import { FakeSeals } from '../support/fake-seals.ts';

/** A deployment with a history of September and October. */
async function deployed() {
  const ledger = new FakeLedger();
  const evidence = new FakeEvidence();
  const replaced = told('2026-09-25', 'key-replaced', 1, { incomingKeyId: keyId(2) });
  await ledger.append([
    ...run('2026-10-02'),
    replaced,
    receiptOf(replaced, '2026-09-25T07:00'),
    told('2026-10-05', 'key-disabled', 1, { requestId: undefined }),
  ]);
  const clock = new FakeClock('2026-11-02T09:47:30.000Z');
  const render: Parameters<typeof writeReport>[0]['render'] = (model) => [
    { name: 'report.json', contentType: 'application/json', lines: [JSON.stringify(model.rotations)] },
    {
      name: 'keys.csv',
      contentType: 'text/csv',
      lines: ['account,user', ...model.keys.map(({ userName }) => userName)],
    },
  ];
  const seals = new FakeSeals();
  const seal = await sealHistory({ seals, clock }, ledger.events());
  return { ledger, evidence, seal, world: { history: ledger, seals, evidence, clock, log: new FakeLog(), render } };
}

const SECOND = at('2026-11-02T09:47:00.000Z');

describe('the month that is due', () => {
  test.each([
    ['2026-11-01T23:59:59.999Z', '2026-09'],
    ['2026-11-02T00:00:00.000Z', '2026-10'],
    ['2026-11-30T09:47:00.000Z', '2026-10'],
    ['2027-01-01T09:47:00.000Z', '2026-11'],
    ['2027-01-02T09:47:00.000Z', '2026-12'],
    ['2028-03-02T09:47:00.000Z', '2028-02'],
  ])('at %s is %s', (now, month) => {
    expect(dueMonth(at(now)).month).toBe(month);
  });

  test('goes from its first instant to the first of the next', () => {
    expect(dueMonth(SECOND)).toEqual({ month: '2026-10', from: at('2026-10-01'), to: at('2026-11-01') });
  });
});

describe('writing a report', () => {
  test('writes each file and, last, a manifest with their sizes and hashes', async () => {
    const { world, evidence, seal } = await deployed();
    expect(await writeReport(world, SECOND)).toBe('written');
    expect([...evidence.files.keys()]).toEqual([
      'reports/2026-10/report.json',
      'reports/2026-10/keys.csv',
      'reports/2026-10/manifest.json',
    ]);
    expect(JSON.parse(evidence.text('reports/2026-10/manifest.json'))).toEqual({
      schema: 1,
      period: { from: '2026-10-01T00:00:00.000Z', to: '2026-11-01T00:00:00.000Z' },
      writtenAt: '2026-11-02T09:47:30.000Z',
      events: { eventsInPeriod: 4, firstEvent: expect.any(String), lastEvent: expect.any(String) },
      head: { number: 1, hash: seal?.hash, sealedAt: '2026-11-02T09:47:30.000Z' },
      files: [
        evidence.files.get('reports/2026-10/report.json')?.stored,
        evidence.files.get('reports/2026-10/keys.csv')?.stored,
      ],
    });
  });

  test('what began before the month is known, with its receipts', async () => {
    const { world, evidence } = await deployed();
    await writeReport(world, SECOND);
    expect(JSON.parse(evidence.text('reports/2026-10/report.json'))).toMatchObject([
      { account: ACCOUNT, keyId: keyId(1), begunAt: '2026-09-25T06:00:00.000Z', proof: 'delivered' },
    ]);
  });

  test('reads history by day alone, and of the time before only what concerns keys', async () => {
    const { world, ledger } = await deployed();
    await writeReport(world, SECOND);
    const queries = ledger.calls
      .of('history.query')
      .map(({ args: [query] }) => query as { by: { kind: string; day: string }; types?: readonly string[] });
    expect(new Set(queries.map(({ by }) => by.kind))).toEqual(new Set(['day']));
    expect(queries).toHaveLength(400 + 31);
    expect(queries.filter(({ types }) => types === undefined).map(({ by }) => by.day)).toEqual(
      Array.from({ length: 31 }, (_, n) => `2026-10-${String(n + 1).padStart(2, '0')}`),
    );
    expect(queries[0]).toMatchObject({
      types: expect.arrayContaining(['inventory-taken', 'notice-delivered', 'run-started']),
    });
  });

  test('a month that is written is not written again', async () => {
    const { world, evidence } = await deployed();
    await writeReport(world, SECOND);
    evidence.puts.length = 0;
    expect(await writeReport(world, at('2026-11-03T09:47:00.000Z'))).toBe('there');
    expect(evidence.puts).toEqual([]);
  });

  test('one that broke off is made good the next day: without its manifest it is not there', async () => {
    const { world, evidence } = await deployed();
    const failing: EvidenceStore = {
      has: (name) => evidence.has(name),
      put: (file) => (file.name.endsWith('keys.csv') ? Promise.reject(new UnavailableError('s3')) : evidence.put(file)),
    };
    await expect(writeReport({ ...world, evidence: failing }, SECOND)).rejects.toThrow(UnavailableError);
    expect([...evidence.files.keys()]).toEqual(['reports/2026-10/report.json']);
    expect(await writeReport(world, at('2026-11-03T09:47:00.000Z'))).toBe('written');
    expect([...evidence.files.keys()]).toContain('reports/2026-10/manifest.json');
  });

  test('before there was any history there is nothing to write', async () => {
    const { world, evidence } = await deployed();
    expect(await writeReport(world, at('2026-09-02T09:47:00.000Z'))).toBe('nothing');
    expect(evidence.puts).toEqual([]);
  });

  test('a month in which nothing ran is reported all the same', async () => {
    const { world } = await deployed();
    expect(await writeReport(world, at('2027-01-02T09:47:00.000Z'))).toBe('written');
  });

  test('history that cannot be read fails it, and nothing is written', async () => {
    const { world, ledger, evidence } = await deployed();
    ledger.calls.failOn('history.query', { when: 'before', error: new UnavailableError('throttled') });
    await expect(writeReport(world, SECOND)).rejects.toThrow('throttled');
    expect(evidence.puts).toEqual([]);
  });
});
