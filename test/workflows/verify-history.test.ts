import type { Seal } from '../../lambda/contracts/seal.ts';
import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { DAY, MINUTE, toIso } from '../../lambda/domain/time.ts';
import { sealHistory } from '../../lambda/workflows/seal-history.ts';
import { type Finding, verifyHistory } from '../../lambda/workflows/verify-history.ts';
import { anEvent, eventId, NOW } from '../support/builders.ts';
import { collect } from '../support/collect.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeSeals } from '../support/fake-seals.ts';

const COUNT = 12;
const LATER = NOW + 30 * DAY;

async function* each<T>(items: readonly T[]): AsyncIterable<T> {
  yield* items;
}

const happened = (n: number): HistoryEvent =>
  anEvent('key-disabled', { id: eventId(NOW + n * MINUTE, n), time: toIso(NOW + n * MINUTE) });

/** A dozen events, sealed in batches of different sizes as a stream would bring them. */
async function sealedHistory() {
  const events = Array.from({ length: COUNT }, (_, n) => happened(n));
  const world = { seals: new FakeSeals(), clock: new FakeClock(toIso(NOW + DAY)) };
  for (const [from, to] of [
    [0, 1],
    [1, 6],
    [6, 8],
    [8, 12],
  ]) {
    await sealHistory(world, events.slice(from, to));
  }
  const seals = await collect(world.seals.all());
  return { events, seals, world };
}

async function findingsIn(
  seals: readonly Seal[],
  events: readonly HistoryEvent[],
  anchors?: readonly Seal[],
): Promise<readonly Finding[]> {
  return (await verifyHistory(each(seals), each(events), LATER, anchors)).findings;
}

const every = Array.from({ length: COUNT }, (_, n) => n);

describe('an untouched history', () => {
  test('has no findings, and its head can be noted down', async () => {
    const { events, seals } = await sealedHistory();
    const verification = await verifyHistory(each(seals), each(events), LATER);
    expect(verification).toMatchObject({ events: COUNT, seals: 4, awaitingSeal: 0, findings: [] });
    expect(verification.head).toMatchObject({ number: 4, hash: seals[3]?.hash });
  });

  test('may be sealed twice where the stream brought a batch twice', async () => {
    const { events, world } = await sealedHistory();
    await sealHistory(world, events.slice(6, 8));
    expect(await findingsIn(await collect(world.seals.all()), events)).toEqual([]);
  });

  test('may end in events that are not sealed yet, within an hour of being written', async () => {
    const { events, seals } = await sealedHistory();
    const recent = anEvent('user-gone', { id: eventId(LATER - 60 * MINUTE, 99), time: toIso(LATER - 60 * MINUTE) });
    const verification = await verifyHistory(each(seals), each([...events, recent]), LATER);
    expect(verification).toMatchObject({ awaitingSeal: 1, findings: [] });
    expect(await verifyHistory(each(seals), each([...events, recent]), LATER + 1)).toMatchObject({
      findings: [{ kind: 'unsealed', event: { id: recent.id } }],
    });
  });
});

describe('whichever one event is touched, it is named', () => {
  test.each(every)('event %d removed', async (n) => {
    const { events, seals } = await sealedHistory();
    const findings = await findingsIn(seals, events.toSpliced(n, 1));
    expect(findings).toMatchObject([{ kind: 'missing', eventId: events[n]?.id }]);
  });

  test.each(every)('event %d altered', async (n) => {
    const { events, seals } = await sealedHistory();
    const altered = { ...happened(n), actor: 'arn:aws:iam::111122223333:user/mallory' };
    const findings = await findingsIn(seals, events.with(n, altered));
    expect(findings).toMatchObject([{ kind: 'altered', event: { id: altered.id } }]);
  });

  test.each(every)('one inserted before event %d', async (n) => {
    const { events, seals } = await sealedHistory();
    const forged = anEvent('notice-delivered', { id: eventId(NOW + n * MINUTE - 1, 500 + n), time: toIso(NOW + n) });
    expect(await findingsIn(seals, events.toSpliced(n, 0, forged))).toEqual([{ kind: 'unsealed', event: forged }]);
  });

  test.each(every.slice(1))('event %d moved before the one ahead of it', async (n) => {
    const { events, seals } = await sealedHistory();
    const [ahead, moved] = [happened(n - 1), happened(n)];
    const findings = await findingsIn(seals, events.with(n - 1, moved).with(n, ahead));
    expect(findings).toMatchObject([{ kind: 'out-of-order', event: { id: ahead.id } }]);
  });

  test('one that stands there twice', async () => {
    const { events, seals } = await sealedHistory();
    expect(await findingsIn(seals, events.toSpliced(3, 0, happened(3)))).toMatchObject([
      { kind: 'repeated', event: { id: happened(3).id } },
    ]);
  });

  test('two that have changed their contents', async () => {
    const { events, seals } = await sealedHistory();
    const [a, b] = [happened(4), happened(5)];
    const swapped = events.with(4, { ...b, id: a.id }).with(5, { ...a, id: b.id });
    expect(await findingsIn(seals, swapped)).toMatchObject([
      { kind: 'altered', event: { id: a.id } },
      { kind: 'altered', event: { id: b.id } },
    ]);
  });
});

describe('the chain itself', () => {
  test('altered along with its event: the seal is named', async () => {
    const { events, seals } = await sealedHistory();
    const { seals: forged } = await sealedHistory();
    const [, second] = forged;
    if (second === undefined) throw new Error('there are four seals');
    const altered = { ...second, events: second.events.slice(1) };
    expect(await findingsIn(seals.with(1, altered), events.toSpliced(1, 1))).toMatchObject([
      { kind: 'broken-seal', seal: 2, why: expect.stringContaining('altered') },
    ]);
  });

  test('without one of its seals', async () => {
    const { events, seals } = await sealedHistory();
    const findings = await findingsIn(seals.toSpliced(2, 1), events);
    expect(findings[0]).toMatchObject({ kind: 'broken-seal', seal: 4 });
  });

  test('made anew from some seal on, every hash right: the anchor tells', async () => {
    const { events, seals } = await sealedHistory();
    const world = { seals: new FakeSeals(), clock: new FakeClock(toIso(NOW + DAY)) };
    await sealHistory(world, events.slice(1));
    const anew = await collect(world.seals.all());
    expect(await findingsIn(anew, events.slice(1))).toEqual([]);
    expect(
      await findingsIn(
        anew,
        events.slice(1),
        [seals[0], seals[3]].flatMap((seal) => seal ?? []),
      ),
    ).toMatchObject([
      { kind: 'broken-seal', seal: 1, why: expect.stringContaining('not the one that was anchored') },
      { kind: 'broken-seal', seal: 4, why: expect.stringContaining('no longer there') },
    ]);
  });
});

test('two shards at once: both batches are sealed, one after the other', async () => {
  const world = { seals: new FakeSeals(), clock: new FakeClock() };
  await Promise.all([sealHistory(world, [happened(1)]), sealHistory(world, [happened(2)])]);
  const seals = await collect(world.seals.all());
  expect(seals.map(({ number }) => number)).toEqual([1, 2]);
  expect(await findingsIn(seals, [happened(1), happened(2)])).toEqual([]);
});
