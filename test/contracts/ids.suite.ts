import { decodeTime } from 'ulid';
import type { Ids } from '../../lambda/ports.ts';
import { NOW } from '../support/builders.ts';

/** What every Ids does. */
export function idsSuite(name: string, makeIds: () => Ids): void {
  describe(`Ids contract: ${name}`, () => {
    test('identifiers tell the instant they were made for', () => {
      const ids = makeIds();
      expect(decodeTime(ids.event(NOW))).toBe(NOW);
      expect(decodeTime(ids.rotation(NOW + 1))).toBe(NOW + 1);
      expect(decodeTime(ids.exemption(NOW + 5_000))).toBe(NOW + 5_000);
    });

    test('they differ and rise, many in one millisecond and even when the clock goes back', () => {
      const ids = makeIds();
      const made = [
        ...Array.from({ length: 200 }, () => ids.event(NOW)),
        ...Array.from({ length: 200 }, () => ids.event(NOW - 10)),
        ids.event(NOW + 1),
      ];
      expect(new Set(made).size).toBe(made.length);
      expect(made.toSorted()).toEqual(made);
    });
  });
}
