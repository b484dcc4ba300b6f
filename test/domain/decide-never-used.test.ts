import { aPolicy, aRetirement, at, keyId } from '../support/builders.ts';
import {
  ANNOUNCEMENT,
  decisionOn,
  inactive,
  keyMade,
  kindsOn,
  neverUsed,
  reminded,
  retiring,
  stepsOn,
  used,
} from './support/deciding.ts';

// Made on 1 January, never used: retires on 1 April, disabled on 11 April, deleted on 21 April, no successor.
const policy = aPolicy({ neverUsed: 'retire' });
const key = (lastUse = {}) => keyMade('2026-01-01T00:00:00Z', 1, lastUse);
const retirement = aRetirement({
  reminded,
  why: 'never-used',
  startedAt: at('2026-04-01T00:00:00Z'),
  announcement: ANNOUNCEMENT,
  promisedAt: at('2026-04-11T00:00:00Z'),
});
const disabled = { ...retirement, disabledAt: at('2026-04-11T00:00:00Z'), promisedAt: at('2026-04-21T00:00:00Z') };

describe('a policy that retires unused keys', () => {
  test('a key that was never used begins to retire when it is due', () => {
    expect(stepsOn('2026-04-01T00:00:00Z', { keys: [key(neverUsed)], policy })).toEqual([
      {
        kind: 'start-retirement',
        keyId: keyId(1),
        reason: 'never-used',
        disableAt: at('2026-04-11T00:00:00Z'),
        deleteAt: at('2026-04-21T00:00:00Z'),
      },
    ]);
  });

  test('seen late, it keeps the full gaps', () => {
    expect(stepsOn('2027-01-01T00:00:00Z', { keys: [key(neverUsed)], policy })).toMatchObject([
      { disableAt: at('2027-01-11T00:00:00Z'), deleteAt: at('2027-01-21T00:00:00Z') },
    ]);
  });

  test('a key that was used, if only once, is rotated', () => {
    expect(kindsOn('2026-04-01T00:00:00Z', { keys: [key(used('2026-01-01T08:00:00Z'))], policy })).toEqual([
      'rotate due',
    ]);
  });

  test('whether it was used is never guessed: unread is asked for', () => {
    expect(decisionOn('2026-04-01T00:00:00Z', { keys: [key()], policy })).toEqual({
      kind: 'look-up',
      lastUseOf: [keyId(1)],
      deliveryOf: [],
    });
  });

  test('nobody asks before it is due', () => {
    expect(kindsOn('2026-03-31T23:59:59.999Z', { keys: [key()], policy })).toEqual(['warn']);
  });

  test('of two old keys the unused one retires behind the other', () => {
    const other = keyMade('2025-12-01T00:00:00Z', 2, used('2026-03-30T00:00:00Z'));
    expect(stepsOn('2026-04-01T00:00:00Z', { keys: [key(neverUsed), other], policy })[0]).toMatchObject({
      reason: 'both-due',
      keyId: keyId(1),
      successorKeyId: keyId(2),
    });
  });
});

describe('an unused key on its way out', () => {
  const world = { keys: [key(neverUsed)], tracking: retiring(retirement), policy };

  test.each([
    ['stays until a moment before its date', '2026-04-10T23:59:59.999Z', 'none retiring'],
    ['is disabled without a successor', '2026-04-11T00:00:00Z', 'disable never-used'],
  ])('%s', (_rule, now, kind) => {
    expect(kindsOn(now, world)).toEqual([kind]);
  });

  test('used after all, it stays, and is rotated from the next sweep on', () => {
    const keys = [key(used('2026-04-05T00:00:00Z'))];
    expect(kindsOn('2026-04-11T00:00:00Z', { ...world, keys })).toEqual(['cancel-retirement used-after-all']);
    expect(kindsOn('2026-04-12T00:00:00Z', { keys, policy })).toEqual(['rotate due']);
  });

  test('whether it was used after all is never guessed', () => {
    expect(decisionOn('2026-04-11T00:00:00Z', { ...world, keys: [key()] })).toMatchObject({
      kind: 'look-up',
      lastUseOf: [keyId(1)],
    });
  });

  test('nobody asks before its date', () => {
    expect(kindsOn('2026-04-10T23:59:59.999Z', { ...world, keys: [key()] })).toEqual(['none retiring']);
  });

  test('Inactive, it is deleted at its date, and the user is left without keys', () => {
    const keys = [{ ...key(neverUsed), ...inactive }];
    const tracking = retiring(disabled);
    expect(kindsOn('2026-04-20T23:59:59.999Z', { keys, tracking, policy })).toEqual(['none retiring']);
    expect(kindsOn('2026-04-21T00:00:00Z', { keys, tracking, policy })).toEqual(['delete never-used']);
  });

  test('a key that its owner makes meanwhile is a key like any other', () => {
    const keys = [key(neverUsed), keyMade('2026-04-05T00:00:00Z', 2)];
    expect(kindsOn('2026-04-11T00:00:00Z', { ...world, keys })).toEqual(['disable never-used', 'none young']);
  });
});

describe('an unused key beside an Inactive one made by hand', () => {
  const parked = keyMade('2025-06-01T00:00:00Z', 2, inactive);

  test('no room is made for a rotation that will not happen', () => {
    const keys = [key(neverUsed), parked];
    expect(kindsOn('2026-03-25T00:00:00Z', { keys, policy })).toEqual(['warn']);
    expect(kindsOn('2026-04-01T00:00:00Z', { keys, policy })).toEqual(['start-retirement never-used']);
  });

  test('it retires; the Inactive one is left alone while the other is Active', () => {
    const world = { keys: [key(neverUsed), parked], tracking: retiring(retirement), policy };
    expect(kindsOn('2026-04-05T00:00:00Z', world)).toEqual(['none retiring']);
  });

  test('both are old and Inactive in the end: then the other one goes too', () => {
    const world = { keys: [{ ...key(), ...inactive }, parked], tracking: retiring(disabled), policy };
    expect(kindsOn('2026-04-12T00:00:00Z', world)).toEqual(['none retiring', 'start-retirement inactive-only']);
  });

  test('room that was being made already is not needed any more', () => {
    const blocking = {
      ...retirement,
      keyId: keyId(2),
      why: 'blocks-slot',
      promisedAt: at('2026-04-08T00:00:00Z'),
    } as const;
    const world = { keys: [key(neverUsed), parked], policy };
    expect(kindsOn('2026-04-01T00:00:00Z', { ...world, tracking: retiring(blocking) })).toContain(
      'start-retirement never-used',
    );
    expect(kindsOn('2026-04-09T00:00:00Z', { ...world, tracking: retiring(retirement, blocking) })).toEqual([
      'cancel-retirement slot-free',
      'none retiring',
    ]);
  });

  test('in the sweep that deletes the Inactive one, an unused key retires instead of being rotated', () => {
    const blocking = {
      ...retirement,
      keyId: keyId(2),
      why: 'blocks-slot',
      promisedAt: at('2026-04-01T00:00:00Z'),
    } as const;
    const keys = [key(neverUsed), parked];
    const startedAt = at('2026-03-22T00:00:00Z');
    expect(kindsOn('2026-04-01T00:00:00Z', { keys, tracking: retiring({ ...blocking, startedAt }), policy })).toEqual([
      'delete blocks-slot',
      'start-retirement never-used',
    ]);
  });
});

describe('an unused key that is the successor of one still Active', () => {
  // The outgoing key should have gone in April, but nobody could be told; its owner still works with it in July.
  const outgoing = keyMade('2026-01-01T00:00:00Z', 1, used('2026-07-01T00:00:00Z'));
  const incoming = keyMade('2026-04-01T00:00:00Z', 2, neverUsed);
  const replaced = { ...retirement, why: 'rotated', successorKeyId: keyId(2) } as const;

  test('does not retire before the other is gone: the user would be left without a key', () => {
    const world = { keys: [outgoing, incoming], tracking: retiring(replaced), policy };
    expect(kindsOn('2026-07-01T00:00:00Z', world)).toEqual(['disable rotated', 'wait rotate slot-busy']);
  });

  test('retires in the sweep that deletes the other', () => {
    const gone = { ...replaced, disabledAt: at('2026-07-01T00:00:00Z'), promisedAt: at('2026-07-11T00:00:00Z') };
    const world = { keys: [{ ...outgoing, ...inactive }, incoming], tracking: retiring(gone), policy };
    expect(kindsOn('2026-07-11T00:00:00Z', world)).toEqual(['delete rotated', 'start-retirement never-used']);
  });
});
