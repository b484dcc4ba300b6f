import type { LastUse } from '../../lambda/domain/facts.ts';
import type { Hold } from '../../lambda/domain/tracking.ts';
import { aPolicy, aRetirement, at, eventId, keyId } from '../support/builders.ts';
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
const held = (hold: Hold) =>
  retiring(...Object.values(tracking.retirements).map((retirement) => ({ ...retirement, hold })));
const lastDayTold = { tracking: held({ until: at('2026-05-11T00:00:00Z'), announcement: ANNOUNCEMENT }) };

describe('disabling only idle keys', () => {
  test('a key in use is held, and it is told which service and Region still use it', () => {
    const inUse = outgoing(used('2026-04-08T10:00:00Z', 'sqs', 'us-east-1'));
    expect(stepsOn('2026-04-11T00:00:00Z', inUse)[0]).toEqual({
      kind: 'wait',
      keyId: keyId(1),
      step: 'disable',
      reason: 'in-use',
      until: at('2026-04-15T10:00:00Z'),
      heldUntil: at('2026-05-11T00:00:00Z'),
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
    expect(kindsOn(now, { ...outgoing(used('2026-05-10T20:00:00Z')), ...lastDayTold })[0]).toBe(step);
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
    expect(kindsOn('2026-05-11T00:00:00Z', { ...outgoing(), ...lastDayTold })[0]).toBe('disable rotated');
  });

  test('nobody asks when the policy does not care', () => {
    expect(kindsOn('2026-04-11T00:00:00Z', { ...outgoing(), policy: aPolicy() })[0]).toBe('disable rotated');
  });

  test('the longest hold over, somebody must still have been told', () => {
    expect(kindsOn('2026-05-11T00:00:00Z', { ...outgoing(), ...lastDayTold, delivered: untold })[0]).toBe(
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

describe('the last day of a key that is held', () => {
  const daily = (now: string) => used(new Date(at(now) - 4 * 3_600_000).toISOString());
  const reminder = (until: string) => ({
    kind: 'remind-still-used',
    keyId: keyId(1),
    successorKeyId: keyId(2),
    reminder: 'day-before',
    use: expect.objectContaining({ service: 's3' }),
    adopted: false,
    disableAt: at(until),
    held: true,
  });
  const stepsInUse = (now: string, hold?: Hold, more = {}) =>
    stepsOn(now, { ...outgoing(daily(now)), ...(hold && { tracking: held(hold) }), ...more }).filter(
      ({ kind }) => kind !== 'none',
    );
  const kindsInUse = (now: string, hold?: Hold, more = {}) => stepsInUse(now, hold, more).map(({ kind }) => kind);

  test.each([
    ['is not told of a moment more than a day ahead', '2026-05-09T23:59:59.999Z', ['wait']],
    ['is told of a day ahead', '2026-05-10T00:00:00Z', ['wait', 'remind-still-used']],
  ])('%s', (_rule, now, kinds) => {
    expect(kindsInUse(now, { until: at('2026-05-11T00:00:00Z') })).toEqual(kinds);
  });

  test('is told by its date, whatever was reminded of the first one', () => {
    expect(stepsInUse('2026-05-10T00:00:00Z')).toContainEqual(reminder('2026-05-11T00:00:00Z'));
  });

  test('is told once', () => {
    const hold = { until: at('2026-05-11T00:00:00Z'), announcement: ANNOUNCEMENT };
    expect(kindsInUse('2026-05-10T12:00:00Z', hold)).toEqual(['wait']);
  });

  test('that nobody was told of in time comes a full day after it is told', () => {
    const late = stepsInUse('2026-05-13T00:00:00Z', { until: at('2026-05-11T00:00:00Z') });
    expect(late).toMatchObject([
      { reason: 'in-use', heldUntil: at('2026-05-14T00:00:00Z') },
      reminder('2026-05-14T00:00:00Z'),
    ]);
    const told = { until: at('2026-05-14T00:00:00Z'), announcement: ANNOUNCEMENT };
    expect(kindsInUse('2026-05-13T23:59:59.999Z', told)).toEqual(['wait']);
    expect(kindsInUse('2026-05-14T00:00:00Z', told)).toEqual(['disable']);
  });

  test('is not come while the reminder has reached nobody', () => {
    const reminded = eventId(at('2026-05-10'), 2);
    const hold = { until: at('2026-05-11T00:00:00Z'), announcement: reminded };
    const delivered = (toSomebody: boolean) => ({
      delivered: new Map([
        [ANNOUNCEMENT, true],
        [reminded, toSomebody],
      ]),
    });
    expect(stepsInUse('2026-05-11T00:00:00Z', hold, delivered(false))).toMatchObject([
      { kind: 'wait', reason: 'notice-undelivered' },
    ]);
    expect(kindsInUse('2026-05-11T00:00:00Z', hold, delivered(true))).toEqual(['disable']);
  });

  test.each([
    ['holds for less', { onlyWhenIdleDays: 7, maxHoldDays: 5 }],
    ['holds nothing any more', { maxHoldDays: 30 }],
  ])('is not brought forward by a later policy that %s', (_rule, disable) => {
    const hold = { until: at('2026-05-11T00:00:00Z') };
    const later = { policy: aPolicy({ disable }) };
    expect(kindsInUse('2026-05-01T00:00:00Z', hold, later)).toEqual(['wait']);
    expect(kindsInUse('2026-05-11T00:00:00Z', { ...hold, announcement: ANNOUNCEMENT }, later)).toEqual(['disable']);
  });

  test('is told anew when a later policy holds for longer', () => {
    const told = { until: at('2026-05-11T00:00:00Z'), announcement: ANNOUNCEMENT };
    const longer = { policy: aPolicy({ disable: { onlyWhenIdleDays: 7, maxHoldDays: 40 } }) };
    expect(kindsInUse('2026-05-11T00:00:00Z', told, longer)).toEqual(['wait']);
    expect(stepsInUse('2026-05-20T00:00:00Z', told, longer)).toContainEqual(reminder('2026-05-21T00:00:00Z'));
  });

  test('does not matter to a key that is idle by then', () => {
    const idle = outgoing(used('2026-05-01T00:00:00Z'));
    expect(kindsOn('2026-05-12T00:00:00Z', idle)[0]).toBe('disable rotated');
  });
});
