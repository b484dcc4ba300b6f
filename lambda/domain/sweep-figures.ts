import type { AccessKeyId } from './ids.ts';
import type { AccountPlan, KnownUserPlan } from './plan.ts';
import type { Policy } from './policy.ts';
import type { WaitReason } from './reasons.ts';
import type { StepKind } from './step.ts';
import { DAY, daysAfter, type Instant } from './time.ts';

/**
 * How an account stands when its sweep is over, in numbers for a dashboard; unlike the tally they are not evidence. Where
 * users are unknown, a figure is the least that there is, and one that would be zero is absent: only those users could say.
 */
export interface SweepFigures {
  /** Age of the oldest Active key, in whole days; 0 without one. */
  readonly oldestActiveKeyDays?: number;
  /** Keys whose step should have been taken more than two days ago, and nothing that was asked for holds it up. */
  readonly overdueKeys?: number;
  /** Users that are left alone because something about their keys is against the rules. */
  readonly blockedUsers?: number;
  /** Steps that wait because the run's cap is reached. */
  readonly deferredSteps?: number;
}

/** What a sweep took, of one user, and what it failed at. */
export interface StepsTaken {
  readonly userName: string;
  readonly taken: ReadonlySet<StepKind>;
  readonly failed: ReadonlySet<StepKind>;
}

const nothing: Omit<StepsTaken, 'userName'> = { taken: new Set(), failed: new Set() };

/** A missed run or a notice that takes a day are nobody's trouble yet. */
const GRACE_DAYS = 2;

/** Waits that a person has to end; the others end by themselves, because the policy says when. */
const needsPerson: ReadonlySet<WaitReason> = new Set<WaitReason>(['notice-undelivered', 'cap']);

/** The figures of a sweep that came to its end. In `observe` a key is overdue by what would have been done so far. */
export function figuresOf(plan: AccountPlan, policy: Policy, taken: readonly StepsTaken[]): SweepFigures {
  const known = plan.users.filter((user) => user.kind === 'known');
  const takenOf = new Map(taken.map((user) => [user.userName, user]));
  const steps = known.flatMap((user) => user.steps);
  const figures: Required<SweepFigures> = {
    oldestActiveKeyDays: Math.max(0, ...known.map((user) => oldestActive(user, plan.now))),
    overdueKeys: known.reduce(
      (sum, user) => sum + overdueKeys(user, policy, plan.now, takenOf.get(user.user.userName) ?? nothing).size,
      0,
    ),
    blockedUsers: steps.filter(({ kind }) => kind === 'block').length,
    deferredSteps: steps.filter((step) => step.kind === 'wait' && step.reason === 'cap').length,
  };
  const isWhole = plan.users.every(({ kind }) => kind !== 'unknown');
  return isWhole ? figures : Object.fromEntries(Object.entries(figures).filter(([, figure]) => figure > 0));
}

/** By the keys as IAM has them, whatever `observe` pretends. */
const oldestActive = ({ reading }: KnownUserPlan, now: Instant): number =>
  Math.max(
    0,
    ...reading.keys
      .filter(({ status }) => status === 'Active')
      .map(({ createdAt }) => Math.floor((now - createdAt) / DAY)),
  );

function overdueKeys(
  plan: KnownUserPlan,
  policy: Policy,
  now: Instant,
  done: Omit<StepsTaken, 'userName'>,
): ReadonlySet<AccessKeyId> {
  return new Set(
    untaken(plan, done).filter((keyId) => {
      const due = dueAt(plan, keyId, policy);
      return due !== undefined && now >= daysAfter(due, GRACE_DAYS);
    }),
  );
}

/** The keys that something should have happened to in this sweep, and did not. */
function untaken(
  { steps, user }: KnownUserPlan,
  { taken, failed }: Omit<StepsTaken, 'userName'>,
): readonly AccessKeyId[] {
  return steps.flatMap((step): readonly AccessKeyId[] => {
    switch (step.kind) {
      case 'rotate':
      case 'disable':
      case 'delete':
      case 'start-retirement':
        return taken.has(step.kind) ? [] : [step.keyId];
      case 'recover':
        // Its end is no rotation: what came after it may have failed, as it may have every day.
        return taken.has(step.kind) && !failed.has('rotate') ? [] : [step.outgoingKeyId];
      case 'wait':
        return needsPerson.has(step.reason) ? [step.keyId] : [];
      case 'block':
        return user.keys.map(({ keyId }) => keyId);
      default:
        return [];
    }
  });
}

/** When the key's next step was due: what its owner was promised, or else its age. */
function dueAt({ user, tracking }: KnownUserPlan, keyId: AccessKeyId, policy: Policy): Instant | undefined {
  const retirement = tracking.retirements[keyId];
  if (retirement !== undefined) return retirement.promisedAt;
  const key = user.keys.find((candidate) => candidate.keyId === keyId);
  return key?.status === 'Active' ? daysAfter(key.createdAt, policy.rotateAfterDays) : undefined;
}
