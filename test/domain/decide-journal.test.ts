import { aRetirement, aRotation, at, keyId, RUN, userId } from '../support/builders.ts';
import { ANNOUNCEMENT, inactive, keyMade, kindsOn, reminded, retiring, stepsOn } from './support/deciding.ts';

const outgoing = keyMade('2026-01-01T00:00:00Z', 1);
const incoming = keyMade('2026-04-01T00:00:00Z', 2);
const replaced = aRetirement({
  reminded,
  why: 'rotated',
  successorKeyId: keyId(2),
  startedAt: at('2026-04-01T00:00:00Z'),
  announcement: ANNOUNCEMENT,
  promisedAt: at('2026-04-11T00:00:00Z'),
});
const disabled = { ...replaced, disabledAt: at('2026-04-11T00:00:00Z'), promisedAt: at('2026-04-21T00:00:00Z') };
const out = { ...outgoing, ...inactive };

describe('an open rotation', () => {
  const rotation = aRotation({ at: at('2026-04-01T00:00:00Z'), expiresAt: at('2026-04-01T00:15:00Z') });
  const world = { keys: [outgoing], tracking: { ...retiring(), rotation } };

  test('locks the user while its process may be alive, and that is not news', () => {
    expect(stepsOn('2026-04-01T00:14:59.999Z', world)).toEqual([
      { kind: 'wait', keyId: keyId(1), step: 'rotate', reason: 'in-progress', isNew: false },
    ]);
  });

  test('is recovered when its process can no longer be alive', () => {
    expect(stepsOn('2026-04-01T00:15:00Z', world)).toEqual([{ kind: 'recover', outgoingKeyId: keyId(1) }]);
  });

  test('comes before everything else, too many keys included', () => {
    const keys = [outgoing, incoming, keyMade('2026-04-01T00:00:00Z', 3)];
    const tracking = { ...retiring(replaced), rotation };
    expect(kindsOn('2026-04-20T00:00:00Z', { keys, tracking })).toEqual(['recover']);
  });
});

describe('a disabling that was begun', () => {
  const intent = {
    step: 'disable',
    runId: RUN,
    at: at('2026-04-11T06:00:00Z'),
    expiresAt: at('2026-04-11T06:15:00Z'),
  } as const;
  const tracking = retiring({ ...replaced, intent });

  test('is left to its process while that may be alive, whatever the key looks like', () => {
    for (const keys of [[outgoing, incoming], [out, incoming], [incoming]]) {
      expect(stepsOn('2026-04-11T06:14:59.999Z', { keys, tracking })[0]).toEqual({
        kind: 'wait',
        keyId: keyId(1),
        step: 'disable',
        reason: 'in-progress',
        isNew: false,
      });
    }
  });

  test('and took effect is recorded as Keyturn’s own, from when it was begun', () => {
    expect(stepsOn('2026-04-13T00:00:00Z', { keys: [out, incoming], tracking })[0]).toEqual({
      kind: 'record-disabled',
      keyId: keyId(1),
      by: 'keyturn',
      at: at('2026-04-11T06:00:00Z'),
      deleteAt: at('2026-04-21T06:00:00Z'),
    });
  });

  test('and took no effect is done again', () => {
    expect(kindsOn('2026-04-11T06:15:00Z', { keys: [outgoing, incoming], tracking })[0]).toBe('disable rotated');
  });
});

describe('a deletion that was begun', () => {
  const intent = {
    step: 'delete',
    runId: RUN,
    at: at('2026-04-21T06:00:00Z'),
    expiresAt: at('2026-04-21T06:15:00Z'),
  } as const;
  const tracking = retiring({ ...disabled, intent });

  test('is left to its process while that may be alive, whether the key is gone or not', () => {
    for (const keys of [[out, incoming], [incoming]]) {
      expect(kindsOn('2026-04-21T06:14:59.999Z', { keys, tracking })[0]).toBe('wait delete in-progress');
    }
  });

  test('and took effect is recorded as Keyturn’s own', () => {
    expect(stepsOn('2026-04-21T06:15:00Z', { keys: [incoming], tracking })[0]).toEqual({
      kind: 'record-deleted',
      keyId: keyId(1),
      by: 'keyturn',
    });
  });

  test('and took no effect is done again', () => {
    expect(kindsOn('2026-04-21T06:15:00Z', { keys: [out, incoming], tracking })[0]).toBe('delete rotated');
  });
});

describe('what others did', () => {
  test('a retiring key that somebody disabled is recorded, its gap counts from first sight', () => {
    expect(stepsOn('2026-04-05T00:00:00Z', { keys: [out, incoming], tracking: retiring(replaced) })[0]).toEqual({
      kind: 'record-disabled',
      keyId: keyId(1),
      by: 'somebody',
      at: at('2026-04-05T00:00:00Z'),
      deleteAt: at('2026-04-21T00:00:00Z'),
    });
  });

  test('a retiring key that somebody deleted is recorded', () => {
    for (const retirement of [replaced, disabled]) {
      expect(stepsOn('2026-04-12T00:00:00Z', { keys: [incoming], tracking: retiring(retirement) })[0]).toEqual({
        kind: 'record-deleted',
        keyId: keyId(1),
        by: 'somebody',
      });
    }
  });

  test('with its last key deleted the user has none, and gets none', () => {
    expect(kindsOn('2026-04-12T00:00:00Z', { keys: [], tracking: retiring(replaced) })).toEqual([
      'record-deleted',
      'none no-keys',
    ]);
  });
});

describe('an outgoing key that was disabled and is Active again', () => {
  const world = { keys: [outgoing, incoming], tracking: retiring(disabled) };

  test('is granted one more disable gap from first sight', () => {
    expect(stepsOn('2026-04-15T00:00:00Z', world)[0]).toEqual({
      kind: 'record-reactivated',
      keyId: keyId(1),
      disableAt: at('2026-04-25T00:00:00Z'),
    });
  });

  test('also when its deletion is due: it is not deleted under its user', () => {
    expect(kindsOn('2026-04-21T00:00:00Z', world)).toEqual(['record-reactivated', 'none young']);
  });

  test('is disabled again after that gap', () => {
    const again = { ...replaced, startedAt: at('2026-04-15T00:00:00Z'), promisedAt: at('2026-04-25T00:00:00Z') };
    const tracking = retiring(again);
    expect(kindsOn('2026-04-24T23:59:59.999Z', { ...world, tracking })[0]).toBe('none retiring');
    expect(stepsOn('2026-04-25T00:00:00Z', { ...world, tracking })[0]).toMatchObject({
      kind: 'disable',
      deleteAt: at('2026-05-05T00:00:00Z'),
    });
  });

  test('is not taken for the only key when its successor is Inactive', () => {
    const keys = [outgoing, { ...keyMade('2025-12-01T00:00:00Z', 2), ...inactive }];
    expect(kindsOn('2026-04-15T00:00:00Z', { ...world, keys })).toEqual(['record-reactivated']);
  });
});

describe('a user of the same name with another UserId', () => {
  const formerUserId = userId(7);

  test('is a new user: the former one is closed and nothing is inherited', () => {
    const tracking = {
      ...retiring(disabled),
      rotation: aRotation(),
      blocked: 'too-many-keys',
      warned: { [keyId(3)]: 3 },
    };
    const keys = [keyMade('2026-04-10T00:00:00Z', 3)];
    expect(stepsOn('2026-04-21T00:00:00Z', { keys, tracking, formerUserId })).toEqual([
      { kind: 'replace-user', formerUserId },
      { kind: 'none', reason: 'young', keyId: keyId(3), until: at('2026-07-09T00:00:00Z') },
    ]);
  });

  test('is decided about by its own keys at once', () => {
    const keys = [keyMade('2026-01-01T00:00:00Z', 3)];
    expect(kindsOn('2026-04-21T00:00:00Z', { keys, tracking: retiring(disabled), formerUserId })).toEqual([
      'replace-user',
      'rotate due',
    ]);
  });
});
