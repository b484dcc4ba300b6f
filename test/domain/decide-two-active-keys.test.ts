import { aRetirement, at, keyId } from '../support/builders.ts';
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

describe('two Active keys, the older one due, the newer one not', () => {
  // Made on 1 January and, by the owner, on 1 March: the older is due on 1 April.
  const keys = [keyMade('2026-01-01T00:00:00Z', 1), keyMade('2026-03-01T00:00:00Z', 2)];

  test('nothing happens a moment before the older is due', () => {
    expect(stepsOn('2026-03-31T23:59:59.999Z', { keys })).toEqual([
      { kind: 'none', reason: 'young', keyId: keyId(1), until: at('2026-04-01T00:00:00Z') },
    ]);
  });

  test('the older retires, the newer is its successor, nobody asks which of them is used', () => {
    expect(stepsOn('2026-04-01T00:00:00Z', { keys })).toEqual([
      {
        kind: 'start-retirement',
        keyId: keyId(1),
        reason: 'replaced-by-hand',
        successorKeyId: keyId(2),
        disableAt: at('2026-04-11T00:00:00Z'),
        deleteAt: at('2026-04-21T00:00:00Z'),
      },
    ]);
  });

  test('seen late, the older gets the full disable gap from first sight', () => {
    expect(stepsOn('2026-05-01T00:00:00Z', { keys })).toMatchObject([
      { keyId: keyId(1), disableAt: at('2026-05-11T00:00:00Z'), deleteAt: at('2026-05-21T00:00:00Z') },
    ]);
  });

  test('it does not matter in which order IAM lists them', () => {
    expect(stepsOn('2026-04-01T00:00:00Z', { keys: keys.toReversed() })).toMatchObject([
      { keyId: keyId(1), successorKeyId: keyId(2) },
    ]);
  });

  test('a newer key made after the older was due is a successor as well', () => {
    const late = [keyMade('2026-01-01T00:00:00Z', 1), keyMade('2026-04-05T00:00:00Z', 2)];
    expect(stepsOn('2026-04-05T12:00:00Z', { keys: late })).toMatchObject([
      { reason: 'replaced-by-hand', disableAt: at('2026-04-15T12:00:00Z') },
    ]);
  });

  test('the older is then disabled one gap after first sight', () => {
    const tracking = retiring(
      aRetirement({
        reminded,
        why: 'replaced-by-hand',
        successorKeyId: keyId(2),
        startedAt: at('2026-05-01T00:00:00Z'),
        announcement: ANNOUNCEMENT,
        promisedAt: at('2026-05-11T00:00:00Z'),
      }),
    );
    expect(kindsOn('2026-05-10T23:59:59.999Z', { keys, tracking })).toEqual(['none retiring', 'none young']);
    expect(kindsOn('2026-05-11T00:00:00Z', { keys, tracking })).toEqual(['disable replaced-by-hand', 'none young']);
  });
});

describe('two Active keys, both due', () => {
  // Made on 1 January and 1 February 2025.
  const older = (lastUse = {}) => keyMade('2025-01-01T00:00:00Z', 1, lastUse);
  const newer = (lastUse = {}) => keyMade('2025-02-01T00:00:00Z', 2, lastUse);
  const leaving = (...keys: readonly ReturnType<typeof keyMade>[]) => stepsOn('2026-01-01T00:00:00Z', { keys })[0];

  test('a moment before the newer is due it still counts as a successor', () => {
    expect(kindsOn('2025-05-01T23:59:59.999Z', { keys: [older(), newer()] })).toEqual([
      'start-retirement replaced-by-hand',
    ]);
  });

  test('one goes through the full gaps from first sight, the other waits for its place', () => {
    const keys = [older(used('2025-12-01T00:00:00Z')), newer(used('2025-12-31T00:00:00Z'))];
    expect(stepsOn('2025-05-02T00:00:00Z', { keys })).toEqual([
      {
        kind: 'start-retirement',
        keyId: keyId(1),
        reason: 'both-due',
        successorKeyId: keyId(2),
        disableAt: at('2025-05-12T00:00:00Z'),
        deleteAt: at('2025-05-22T00:00:00Z'),
      },
      {
        kind: 'wait',
        keyId: keyId(2),
        step: 'rotate',
        reason: 'slot-busy',
        until: at('2025-05-22T00:00:00Z'),
        isNew: true,
      },
    ]);
  });

  test.each([
    ['the older, used less recently', older(used('2025-12-01T00:00:00Z')), newer(used('2025-12-31T00:00:00Z')), 1],
    ['the newer, used less recently', older(used('2025-12-31T00:00:00Z')), newer(used('2025-12-01T00:00:00Z')), 2],
    ['the newer, never used', older(used('2025-01-02T00:00:00Z')), newer(neverUsed), 2],
    ['the older, never used', older(neverUsed), newer(used('2025-02-02T00:00:00Z')), 1],
    ['the older when neither was ever used', older(neverUsed), newer(neverUsed), 1],
    ['the older when both were used at the same time', older(used('2025-12-01')), newer(used('2025-12-01')), 1],
  ])('the one that goes is %s', (_rule, one, other, n) => {
    expect(leaving(one, other)).toMatchObject({ kind: 'start-retirement', reason: 'both-due', keyId: keyId(n) });
    expect(leaving(other, one)).toMatchObject({ keyId: keyId(n), successorKeyId: keyId(3 - n) });
  });

  test('made at the same instant and never used, the same one goes every time', () => {
    const twins = [keyMade('2025-01-01T00:00:00Z', 1, neverUsed), keyMade('2025-01-01T00:00:00Z', 2, neverUsed)];
    expect(leaving(...twins)).toEqual(leaving(...twins.toReversed()));
  });

  test.each([
    ['both, unread', older(), newer(), [1, 2]],
    ['the older, unread', older(), newer(used('2025-12-01T00:00:00Z')), [1]],
    ['the newer, unread', older(used('2025-12-01T00:00:00Z')), newer(), [2]],
  ])('which is used less is never guessed: %s, are asked for', (_rule, one, other, asked) => {
    const decision = decisionOn('2026-01-01T00:00:00Z', { keys: [one, other] });
    expect(decision).toMatchObject({ kind: 'look-up', deliveryOf: [] });
    expect('lastUseOf' in decision && decision.lastUseOf.toSorted()).toEqual(asked.map(keyId));
  });
});

describe('the key that stays while the other of two old ones retires', () => {
  const staying = keyMade('2025-02-01T00:00:00Z', 2);
  const outgoing = keyMade('2025-01-01T00:00:00Z', 1);
  const retirement = aRetirement({
    reminded,
    why: 'both-due',
    successorKeyId: keyId(2),
    startedAt: at('2026-01-01T00:00:00Z'),
    announcement: ANNOUNCEMENT,
    promisedAt: at('2026-01-11T00:00:00Z'),
  });
  const disabled = { ...retirement, disabledAt: at('2026-01-11T00:00:00Z'), promisedAt: at('2026-01-21T00:00:00Z') };
  const out = [{ ...outgoing, ...inactive }, staying];

  test('waits while the other is Active', () => {
    const world = { keys: [outgoing, staying], tracking: retiring(retirement) };
    expect(kindsOn('2026-01-10T00:00:00Z', world)).toEqual(['none retiring', 'wait rotate slot-busy']);
    expect(kindsOn('2026-01-11T00:00:00Z', world)).toEqual(['disable both-due', 'wait rotate slot-busy']);
  });

  test('waits while the other is Inactive', () => {
    expect(kindsOn('2026-01-20T23:59:59.999Z', { keys: out, tracking: retiring(disabled) })).toEqual([
      'none retiring',
      'wait rotate slot-busy',
    ]);
  });

  test('is rotated in the sweep that deletes the other', () => {
    expect(stepsOn('2026-01-21T00:00:00Z', { keys: out, tracking: retiring(disabled) })).toEqual([
      { kind: 'delete', keyId: keyId(1), reason: 'both-due', createdAt: outgoing.createdAt },
      { kind: 'rotate', reason: 'slot-freed', keyId: keyId(2), createdAt: staying.createdAt },
    ]);
  });

  test('waits on when the deletion has to', () => {
    const delivered = new Map([[ANNOUNCEMENT, false]]);
    const busy = { kind: 'wait', keyId: keyId(2), step: 'rotate', reason: 'slot-busy', isNew: true };
    const world = { keys: out, tracking: retiring(disabled), delivered };
    expect(stepsOn('2026-01-20T23:59:59.999Z', world)[1]).toEqual({ ...busy, until: at('2026-01-21T00:00:00Z') });
    // From then on nobody knows until when.
    expect(stepsOn('2026-01-21T00:00:00Z', world)[1]).toEqual(busy);
    expect(stepsOn('2026-02-01T00:00:00Z', world)[1]).toEqual(busy);
  });

  test('waits on when its owner reactivates the other', () => {
    const keys = [outgoing, staying];
    expect(kindsOn('2026-01-21T00:00:00Z', { keys, tracking: retiring(disabled) })).toEqual([
      'record-reactivated',
      'wait rotate slot-busy',
    ]);
  });

  test('is rotated as any due key when somebody deleted the other', () => {
    expect(kindsOn('2026-01-05T00:00:00Z', { keys: [staying], tracking: retiring(retirement) })).toEqual([
      'record-deleted',
      'rotate due',
    ]);
  });

  test('its wait is recorded once', () => {
    const waiting = { [keyId(2)]: { step: 'rotate', reason: 'slot-busy' } } as const;
    const tracking = { ...retiring(disabled), waiting };
    expect(stepsOn('2026-01-12T00:00:00Z', { keys: out, tracking })[1]).toMatchObject({ kind: 'wait', isNew: false });
  });
});
