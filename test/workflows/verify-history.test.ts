import type { Seal } from '../../lambda/contracts/seal.ts';
import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { DAY, type Instant, MINUTE, toIso } from '../../lambda/domain/time.ts';
import type { FoundEvent } from '../../lambda/ports.ts';
import { sealHistory } from '../../lambda/workflows/seal-history.ts';
import { type Finding, type ToVerify, verifyHistory } from '../../lambda/workflows/verify-history.ts';
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

/** As they stand in a copy, one on each line. */
const lines = (events: readonly HistoryEvent[]): readonly FoundEvent[] =>
  events.map((event, n) => ({ id: event.id, content: { ...event }, line: n + 1 }));

const checked = (
  seals: readonly Seal[],
  events: readonly HistoryEvent[],
  { now = LATER, ...more }: Partial<ToVerify> & { readonly now?: Instant } = {},
) =>
  verifyHistory({
    seals: each(seals),
    events: each(lines(events)),
    clock: { now: () => now },
    inOrder: true,
    ...more,
  });

async function findingsIn(
  seals: readonly Seal[],
  events: readonly HistoryEvent[],
  anchors: readonly Seal[] = [],
): Promise<readonly Finding[]> {
  return (await checked(seals, events, { anchors: { seals: anchors, faults: [] } })).findings;
}

const every = Array.from({ length: COUNT }, (_, n) => n);

describe('an untouched history', () => {
  test('has no findings, and its head can be noted down', async () => {
    const { events, seals } = await sealedHistory();
    const verification = await checked(seals, events);
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
    const verification = await checked(seals, [...events, recent]);
    expect(verification).toMatchObject({ awaitingSeal: 1, findings: [] });
    expect(await checked(seals, [...events, recent], { now: LATER + 1 })).toMatchObject({
      findings: [{ kind: 'unsealed', event: { id: recent.id } }],
    });
  });
});

describe('what awaits its seal', () => {
  const dated = (time: Instant, id: Instant = time) => anEvent('user-gone', { id: eventId(id, 99), time: toIso(time) });
  /** The dozen happened between NOW and NOW + 11 minutes; an event more is found right after. */
  const verdict = async (one: HistoryEvent, now: Instant) => {
    const { events, seals } = await sealedHistory();
    const { awaitingSeal, findings } = await checked(seals, [...events, one], { now, inOrder: false });
    return findings.length === 0 && awaitingSeal === 1 ? 'awaits' : findings.map(({ kind }) => kind).join();
  };
  const last = NOW + 11 * MINUTE;

  test.each<[string, HistoryEvent, Instant, string]>([
    ['younger than all that is sealed', dated(last + 1), last + 60 * MINUTE, 'awaits'],
    ['an hour and a millisecond old', dated(last + 1), last + 60 * MINUTE + 2, 'unsealed'],
    // A receipt, say: of another shard of the stream, which is sealed apart.
    ['a quarter of an hour older than the newest that is sealed', dated(last - 15 * MINUTE), last, 'awaits'],
    ['older than that', dated(last - 15 * MINUTE - 1), last, 'unsealed'],
    ['ahead of the clock, as clocks differ', dated(last + 5 * MINUTE), last, 'awaits'],
    ['further ahead', dated(last + 5 * MINUTE + 1), last, 'unsealed'],
    ['of today by its ID, of 2099 by its time', dated(Date.UTC(2099, 0), last), last, 'unsealed'],
    ['of today by its time, of 2099 by its ID', dated(last, Date.UTC(2099, 0)), last, 'unsealed'],
    ['of last year by its time', dated(last - 365 * DAY, last), last, 'unsealed'],
  ])('%s', async (_, event, now, expected) => {
    expect(await verdict(event, now)).toBe(expected);
  });

  test('what is written while a long history is read awaits its seal too', async () => {
    const { events, seals } = await sealedHistory();
    const clock = new FakeClock(toIso(last + MINUTE));
    async function* slowly(): AsyncIterable<FoundEvent> {
      yield* lines(events);
      clock.set(last + 40 * MINUTE);
      yield* lines([dated(last + 30 * MINUTE), dated(last + 46 * MINUTE)]);
    }
    const found = await checked(seals, events, { events: slowly(), clock, inOrder: false });
    expect(found).toMatchObject({
      awaitingSeal: 1,
      findings: [{ kind: 'unsealed', eventId: dated(last + 46 * MINUTE).id }],
    });
  });

  test('a sealed event from the future does not keep others from waiting', async () => {
    const { events, seals, world } = await sealedHistory();
    const future = dated(Date.UTC(2099, 0));
    await sealHistory(world, [future]);
    const all = await collect(world.seals.all());
    expect(all.length).toBe(seals.length + 1);
    const found = await checked(all, [...events, dated(last + MINUTE), future], { now: last + 2 * MINUTE });
    expect(found).toMatchObject({ awaitingSeal: 1, findings: [{ kind: 'misdated', eventId: future.id }] });
  });

  test('is not handed on to be copied; everything else is', async () => {
    const { events, seals } = await sealedHistory();
    const kept: string[] = [];
    const keep = async ({ id }: FoundEvent) => void kept.push(id);
    await checked(seals, [...events, dated(last + 1)], { now: last + MINUTE, keep });
    expect(kept).toEqual(events.map(({ id }) => id));
  });
});

describe('what was sealed long after, or before, the time that it tells', () => {
  const sealedAt = NOW + DAY;
  test.each<[string, Instant, Instant, boolean]>([
    ['two days before', sealedAt - 2 * DAY, sealedAt - 2 * DAY, false],
    ['longer before', sealedAt - 2 * DAY - 1, sealedAt - 2 * DAY - 1, true],
    ['longer before by its ID', sealedAt, sealedAt - 2 * DAY - 1, true],
    ['longer before by its time', sealedAt - 2 * DAY - 1, sealedAt, true],
    ['five minutes later', sealedAt + 5 * MINUTE, sealedAt + 5 * MINUTE, false],
    ['later still', sealedAt + 5 * MINUTE + 1, sealedAt + 5 * MINUTE + 1, true],
  ])('%s', async (_, time, id, misdated) => {
    const event = anEvent('user-gone', { id: eventId(id, 99), time: toIso(time) });
    const world = { seals: new FakeSeals(), clock: new FakeClock(toIso(sealedAt)) };
    await sealHistory(world, [event]);
    const findings = await findingsIn(await collect(world.seals.all()), [event]);
    expect(findings.map(({ kind }) => kind)).toEqual(misdated ? ['misdated'] : []);
  });
});

describe('a part of the history', () => {
  test('is checked as one: nothing is missed that happened before or after it', async () => {
    const { events, seals } = await sealedHistory();
    const [since, until] = [NOW + 3 * MINUTE, NOW + 9 * MINUTE];
    const part = events.slice(3, 9);
    expect((await checked(seals, part, { since, until })).findings).toEqual([]);
    expect((await checked(seals, part.slice(1), { since, until })).findings).toMatchObject([
      { kind: 'missing', eventId: happened(3).id },
    ]);
    expect((await checked(seals, part, { since, until: until + 1 })).findings).toMatchObject([
      { kind: 'missing', eventId: happened(9).id },
    ]);
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
    expect(await findingsIn(seals, events.toSpliced(n, 0, forged))).toEqual([
      { kind: 'unsealed', eventId: forged.id, line: n + 1, event: forged },
    ]);
  });

  test.each(every.flatMap((from) => every.map((to) => [from, to] as const)).filter(([from, to]) => from !== to))(
    'event %d moved to place %d',
    async (from, to) => {
      const { events, seals } = await sealedHistory();
      const moved = happened(from);
      const findings = await findingsIn(seals, events.toSpliced(from, 1).toSpliced(to, 0, moved));
      // Of two neighbours that changed places nobody can tell which one was moved.
      const either = [moved.id, ...(Math.abs(to - from) === 1 ? [happened(to).id] : [])];
      expect(findings).toEqual([{ kind: 'out-of-order', eventId: expect.any(String), line: expect.any(Number) }]);
      expect(either).toContain(findings[0]?.kind === 'out-of-order' && findings[0].eventId);
    },
  );

  test('one that stands there twice', async () => {
    const { events, seals } = await sealedHistory();
    for (const place of [0, 3, 4, 12]) {
      const findings = await findingsIn(seals, events.toSpliced(place, 0, happened(3)));
      expect(findings).toMatchObject([{ kind: 'repeated', eventId: happened(3).id }]);
    }
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
  test('removed: that there are events and no seal is a finding of its own', async () => {
    const { events } = await sealedHistory();
    const { findings } = await checked([], events);
    expect(findings[0]).toEqual({ kind: 'no-seals' });
    expect(findings).toHaveLength(COUNT + 1);
    expect((await checked([], [])).findings).toEqual([]);
  });

  test('has every anchor of a number against it, not only the last', async () => {
    const { events, seals } = await sealedHistory();
    const forged = { number: 2, hash: '0'.repeat(64) };
    const right = seals.slice(1, 2);
    for (const anchors of [
      [...right, forged],
      [forged, ...right],
    ]) {
      const { findings, anchors: compared } = await checked(seals, events, { anchors: { seals: anchors, faults: [] } });
      expect(findings).toMatchObject([{ kind: 'broken-seal', seal: 2 }]);
      expect(compared).toBe(2);
    }
  });

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
