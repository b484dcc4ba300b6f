import { type AccessKeyId, parseUserName } from '../../lambda/domain/ids.ts';
import type { KnownUserPlan, UserPlan } from '../../lambda/domain/plan.ts';
import type { WaitReason } from '../../lambda/domain/reasons.ts';
import type { Step, StepKind } from '../../lambda/domain/step.ts';
import { figuresOf } from '../../lambda/domain/sweep-figures.ts';
import { DAY } from '../../lambda/domain/time.ts';
import { blankTracking } from '../../lambda/domain/tracking.ts';
import { ACCOUNT, aKey, aPolicy, aReading, aRetirement, at, aUser, keyId } from '../support/builders.ts';

const NOW = at('2026-06-01T06:00:00.000Z');
const old = (ageDays: number) => aKey({ createdAt: NOW - ageDays * DAY });

/** A user with one Active key of that age, and these steps. */
function user(ageDays: number, steps: readonly Step[], overrides: Partial<KnownUserPlan> = {}): KnownUserPlan {
  const { keyId, status, createdAt } = old(ageDays);
  return {
    kind: 'known',
    user: aUser({ keys: [old(ageDays)] }),
    reading: aReading({ keys: [{ keyId, status, createdAt }] }),
    tracking: blankTracking,
    steps,
    ...overrides,
  };
}

const unknown: UserPlan = { kind: 'unknown', user: { account: ACCOUNT, userName: aUser().userName, cause: 'denied' } };

/** Of an account in which of that user these steps were taken, and those failed. */
const figures = (users: readonly UserPlan[], taken: readonly StepKind[] = [], failed: readonly StepKind[] = []) =>
  figuresOf({ account: ACCOUNT, mode: 'enforce', now: NOW, users }, aPolicy(), [
    { userName: aUser().userName, taken: new Set(taken), failed: new Set(failed) },
  ]);

const rotate = (ageDays: number): Step => ({
  kind: 'rotate',
  reason: 'due',
  keyId: keyId(1),
  createdAt: NOW - ageDays * DAY,
});
const waiting = (reason: WaitReason): Step => ({
  kind: 'wait',
  keyId: keyId(1),
  step: 'rotate',
  reason,
  isNew: false,
});

test('an account without users stands at zero everywhere', () => {
  expect(figures([])).toEqual({ oldestActiveKeyDays: 0, overdueKeys: 0, blockedUsers: 0, deferredSteps: 0 });
});

describe('a key is overdue', () => {
  test.each([
    ['not a day before', 91, 0],
    ['two days after its rotation was due', 92, 1],
    ['and stays so', 400, 1],
  ])('%s', (_when, age, overdue) => {
    expect(figures([user(age, [rotate(age)])]).overdueKeys).toBe(overdue);
  });

  test('not when this very sweep rotated it, however old it was', () => {
    expect(figures([user(400, [rotate(400)])], ['rotate']).overdueKeys).toBe(0);
  });

  test('not when it began to retire instead', () => {
    const start: Step = { kind: 'start-retirement', keyId: keyId(1), reason: 'both-due', deleteAt: NOW };
    expect(figures([user(400, [start])], ['start-retirement']).overdueKeys).toBe(0);
    expect(figures([user(400, [start])]).overdueKeys).toBe(1);
  });

  test.each<[WaitReason, number]>([
    ['cap', 1],
    ['notice-undelivered', 1],
    ['window-closed', 0],
    ['in-use', 0],
    ['slot-busy', 0],
    ['in-progress', 0],
  ])('when it waits because of %s: %i', (reason, overdue) => {
    expect(figures([user(400, [waiting(reason)])]).overdueKeys).toBe(overdue);
  });

  test('not while it is exempt', () => {
    expect(figures([user(400, [{ kind: 'none', reason: 'exempt' }])]).overdueKeys).toBe(0);
  });

  test.each([
    ['one day after the date its owner was promised', 1, 0],
    ['two days after it', 2, 1],
  ])('as a retiring one, %s: %i days, %i keys', (_when, days, overdue) => {
    const retirements: Record<AccessKeyId, ReturnType<typeof aRetirement>> = {
      [keyId(1)]: aRetirement({ promisedAt: NOW - days * DAY }),
    };
    const plan = user(400, [waiting('notice-undelivered')], { tracking: { ...blankTracking, retirements } });
    expect(figures([plan]).overdueKeys).toBe(overdue);
  });

  test('once, whatever number of its steps are late', () => {
    expect(figures([user(400, [rotate(400), waiting('cap')])]).overdueKeys).toBe(1);
  });

  test('when its rotation was interrupted and cannot be recovered', () => {
    const recover: Step = { kind: 'recover', outgoingKeyId: keyId(1) };
    expect(figures([user(400, [recover])]).overdueKeys).toBe(1);
    expect(figures([user(400, [recover])], ['recover']).overdueKeys).toBe(0);
  });

  test('when its rotation failed once more after it was recovered', () => {
    const recover: Step = { kind: 'recover', outgoingKeyId: keyId(1) };
    expect(figures([user(400, [recover])], ['recover'], ['rotate']).overdueKeys).toBe(1);
    expect(figures([user(400, [recover])], ['recover', 'rotate']).overdueKeys).toBe(0);
  });
});

test('the oldest key is an Active one, by its age in IAM and not in a pretended world', () => {
  const inactive = { keyId: keyId(2), status: 'Inactive', createdAt: NOW - 900 * DAY } as const;
  const active = { keyId: keyId(1), status: 'Active', createdAt: NOW - 400 * DAY - 1 } as const;
  const pretended = user(5, [], { reading: aReading({ keys: [inactive, active] }) });
  const other = user(30, [], { user: aUser({ userName: parseUserName('other') }) });
  expect(figures([pretended, other]).oldestActiveKeyDays).toBe(400);
});

test('blocked users and deferred steps are counted, new or not', () => {
  const blocked = user(5, [{ kind: 'block', reason: 'too-many-keys', isNew: false }]);
  const deferred = user(90, [waiting('cap')]);
  expect(figures([blocked, blocked, deferred])).toMatchObject({ blockedUsers: 2, deferredSteps: 1 });
});

describe('where users are unknown', () => {
  test('nothing is said to be zero, which only those would have to say who could not be read', () => {
    expect(figures([unknown])).toEqual({});
    expect(figures([unknown, user(0, [])])).toEqual({});
  });

  test('what is known counts, as the least that there is', () => {
    const blocked = user(5, [{ kind: 'block', reason: 'too-many-keys', isNew: false }]);
    const all = [unknown, user(400, [rotate(400)]), blocked, user(90, [waiting('cap')])];
    expect(figures(all)).toEqual({ oldestActiveKeyDays: 400, overdueKeys: 1, blockedUsers: 1, deferredSteps: 1 });
    expect(figures([unknown, user(30, [])])).toEqual({ oldestActiveKeyDays: 30 });
  });
});
