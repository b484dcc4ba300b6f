import type { RequestId } from '../../lambda/domain/ids.ts';
import type { Request, Wish } from '../../lambda/domain/requests.ts';
import type { Step } from '../../lambda/domain/step.ts';
import { anExemption, aRequest, aRetirement, at, keyId, RUN, requestId } from '../support/builders.ts';
import { inactive, keyMade, kindsOn, retiring, stepsOn, untold } from './support/deciding.ts';

const rotation = (wish: Partial<Extract<Wish, { kind: 'rotate' }>> = {}, n = 1, on = '2026-02-01T00:00:00Z'): Request =>
  aRequest({ kind: 'rotate', disableOldNow: false, ...wish }, { id: requestId(n), requestedAt: at(on) });

const leak = (wish: Partial<Extract<Wish, { kind: 'rotate' }>> = {}): Request =>
  rotation({ disableOldNow: true, ...wish });

/** Young: of its own it would be replaced on 1 April. */
const key = keyMade('2026-01-01T00:00:00Z', 1);
const successor = keyMade('2026-01-20T00:00:00Z', 2);
const replaced = aRetirement({
  successorKeyId: keyId(2),
  startedAt: at('2026-01-20T00:00:00Z'),
  promisedAt: at('2026-04-11T00:00:00Z'),
});

const refusals = (steps: readonly Step[]) => steps.flatMap((step) => (step.kind === 'refuse' ? [step.why] : []));

describe('a rotation that somebody asked for', () => {
  test('is done out of turn, for that reason', () => {
    expect(stepsOn('2026-02-01T00:00:00Z', { keys: [key], requests: [rotation()] })).toEqual([
      {
        kind: 'rotate',
        reason: 'requested',
        keyId: keyId(1),
        createdAt: at('2026-01-01T00:00:00Z'),
        request: { id: requestId(1), disableOldNow: false },
      },
    ]);
  });

  test('is not done a second time beside one that is due', () => {
    expect(kindsOn('2026-05-01T00:00:00Z', { keys: [key], requests: [rotation({}, 1, '2026-05-01')] })).toEqual([
      'rotate requested',
    ]);
  });

  test('is not refused because of an exemption: that permits not to rotate, and does not forbid it', () => {
    const exemption = anExemption({ expiresAt: at('2026-06-01T00:00:00Z') });
    expect(kindsOn('2026-02-01T00:00:00Z', { keys: [key], requests: [rotation()], exemption })).toEqual([
      'rotate requested',
      'none exempt',
    ]);
  });

  test('waits for an open rotation, and for whatever may still be under way', () => {
    const intent = {
      step: 'disable',
      runId: RUN,
      at: at('2026-02-01'),
      expiresAt: at('2026-02-01T00:15:00Z'),
    } as const;
    const tracking = retiring({ ...replaced, intent });
    const world = { keys: [key, successor], requests: [leak({ keyId: keyId(1) })], tracking };
    expect(kindsOn('2026-02-01T00:14:59Z', world)).toEqual(['wait disable in-progress']);
  });

  test.each<[string, Request, Parameters<typeof kindsOn>[1]['keys'], RegExp]>([
    ['a key that the user does not have', rotation({ keyId: keyId(9) }), [key], /has no access key AKIAFAKE0*9\.$/],
    ['an Inactive key', rotation({ keyId: keyId(1) }), [{ ...key, ...inactive }], /is Inactive: only an Active key/],
    ['a user without Active keys', rotation(), [{ ...key, ...inactive }], /has no Active key: there is nothing to/],
    ['two Active keys, none named', rotation(), [key, successor], /two Active keys, \S+1 and \S+2: say which .* --key/],
    [
      'more keys than two',
      rotation(),
      [key, successor, keyMade('2026-01-21', 3)],
      /has 3 access keys where IAM allows 2/,
    ],
  ])('is refused for %s', (_, request, keys, why) => {
    const refused = refusals(stepsOn('2026-02-01T00:00:00Z', { keys, requests: [request] }));
    expect(refused).toHaveLength(1);
    expect(refused[0]).toMatch(why);
  });

  test('is refused for a key that is on its way out already, with the date and the way to stop it at once', () => {
    const world = { keys: [key, successor], tracking: retiring(replaced), requests: [rotation({ keyId: keyId(1) })] };
    expect(refusals(stepsOn('2026-02-01T00:00:00Z', world))).toEqual([
      `${keyId(1)} has been replaced by ${keyId(2)} already and stops on 2026-04-11: ` +
        'to stop it at once, ask with --disable-old-now.',
    ]);
  });

  test('in observe mode is refused: nothing is changed there', () => {
    const world = { keys: [key], requests: [rotation(), leak()], observing: true };
    expect(refusals(stepsOn('2026-02-01T00:00:00Z', world))).toEqual([
      'This account is observed only: Keyturn changes nothing in it.',
      'This account is observed only: Keyturn changes nothing in it.',
    ]);
  });
});

describe('a rotation for which there is no room', () => {
  const disabled = { ...key, ...inactive };
  const goes = { ...replaced, disabledAt: at('2026-04-11T00:00:00Z'), promisedAt: at('2026-04-21T00:00:00Z') };
  const requests = [rotation({}, 1, '2026-04-14T00:00:00Z')];
  const world = { keys: [disabled, successor], tracking: retiring(goes), requests };

  test('waits for the place, once on record for each request, until its date, and names the key in the way', () => {
    expect(stepsOn('2026-04-14T00:00:00Z', world)).toContainEqual({
      kind: 'wait',
      keyId: keyId(2),
      step: 'rotate',
      reason: 'slot-busy',
      until: at('2026-04-21T00:00:00Z'),
      isNew: true,
      requestId: requestId(1),
      behind: keyId(1),
    });
    const waited = (id?: RequestId) => {
      const before = { step: 'rotate', reason: 'slot-busy', ...(id && { requestId: id }) } as const;
      const tracking = { ...world.tracking, waiting: { [keyId(2)]: before } };
      return stepsOn('2026-04-15T00:00:00Z', { ...world, tracking }).filter(({ kind }) => kind === 'wait');
    };
    expect(waited(requestId(1))).toEqual([expect.objectContaining({ isNew: false })]);
    // It waited before anybody asked, or because of somebody else.
    expect(waited()).toEqual([expect.objectContaining({ isNew: true, requestId: requestId(1) })]);
    expect(waited(requestId(2))).toEqual([expect.objectContaining({ isNew: true, requestId: requestId(1) })]);
  });

  test('waits once, by the request, although it is due as well', () => {
    const due = { ...goes, promisedAt: at('2026-06-01T00:00:00Z') };
    const requested = { ...world, tracking: retiring(due), requests: [rotation({}, 1, '2026-04-24T00:00:00Z')] };
    expect(stepsOn('2026-04-25T00:00:00Z', requested).filter(({ kind }) => kind === 'wait')).toEqual([
      expect.objectContaining({ keyId: keyId(2), requestId: requestId(1), behind: keyId(1) }),
    ]);
  });

  test.each<[string, readonly boolean[], number]>([
    ['whoever asked last waits for the answer', [false, false], 2],
    ['the key that shall stop at once comes first', [true, false], 1],
    ['and does so when it was asked for later', [false, true], 2],
    ['the last of those', [true, true], 2],
  ])('of two requests %s', (_, leaks, n) => {
    const both = leaks.map((disableOldNow, index) =>
      rotation({ disableOldNow, keyId: keyId(2) }, index + 1, `2026-04-14T0${index}:00:00Z`),
    );
    expect(stepsOn('2026-04-14T06:00:00Z', { ...world, requests: both })).toContainEqual(
      expect.objectContaining({ kind: 'wait', requestId: requestId(n) }),
    );
  });

  test('is done in the sweep that frees the place', () => {
    expect(stepsOn('2026-04-21T00:00:00Z', world).slice(-1)).toEqual([
      {
        kind: 'rotate',
        reason: 'slot-freed',
        keyId: keyId(2),
        createdAt: at('2026-01-20T00:00:00Z'),
        request: { id: requestId(1), disableOldNow: false },
      },
    ]);
    expect(kindsOn('2026-04-21T00:00:00Z', world)[0]).toBe('delete rotated');
  });

  test('takes over a rotation that is due by then, so that the request is answered with it', () => {
    const due = { ...world, requests: [rotation({}, 1, '2026-04-20T00:00:00Z')] };
    expect(stepsOn('2026-04-30T00:00:00Z', due).filter(({ kind }) => kind === 'rotate')).toEqual([
      expect.objectContaining({ reason: 'slot-freed', request: { id: requestId(1), disableOldNow: false } }),
    ]);
  });

  test.each([
    ['2026-04-27T23:59:59.999Z', []],
    ['2026-04-28T00:00:00.000Z', [expect.stringMatching(/within 14 days and has lapsed/)]],
    ['2026-04-28T00:00:00.001Z', [expect.stringMatching(/within 14 days and has lapsed/)]],
  ])('lapses after 14 days (%s)', (now, why) => {
    expect(refusals(stepsOn(now, { ...world, delivered: untold }))).toEqual(why);
  });
});

describe('a leak: the old key stops at once', () => {
  const disableNow = {
    kind: 'disable',
    keyId: keyId(1),
    reason: 'rotated',
    createdAt: at('2026-01-01T00:00:00Z'),
    deleteAt: at('2026-04-21T00:00:00Z'),
    requestId: requestId(1),
  };
  const closed = { weekdays: [7], fromHour: 0, toHour: 1, timeZone: 'UTC', freezeDates: [] };

  test('one key: it is replaced, and what stops it afterwards travels with the rotation', () => {
    expect(stepsOn('2026-02-01T00:00:00Z', { keys: [key], requests: [leak()] })).toEqual([
      expect.objectContaining({ kind: 'rotate', request: { id: requestId(1), disableOldNow: true } }),
    ]);
  });

  test('a key that was replaced is disabled before its deadline, untold, and outside the change window', async () => {
    const { presets } = await import('../../lambda/domain/policy.ts');
    const policy = { ...presets.default, changeWindow: closed, disable: { onlyWhenIdleDays: 30, maxHoldDays: 30 } };
    const requests = [leak({ keyId: keyId(1) })];
    const world = { keys: [key, successor], tracking: retiring(replaced), delivered: untold, policy, requests };
    expect(stepsOn('2026-02-02T12:00:00Z', world)[0]).toEqual({ ...disableNow });
  });

  test('a rotation that was asked for so leaves the same behind, whoever finds it, exempt or not', () => {
    const tracking = retiring({ ...replaced, disableNow: requestId(1) });
    const world = { keys: [key, successor], tracking, delivered: untold };
    expect(stepsOn('2026-02-01T00:00:00Z', world)[0]).toEqual(disableNow);
    const exemption = anExemption({ expiresAt: at('2026-06-01T00:00:00Z') });
    expect(stepsOn('2026-02-01T00:00:00Z', { ...world, exemption })[0]).toEqual(disableNow);
    // The request itself may be on the list still.
    expect(kindsOn('2026-02-01T00:00:00Z', { ...world, requests: [leak({ keyId: keyId(1) })] })).toEqual([
      'disable rotated',
      'none young',
    ]);
  });

  test.each([
    ['is gone', [key]],
    ['is Inactive', [key, { ...successor, ...inactive }]],
  ])('never without an Active successor: it %s', (_, keys) => {
    const tracking = retiring({ ...replaced, disableNow: requestId(1) });
    const kinds = kindsOn('2026-02-01T00:00:00Z', { keys, tracking, requests: [leak({ keyId: keyId(1) })] });
    expect(kinds[0]).toBe('cancel-retirement successor-gone');
    expect(kinds.filter((kind) => kind.startsWith('disable'))).toEqual([]);
  });

  test('with two Active keys somebody has to say which one leaked', () => {
    const world = { keys: [key, successor], tracking: retiring(replaced), requests: [leak()] };
    expect(refusals(stepsOn('2026-02-01T00:00:00Z', world))).toEqual([expect.stringMatching(/say which one is meant/)]);
  });
});

describe('several requests', () => {
  test('are answered oldest first, and only one step is taken for a key', () => {
    const requests = [
      leak({ keyId: keyId(1) }),
      aRequest({ kind: 'snooze', keyId: keyId(1), days: 3 }, { id: requestId(2), requestedAt: at('2026-02-01') }),
    ];
    const world = { keys: [key, successor], tracking: retiring(replaced), requests };
    expect(kindsOn('2026-02-02T00:00:00Z', world)).toEqual(['disable rotated', 'none young']);
  });

  test('a key about which something has to be recorded first is left to the next look', () => {
    const requests = [aRequest({ kind: 'restore', keyId: keyId(1), hours: 4 }, { requestedAt: at('2026-02-01') })];
    const world = { keys: [{ ...key, ...inactive }, successor], tracking: retiring(replaced), requests };
    expect(kindsOn('2026-02-02T00:00:00Z', world)).toEqual(['record-disabled', 'none young']);
  });
});
