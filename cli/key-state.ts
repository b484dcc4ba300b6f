import { deleteAt, disableAt, rotateAt } from '../lambda/domain/deadlines.ts';
import type { KeyFacts } from '../lambda/domain/facts.ts';
import type { KnownUserPlan } from '../lambda/domain/plan.ts';
import type { Policy } from '../lambda/domain/policy.ts';
import type { WaitReason } from '../lambda/domain/reasons.ts';
import { overlaid, shadowOf } from '../lambda/domain/shadow.ts';
import type { Step } from '../lambda/domain/step.ts';
import { daysAfter, type Instant } from '../lambda/domain/time.ts';

/**
 * Where a key stands. `current`: nothing is due; `warned`: its owner was told of the coming rotation; `due`: to be rotated;
 * `rotating`: a rotation is open; `retiring`: on its way out; `inactive`: Inactive by another hand, and left alone;
 * `exempt`, `blocked`: nothing is done to its user; `would-be-gone`: in `observe`, it would have been deleted by now.
 */
export type KeyState =
  | 'current'
  | 'warned'
  | 'due'
  | 'rotating'
  | 'retiring'
  | 'inactive'
  | 'exempt'
  | 'blocked'
  | 'would-be-gone';

/** The next thing that happens to a key, if all goes on as it is. */
export interface NextStep {
  readonly step: 'rotate' | 'disable' | 'delete';
  readonly at: Instant;
  /** Why it does not happen although it is due. */
  readonly waits?: WaitReason;
}

export interface Standing {
  readonly state: KeyState;
  readonly next?: NextStep;
}

/** Where a real key of a planned user stands; in `observe` mode by what would have been done to it so far. */
export function standingOf(plan: KnownUserPlan, real: KeyFacts, mode: 'observe' | 'enforce', policy: Policy): Standing {
  const keys = mode === 'observe' ? overlaid(plan.user, shadowOf(plan.record, plan.user)).keys : plan.user.keys;
  const key = keys.find(({ keyId }) => keyId === real.keyId);
  if (key === undefined) return { state: 'would-be-gone' };
  if (plan.exemption !== undefined) return { state: 'exempt' };
  if (plan.steps.some(({ kind }) => kind === 'block')) return { state: 'blocked' };
  if (plan.tracking.rotation?.outgoingKeyId === key.keyId) {
    return { state: 'rotating', next: { step: 'rotate', at: rotateAt(key, policy) } };
  }
  const steps = plan.steps.filter((step) => 'keyId' in step && step.keyId === key.keyId);
  const wayOut = retiring(plan, key, steps, policy);
  if (wayOut !== undefined) return { state: 'retiring', next: withWait(wayOut, steps) };
  return key.status === 'Active' ? active(plan, key, steps, policy) : inactive(key, steps, policy);
}

function retiring(plan: KnownUserPlan, key: KeyFacts, steps: readonly Step[], policy: Policy): NextStep | undefined {
  for (const step of steps) {
    if (step.kind === 'cancel-retirement') return undefined;
    if (step.kind === 'record-disabled') return { step: 'delete', at: step.deleteAt };
    if (step.kind === 'record-reactivated') return { step: 'disable', at: step.disableAt };
    if (step.kind === 'start-retirement') {
      return step.disableAt === undefined
        ? { step: 'delete', at: step.deleteAt }
        : { step: 'disable', at: step.disableAt };
    }
  }
  const retirement = plan.tracking.retirements[key.keyId];
  if (retirement === undefined) return undefined;
  if (key.status === 'Active') return { step: 'disable', at: disableAt(key, retirement, policy) };
  return { step: 'delete', at: deleteAt(key, retirement, policy) };
}

function active(plan: KnownUserPlan, key: KeyFacts, steps: readonly Step[], policy: Policy): Standing {
  const next = withWait({ step: 'rotate', at: rotateAt(key, policy) }, steps);
  if (steps.some(({ kind }) => kind === 'rotate' || kind === 'wait')) return { state: 'due', next };
  return { state: plan.tracking.warned[key.keyId] === undefined ? 'current' : 'warned', next };
}

function inactive(key: KeyFacts, steps: readonly Step[], policy: Policy): Standing {
  const young = steps.some((step) => step.kind === 'none' && step.reason === 'inactive-young');
  if (!young) return { state: 'inactive' };
  return { state: 'inactive', next: { step: 'delete', at: daysAfter(key.createdAt, policy.deleteAfterDays) } };
}

/** A step that waits happens when its gate is looked at again, where that is known. */
function withWait(next: NextStep, steps: readonly Step[]): NextStep {
  const wait = steps.find((step) => step.kind === 'wait');
  return wait === undefined ? next : { ...next, at: wait.until ?? next.at, waits: wait.reason };
}
