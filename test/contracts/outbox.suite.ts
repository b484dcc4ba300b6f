import type { WaitingNotice } from '../../lambda/domain/delivery.ts';
import { parseOwnerId } from '../../lambda/domain/ids.ts';
import { DAY, MINUTE } from '../../lambda/domain/time.ts';
import type { Outbox, Reader, ReaderStanding } from '../../lambda/ports.ts';
import { anAccountEvent, anEvent, anOwner, eventId, NOW } from '../support/builders.ts';
import { sampleDetails } from '../support/sample-details.ts';

const payments: Reader = parseOwnerId('payments');
const search: Reader = parseOwnerId('search');

const aNotice = (n: number, overrides: Partial<WaitingNotice> = {}): WaitingNotice => ({
  event: anEvent('key-replaced', { id: eventId(NOW, n) }),
  since: NOW,
  ...overrides,
});

const standing: ReaderStanding = {
  channels: {
    slack: { sentAt: NOW, refused: { since: NOW, times: 3, retryAt: NOW + MINUTE } },
    sns: { sentAt: NOW },
    email: {},
    webhook: {},
    'operators-topic': {},
  },
  failingSince: NOW,
  seen: 'some news',
  lookAt: NOW + MINUTE,
};

/** What every Outbox does. Each one made is empty at first. */
export function outboxSuite(name: string, makeOutbox: () => Promise<Outbox>): void {
  describe(`Outbox contract: ${name}`, () => {
    let outbox: Outbox;
    beforeEach(async () => {
      outbox = await makeOutbox();
    });
    const readers = async () => (await outbox.readers()).map(({ reader }) => reader).toSorted();

    test('at first nobody waits', async () => {
      expect(await outbox.readers()).toEqual([]);
      expect(await outbox.waiting(payments)).toEqual([]);
    });

    test('what is put there waits for its reader, oldest event first, as it was', async () => {
      const types = Object.keys(sampleDetails) as (keyof typeof sampleDetails)[];
      const all = types.map((type, n) => ({ event: anEvent(type, { id: eventId(NOW, n) }), since: NOW + n }));
      await outbox.put(payments, all.toReversed());
      expect(await outbox.waiting(payments)).toEqual(all);
      expect(await outbox.waiting(search)).toEqual([]);
      expect(await outbox.waiting('operators')).toEqual([]);
    });

    test('why operators get something in place of its owner is kept', async () => {
      const owner = anOwner({ slackChannel: '#payments', slackUser: 'U1', webhook: 'bot', timeZone: 'Europe/Berlin' });
      const all: readonly WaitingNotice[] = [
        aNotice(1, { insteadOf: { kind: 'no-owner' } }),
        aNotice(2, { insteadOf: { kind: 'unknown-owner', ownerId: parseOwnerId('gone') } }),
        aNotice(3, { insteadOf: { kind: 'unreachable', owner, why: 'Slack: it is down.' } }),
        { event: anAccountEvent('root-key-seen', { id: eventId(NOW, 4) }), since: NOW },
      ];
      await outbox.put('operators', all);
      expect(await outbox.waiting('operators')).toEqual(all);
    });

    test('there may be more than one write or one page takes', async () => {
      const all = Array.from({ length: 60 }, (_, n) => ({
        event: anEvent('rotation-failed', {
          id: eventId(NOW, n),
          details: { ...sampleDetails['rotation-failed'], error: 'x'.repeat(30_000) },
        }),
        since: NOW,
      }));
      await outbox.put(payments, all);
      expect(await outbox.waiting(payments)).toHaveLength(60);
    });

    test('put again it waits once', async () => {
      await outbox.put(payments, [aNotice(1)]);
      await outbox.put(payments, [aNotice(1, { since: NOW + MINUTE })]);
      expect(await outbox.waiting(payments)).toEqual([aNotice(1, { since: NOW + MINUTE })]);
    });

    test('putting nothing is no news', async () => {
      await outbox.put(payments, []);
      expect(await outbox.readers()).toEqual([]);
    });

    test('everybody for whom something waits is among the readers, with news that changes with each put', async () => {
      await outbox.put(payments, [aNotice(1)]);
      const [before] = await outbox.readers();
      expect(before).toEqual({ reader: payments, news: expect.any(String), newsAt: NOW, standing: { channels: {} } });
      await outbox.put(payments, [aNotice(2, { since: NOW + 1 })]);
      await outbox.put('operators', [aNotice(2)]);
      expect(await readers()).toEqual(['operators', 'payments']);
      const after = (await outbox.readers()).find(({ reader }) => reader === payments);
      expect(after?.newsAt).toBe(NOW + 1);
      expect(after?.news).not.toBe(before?.news);
    });

    test('what is taken out is gone, the rest waits on; again it does no harm', async () => {
      const [one, two, three] = [aNotice(1), aNotice(2), aNotice(3)];
      await outbox.put(payments, [one, two, three]);
      await outbox.put(search, [one]);
      for (let n = 0; n < 2; n += 1) await outbox.remove(payments, [one.event.id, three.event.id]);
      await outbox.remove(payments, []);
      expect(await outbox.waiting(payments)).toEqual([two]);
      expect(await outbox.waiting(search)).toEqual([one]);
    });

    test('a standing is kept as it is and outlasts what waits', async () => {
      await outbox.put(payments, [aNotice(1)]);
      await outbox.keep(payments, standing, NOW + DAY);
      expect((await outbox.readers()).map((each) => each.standing)).toEqual([standing]);
      const [{ news = '' } = {}] = await outbox.readers();
      await outbox.remove(payments, [aNotice(1).event.id]);
      await outbox.close(payments, news);
      expect(await outbox.readers()).toEqual([]);
      await outbox.put(payments, [aNotice(2)]);
      expect((await outbox.readers()).map((each) => each.standing)).toEqual([standing]);
      await outbox.keep(payments, { channels: {} }, NOW + DAY);
      expect((await outbox.readers()).map((each) => each.standing)).toEqual([{ channels: {} }]);
    });

    test('a standing alone is nobody who waits', async () => {
      await outbox.keep(payments, standing, NOW + DAY);
      expect(await outbox.readers()).toEqual([]);
    });

    test('closed on old news, the reader stays: something came meanwhile', async () => {
      await outbox.put(payments, [aNotice(1)]);
      const [{ news = '' } = {}] = await outbox.readers();
      await outbox.put(payments, [aNotice(2)]);
      await outbox.close(payments, news);
      expect(await readers()).toEqual([payments]);
      const [{ news: latest = '' } = {}] = await outbox.readers();
      await outbox.close(payments, latest);
      await outbox.close(payments, latest);
      expect(await readers()).toEqual([]);
    });

    test('a lease keeps others out until it expires or is given back', async () => {
      expect(await outbox.takeLease('one', NOW, NOW + MINUTE)).toBe(true);
      expect(await outbox.takeLease('other', NOW + MINUTE - 1, NOW + DAY)).toBe(false);
      await outbox.releaseLease('other');
      expect(await outbox.takeLease('other', NOW + MINUTE - 1, NOW + DAY)).toBe(false);
      expect(await outbox.takeLease('other', NOW + MINUTE, NOW + 2 * MINUTE)).toBe(true);
      await outbox.releaseLease('other');
      expect(await outbox.takeLease('one', NOW + MINUTE, NOW + DAY)).toBe(true);
      expect(await outbox.readers()).toEqual([]);
    });
  });
}
