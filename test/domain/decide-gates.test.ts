import { aPolicy, aRetirement, at, keyId } from '../support/builders.ts';
import {
  ANNOUNCEMENT,
  decisionOn,
  inactive,
  keyMade,
  kindsOn,
  reminded,
  retiring,
  stepsOn,
  told,
  untold,
} from './support/deciding.ts';

// Made on 1 January and replaced on time: to be disabled on Saturday 11 April, deleted on Tuesday 21 April.
const outgoing = keyMade('2026-01-01T00:00:00Z', 1);
const incoming = keyMade('2026-04-01T00:00:00Z', 2);
const replaced = aRetirement({
  reminded,
  keyId: keyId(1),
  why: 'rotated',
  successorKeyId: keyId(2),
  startedAt: at('2026-04-01T00:00:00Z'),
  announcement: ANNOUNCEMENT,
  promisedAt: at('2026-04-11T00:00:00Z'),
});
const disabled = { ...replaced, disabledAt: at('2026-04-11T00:00:00Z'), promisedAt: at('2026-04-21T00:00:00Z') };
const toDisable = { keys: [outgoing, incoming], tracking: retiring(replaced) };
const toDelete = { keys: [{ ...outgoing, ...inactive }, incoming], tracking: retiring(disabled) };

const waiting = (step: string, reason: 'notice-undelivered' | 'window-closed' | 'slot-busy') => ({
  [keyId(1)]: { step, reason },
});

describe('somebody must have been told', () => {
  test('a due key is not disabled while its notice reached nobody', () => {
    expect(stepsOn('2026-04-11T00:00:00Z', { ...toDisable, delivered: untold })[0]).toEqual({
      kind: 'wait',
      keyId: keyId(1),
      step: 'disable',
      reason: 'notice-undelivered',
      isNew: true,
    });
  });

  test('a due key is not deleted while its notice reached nobody, however late it gets', () => {
    expect(kindsOn('2027-04-21T00:00:00Z', { ...toDelete, delivered: untold })[0]).toBe(
      'wait delete notice-undelivered',
    );
  });

  test('whether it did is never guessed: unknown is asked for', () => {
    for (const world of [toDisable, toDelete]) {
      expect(decisionOn('2026-05-01T00:00:00Z', { ...world, delivered: new Map() })).toEqual({
        kind: 'look-up',
        lastUseOf: [],
        deliveryOf: [ANNOUNCEMENT],
      });
    }
  });

  test('nobody asks before the deadline', () => {
    expect(kindsOn('2026-04-10T23:59:59.999Z', { ...toDisable, delivered: new Map() })[0]).toBe('none retiring');
    expect(kindsOn('2026-04-20T23:59:59.999Z', { ...toDelete, delivered: new Map() })[0]).toBe('none retiring');
  });

  test('told at last, the step is done and the wait leaves no trace in it', () => {
    const tracking = { ...toDisable.tracking, waiting: waiting('disable', 'notice-undelivered') };
    expect(kindsOn('2026-04-20T00:00:00Z', { ...toDisable, tracking, delivered: told })[0]).toBe('disable rotated');
  });
});

describe('the change window must be open', () => {
  // Weekdays from 9 to 17 h in Berlin (summer time: 7 to 15 h UTC); closed on Monday 13 April.
  const changeWindow = {
    weekdays: [1, 2, 3, 4, 5],
    fromHour: 9,
    toHour: 17,
    timeZone: 'Europe/Berlin',
    freezeDates: ['2026-04-13'],
  };
  const policy = aPolicy({ changeWindow });

  test('a due key waits over weekend and freeze, and it is known until when', () => {
    expect(stepsOn('2026-04-11T00:00:00Z', { ...toDisable, policy })[0]).toEqual({
      kind: 'wait',
      keyId: keyId(1),
      step: 'disable',
      reason: 'window-closed',
      until: at('2026-04-14T07:00:00Z'),
      isNew: true,
    });
  });

  test.each([
    ['a moment before the window opens it waits', '2026-04-14T06:59:59.999Z', 'wait disable window-closed'],
    ['when the window opens it is disabled', '2026-04-14T07:00:00Z', 'disable rotated'],
    ['a moment before the window closes it is disabled', '2026-04-14T14:59:59.999Z', 'disable rotated'],
    ['when the window closes it waits', '2026-04-14T15:00:00Z', 'wait disable window-closed'],
  ])('%s', (_rule, now, step) => {
    expect(kindsOn(now, { ...toDisable, policy })[0]).toBe(step);
  });

  // The run was due in time, and its worker came to it late.
  test.each([
    ['a moment before it closes', '2026-04-14T14:59:59.999Z', 'disable rotated', 'delete rotated'],
    ['once it has closed', '2026-04-14T15:00:00Z', 'wait disable window-closed', 'wait delete window-closed'],
  ])('by the clock, not by the time of the run: %s', (_when, clock, disable, remove) => {
    const late = { policy, clock };
    expect(kindsOn('2026-04-14T14:30:00Z', { ...toDisable, ...late })[0]).toBe(disable);
    const due = retiring({
      ...disabled,
      disabledAt: at('2026-04-01T00:00:00Z'),
      promisedAt: at('2026-04-11T00:00:00Z'),
    });
    const outlived = { ...outgoing, ...inactive, createdAt: at('2025-12-01T00:00:00Z') };
    expect(kindsOn('2026-04-14T14:30:00Z', { keys: [outlived, incoming], tracking: due, ...late })[0]).toBe(remove);
  });

  test('one that has opened since the run was due is open, and until when it waits goes by the clock too', () => {
    expect(kindsOn('2026-04-14T06:45:00Z', { ...toDisable, policy, clock: '2026-04-14T07:10:00Z' })[0]).toBe(
      'disable rotated',
    );
    expect(stepsOn('2026-04-14T14:30:00Z', { ...toDisable, policy, clock: '2026-04-14T15:10:00Z' })[0]).toMatchObject({
      until: at('2026-04-15T07:00:00Z'),
    });
  });

  test('the gap goes by the time of the run, however late its worker is', () => {
    expect(kindsOn('2026-04-10T23:59:59.999Z', { ...toDisable, clock: '2026-04-11T00:30:00Z' })[0]).toBe(
      'none retiring',
    );
  });

  test('on a date that begins while the worker is on its way nothing happens', () => {
    const frozen = aPolicy({ changeWindow: { ...changeWindow, fromHour: 0, toHour: 24, freezeDates: ['2026-04-15'] } });
    const run = '2026-04-14T21:50:00Z';
    expect(kindsOn(run, { ...toDisable, policy: frozen, clock: '2026-04-14T21:59:59Z' })[0]).toBe('disable rotated');
    expect(kindsOn(run, { ...toDisable, policy: frozen, clock: '2026-04-14T22:00:00Z' })[0]).toBe(
      'wait disable window-closed',
    );
  });

  test('deleting needs it too', () => {
    expect(kindsOn('2026-04-21T06:59:59Z', { ...toDelete, policy })[0]).toBe('wait delete window-closed');
    expect(kindsOn('2026-04-21T07:00:00Z', { ...toDelete, policy })[0]).toBe('delete rotated');
  });

  test('an open window does not stand in for a notice', () => {
    expect(kindsOn('2026-04-14T07:00:00Z', { ...toDisable, policy, delivered: untold })[0]).toBe(
      'wait disable notice-undelivered',
    );
  });

  test('the gap to the deletion counts from the disabling, not from the deadline', () => {
    expect(stepsOn('2026-04-14T07:00:00Z', { ...toDisable, policy })[0]).toMatchObject({
      kind: 'disable',
      deleteAt: at('2026-04-24T07:00:00Z'),
    });
  });
});

describe('a wait is recorded once', () => {
  const isNewAfter = (before: ReturnType<typeof waiting>) => {
    const tracking = { ...toDisable.tracking, waiting: before };
    return stepsOn('2026-04-12T00:00:00Z', { ...toDisable, tracking, delivered: untold })[0];
  };

  test.each([
    ['not again on the next day', waiting('disable', 'notice-undelivered'), false],
    ['again when the reason changed', waiting('disable', 'window-closed'), true],
    ['again when another step waits', waiting('delete', 'notice-undelivered'), true],
    [
      'whatever another key waits for',
      { [keyId(2)]: { step: 'disable', reason: 'notice-undelivered' } as const },
      true,
    ],
  ])('%s', (_rule, before, isNew) => {
    expect(isNewAfter(before)).toMatchObject({ kind: 'wait', reason: 'notice-undelivered', isNew });
  });
});
