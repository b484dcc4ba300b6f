import { aPolicy, aRetirement, at, keyId } from '../support/builders.ts';
import { ANNOUNCEMENT, inactive, keyMade, kindsOn, retiring, stepsOn, untold } from './support/deciding.ts';

describe('an Active key that will be due, and an Inactive one made by hand', () => {
  // The Active key is due on 1 April. Room is made one delete gap (10 days) ahead, so that the rotation is on time.
  const active = keyMade('2026-01-01T00:00:00Z', 1);
  const parked = keyMade('2025-06-01T00:00:00Z', 2, inactive);
  const keys = [active, parked];

  test('nothing happens a moment before room has to be made', () => {
    expect(stepsOn('2026-03-17T00:00:00Z', { keys })).toEqual([
      { kind: 'none', reason: 'young', keyId: keyId(1), until: at('2026-04-01T00:00:00Z') },
    ]);
    expect(kindsOn('2026-03-21T23:59:59.999Z', { keys })).toEqual(['warn']);
  });

  test('one delete gap ahead the Inactive key begins to retire, and the warning is given all the same', () => {
    expect(stepsOn('2026-03-22T00:00:00Z', { keys })).toEqual([
      { kind: 'start-retirement', keyId: keyId(2), reason: 'blocks-slot', deleteAt: at('2026-04-01T00:00:00Z') },
      { kind: 'warn', keyId: keyId(1), thresholdDays: 14, rotateAt: at('2026-04-01T00:00:00Z') },
    ]);
  });

  test('it keeps the full delete gap from first sight, also when the Active key is long due', () => {
    expect(stepsOn('2026-05-01T00:00:00Z', { keys })).toEqual([
      { kind: 'start-retirement', keyId: keyId(2), reason: 'blocks-slot', deleteAt: at('2026-05-11T00:00:00Z') },
      {
        kind: 'wait',
        keyId: keyId(1),
        step: 'rotate',
        reason: 'slot-busy',
        until: at('2026-05-11T00:00:00Z'),
        isNew: true,
      },
    ]);
  });

  test('when the rotation is due it waits from that moment on', () => {
    expect(kindsOn('2026-03-31T23:59:59.999Z', { keys })).toEqual(['start-retirement blocks-slot', 'warn']);
    expect(kindsOn('2026-04-01T00:00:00Z', { keys })).toEqual([
      'start-retirement blocks-slot',
      'wait rotate slot-busy',
    ]);
  });

  test('it goes however young it is: its place is needed', () => {
    const young = [active, keyMade('2026-03-01T00:00:00Z', 2, inactive)];
    expect(stepsOn('2026-03-22T00:00:00Z', { keys: young })[0]).toMatchObject({ deleteAt: at('2026-04-01T00:00:00Z') });
  });

  test('an Expired key is treated as an Inactive one', () => {
    expect(kindsOn('2026-05-01T00:00:00Z', { keys: [active, { ...parked, status: 'Expired' }] })).toEqual([
      'start-retirement blocks-slot',
      'wait rotate slot-busy',
    ]);
  });

  describe('once it retires', () => {
    const retirement = aRetirement({
      keyId: keyId(2),
      why: 'blocks-slot',
      startedAt: at('2026-03-22T00:00:00Z'),
      announcement: ANNOUNCEMENT,
      promisedAt: at('2026-04-01T00:00:00Z'),
    });
    const tracking = { ...retiring(retirement), warned: { [keyId(1)]: 3 } };

    test.each([
      ['it stays until a moment before', '2026-03-31T23:59:59.999Z', ['none retiring', 'none young']],
      [
        'it is deleted and the other rotated in one sweep',
        '2026-04-01T00:00:00Z',
        ['delete blocks-slot', 'rotate slot-freed'],
      ],
    ])('%s', (_rule, now, kinds) => {
      expect(kindsOn(now, { keys, tracking })).toEqual(kinds);
    });

    test('it is not called off in the very moment in which it began', () => {
      expect(kindsOn('2026-03-22T00:00:00Z', { keys, tracking })).toEqual(['none retiring', 'none young']);
    });

    test('it stays while nobody was told', () => {
      expect(kindsOn('2026-04-01T00:00:00Z', { keys, tracking, delivered: untold })).toEqual([
        'wait delete notice-undelivered',
        'wait rotate slot-busy',
      ]);
    });

    test('it stays while the change window is closed', () => {
      const changeWindow = { weekdays: [4], fromHour: 0, toHour: 24, timeZone: 'UTC', freezeDates: [] };
      // 1 April 2026 is a Wednesday.
      expect(kindsOn('2026-04-01T00:00:00Z', { keys, tracking, policy: aPolicy({ changeWindow }) })).toEqual([
        'wait delete window-closed',
        'wait rotate slot-busy',
      ]);
    });

    test('it is spared when its owner activates it: both keys are then in use', () => {
      expect(kindsOn('2026-03-25T00:00:00Z', { keys: [active, { ...parked, status: 'Active' }], tracking })).toEqual([
        'cancel-retirement active-again',
        'start-retirement replaced-by-hand',
      ]);
    });

    test('it is spared when its place is no longer needed', () => {
      const replaced = [keyMade('2026-03-24T00:00:00Z', 3), parked];
      expect(kindsOn('2026-03-25T00:00:00Z', { keys: replaced, tracking })).toEqual([
        'cancel-retirement slot-free',
        'none young',
      ]);
    });

    test('it is recorded when somebody else deletes it', () => {
      expect(stepsOn('2026-03-25T00:00:00Z', { keys: [active], tracking })).toEqual([
        { kind: 'record-deleted', keyId: keyId(2), by: 'somebody' },
        { kind: 'none', reason: 'young', keyId: keyId(1), until: at('2026-04-01T00:00:00Z') },
      ]);
    });
  });
});

describe('only Inactive keys', () => {
  // Made on 1 January: announced at 100 days so that it goes at 110 (21 April).
  const parked = keyMade('2026-01-01T00:00:00Z', 1, inactive);

  test.each([
    ['a young one stays', '2026-01-02T00:00:00Z'],
    ['no key is made for such a user when it would be due', '2026-04-01T00:00:00Z'],
    ['it stays a moment before it is announced', '2026-04-10T23:59:59.999Z'],
  ])('%s', (_rule, now) => {
    expect(stepsOn(now, { keys: [parked] })).toEqual([
      { kind: 'none', reason: 'inactive-young', keyId: keyId(1), until: at('2026-04-11T00:00:00Z') },
    ]);
  });

  test('its deletion is announced one delete gap ahead', () => {
    expect(stepsOn('2026-04-11T00:00:00Z', { keys: [parked] })).toEqual([
      { kind: 'start-retirement', keyId: keyId(1), reason: 'inactive-only', deleteAt: at('2026-04-21T00:00:00Z') },
    ]);
  });

  test('seen late, it keeps the full delete gap from first sight', () => {
    expect(stepsOn('2027-01-01T00:00:00Z', { keys: [parked] })).toMatchObject([
      { deleteAt: at('2027-01-11T00:00:00Z') },
    ]);
  });

  test('each of two goes at its own age', () => {
    const keys = [parked, keyMade('2026-04-01T00:00:00Z', 2, inactive)];
    expect(kindsOn('2026-04-11T00:00:00Z', { keys })).toEqual([
      'start-retirement inactive-only',
      'none inactive-young',
    ]);
  });

  describe('once it retires', () => {
    const tracking = retiring(
      aRetirement({
        why: 'inactive-only',
        startedAt: at('2026-04-11T00:00:00Z'),
        announcement: ANNOUNCEMENT,
        promisedAt: at('2026-04-21T00:00:00Z'),
      }),
    );

    test.each([
      ['it stays until a moment before its date', '2026-04-20T23:59:59.999Z', 'none retiring'],
      ['it is deleted, and no key is made', '2026-04-21T00:00:00Z', 'delete inactive-only'],
    ])('%s', (_rule, now, kind) => {
      expect(kindsOn(now, { keys: [parked], tracking })).toEqual([kind]);
    });

    test('it stays while nobody was told', () => {
      expect(kindsOn('2026-04-21T00:00:00Z', { keys: [parked], tracking, delivered: untold })).toEqual([
        'wait delete notice-undelivered',
      ]);
    });

    test('it is spared when it is activated, and is then a due key like any other', () => {
      expect(kindsOn('2026-04-15T00:00:00Z', { keys: [{ ...parked, status: 'Active' }], tracking })).toEqual([
        'cancel-retirement active-again',
        'rotate due',
      ]);
    });

    test('it is spared when the user has an Active key again', () => {
      expect(kindsOn('2026-04-15T00:00:00Z', { keys: [parked, keyMade('2026-04-14T00:00:00Z', 2)], tracking })).toEqual(
        ['cancel-retirement not-alone', 'none young'],
      );
    });
  });
});
