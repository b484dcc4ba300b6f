import type { Step } from '../../lambda/domain/step.ts';
import { anExemption, aRetirement, aRotation, at, exemptionId, keyId } from '../support/builders.ts';
import { ANNOUNCEMENT, inactive, keyMade, kindsOn, reminded, retiring, stepsOn } from './support/deciding.ts';

// Holds until 1 June; its end is told from 18 May on.
const exemption = anExemption({ expiresAt: at('2026-06-01T00:00:00Z') });
const old = keyMade('2025-01-01T00:00:00Z', 1);
const untouched = { kind: 'none', reason: 'exempt', until: at('2026-06-01T00:00:00Z') };
const ending = {
  kind: 'tell-exemption-ending',
  exemptionId: exemptionId(1),
  expiresAt: at('2026-06-01T00:00:00Z'),
  retiring: [],
};

describe('an exempt user', () => {
  test.each([
    ['is left alone, however old its key', '2026-02-01T00:00:00Z', [untouched]],
    ['is left alone a moment before the end comes near', '2026-05-17T23:59:59.999Z', [untouched]],
    ['is told 14 days before the end', '2026-05-18T00:00:00Z', [untouched, ending]],
    ['is told late rather than never', '2026-05-31T23:59:59.999Z', [untouched, ending]],
  ])('%s', (_rule, now, steps) => {
    expect(stepsOn(now, { keys: [old], exemption })).toEqual(steps);
  });

  test('is told once', () => {
    const tracking = { retirements: {}, warned: {}, waiting: {}, exemptionTold: exemptionId(1) };
    expect(stepsOn('2026-05-20T00:00:00Z', { keys: [old], exemption, tracking })).toEqual([untouched]);
  });

  test('is told again about another exemption', () => {
    const tracking = { retirements: {}, warned: {}, waiting: {}, exemptionTold: exemptionId(2) };
    expect(stepsOn('2026-05-20T00:00:00Z', { keys: [old], exemption, tracking })).toEqual([untouched, ending]);
  });

  test('is not warned of a rotation that will not come', () => {
    expect(kindsOn('2026-03-30T00:00:00Z', { keys: [keyMade('2026-01-01T00:00:00Z')], exemption })).toEqual([
      'none exempt',
    ]);
  });

  test('is left alone with two old keys, and nobody asks which is used', () => {
    expect(kindsOn('2026-02-01T00:00:00Z', { keys: [old, keyMade('2025-02-01T00:00:00Z', 2)], exemption })).toEqual([
      'none exempt',
    ]);
  });

  test('is left alone with too many keys', () => {
    const keys = [old, keyMade('2025-02-01T00:00:00Z', 2), keyMade('2025-03-01T00:00:00Z', 3)];
    expect(kindsOn('2026-02-01T00:00:00Z', { keys, exemption })).toEqual(['none exempt']);
  });

  test('is rotated once the exemption has ended', () => {
    expect(kindsOn('2026-06-01T00:00:00Z', { keys: [old] })).toEqual(['rotate due']);
  });
});

describe('an exemption whose coming end was told', () => {
  const told = { retirements: {}, warned: {}, waiting: {}, exemptionTold: exemptionId(1) };
  const ended = { kind: 'tell-exemption-ended', exemptionId: exemptionId(1) };

  test('is told to have ended once none holds any more, after whatever that brings about', () => {
    expect(kindsOn('2026-06-01T00:00:00Z', { keys: [old], tracking: told })).toEqual([
      'rotate due',
      'tell-exemption-ended',
    ]);
    expect(stepsOn('2026-06-01T00:00:00Z', { keys: [], tracking: told })).toContainEqual(ended);
  });

  test('is not told to have ended while another holds', () => {
    const another = { ...exemption, id: exemptionId(2), expiresAt: at('2026-12-01T00:00:00Z') };
    expect(kindsOn('2026-06-01T00:00:00Z', { keys: [old], tracking: told, exemption: another })).toEqual([
      'none exempt',
    ]);
  });

  test('is told to have ended although the user is blocked', () => {
    const keys = [old, keyMade('2025-02-01T00:00:00Z', 2), keyMade('2025-03-01T00:00:00Z', 3)];
    expect(stepsOn('2026-06-01T00:00:00Z', { keys, tracking: told })).toContainEqual(ended);
  });

  test('waits for a rotation that was begun to be finished', () => {
    const tracking = { ...told, rotation: aRotation({ expiresAt: at('2026-06-01T00:00:00Z') }) };
    expect(kindsOn('2026-06-01T00:00:00Z', { keys: [old], tracking })).toEqual(['recover']);
  });
});

describe('an exemption in the middle of a rotation', () => {
  const replaced = aRetirement({
    why: 'rotated',
    successorKeyId: keyId(2),
    startedAt: at('2026-02-01T00:00:00Z'),
    announcement: ANNOUNCEMENT,
    promisedAt: at('2026-02-11T00:00:00Z'),
  });
  const incoming = keyMade('2026-02-01T00:00:00Z', 2);

  test('stops the disabling', () => {
    const tracking = retiring(replaced);
    expect(kindsOn('2026-02-11T00:00:00Z', { keys: [old, incoming], tracking, exemption })).toEqual([
      'wait disable exempt',
      'none exempt',
    ]);
  });

  test('stops the deletion', () => {
    const tracking = retiring({ ...replaced, disabledAt: at('2026-02-11T00:00:00Z') });
    const keys = [{ ...old, ...inactive }, incoming];
    expect(kindsOn('2026-03-01T00:00:00Z', { keys, tracking, exemption })).toEqual([
      'wait delete exempt',
      'none exempt',
    ]);
  });

  test('does not stop what others did from being recorded', () => {
    const tracking = retiring(replaced);
    expect(kindsOn('2026-02-05T00:00:00Z', { keys: [incoming], tracking, exemption })).toEqual([
      'record-deleted',
      'none exempt',
    ]);
  });

  test('does not stop a rotation that was begun from being finished: its key must not lie about', () => {
    const tracking = { ...retiring(), rotation: aRotation({ expiresAt: at('2026-02-01T00:15:00Z') }) };
    expect(kindsOn('2026-02-02T00:00:00Z', { keys: [old, incoming], tracking, exemption })).toEqual(['recover']);
  });
});

// Replaced on 1 February, to be disabled on 11 February; the exemption ends on 1 June.
describe('a key on its way out whose date passed under an exemption', () => {
  const successor = keyMade('2026-02-01T00:00:00Z', 2, { lastUse: { kind: 'unread' } });
  const replaced = aRetirement({
    reminded,
    why: 'rotated',
    successorKeyId: keyId(2),
    startedAt: at('2026-02-01T00:00:00Z'),
    announcement: ANNOUNCEMENT,
    promisedAt: at('2026-02-11T00:00:00Z'),
  });
  const disabled = { ...replaced, disabledAt: at('2026-02-11T00:00:00Z'), promisedAt: at('2026-02-21T00:00:00Z') };
  const inactiveOld = { ...old, ...inactive };
  const exemptWait = (step: 'disable' | 'delete') => ({ [keyId(1)]: { step, reason: 'exempt' } }) as const;
  const again = { kind: 'start-retirement', keyId: keyId(1), reason: 'rotated', successorKeyId: keyId(2) };
  const first = (steps: readonly Step[]) => steps.find((step) => 'keyId' in step && step.keyId === keyId(1));

  test.each([
    ['before its date nothing is held', '2026-02-10T23:59:59.999Z', ['none exempt']],
    ['from its date on that is recorded', '2026-02-11T00:00:00Z', ['wait disable exempt', 'none exempt']],
  ])('%s', (_rule, now, kinds) => {
    expect(kindsOn(now, { keys: [old, successor], tracking: retiring(replaced), exemption })).toEqual(kinds);
  });

  test('is recorded once', () => {
    const tracking = { ...retiring(replaced), waiting: exemptWait('disable') };
    expect(first(stepsOn('2026-03-01T00:00:00Z', { keys: [old, successor], tracking, exemption }))).toMatchObject({
      reason: 'exempt',
      isNew: false,
    });
  });

  test.each([
    ['it has ended', '2026-06-01T00:00:00Z', '2026-06-11T00:00:00Z', '2026-06-21T00:00:00Z'],
    ['it was revoked', '2026-03-01T00:00:00Z', '2026-03-11T00:00:00Z', '2026-03-21T00:00:00Z'],
  ])('is announced again with the full gap once %s', (_when, now, disableAt, deleteAt) => {
    const tracking = { ...retiring(replaced), waiting: exemptWait('disable') };
    expect(first(stepsOn(now, { keys: [old, successor], tracking }))).toEqual({
      ...again,
      disableAt: at(disableAt),
      deleteAt: at(deleteAt),
      after: 'exemption',
    });
  });

  test('that is disabled is announced again with the full gap before it is deleted', () => {
    const tracking = { ...retiring(disabled), waiting: exemptWait('delete') };
    expect(first(stepsOn('2026-06-01T00:00:00Z', { keys: [inactiveOld, successor], tracking }))).toEqual({
      ...again,
      deleteAt: at('2026-06-11T00:00:00Z'),
      after: 'exemption',
    });
  });

  test('that was found Inactive keeps its place for one more gap', () => {
    const found = { ...replaced, why: 'blocks-slot', promisedAt: at('2026-02-11T00:00:00Z') } as const;
    const due = keyMade('2025-06-01T00:00:00Z', 2);
    const tracking = { ...retiring(found), waiting: exemptWait('delete') };
    expect(stepsOn('2026-06-01T00:00:00Z', { keys: [inactiveOld, due], tracking })).toMatchObject([
      { kind: 'start-retirement', reason: 'blocks-slot', deleteAt: at('2026-06-11T00:00:00Z'), after: 'exemption' },
      { kind: 'wait', step: 'rotate', reason: 'slot-busy', until: at('2026-06-11T00:00:00Z') },
    ]);
  });

  test('whose date comes after the end goes on that date', () => {
    const tracking = retiring(replaced);
    expect(kindsOn('2026-02-11T00:00:00Z', { keys: [old, successor], tracking })[0]).toBe('disable rotated');
  });

  test.each([
    ['a key that works', old, replaced, { step: 'disable', at: at('2026-06-11T00:00:00Z') }],
    ['a disabled key', inactiveOld, disabled, { step: 'delete', at: at('2026-06-11T00:00:00Z') }],
    [
      'a key whose date is after the end',
      old,
      { ...replaced, promisedAt: at('2026-06-03T00:00:00Z') },
      { step: 'disable', at: at('2026-06-03T00:00:00Z') },
    ],
  ])('is told with the end that comes: %s', (_which, key, retirement, date) => {
    const tracking = { ...retiring(retirement), waiting: exemptWait(date.step === 'disable' ? 'disable' : 'delete') };
    expect(stepsOn('2026-05-18T00:00:00Z', { keys: [key, successor], tracking, exemption })).toContainEqual({
      ...ending,
      retiring: [{ keyId: keyId(1), ...date }],
    });
  });
});
