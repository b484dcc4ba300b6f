import { type AccessKeyId, parseUserName } from '../../lambda/domain/ids.ts';
import { capped, type KnownUserPlan, type UserPlan } from '../../lambda/domain/plan.ts';
import type { Step } from '../../lambda/domain/step.ts';
import { blankTracking, type Tracking } from '../../lambda/domain/tracking.ts';
import { ACCOUNT, aReading, aRecord, at, aUser, keyId } from '../support/builders.ts';

type Kind = 'rotate' | 'disable' | 'delete';

/** A step on a key made in that month of 2025. */
function step(kind: Kind, n: number, month: string): Step {
  const key = { keyId: keyId(n), createdAt: at(`2025-${month}-01`) };
  switch (kind) {
    case 'rotate':
      return { kind, reason: 'due', ...key };
    case 'disable':
      return { kind, reason: 'rotated', ...key, deleteAt: at('2026-02-01') };
    default:
      return { kind, reason: 'rotated', ...key };
  }
}

const everyKind = (most: number) => ({ rotate: most, disable: most, delete: most });

const planOf = (name: string, steps: readonly Step[], tracking: Tracking = blankTracking): KnownUserPlan => ({
  kind: 'known',
  user: aUser({ userName: parseUserName(name) }),
  reading: aReading({ userName: parseUserName(name) }),
  tracking,
  steps,
});

const stepsAfter = (plans: readonly UserPlan[], most: number) =>
  capped(plans, everyKind(most)).map((plan) => (plan.kind === 'known' ? plan.steps : []));
const deferred = (kind: Kind, n: number, isNew = true) => {
  return { kind: 'wait', keyId: keyId(n), step: kind, reason: 'cap', isNew };
};

describe('at most so many steps of a kind in one sweep', () => {
  const [may, march, june] = [step('rotate', 1, '05'), step('rotate', 2, '03'), step('rotate', 3, '06')];
  const three = [planOf('a', [may]), planOf('b', [march]), planOf('c', [june])];

  test.each([
    ['fewer than the cap all happen', 4, [[may], [march], [june]]],
    ['as many as the cap all happen', 3, [[may], [march], [june]]],
    ['one too many: the youngest key waits', 2, [[may], [march], [deferred('rotate', 3)]]],
    [
      'with a cap of one only the oldest key has its turn',
      1,
      [[deferred('rotate', 1)], [march], [deferred('rotate', 3)]],
    ],
  ])('%s', (_rule, most, steps) => {
    expect(stepsAfter(three, most)).toEqual(steps);
  });

  test.each<Kind>(['rotate', 'disable', 'delete'])('%s has a cap', (kind) => {
    const plans = [planOf('a', [step(kind, 1, '01')]), planOf('b', [step(kind, 2, '02')])];
    expect(stepsAfter(plans, 1)).toEqual([[step(kind, 1, '01')], [deferred(kind, 2)]]);
  });

  test('each kind has its own', () => {
    const plans = [
      planOf('a', [step('rotate', 1, '01')]),
      planOf('b', [step('disable', 2, '02')]),
      planOf('c', [step('delete', 3, '03')]),
    ];
    expect(capped(plans, everyKind(1))).toEqual(plans);
  });

  test('keys made at the same instant have their turn in the same order every time', () => {
    const plans = [planOf('a', [step('rotate', 2, '01')]), planOf('b', [step('rotate', 1, '01')])];
    expect(stepsAfter(plans, 1)).toEqual([[deferred('rotate', 2)], [step('rotate', 1, '01')]]);
    expect(stepsAfter(plans.toReversed(), 1)).toEqual([[step('rotate', 1, '01')], [deferred('rotate', 2)]]);
  });

  test('what disrupts nobody has no cap', () => {
    const warn = (n: number): Step => ({
      kind: 'warn',
      keyId: keyId(n),
      thresholdDays: 14,
      rotateAt: at('2026-01-15'),
    });
    const start = (n: number): Step => {
      return { kind: 'start-retirement', keyId: keyId(n), reason: 'both-due', deleteAt: at('2026-02-01') };
    };
    const plans = [planOf('a', [warn(1), start(2)]), planOf('b', [warn(3), start(4)])];
    expect(capped(plans, everyKind(1))).toEqual(plans);
  });

  test('the other steps of a user whose step waits are done, in their order', () => {
    const none: Step = { kind: 'none', reason: 'young', keyId: keyId(9), until: at('2026-03-01') };
    const plans = [planOf('a', [step('disable', 1, '01')]), planOf('b', [step('disable', 2, '02'), none])];
    expect(stepsAfter(plans, 1)[1]).toEqual([deferred('disable', 2), none]);
  });

  test('users who are unknown or gone count for nothing and stay as they are', () => {
    const unknown: UserPlan = {
      kind: 'unknown',
      user: { account: ACCOUNT, userName: parseUserName('u'), cause: 'denied' },
    };
    const gone: UserPlan = { kind: 'gone', user: aRecord(), record: aRecord() };
    const plans = [unknown, ...three, gone];
    expect(capped(plans, everyKind(1))[0]).toBe(unknown);
    expect(capped(plans, everyKind(1)).at(-1)).toBe(gone);
  });
});

describe('a rotation into a place that a deletion frees', () => {
  const intoFreed = (n: number, month = '01'): Step => {
    return { kind: 'rotate', reason: 'slot-freed', keyId: keyId(n), createdAt: at(`2025-${month}-01`) };
  };

  test('waits with that deletion', () => {
    const plans = [planOf('a', [step('delete', 1, '01')]), planOf('b', [step('delete', 2, '02'), intoFreed(3)])];
    expect(stepsAfter(plans, 1)).toEqual([[step('delete', 1, '01')], [deferred('delete', 2), deferred('rotate', 3)]]);
  });

  test('happens with that deletion', () => {
    const plans = [planOf('a', [step('delete', 1, '02')]), planOf('b', [step('delete', 2, '01'), intoFreed(3)])];
    expect(stepsAfter(plans, 1)).toEqual([[deferred('delete', 1)], [step('delete', 2, '01'), intoFreed(3)]]);
  });

  test('may have to wait although the deletion happens', () => {
    const plans = [planOf('a', [step('rotate', 1, '01')]), planOf('b', [step('delete', 2, '01'), intoFreed(3, '02')])];
    expect(stepsAfter(plans, 1)).toEqual([[step('rotate', 1, '01')], [step('delete', 2, '01'), deferred('rotate', 3)]]);
  });
});

describe('waiting for its turn', () => {
  const waitingFor = (key: AccessKeyId, kind: string, reason: 'cap' | 'slot-busy'): Tracking => ({
    ...blankTracking,
    waiting: { [key]: { step: kind, reason } },
  });

  test.each([
    ['is recorded when it begins', blankTracking, true],
    ['is not recorded again', waitingFor(keyId(2), 'rotate', 'cap'), false],
    ['is recorded when it waited for something else before', waitingFor(keyId(2), 'rotate', 'slot-busy'), true],
    ['is recorded when another step waited before', waitingFor(keyId(2), 'disable', 'cap'), true],
  ])('%s', (_rule, tracking, isNew) => {
    const plans = [planOf('a', [step('rotate', 1, '01')]), planOf('b', [step('rotate', 2, '02')], tracking)];
    expect(stepsAfter(plans, 1)[1]).toEqual([deferred('rotate', 2, isNew)]);
  });
});
