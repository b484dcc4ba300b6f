import type { LastUse } from '../../lambda/domain/facts.ts';
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
  untold,
  used,
} from './support/deciding.ts';

// To be disabled on 11 April, provided it was idle for 7 days; held until 11 May at most.
const policy = aPolicy({ disable: { onlyWhenIdleDays: 7, maxHoldDays: 30 } });
const tracking = retiring(
  aRetirement({
    reminded,
    keyId: keyId(1),
    why: 'rotated',
    successorKeyId: keyId(2),
    startedAt: at('2026-04-01T00:00:00Z'),
    announcement: ANNOUNCEMENT,
    promisedAt: at('2026-04-11T00:00:00Z'),
  }),
);
const outgoing = (lastUse: { readonly lastUse?: LastUse } = {}) => ({
  keys: [keyMade('2026-01-01T00:00:00Z', 1, lastUse), keyMade('2026-04-01T00:00:00Z', 2)],
  tracking,
  policy,
});

describe('disabling only idle keys', () => {
  test('a key in use is held, and it is told which service and Region still use it', () => {
    const inUse = outgoing(used('2026-04-08T10:00:00Z', 'sqs', 'us-east-1'));
    expect(stepsOn('2026-04-11T00:00:00Z', inUse)[0]).toEqual({
      kind: 'wait',
      keyId: keyId(1),
      step: 'disable',
      reason: 'in-use',
      until: at('2026-04-15T10:00:00Z'),
      lastUse: { at: at('2026-04-08T10:00:00Z'), service: 'sqs', region: 'us-east-1' },
      isNew: true,
    });
  });

  test.each([
    ['a moment before it has been idle long enough it is held', '2026-04-15T09:59:59.999Z', 'wait disable in-use'],
    ['idle for exactly 7 days it is disabled', '2026-04-15T10:00:00Z', 'disable rotated'],
  ])('%s', (_rule, now, step) => {
    expect(kindsOn(now, outgoing(used('2026-04-08T10:00:00Z')))[0]).toBe(step);
  });

  test.each([
    [
      'used every day it is held until a moment before 30 days have passed',
      '2026-05-10T23:59:59.999Z',
      'wait disable in-use',
    ],
    ['used every day it is disabled all the same after 30 days', '2026-05-11T00:00:00Z', 'disable rotated'],
  ])('%s', (_rule, now, step) => {
    expect(kindsOn(now, outgoing(used('2026-05-10T20:00:00Z')))[0]).toBe(step);
  });

  test('a hold is never announced to last longer than it can', () => {
    expect(stepsOn('2026-05-09T00:00:00Z', outgoing(used('2026-05-08T00:00:00Z')))[0]).toMatchObject({
      reason: 'in-use',
      until: at('2026-05-11T00:00:00Z'),
    });
  });

  test('a key that was never used is idle', () => {
    expect(kindsOn('2026-04-11T00:00:00Z', outgoing(neverUsed))[0]).toBe('disable rotated');
  });

  test('whether it is in use is never guessed: unread is asked for', () => {
    expect(decisionOn('2026-04-11T00:00:00Z', outgoing())).toMatchObject({ kind: 'look-up', lastUseOf: [keyId(1)] });
  });

  test('nobody asks before the deadline, nor when it decides nothing any more', () => {
    expect(kindsOn('2026-04-10T23:59:59.999Z', outgoing())[0]).toBe('none retiring');
    expect(kindsOn('2026-05-11T00:00:00Z', outgoing())[0]).toBe('disable rotated');
  });

  test('nobody asks when the policy does not care', () => {
    expect(kindsOn('2026-04-11T00:00:00Z', { ...outgoing(), policy: aPolicy() })[0]).toBe('disable rotated');
  });

  test('the longest hold over, somebody must still have been told', () => {
    expect(kindsOn('2026-05-11T00:00:00Z', { ...outgoing(), delivered: untold })[0]).toBe(
      'wait disable notice-undelivered',
    );
  });

  test('a longest hold of 0 days holds nothing', () => {
    const impatient = aPolicy({ disable: { onlyWhenIdleDays: 7, maxHoldDays: 0 } });
    expect(kindsOn('2026-04-11T00:00:00Z', { ...outgoing(), policy: impatient })[0]).toBe('disable rotated');
  });

  test('the hold is recorded once', () => {
    const waiting = { [keyId(1)]: { step: 'disable', reason: 'in-use' } } as const;
    expect(
      stepsOn('2026-04-12T00:00:00Z', {
        ...outgoing(used('2026-04-11T20:00:00Z')),
        tracking: { ...tracking, waiting },
      }),
    ).toMatchObject([{ reason: 'in-use', isNew: false }, { kind: 'none' }]);
  });

  test('an Inactive key is deleted whenever it was last used', () => {
    const [retirement] = Object.values(tracking.retirements);
    if (retirement === undefined) throw new Error('nothing retires');
    const keys = [
      keyMade('2026-01-01T00:00:00Z', 1, { ...inactive, ...used('2026-04-20T20:00:00Z') }),
      keyMade('2026-04-01T00:00:00Z', 2),
    ];
    const disabled = retiring({ ...retirement, disabledAt: at('2026-04-11T00:00:00Z') });
    expect(kindsOn('2026-04-21T00:00:00Z', { keys, tracking: disabled, policy })[0]).toBe('delete rotated');
  });
});
