import { FakeEstate } from './fake-estate.ts';
import { sweepKind } from './kind.ts';
import { ROTATED } from './kinds/lifecycle.ts';
import { victims } from './kinds/victims.ts';
import { livesOf } from './matrix.ts';
import type { Produced } from './produced.ts';

/** The first cell of a kind that rotates the keys of Ada and Bob, and says that it produces this. */
const firstCell = (produces: Produced) =>
  livesOf(
    sweepKind('rotate', { day: 0, produces }, async (estate) => void (await victims(estate, 400))),
    () => new FakeEstate(),
  ).next();

// Would fail when stories of the matrix could tell of something else than their names say.
describe('a kind of step that does not put on record what it says', () => {
  test('fails before any of its cells', async () => {
    await expect(firstCell({ victim: ['key-disabled rotated keyturn'] })).rejects.toThrow(
      "'rotate' fails without being disturbed: ada: it says that it produces [key-disabled rotated keyturn], " +
        'and on record came [rotation-intended, key-published, key-replaced]',
    );
  });

  test('fails when one of its users has more, less or something else', async () => {
    await expect(firstCell({ ada: ROTATED })).rejects.toThrow('bob: it says that it produces []');
    await expect(firstCell({ victim: ROTATED, young: ['key-replaced'] })).rejects.toThrow('young: it says');
    await expect(firstCell({ victim: ROTATED, bob: [...ROTATED].reverse() })).rejects.toThrow('bob: it says');
  });

  test('lives when it does', async () => {
    expect((await firstCell({ victim: ROTATED })).value).toMatchObject({ kind: 'rotate', problems: [] });
  });
});
