import type { Request } from '../../lambda/domain/requests.ts';
import type { Step } from '../../lambda/domain/step.ts';
import { aPolicy, aRequest, aRetirement, at, keyId, RUN, requestId } from '../support/builders.ts';
import { ANNOUNCEMENT, inactive, keyMade, kindsOn, retiring, stepsOn, used } from './support/deciding.ts';

const outgoing = keyMade('2026-01-01T00:00:00Z', 1);
const incoming = keyMade('2026-04-01T00:00:00Z', 2);
const replaced = aRetirement({
  successorKeyId: keyId(2),
  startedAt: at('2026-04-01T00:00:00Z'),
  announcement: ANNOUNCEMENT,
  promisedAt: at('2026-04-11T00:00:00Z'),
});
const disabled = { ...replaced, disabledAt: at('2026-04-11T00:00:00Z'), promisedAt: at('2026-04-21T00:00:00Z') };
const out = { ...outgoing, ...inactive };

const refusals = (steps: readonly Step[]) => steps.flatMap((step) => (step.kind === 'refuse' ? [step.why] : []));
const on = (time: string, n = 1) => ({ id: requestId(n), requestedAt: at(time) });

describe('a restore', () => {
  const restore = (hours: number, n = 1): Request =>
    aRequest({ kind: 'restore', keyId: keyId(n), hours }, on('2026-04-15T06:00:00Z'));
  const world = { keys: [out, incoming], tracking: retiring(disabled) };

  test('makes a key that Keyturn disabled work for so long', () => {
    expect(stepsOn('2026-04-15T06:00:00Z', { ...world, requests: [restore(48)] })[0]).toEqual({
      kind: 'restore',
      keyId: keyId(1),
      requestId: requestId(1),
      until: at('2026-04-17T06:00:00Z'),
    });
  });

  test('comes before the deletion that is due, which then is not done', () => {
    expect(kindsOn('2026-04-25T00:00:00Z', { ...world, requests: [restore(48)] })).toEqual(['restore', 'none young']);
    expect(kindsOn('2026-04-25T00:00:00Z', world)).toContain('delete rotated');
  });

  // Disabled on 11 April, held 30 days at most: 11 May.
  test.each([
    [624, 'restore'],
    [625, 'refuse'],
  ])('%i hours from 15 April: %s', (hours, kind) => {
    const now = '2026-04-15T00:00:00Z';
    expect(
      kindsOn(now, { ...world, requests: [aRequest({ kind: 'restore', keyId: keyId(1), hours }, on(now))] })[0],
    ).toBe(kind);
  });

  test('beyond that is refused with the most that is possible', () => {
    expect(refusals(stepsOn('2026-04-15T06:00:00Z', { ...world, requests: [restore(2000)] }))).toEqual([
      'A key works at most 30 days past the date on which it was to be disabled: ' +
        `${keyId(1)} can be restored for 618 hours at most, until 2026-05-11 00:00 UTC.`,
    ]);
  });

  test('a second one counts from the first disabling', () => {
    const putOffFrom = { disable: at('2026-04-11T00:00:00Z') };
    const again = {
      ...disabled,
      disabledAt: at('2026-05-09T00:00:00Z'),
      promisedAt: at('2026-05-19T00:00:00Z'),
      putOffFrom,
    };
    const requests = [aRequest({ kind: 'restore', keyId: keyId(1), hours: 48 }, on('2026-05-10T12:00:00Z'))];
    const tracking = retiring(again);
    expect(refusals(stepsOn('2026-05-10T12:00:00Z', { keys: [out, incoming], tracking, requests }))).toEqual([
      expect.stringContaining('for 12 hours at most, until 2026-05-11 00:00 UTC'),
    ]);
    expect(refusals(stepsOn('2026-05-11T00:00:00Z', { keys: [out, incoming], tracking, requests }))).toEqual([
      expect.stringContaining('these are over: use its successor'),
    ]);
  });

  test.each<[string, Parameters<typeof kindsOn>[1], RegExp]>([
    ['a key that is deleted', { keys: [incoming], tracking: retiring() }, /one that is deleted cannot be brought back/],
    [
      'an Active key',
      { keys: [outgoing, incoming], tracking: retiring(replaced) },
      /is Active: there is nothing to restore/,
    ],
    ['an Active key that is not on its way out', { keys: [outgoing] }, /is Active: there is nothing to restore/],
    ['a key that nobody knows who disabled', { keys: [out, incoming] }, /not on record as disabled by Keyturn/],
    [
      'a key that somebody else disabled',
      { keys: [out, incoming], tracking: retiring({ ...disabled, disabledBy: 'somebody' }) },
      /Not Keyturn made .* Inactive/,
    ],
    [
      'an expired key',
      { keys: [{ ...outgoing, status: 'Expired' }, incoming], tracking: retiring(disabled) },
      /AWS calls .* Expired/,
    ],
    [
      'a key whose deletion has begun',
      {
        keys: [out, incoming],
        tracking: retiring({
          ...disabled,
          intent: { step: 'delete', runId: RUN, at: at('2026-04-14'), expiresAt: at('2026-04-14T00:15:00Z') },
        }),
      },
      /The deletion of .* has begun/,
    ],
  ])('is refused for %s', (_, situation, why) => {
    const refused = refusals(stepsOn('2026-04-15T06:00:00Z', { ...situation, requests: [restore(4)] }));
    expect(refused).toEqual([expect.stringMatching(why)]);
  });

  test('that was begun and took effect is recorded, and not taken for somebody else’s hand', () => {
    const asked = { requestId: requestId(1), until: at('2026-04-17T06:00:00Z') };
    const intent = {
      step: 'restore',
      runId: RUN,
      at: at('2026-04-15T06:00:00Z'),
      expiresAt: at('2026-04-15T06:15:00Z'),
      restore: asked,
    } as const;
    const begun = { keys: [outgoing, incoming], tracking: retiring({ ...disabled, intent }), requests: [restore(48)] };
    expect(stepsOn('2026-04-16T06:00:00Z', begun)[0]).toEqual({ kind: 'record-restored', keyId: keyId(1), ...asked });
    expect(kindsOn('2026-04-15T06:10:00Z', begun)).toEqual(['wait disable in-progress']);
    const nothingHappened = { ...begun, keys: [out, incoming] };
    expect(kindsOn('2026-04-16T06:00:00Z', nothingHappened)[0]).toBe('restore');
  });
});

describe('a restored key', () => {
  const { disabledAt: _, ...active } = disabled;
  const restored = {
    ...active,
    promisedAt: at('2026-04-17T06:00:00Z'),
    restoredUntil: at('2026-04-17T06:00:00Z'),
    putOffFrom: { disable: at('2026-04-11T00:00:00Z') },
  };
  const policy = aPolicy({ disable: { onlyWhenIdleDays: 7, maxHoldDays: 30 } });
  const world = {
    keys: [{ ...outgoing, ...used('2026-04-17T05:00:00Z') }, incoming],
    tracking: retiring(restored),
    policy,
  };

  test('is disabled again at the first sweep after its time, although it is in use', () => {
    expect(kindsOn('2026-04-17T05:59:59Z', world)[0]).toBe('none retiring');
    expect(stepsOn('2026-04-17T06:00:00Z', world)[0]).toMatchObject({
      kind: 'disable',
      // The gap before its deletion begins anew.
      deleteAt: at('2026-04-27T06:00:00Z'),
    });
  });

  test('that was stopped before its time, because it had leaked, is disabled again at that time all the same', () => {
    const young = keyMade('2026-04-10T00:00:00Z', 1);
    const fresh = { ...restored, startedAt: at('2026-04-11T00:00:00Z') };
    expect(kindsOn('2026-04-17T06:00:00Z', { keys: [young, incoming], tracking: retiring(fresh) })[0]).toBe(
      'disable rotated',
    );
  });

  test('that IAM still lists as it was a moment ago is left alone', () => {
    const fresh = { ...restored, changedAt: at('2026-04-15T06:00:00Z') };
    const listed = { keys: [out, incoming], tracking: retiring(fresh) };
    expect(kindsOn('2026-04-15T06:04:59Z', listed)).toEqual(['none young']);
    expect(kindsOn('2026-04-15T06:05:00Z', listed)[0]).toBe('record-disabled');
  });
});

describe('a snooze', () => {
  const snooze = (days: number, n = 1): Request =>
    aRequest({ kind: 'snooze', keyId: keyId(n), days }, on('2026-04-05T00:00:00Z'));
  const world = { keys: [outgoing, incoming], tracking: retiring(replaced) };

  test('puts the disabling off from its date', () => {
    expect(stepsOn('2026-04-05T00:00:00Z', { ...world, requests: [snooze(7)] })[0]).toEqual({
      kind: 'snooze',
      keyId: keyId(1),
      requestId: requestId(1),
      step: 'disable',
      until: at('2026-04-18T00:00:00Z'),
      insteadOf: at('2026-04-11T00:00:00Z'),
    });
  });

  test('of a key that is disabled puts its deletion off', () => {
    const requests = [aRequest({ kind: 'snooze', keyId: keyId(1), days: 5 }, on('2026-04-15T00:00:00Z'))];
    expect(
      stepsOn('2026-04-15T00:00:00Z', { keys: [out, incoming], tracking: retiring(disabled), requests })[0],
    ).toMatchObject({
      kind: 'snooze',
      step: 'delete',
      until: at('2026-04-26T00:00:00Z'),
      insteadOf: at('2026-04-21T00:00:00Z'),
    });
  });

  test('of a step that is due and waits counts from today, and comes before it', () => {
    expect(kindsOn('2026-04-13T00:00:00Z', world)).toContain('disable rotated');
    const steps = stepsOn('2026-04-13T00:00:00Z', { ...world, requests: [snooze(2)] });
    expect(steps[0]).toMatchObject({ kind: 'snooze', until: at('2026-04-15T00:00:00Z') });
    expect(steps.map(({ kind }) => kind)).not.toContain('disable');
  });

  test.each([
    [30, 'snooze'],
    [31, 'refuse'],
  ])('%i days: %s', (days, kind) => {
    expect(kindsOn('2026-04-05T00:00:00Z', { ...world, requests: [snooze(days)] })[0]).toBe(kind);
  });

  test('a second one counts from the date without any, and says what is left', () => {
    const putOffFrom = { disable: at('2026-04-11T00:00:00Z') };
    const tracking = retiring({ ...replaced, promisedAt: at('2026-05-06T00:00:00Z'), putOffFrom });
    const requests = (days: number) => [
      aRequest({ kind: 'snooze', keyId: keyId(1), days }, on('2026-04-20T00:00:00Z')),
    ];
    const second = { keys: [outgoing, incoming], tracking };
    expect(kindsOn('2026-04-20T00:00:00Z', { ...second, requests: requests(5) })[0]).toBe('snooze');
    expect(refusals(stepsOn('2026-04-20T00:00:00Z', { ...second, requests: requests(6) }))).toEqual([
      `${keyId(1)} is disabled at most 30 days after 2026-04-11: 5 days more are possible.`,
    ]);
    const spent = {
      keys: [outgoing, incoming],
      tracking: retiring({ ...replaced, promisedAt: at('2026-05-11'), putOffFrom }),
    };
    expect(refusals(stepsOn('2026-04-20T00:00:00Z', { ...spent, requests: requests(1) }))).toEqual([
      expect.stringContaining('it cannot be put off any more'),
    ]);
  });

  test('does not lengthen how long a key in use is held', () => {
    const policy = aPolicy({ disable: { onlyWhenIdleDays: 7, maxHoldDays: 30 } });
    const tracking = retiring({
      ...replaced,
      promisedAt: at('2026-05-10'),
      putOffFrom: { disable: at('2026-04-11') },
      hold: { until: at('2026-05-11'), announcement: ANNOUNCEMENT },
    });
    const keys = [{ ...outgoing, ...used('2026-05-10T20:00:00Z') }, incoming];
    expect(kindsOn('2026-05-10T23:00:00Z', { keys, tracking, policy })[0]).toBe('wait disable in-use');
    expect(kindsOn('2026-05-11T00:00:00Z', { keys, tracking, policy })[0]).toBe('disable rotated');
  });

  test('is refused for a key that is not on its way out, with the way to keep it', () => {
    expect(
      refusals(
        stepsOn('2026-02-01', {
          keys: [outgoing],
          requests: [aRequest({ kind: 'snooze', keyId: keyId(1), days: 1 }, on('2026-02-01'))],
        }),
      ),
    ).toEqual([
      `${keyId(1)} is not on its way out: its next step is its rotation, which stops nothing; ` +
        'for no rotation at all, have the user exempted.',
    ]);
  });

  test('is refused for a key that shall stop at once', () => {
    const tracking = retiring({ ...replaced, disableNow: requestId(9) });
    // Its successor has just been made, and is not listed yet: nothing else is done about it.
    const settling = retiring({ ...replaced, disableNow: requestId(9), why: 'never-used' });
    expect(kindsOn('2026-04-05T00:00:00Z', { ...world, tracking, requests: [snooze(3)] })[0]).toBe('disable rotated');
    expect(
      refusals(stepsOn('2026-04-05T00:00:00Z', { keys: [outgoing], tracking: settling, requests: [snooze(3)] })),
    ).toEqual([expect.stringContaining('stop at once, so it is not put off')]);
  });
});
