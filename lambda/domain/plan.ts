import type { Mode } from './events.ts';
import type { UnknownUser, UserFacts } from './facts.ts';
import type { AccessKeyId, AccountId, UserName } from './ids.ts';
import type { CachedUser, ReportedKey } from './inventory.ts';
import type { Exemption } from './owners.ts';
import { type Request, stopsAtOnce } from './requests.ts';
import type { DisruptiveStep, Step } from './step.ts';
import type { Instant } from './time.ts';
import type { Tracking, UserRecord } from './tracking.ts';

/** What one sweep is to do in one account, before anything is done. */
export interface AccountPlan {
  readonly account: AccountId;
  readonly mode: Mode;
  readonly now: Instant;
  readonly users: readonly UserPlan[];
  /** Requests about users whom IAM certainly does not have. */
  readonly stray?: readonly Request[];
  /** Requests that nobody is on record as having made: they are refused. */
  readonly unasked?: readonly Request[];
  /** Requests whose answer is on record: they come off the list. */
  readonly answered?: readonly Request[];
  /** Requests that could not be read, and what is wrong with each: a newer version's, or put there by hand. They stay. */
  readonly unreadRequests?: readonly string[];
  /** Active access keys of the root user; absent: no credential report was to be had. */
  readonly rootKeys?: number;
  /** Why no credential report was to be had. */
  readonly reportMissing?: string;
  /** There was no time to look at everybody who is due. */
  readonly isPartial?: true;
  /** The last of those that there was time for. */
  readonly upTo?: Place;
  /** Users whom an earlier part could not read, and for whom there was no time now. */
  readonly unread?: readonly UserName[];
}

/** A due user's place in the order in which they are looked at: the oldest key first. */
export interface Place {
  readonly createdAt: Instant;
  readonly userName: UserName;
}

export const byPlace = (a: Place, b: Place): number =>
  a.createdAt - b.createdAt || (a.userName < b.userName ? -1 : a.userName > b.userName ? 1 : 0);

export type UserPlan = KnownUserPlan | UnknownUserPlan | GoneUserPlan;

/** A user that was read in full. In `observe` mode the steps are those of its shadow. */
export interface KnownUserPlan {
  readonly kind: 'known';
  readonly user: UserFacts;
  readonly record?: UserRecord;
  /** What the steps rest on: the record's tracking, or its shadow's. */
  readonly tracking: Tracking;
  readonly exemption?: Exemption;
  /** What is on the list about this user; answered ones may be among them. */
  readonly requests?: readonly Request[];
  readonly steps: readonly Step[];
  /** Keys that the user had, without any now, and whose end is not on record. */
  readonly lost?: readonly AccessKeyId[];
  /** The reading that `user` comes from. */
  readonly reading: CachedUser;
  /** What the credential report says of the user's keys. */
  readonly reported?: readonly ReportedKey[];
  /** Among the users that are due; absent: what to do was plain from what is known. */
  readonly place?: Place;
  /** Another part of the sweep sees to this user. The steps are what is foreseen, and none of them is taken. */
  readonly elsewhere?: true;
}

/** A user about whom something is unknown: it is left alone, and counts as a failure. */
export interface UnknownUserPlan {
  readonly kind: 'unknown';
  readonly user: UnknownUser;
}

/** A user whom IAM certainly no longer has, and who is on record or went with keys. */
export interface GoneUserPlan {
  readonly kind: 'gone';
  /** As it was known last. */
  readonly user: Pick<UserFacts, 'account' | 'userName' | 'userId'>;
  readonly record?: UserRecord;
  /** Keys that it went with, and whose end is not on record. */
  readonly lost?: readonly AccessKeyId[];
}

const disruptiveKinds = ['rotate', 'disable', 'delete'] as const;

/**
 * Keeps at most so many steps of each disruptive kind, those of the oldest keys; the rest waits with reason `cap`. A
 * rotation into a slot that a deferred deletion would have freed waits with it. What somebody asked for is never deferred,
 * but counts.
 */
export function capped(
  plans: readonly UserPlan[],
  most: Readonly<Record<DisruptiveStep['kind'], number>>,
): readonly UserPlan[] {
  const deferred = new Set<Step>();
  for (const kind of disruptiveKinds) {
    const steps = plans.flatMap(stepsOf).filter((step): step is DisruptiveStep => step.kind === kind);
    const requested = plans.flatMap(stepsOf).filter((step) => requestedKinds(step).includes(kind)).length;
    const others = steps.filter((step) => requestedKinds(step).length === 0);
    for (const step of others.sort(olderFirst).slice(Math.max(0, most[kind] - requested))) deferred.add(step);
  }
  if (deferred.size === 0) return plans;
  return plans.map((plan) => (plan.kind === 'known' ? { ...plan, steps: withDeferrals(plan, deferred) } : plan));
}

/** What a step does because somebody asked for it: a rotation may stop the old key in the same sweep. */
export function requestedKinds(step: Step): readonly DisruptiveStep['kind'][] {
  if (step.kind === 'disable' && step.requestId !== undefined) return ['disable'];
  if (step.kind !== 'rotate' || step.request === undefined) return [];
  return stopsAtOnce(step) ? ['rotate', 'disable'] : ['rotate'];
}

const stepsOf = (plan: UserPlan): readonly Step[] => (plan.kind === 'known' && !plan.elsewhere ? plan.steps : []);

function withDeferrals({ steps, tracking }: KnownUserPlan, deferred: ReadonlySet<Step>): readonly Step[] {
  const slotStays = steps.some((step) => step.kind === 'delete' && deferred.has(step));
  return steps.map((step): Step => {
    const waits = deferred.has(step) || (slotStays && step.kind === 'rotate' && step.reason === 'slot-freed');
    if (!waits || (step.kind !== 'rotate' && step.kind !== 'disable' && step.kind !== 'delete')) return step;
    const before = tracking.waiting[step.keyId];
    const isNew = before?.step !== step.kind || before.reason !== 'cap';
    return { kind: 'wait', keyId: step.keyId, step: step.kind, reason: 'cap', isNew };
  });
}

/** The order in which a run's caps let steps through. */
export const olderFirst = (a: DisruptiveStep, b: DisruptiveStep): number =>
  a.createdAt - b.createdAt || (a.keyId < b.keyId ? -1 : 1);
