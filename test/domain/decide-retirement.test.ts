import { presets } from '../../lambda/domain/policy.ts';
import { aPolicy, aRetirement, at, keyId } from '../support/builders.ts';
import { ANNOUNCEMENT, inactive, keyMade, kindsOn, reminded, retiring, stepsOn } from './support/deciding.ts';

// Made on 1 January and replaced on time: disabled on 11 April (100 days), deleted on 21 April (110 days).
const outgoing = keyMade('2026-01-01T00:00:00Z', 1);
const incoming = keyMade('2026-04-01T00:00:00Z', 2);
const replaced = aRetirement({
  reminded,
  keyId: keyId(1),
  why: 'rotated',
  successorKeyId: keyId(2),
  startedAt: at('2026-04-01T00:00:00Z'),
  announcement: ANNOUNCEMENT,
  promisedAt: at('2026-04-11T00:00:00Z'),
});
const disabled = { ...replaced, disabledAt: at('2026-04-11T00:00:00Z'), promisedAt: at('2026-04-21T00:00:00Z') };
const young = { kind: 'none', reason: 'young', keyId: keyId(2), until: at('2026-06-30T00:00:00Z') };

describe('an outgoing key whose successor is published', () => {
  const world = { keys: [outgoing, incoming], tracking: retiring(replaced) };
  const waits = { kind: 'none', reason: 'retiring', keyId: keyId(1), until: at('2026-04-11T00:00:00Z') };
  const disable = (deleteAt: string) => {
    return {
      kind: 'disable',
      keyId: keyId(1),
      reason: 'rotated',
      createdAt: outgoing.createdAt,
      deleteAt: at(deleteAt),
    };
  };

  test.each([
    ['stays as it is right after the rotation', '2026-04-01T00:00:00Z', waits],
    ['stays Active until a moment before its 100 days', '2026-04-10T23:59:59.999Z', waits],
    ['is disabled at 100 days', '2026-04-11T00:00:00Z', disable('2026-04-21T00:00:00Z')],
    [
      'is disabled after missed runs, and still gets the full gap',
      '2026-05-01T00:00:00Z',
      disable('2026-05-11T00:00:00Z'),
    ],
  ])('%s', (_rule, now, step) => {
    expect(stepsOn(now, world)).toEqual([step, young]);
  });

  test('rotated late, it is disabled one full gap after the publication', () => {
    // 400 days old when Keyturn arrived on 5 February.
    const keys = [keyMade('2025-01-01T00:00:00Z', 1), keyMade('2026-02-05T00:00:00Z', 2)];
    const promisedAt = at('2026-02-15T00:00:00Z');
    const tracking = retiring({ ...replaced, startedAt: at('2026-02-05T00:00:00Z'), promisedAt });
    expect(kindsOn('2026-02-14T23:59:59.999Z', { keys, tracking })).toEqual(['none retiring', 'none young']);
    expect(stepsOn('2026-02-15T00:00:00Z', { keys, tracking })[0]).toMatchObject({
      kind: 'disable',
      deleteAt: at('2026-02-25T00:00:00Z'),
    });
  });

  test('it can be a key that Expired meanwhile: then it is recorded as not active any more', () => {
    const keys = [{ ...outgoing, status: 'Expired' as const }, incoming];
    expect(kindsOn('2026-04-05T00:00:00Z', { ...world, keys })).toEqual(['record-disabled', 'none young']);
  });
});

describe('an outgoing key that is Inactive', () => {
  const world = { keys: [{ ...outgoing, ...inactive }, incoming], tracking: retiring(disabled) };
  const waits = { kind: 'none', reason: 'retiring', keyId: keyId(1), until: at('2026-04-21T00:00:00Z') };
  const deletion = { kind: 'delete', keyId: keyId(1), reason: 'rotated', createdAt: outgoing.createdAt };

  test.each([
    ['stays until a moment before its 110 days', '2026-04-20T23:59:59.999Z', waits],
    ['is deleted at 110 days', '2026-04-21T00:00:00Z', deletion],
    ['is deleted after missed runs', '2026-06-01T09:00:00Z', deletion],
  ])('%s', (_rule, now, step) => {
    expect(stepsOn(now, world)).toEqual([step, young]);
  });

  test('disabled late, it is deleted one full gap after the disabling', () => {
    const late = { ...disabled, disabledAt: at('2026-04-19T06:30:00Z'), promisedAt: at('2026-04-29T06:30:00Z') };
    const tracking = retiring(late);
    expect(kindsOn('2026-04-29T06:29:59.999Z', { ...world, tracking })).toEqual(['none retiring', 'none young']);
    expect(kindsOn('2026-04-29T06:30:00Z', { ...world, tracking })).toEqual(['delete rotated', 'none young']);
  });

  test('its successor having been replaced by its owner does not stop its deletion', () => {
    const keys = [{ ...outgoing, ...inactive }, keyMade('2026-04-15T00:00:00Z', 3)];
    expect(kindsOn('2026-04-21T00:00:00Z', { ...world, keys })).toEqual(['delete rotated', 'none young']);
  });
});

describe('a promised date', () => {
  // The policy of the day of the rotation was slower: 120 and 140 days.
  const slow = aPolicy({ disableAfterDays: 120, deleteAfterDays: 140 });
  const promised = { ...replaced, promisedAt: at('2026-05-01T00:00:00Z') };
  const world = { keys: [outgoing, incoming], tracking: retiring(promised) };

  test('of a disabling is not brought forward when the policy becomes faster', () => {
    expect(kindsOn('2026-04-30T23:59:59.999Z', { ...world, policy: presets.default })).toEqual([
      'none retiring',
      'none young',
    ]);
    expect(kindsOn('2026-05-01T00:00:00Z', { ...world, policy: presets.default })).toEqual([
      'disable rotated',
      'none young',
    ]);
  });

  test('of a disabling is put off when the policy becomes slower', () => {
    const tracking = retiring(replaced);
    expect(kindsOn('2026-04-30T23:59:59.999Z', { ...world, tracking, policy: slow })).toEqual([
      'none retiring',
      'none young',
    ]);
    expect(kindsOn('2026-05-01T00:00:00Z', { ...world, tracking, policy: slow })).toEqual([
      'disable rotated',
      'none young',
    ]);
  });

  test('of a deletion is not brought forward when the policy becomes faster', () => {
    const keys = [{ ...outgoing, ...inactive }, incoming];
    const tracking = retiring({ ...disabled, promisedAt: at('2026-05-21T00:00:00Z') });
    expect(kindsOn('2026-05-20T23:59:59.999Z', { keys, tracking })).toEqual(['none retiring', 'none young']);
    expect(kindsOn('2026-05-21T00:00:00Z', { keys, tracking })).toEqual(['delete rotated', 'none young']);
  });

  test('of a key that blocked the slot is not brought forward either', () => {
    const keys = [outgoing, keyMade('2025-06-01T00:00:00Z', 2, inactive)];
    const blocking = aRetirement({
      reminded,
      keyId: keyId(2),
      why: 'blocks-slot',
      startedAt: at('2026-04-01T00:00:00Z'),
      announcement: ANNOUNCEMENT,
      promisedAt: at('2026-04-21T00:00:00Z'),
    });
    const world = { keys, tracking: retiring(blocking) };
    expect(kindsOn('2026-04-20T23:59:59.999Z', world)).toEqual(['none retiring', 'wait rotate slot-busy']);
    expect(kindsOn('2026-04-21T00:00:00Z', world)).toEqual(['delete blocks-slot', 'rotate slot-freed']);
  });

  test('of a disabling does not put off the deletion of a key that was disabled earlier by hand', () => {
    const keys = [{ ...outgoing, ...inactive }, incoming];
    expect(stepsOn('2026-04-03T00:00:00Z', { keys, tracking: retiring(promised) })[0]).toEqual({
      kind: 'record-disabled',
      keyId: keyId(1),
      by: 'somebody',
      at: at('2026-04-03T00:00:00Z'),
      deleteAt: at('2026-04-21T00:00:00Z'),
    });
  });
});

describe('a successor that is gone', () => {
  const tracking = retiring(replaced);

  test('deleted by its owner, the outgoing key is not taken away but replaced again', () => {
    expect(kindsOn('2026-04-11T00:00:00Z', { keys: [outgoing], tracking })).toEqual([
      'cancel-retirement successor-gone',
      'rotate due',
    ]);
  });

  test('Inactive, the outgoing key is not taken away: the Inactive one has to make room first', () => {
    const keys = [outgoing, { ...incoming, ...inactive }];
    expect(kindsOn('2026-04-11T00:00:00Z', { keys, tracking })).toEqual([
      'cancel-retirement successor-gone',
      'start-retirement blocks-slot',
      'wait rotate slot-busy',
    ]);
  });

  test('replaced by its owner, the outgoing key retires behind the newest one, with a new full gap', () => {
    const keys = [outgoing, keyMade('2026-04-09T00:00:00Z', 3)];
    expect(stepsOn('2026-04-11T00:00:00Z', { keys, tracking })).toEqual([
      { kind: 'cancel-retirement', keyId: keyId(1), reason: 'successor-gone' },
      {
        kind: 'start-retirement',
        keyId: keyId(1),
        reason: 'replaced-by-hand',
        successorKeyId: keyId(3),
        disableAt: at('2026-04-21T00:00:00Z'),
        deleteAt: at('2026-05-01T00:00:00Z'),
      },
    ]);
  });

  test('Inactive, an outgoing key that is Inactive too is kept as long as any that old', () => {
    const keys = [
      { ...outgoing, ...inactive },
      { ...incoming, ...inactive },
    ];
    expect(kindsOn('2026-04-21T00:00:00Z', { keys, tracking: retiring(disabled) })).toEqual([
      'cancel-retirement successor-gone',
      'start-retirement inactive-only',
      'none inactive-young',
    ]);
  });
});
