import { presets } from '../../lambda/domain/policy.ts';
import { aPolicy, at, keyId } from '../support/builders.ts';
import { inactive, keyMade, kindsOn, neverUsed, stepsOn } from './support/deciding.ts';

// Made on 1 January: due on 1 April (90 days), warnings on 18 March (14 days before) and 29 March (3 days before).
const key = keyMade('2026-01-01T00:00:00Z');
const rotateAt = at('2026-04-01T00:00:00Z');
const nothing = { kind: 'none', reason: 'young', keyId: keyId(1), until: rotateAt };
const warning = (thresholdDays: number) => ({ kind: 'warn', keyId: keyId(1), thresholdDays, rotateAt });
const rotation = { kind: 'rotate', reason: 'due', keyId: keyId(1), createdAt: key.createdAt };
const warned = (days: number) => ({ retirements: {}, waiting: {}, warned: { [keyId(1)]: days } });

describe('one Active key', () => {
  test.each([
    ['nothing happens to a key made just now', '2026-01-01T00:00:00Z', nothing],
    ['nothing happens a moment before the first warning', '2026-03-17T23:59:59.999Z', nothing],
    ['its owner is warned 14 days ahead', '2026-03-18T00:00:00Z', warning(14)],
    ['a missed day does not miss the warning', '2026-03-20T07:00:00Z', warning(14)],
    ['its owner is warned 3 days ahead', '2026-03-29T00:00:00Z', warning(3)],
    ['of two missed warnings the nearer one is given', '2026-03-31T23:59:59.999Z', warning(3)],
    ['it is rotated at 90 days', '2026-04-01T00:00:00Z', rotation],
    ['it is rotated after a missed run', '2026-04-05T13:00:00Z', rotation],
    ['it is rotated at once when it is 400 days old', '2027-02-05T00:00:00Z', rotation],
    ['a clock behind its creation makes it young', '2025-12-31T23:00:00Z', nothing],
  ])('%s', (_rule, now, step) => {
    expect(stepsOn(now, { keys: [key] })).toEqual([step]);
  });

  test('a warning is given once', () => {
    expect(stepsOn('2026-03-19T00:00:00Z', { keys: [key], tracking: warned(14) })).toEqual([nothing]);
  });

  test('a warning given does not stand in for the nearer one', () => {
    expect(stepsOn('2026-03-29T00:00:00Z', { keys: [key], tracking: warned(14) })).toEqual([warning(3)]);
  });

  test('the nearer warning given, a farther one is not given any more', () => {
    const policy = aPolicy({ warnBeforeDays: [14, 7, 3] });
    expect(stepsOn('2026-03-30T00:00:00Z', { keys: [key], tracking: warned(3), policy })).toEqual([nothing]);
  });

  test('the order in which a policy names its warnings does not matter', () => {
    const policy = aPolicy({ warnBeforeDays: [3, 14] });
    expect(stepsOn('2026-03-30T00:00:00Z', { keys: [key], policy })).toEqual([warning(3)]);
  });

  test('a warning given for another key does not count', () => {
    const tracking = { retirements: {}, waiting: {}, warned: { [keyId(2)]: 3 } };
    expect(stepsOn('2026-03-30T00:00:00Z', { keys: [key], tracking })).toEqual([warning(3)]);
  });

  test('a policy without warnings gives none', () => {
    const policy = aPolicy({ warnBeforeDays: [] });
    expect(stepsOn('2026-03-31T23:59:59Z', { keys: [key], policy })).toEqual([nothing]);
  });

  test('a day is 24 hours, whatever the hour of creation', () => {
    const evening = keyMade('2026-01-01T21:17:05Z');
    expect(kindsOn('2026-04-01T21:17:04Z', { keys: [evening] })).toEqual(['warn']);
    expect(kindsOn('2026-04-01T21:17:05Z', { keys: [evening] })).toEqual(['rotate due']);
  });

  test('the cis preset rotates at 75 days', () => {
    const policy = presets.cis;
    expect(kindsOn('2026-03-16T23:59:59.999Z', { keys: [key], policy })).toEqual(['warn']);
    expect(kindsOn('2026-03-17T00:00:00Z', { keys: [key], policy })).toEqual(['rotate due']);
  });

  test('a due key that was never used is rotated like any other, and nobody asks for its last use', () => {
    expect(kindsOn('2026-04-01T00:00:00Z', { keys: [keyMade('2026-01-01T00:00:00Z', 1, neverUsed)] })).toEqual([
      'rotate due',
    ]);
  });

  test('the change window does not hold up a rotation', () => {
    const changeWindow = { weekdays: [6], fromHour: 2, toHour: 3, timeZone: 'UTC', freezeDates: ['2026-04-01'] };
    const policy = aPolicy({ changeWindow });
    expect(kindsOn('2026-04-01T12:00:00Z', { keys: [key], policy })).toEqual(['rotate due']);
  });
});

describe('other numbers of keys', () => {
  test('a user without keys needs nothing, and gets none', () => {
    expect(stepsOn('2026-04-01T00:00:00Z', { keys: [] })).toEqual([{ kind: 'none', reason: 'no-keys' }]);
  });

  const three = [key, keyMade('2026-02-01T00:00:00Z', 2), keyMade('2025-02-01T00:00:00Z', 3, inactive)];

  test('more than two keys are not touched, operators are told', () => {
    const [block, ...rest] = stepsOn('2027-01-01T00:00:00Z', { keys: three });
    expect(block).toEqual({ kind: 'block', reason: 'too-many-keys', isNew: true });
    expect(rest).toEqual([]);
  });

  test('being blocked is recorded once', () => {
    const tracking = { retirements: {}, waiting: {}, warned: {}, blocked: 'too-many-keys' };
    expect(stepsOn('2027-01-01T00:00:00Z', { keys: three, tracking })).toEqual([
      { kind: 'block', reason: 'too-many-keys', isNew: false },
    ]);
  });

  test('with two keys left the user is unblocked and goes on', () => {
    const tracking = { retirements: {}, waiting: {}, warned: {}, blocked: 'too-many-keys' };
    expect(kindsOn('2026-04-01T00:00:00Z', { keys: [key], tracking })).toEqual(['unblock', 'rotate due']);
  });
});
