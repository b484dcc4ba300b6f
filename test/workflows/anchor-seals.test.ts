import { fromIso } from '../../lambda/domain/time.ts';
import { anchorSeals } from '../../lambda/workflows/anchor-seals.ts';
import { sealHistory } from '../../lambda/workflows/seal-history.ts';
import { anEvent } from '../support/builders.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeEvidence } from '../support/fake-evidence.ts';
import { FakeLog } from '../support/fake-log.ts';
import { FakeSeals } from '../support/fake-seals.ts';

const NOON = fromIso('2026-11-20T12:00:00.000Z');
const aWorld = () => ({
  seals: new FakeSeals(),
  evidence: new FakeEvidence(),
  log: new FakeLog(),
  clock: new FakeClock(),
});

test("the day's newest seal is noted down under the day, once", async () => {
  const world = aWorld();
  const seal = await sealHistory(world, [anEvent('user-gone')]);
  expect(await anchorSeals(world, NOON)).toBe('written');
  await sealHistory(world, [anEvent('user-unblocked')]);
  expect(await anchorSeals(world, NOON)).toBe('there');
  const text = world.evidence.text('heads/2026-11-20.json');
  expect(JSON.parse(text)).toEqual({ number: 1, hash: seal?.hash, sealedAt: seal?.sealedAt });
});

test('two at once: one of them notes it down, and the other leaves it', async () => {
  const world = aWorld();
  const seal = await sealHistory(world, [anEvent('user-gone')]);
  const outcomes = await Promise.all([anchorSeals(world, NOON), anchorSeals(world, NOON)]);
  expect(outcomes.toSorted()).toEqual(['there', 'written']);
  expect(world.evidence.puts).toEqual(['heads/2026-11-20.json']);
  expect(world.evidence.text('heads/2026-11-20.json')).toContain(seal?.hash);
});

test('before anything is sealed there is nothing to note down', async () => {
  const world = aWorld();
  expect(await anchorSeals(world, NOON)).toBe('nothing');
  expect(await world.evidence.has('heads/2026-11-20.json')).toBe(false);
});
