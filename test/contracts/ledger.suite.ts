import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { parseUserName } from '../../lambda/domain/ids.ts';
import { DAY, MINUTE, toIso } from '../../lambda/domain/time.ts';
import type { UserRecord } from '../../lambda/domain/tracking.ts';
import { ConflictError, type History, type Journal, type Owners, type State } from '../../lambda/ports.ts';
import {
  ACCOUNT,
  AWKWARD_USER,
  anEvent,
  aReading,
  aRecord,
  aRequest,
  aRetirement,
  aRotation,
  eventId,
  keyId,
  NOW,
  OTHER_ACCOUNT,
  requestId,
  userId,
} from '../support/builders.ts';
import { collect } from '../support/collect.ts';

/** State, journal, history and owners over the same, at first empty, tables. */
export interface LedgerWorld {
  readonly state: State;
  readonly journal: Journal;
  readonly history: History;
  readonly owners: Pick<Owners, 'putRequest' | 'requests'>;
}

/** What every State and Journal do; History has a suite of its own. */
export function ledgerSuite(name: string, makeWorld: () => Promise<LedgerWorld>): void {
  describe(`State and Journal contract: ${name}`, () => {
    let world: LedgerWorld;
    beforeEach(async () => {
      world = await makeWorld();
    });

    const begin = (record: UserRecord, events: readonly HistoryEvent[] = []) =>
      world.journal.commit({ before: undefined, after: record, events });
    const events = () => collect(world.history.query({ by: { kind: 'account', account: ACCOUNT } }));
    const next = (record: UserRecord): UserRecord => ({ ...record, version: record.version + 1 });

    describe('a record', () => {
      test('that was never written is not there', async () => {
        expect(await world.state.record(ACCOUNT, AWKWARD_USER)).toBeUndefined();
        expect((await world.state.load(ACCOUNT)).records.size).toBe(0);
      });

      test('is read as it was written, with its events', async () => {
        const record = aRecord({
          userName: AWKWARD_USER,
          tracking: {
            rotation: aRotation(),
            retirements: { [keyId(1)]: aRetirement({ successorKeyId: keyId(2) }) },
            warned: { [keyId(1)]: 14 },
            waiting: { [keyId(2)]: { step: 'disable', reason: 'window-closed' } },
          },
          shadow: {
            tracking: aRecord().tracking,
            basis: 'nothing',
            created: [{ keyId: keyId(3), createdAt: NOW }],
            disabled: [],
            deleted: [keyId(4)],
          },
        });
        const event = anEvent('rotation-intended', { userName: AWKWARD_USER });
        await begin(record, [event]);
        expect(await world.state.record(ACCOUNT, AWKWARD_USER)).toEqual(record);
        expect(await events()).toEqual([event]);
      });

      test('is of one account and one user', async () => {
        const record = aRecord();
        await begin(record);
        expect(await world.state.record(OTHER_ACCOUNT, record.userName)).toBeUndefined();
        expect(await world.state.record(ACCOUNT, AWKWARD_USER)).toBeUndefined();
        expect((await world.state.load(OTHER_ACCOUNT)).records.size).toBe(0);
      });

      test('is replaced and at last deleted', async () => {
        const first = aRecord();
        const second = { ...next(first), tracking: { ...first.tracking, blocked: 'too-many-keys' } };
        await begin(first);
        await world.journal.commit({ before: first, after: second, events: [] });
        expect(await world.state.record(ACCOUNT, first.userName)).toEqual(second);
        await world.journal.commit({ before: second, after: undefined, events: [anEvent('user-gone')] });
        expect(await world.state.record(ACCOUNT, first.userName)).toBeUndefined();
        expect(await events()).toHaveLength(1);
      });

      test('is among all of its account, of which there may be more than a page', async () => {
        // Together beyond the 1 MB that one page of a DynamoDB query holds.
        const records = Array.from({ length: 8 }, (_, n) =>
          aRecord({
            userName: parseUserName(`user-${n}`),
            tracking: { ...aRecord().tracking, blocked: 'x'.repeat(200_000) },
          }),
        );
        for (const record of records) await begin(record);
        await world.state.takeLease(ACCOUNT, 'somebody', NOW, NOW + MINUTE);
        expect([...(await world.state.load(ACCOUNT)).records.values()]).toEqual(records);
      });
    });

    describe('what was read of users', () => {
      const reading = aReading({ userName: AWKWARD_USER, userCreatedAt: NOW });
      const cacheOf = async () => [...(await world.state.load(ACCOUNT)).cache.values()];

      test('is kept, replaced and forgotten, beside the records', async () => {
        await begin(aRecord());
        await world.state.remember(ACCOUNT, [reading]);
        expect(await cacheOf()).toEqual([reading]);
        const later = { ...reading, fingerprint: '', readAt: NOW + MINUTE };
        await world.state.remember(ACCOUNT, [later]);
        expect(await cacheOf()).toEqual([later]);
        await world.state.forget(ACCOUNT, [AWKWARD_USER]);
        const { cache, records } = await world.state.load(ACCOUNT);
        expect([cache.size, records.size]).toEqual([0, 1]);
      });

      test('is of one account, and may be of more users than one write takes', async () => {
        const readings = Array.from({ length: 60 }, (_, n) => aReading({ userName: parseUserName(`user-${n}`) }));
        await world.state.remember(ACCOUNT, readings);
        expect(await cacheOf()).toHaveLength(60);
        expect((await world.state.load(OTHER_ACCOUNT)).cache.size).toBe(0);
      });

      test('comes with how far the reading of everybody has come', async () => {
        expect((await world.state.load(ACCOUNT)).fullSweep).toBeUndefined();
        await world.state.markFullSweep(ACCOUNT, { startedAt: NOW });
        expect((await world.state.load(ACCOUNT)).fullSweep).toEqual({ startedAt: NOW });
        await world.state.markFullSweep(ACCOUNT, { startedAt: NOW, finishedAt: NOW + MINUTE });
        expect((await world.state.load(ACCOUNT)).fullSweep).toEqual({ startedAt: NOW, finishedAt: NOW + MINUTE });
      });
    });

    describe('a change', () => {
      const event = anEvent('key-disabled');

      test('of a record that somebody else has begun meanwhile is refused whole', async () => {
        await begin(aRecord());
        await expect(begin(aRecord({ userId: userId(2) }), [event])).rejects.toThrow(ConflictError);
        expect(await world.state.record(ACCOUNT, aRecord().userName)).toEqual(aRecord());
        expect(await events()).toEqual([]);
      });

      test('of a record that somebody else has changed meanwhile is refused whole', async () => {
        const [first, second] = [aRecord(), next(aRecord())];
        await begin(first);
        await world.journal.commit({ before: first, after: second, events: [] });
        const late = { before: first, after: { ...second, userId: userId(9) }, events: [event] };
        await expect(world.journal.commit(late)).rejects.toThrow(ConflictError);
        expect(await world.state.record(ACCOUNT, first.userName)).toEqual(second);
        expect(await events()).toEqual([]);
      });

      test('of a record that somebody else has deleted meanwhile is refused whole', async () => {
        const first = aRecord();
        await begin(first);
        await world.journal.commit({ before: first, after: undefined, events: [] });
        const late = { before: first, after: next(first), events: [event] };
        await expect(world.journal.commit(late)).rejects.toThrow(ConflictError);
        const deletion = { before: first, after: undefined, events: [event] };
        await expect(world.journal.commit(deletion)).rejects.toThrow(ConflictError);
        expect(await world.state.record(ACCOUNT, first.userName)).toBeUndefined();
        expect(await events()).toEqual([]);
      });

      test('of a record that was closed and begun anew for another user of that name is refused', async () => {
        const former = aRecord({ userId: userId(1) });
        const latter = aRecord({ userId: userId(2) });
        await begin(former);
        await world.journal.commit({ before: former, after: undefined, events: [] });
        await begin(latter);
        await expect(world.journal.commit({ before: former, after: next(former), events: [] })).rejects.toThrow(
          ConflictError,
        );
        expect(await world.state.record(ACCOUNT, former.userName)).toEqual(latter);
      });

      test('whose event is in history already is refused whole', async () => {
        await world.history.append([event]);
        await expect(begin(aRecord(), [anEvent('user-gone', { id: eventId(NOW, 2) }), event])).rejects.toThrow(
          ConflictError,
        );
        expect(await world.state.record(ACCOUNT, aRecord().userName)).toBeUndefined();
        expect(await events()).toEqual([event]);
      });

      test('without a record writes its events alone, and an empty one nothing', async () => {
        await world.journal.commit({ before: undefined, after: undefined, events: [event] });
        await world.journal.commit({ before: undefined, after: undefined, events: [] });
        expect(await events()).toEqual([event]);
      });

      test('that answers a request takes it off the list, and is refused whole when it is off already', async () => {
        const { journal, owners } = world;
        const [asked, other] = [1, 2].map((n) =>
          aRequest({ kind: 'rotate', disableOldNow: false }, { id: requestId(n) }),
        );
        if (asked === undefined || other === undefined) throw new Error('no requests');
        await owners.putRequest(asked);
        await owners.putRequest(other);
        const answer = (n: number) => {
          const events = [anEvent('user-gone', { id: eventId(NOW, n) })];
          return journal.commit({ before: undefined, after: undefined, events, answers: asked });
        };
        const results = await Promise.allSettled([answer(1), answer(2), answer(3)]);
        const refused = results.filter((result) => result.status === 'rejected');
        expect(refused).toHaveLength(2);
        for (const { reason } of refused) expect(reason).toBeInstanceOf(ConflictError);
        expect(await owners.requests(ACCOUNT)).toEqual([other]);
        expect(await events()).toHaveLength(1);
      });

      test('of two made at once from the same reading, one is written', async () => {
        const first = aRecord();
        await begin(first);
        const changes = [1, 2, 3, 4].map((n) =>
          world.journal.commit({
            before: first,
            after: { ...next(first), tracking: { ...first.tracking, blocked: `by ${n}` } },
            events: [anEvent('user-blocked', { id: eventId(NOW, n) })],
          }),
        );
        const results = await Promise.allSettled(changes);
        const refused = results.filter((result) => result.status === 'rejected');
        expect(refused).toHaveLength(3);
        for (const { reason } of refused) expect(reason).toBeInstanceOf(ConflictError);
        const written = results.findIndex((result) => result.status === 'fulfilled') + 1;
        expect((await world.state.record(ACCOUNT, first.userName))?.tracking.blocked).toBe(`by ${written}`);
        expect((await events()).map(({ id }) => id)).toEqual([eventId(NOW, written)]);
      });
    });

    describe('a lease', () => {
      const until = NOW + 15 * MINUTE;
      const take = (holder: string, now: number) => world.state.takeLease(ACCOUNT, holder, now, now + 15 * MINUTE);

      test('keeps others out until it expires, to the millisecond', async () => {
        expect(await take('one', NOW)).toBe(true);
        expect(await take('other', NOW)).toBe(false);
        expect(await take('other', until - 1)).toBe(false);
        expect(await take('other', until)).toBe(true);
        expect(await take('one', until)).toBe(false);
      });

      test('can be prolonged by its holder', async () => {
        await take('one', NOW);
        expect(await take('one', NOW + 10 * MINUTE)).toBe(true);
        expect(await take('other', until)).toBe(false);
      });

      test('given back is free', async () => {
        await take('one', NOW);
        await world.state.releaseLease(ACCOUNT, 'one');
        expect(await take('other', NOW + 1)).toBe(true);
      });

      test("cannot be given back by another, and giving back nobody's is harmless", async () => {
        await world.state.releaseLease(ACCOUNT, 'one');
        await take('one', NOW);
        await world.state.releaseLease(ACCOUNT, 'other');
        expect(await take('other', NOW + 1)).toBe(false);
      });

      test('is of one account', async () => {
        await take('one', NOW);
        expect(await world.state.takeLease(OTHER_ACCOUNT, 'other', NOW, until)).toBe(true);
      });

      test('of several taken at once is given to one', async () => {
        const taken = await Promise.all(['a', 'b', 'c', 'd'].map((holder) => take(holder, NOW)));
        expect(taken.filter(Boolean)).toHaveLength(1);
      });
    });

    test('what is told of a change is told in order', async () => {
      const [intent, done] = [
        anEvent('disable-intended', { time: toIso(NOW) }),
        anEvent('key-disabled', { time: toIso(NOW + DAY) }),
      ];
      await begin(aRecord(), [done, intent]);
      expect((await events()).map(({ type }) => type)).toEqual(['disable-intended', 'key-disabled']);
    });
  });
}
