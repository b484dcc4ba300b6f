import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { parseUserName } from '../../lambda/domain/ids.ts';
import { DAY, toIso } from '../../lambda/domain/time.ts';
import type { History, HistoryQuery } from '../../lambda/ports.ts';
import {
  ACCOUNT,
  AWKWARD_USER,
  anAccountEvent,
  anEvent,
  at,
  eventId,
  keyId,
  NOW,
  OTHER_ACCOUNT,
  OTHER_RUN,
  USER,
} from '../support/builders.ts';
import { collect } from '../support/collect.ts';
import { sampleDetails } from '../support/sample-details.ts';

/** What every History does. Each one made is empty at first. */
export function historySuite(name: string, makeHistory: () => Promise<History>): void {
  describe(`History contract: ${name}`, () => {
    let history: History;
    beforeEach(async () => {
      history = await makeHistory();
    });

    const idsOf = async (query: HistoryQuery) => (await collect(history.query(query))).map(({ id }) => id);
    const byUser = { kind: 'user', account: ACCOUNT, userName: USER } as const;

    test('every type of event is read as it was written', async () => {
      const types = Object.keys(sampleDetails) as HistoryEvent['type'][];
      const written = types.map((type, n) => anEvent(type, { id: eventId(NOW, n) }));
      await history.append(written);
      expect(await collect(history.query({ by: byUser }))).toEqual(written);
    });

    test('an event that is there already is left as it is, and the rest is written', async () => {
      const first = anEvent('user-gone', { actor: 'keyturn' });
      const forged = anEvent('user-gone', { actor: 'arn:aws:iam::111122223333:user/mallory' });
      const other = anEvent('user-gone', { id: eventId(NOW, 2) });
      await history.append([first]);
      await history.append([forged, other]);
      expect(await collect(history.query({ by: byUser }))).toEqual([first, other]);
    });

    test('appending nothing is nothing', async () => {
      await history.append([]);
      expect(await collect(history.query({ by: byUser }))).toEqual([]);
    });

    describe('a query', () => {
      const day = (n: number) => toIso(NOW + n * DAY);
      const other = parseUserName('ci-deploy-2');
      const written: readonly HistoryEvent[] = [
        anEvent('rotation-upcoming', { time: day(0), keyId: keyId(1) }),
        anAccountEvent('sweep-failed', { time: day(1) }),
        anEvent('key-disabled', { time: day(2), keyId: keyId(1) }),
        anEvent('key-published', { time: day(3), keyId: keyId(2) }),
        anEvent('key-disabled', { time: day(4), userName: other, keyId: keyId(3) }),
        anEvent('key-disabled', { time: day(5), account: OTHER_ACCOUNT, keyId: keyId(4), runId: OTHER_RUN }),
        anEvent('key-disabled', { time: day(6), userName: AWKWARD_USER, keyId: keyId(5), runId: OTHER_RUN }),
      ];
      const id = (n: number) => eventId(NOW + n * DAY);
      beforeEach(() => history.append(written.toReversed()));

      test.each<[string, HistoryQuery['by'], number[]]>([
        ['user', byUser, [0, 2, 3]],
        ['user with awkward name', { kind: 'user', account: ACCOUNT, userName: AWKWARD_USER }, [6]],
        ['key', { kind: 'key', keyId: keyId(1) }, [0, 2]],
        [
          'account, what concerns the account itself included',
          { kind: 'account', account: ACCOUNT },
          [0, 1, 2, 3, 4, 6],
        ],
        ['account, without its users', { kind: 'account-alone', account: ACCOUNT }, [1]],
        ['day', { kind: 'day', day: '2026-01-04' }, [3]],
        ['run, in all accounts', { kind: 'run', runId: OTHER_RUN }, [5, 6]],
      ])('by %s finds exactly its events, in both orders', async (_name, by, expected) => {
        expect(await idsOf({ by })).toEqual(expected.map(id));
        expect(await idsOf({ by, order: 'oldest-first' })).toEqual(expected.map(id));
        expect(await idsOf({ by, order: 'newest-first' })).toEqual(expected.map(id).toReversed());
      });

      test('finds nothing where there is nothing', async () => {
        expect(await idsOf({ by: { kind: 'key', keyId: keyId(404) } })).toEqual([]);
        expect(await idsOf({ by: { kind: 'day', day: '2025-01-01' } })).toEqual([]);
      });

      test('starts at `since` and ends before `until`, to the millisecond', async () => {
        const by = { kind: 'account', account: ACCOUNT } as const;
        const [third, fourth] = [at(day(3)), at(day(4))];
        expect(await idsOf({ by, since: third, until: fourth })).toEqual([id(3)]);
        expect(await idsOf({ by, since: third + 1, until: fourth })).toEqual([]);
        expect(await idsOf({ by, since: third, until: fourth + 1 })).toEqual([id(3), id(4)]);
        expect(await idsOf({ by, since: fourth })).toEqual([id(4), id(6)]);
        expect(await idsOf({ by, until: third, order: 'newest-first' })).toEqual([id(2), id(1), id(0)]);
        expect(await idsOf({ by, since: fourth, until: third })).toEqual([]);
        expect(await idsOf({ by, since: third, until: third })).toEqual([]);
      });

      test('can ask for some types only', async () => {
        const by = { kind: 'account', account: ACCOUNT } as const;
        expect(await idsOf({ by, types: ['key-disabled'] })).toEqual([id(2), id(4), id(6)]);
        expect(await idsOf({ by, types: ['key-published', 'sweep-failed'], since: at(day(1)) })).toEqual([
          id(1),
          id(3),
        ]);
        expect(await idsOf({ by, types: ['key-deleted'] })).toEqual([]);
        expect(await idsOf({ by, types: [] })).toEqual([]);
      });
    });

    test('more than a page is found whole, even where types leave whole pages empty', async () => {
      // Together beyond the 1 MB that one page of a DynamoDB query holds; the last type is on the last page only.
      const long = 'x'.repeat(200_000);
      const many = Array.from({ length: 12 }, (_, n) =>
        anEvent('retirement-cancelled', { id: eventId(NOW, n), details: { why: long } }),
      );
      const last = anEvent('user-gone', { id: eventId(NOW, 99) });
      await history.append([...many, last]);
      for (const by of [byUser, { kind: 'account', account: ACCOUNT } as const]) {
        expect(await idsOf({ by })).toEqual([...many, last].map((event) => event.id));
        expect(await idsOf({ by, types: ['user-gone'] })).toEqual([last.id]);
      }
    });
  });
}
