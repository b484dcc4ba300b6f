import { DAY, fromIso } from '../../lambda/domain/time.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { keepEvidence } from '../../lambda/workflows/keep-evidence.ts';
import { sealHistory } from '../../lambda/workflows/seal-history.ts';
import { anEvent } from '../support/builders.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeEvidence } from '../support/fake-evidence.ts';
import { FakeLedger } from '../support/fake-ledger.ts';
import { FakeLog } from '../support/fake-log.ts';
import { FakeSeals } from '../support/fake-seals.ts';

const NOON = fromIso('2026-11-20T12:00:00.000Z');
const anchor = 'heads/2026-11-20.json';
const manifest = 'reports/2026-10/manifest.json';

/** A world with a seal to note down and October's report to write. */
async function aWorld() {
  const world = {
    seals: new FakeSeals(),
    evidence: new FakeEvidence(),
    history: new FakeLedger(),
    log: new FakeLog(),
    clock: new FakeClock(),
    render: () => [{ name: 'report.csv', contentType: 'text/csv', lines: ['a'] }],
  };
  const event = anEvent('user-gone', { time: '2026-10-05T06:00:00.000Z' });
  await world.history.append([event]);
  await sealHistory(world, [event]);
  return world;
}

test('the seal is noted down and the report written, each once', async () => {
  const world = await aWorld();
  await keepEvidence(world, NOON);
  expect(await world.evidence.has(anchor)).toBe(true);
  expect(await world.evidence.has(manifest)).toBe(true);
  const before = world.evidence.text(manifest);
  await keepEvidence(world, NOON);
  expect(world.evidence.text(manifest)).toBe(before);
});

const outage = new UnavailableError('DynamoDB is down.');

test('a seal that cannot be noted down does not keep the report from being written, and is a failure', async () => {
  const world = await aWorld();
  world.seals.calls.failOn('seals.last', { when: 'before', error: outage });
  await expect(keepEvidence(world, NOON)).rejects.toBe(outage);
  expect(await world.evidence.has(manifest)).toBe(true);
  expect(await world.evidence.has(anchor)).toBe(false);
  expect(world.log.text()).toContain('seal not noted down');
  // Lambda's next try has only that left to do.
  await keepEvidence(world, NOON);
  expect(await world.evidence.has(anchor)).toBe(true);
});

test('a report that cannot be written does not keep the seal from being noted down, and is a failure', async () => {
  const world = await aWorld();
  world.history.calls.failOn('history.query', { when: 'before', error: outage });
  await expect(keepEvidence(world, NOON)).rejects.toBe(outage);
  expect(await world.evidence.has(anchor)).toBe(true);
  expect(await world.evidence.has(manifest)).toBe(false);
  expect(world.log.text()).toContain('report not written');
});

test('a day whose seal was not noted down is covered by the next note: it names every seal before', async () => {
  const world = await aWorld();
  world.seals.calls.failOn('seals.last', { when: 'before', error: outage });
  await expect(keepEvidence(world, NOON)).rejects.toBe(outage);
  const seal = await sealHistory(world, [anEvent('user-unblocked')]);
  await keepEvidence(world, NOON + DAY);
  expect(JSON.parse(world.evidence.text('heads/2026-11-21.json'))).toMatchObject({ number: 2, hash: seal?.hash });
});
