import { anExemption, aRetirement, aRotation, at, exemptionId, keyId } from '../support/builders.ts';
import { ANNOUNCEMENT, inactive, keyMade, kindsOn, retiring, stepsOn } from './support/deciding.ts';

// Holds until 1 June; its end is told from 18 May on.
const exemption = anExemption({ expiresAt: at('2026-06-01T00:00:00Z') });
const old = keyMade('2025-01-01T00:00:00Z', 1);
const untouched = { kind: 'none', reason: 'exempt', until: at('2026-06-01T00:00:00Z') };
const ending = { kind: 'tell-exemption-ending', exemptionId: exemptionId(1), expiresAt: at('2026-06-01T00:00:00Z') };

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
    expect(kindsOn('2026-02-11T00:00:00Z', { keys: [old, incoming], tracking, exemption })).toEqual(['none exempt']);
  });

  test('stops the deletion', () => {
    const tracking = retiring({ ...replaced, disabledAt: at('2026-02-11T00:00:00Z') });
    const keys = [{ ...old, ...inactive }, incoming];
    expect(kindsOn('2026-03-01T00:00:00Z', { keys, tracking, exemption })).toEqual(['none exempt']);
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
