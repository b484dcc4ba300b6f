import { nextSeal } from '../../lambda/contracts/seal.ts';
import type { Seals } from '../../lambda/ports.ts';
import { anEvent, eventId, NOW } from '../support/builders.ts';
import { collect } from '../support/collect.ts';

/** What every Seals does. Each one made is empty at first. */
export function sealsSuite(name: string, makeSeals: () => Promise<Seals>): void {
  describe(`Seals contract: ${name}`, () => {
    const first = nextSeal(undefined, [anEvent('user-gone', { id: eventId(NOW, 1) })], '2026-01-01T00:00:00.000Z');
    const second = nextSeal(first, [anEvent('user-gone', { id: eventId(NOW, 2) })], '2026-01-01T00:01:00.000Z');

    test('are empty at first', async () => {
      const seals = await makeSeals();
      expect(await seals.last()).toBeUndefined();
      expect(await collect(seals.all())).toEqual([]);
    });

    test('come back in their order, as they were written', async () => {
      const seals = await makeSeals();
      expect(await seals.append(first)).toBe(true);
      expect(await seals.append(second)).toBe(true);
      expect(await seals.last()).toEqual(second);
      expect(await collect(seals.all())).toEqual([first, second]);
    });

    test('a number is taken once: the second is told so, and the first stays as it is', async () => {
      const seals = await makeSeals();
      await seals.append(first);
      expect(await seals.append({ ...first, sealedAt: '2030-01-01T00:00:00.000Z' })).toBe(false);
      expect(await collect(seals.all())).toEqual([first]);
    });

    test('the tenth comes after the second', async () => {
      const seals = await makeSeals();
      await seals.append(first);
      await seals.append(second);
      const tenth = { ...second, number: 10 };
      await seals.append(tenth);
      expect(await seals.last()).toEqual(tenth);
    });
  });
}
