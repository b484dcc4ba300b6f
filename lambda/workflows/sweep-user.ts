import type { Settings } from '../contracts/settings.ts';
import type { SweepTally } from '../domain/events.ts';
import type { RunId, UserName } from '../domain/ids.ts';
import { type AccountPlan, capped, type GoneUserPlan, type KnownUserPlan, type UserPlan } from '../domain/plan.ts';
import type { DisruptiveStep, Step } from '../domain/step.ts';
import { type Instant, MINUTE } from '../domain/time.ts';
import { type Clock, type History, type Ids, type Journal, type MemberAccount, UserGoneError } from '../ports.ts';
import { type Allowance, isDisruptive, spareOf } from './allowance.ts';
import { applySteps } from './apply-steps.ts';
import { decideUser, isIdle } from './decide-user.ts';
import { messageOf } from './message-of.ts';
import type { Outcome } from './outcome.ts';
import { refreshed } from './plan-account.ts';
import { UserLedger } from './user-ledger.ts';

export interface UserWorld {
  readonly member: MemberAccount;
  readonly journal: Journal;
  readonly history: History;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly settings: Settings;
  /** What the run may take beside what is planned; shared by all users of a sweep. */
  readonly spare: Allowance;
}

export interface UserResult {
  readonly userName: UserName;
  readonly outcomes: readonly Outcome[];
}

interface RunContext {
  readonly runId: RunId;
  readonly now: Instant;
}

/** A reading older than this is made afresh before anything is changed. */
const FRESH_FOR = MINUTE;

/** Whether there is anything to carry out, or to count as a failure. */
export const hasWork = (plan: UserPlan): boolean =>
  plan.kind !== 'known' || !isIdle({ kind: 'steps', steps: plan.steps });

/** How much of the account the plan is about. */
export function tallyOf({ users, rootKeys }: AccountPlan): Omit<SweepTally, 'part' | 'steps' | 'failed' | 'failures'> {
  const keys = users.reduce((sum, plan) => sum + (plan.kind === 'known' ? plan.user.keys.length : 0), 0);
  return { users: users.length, keys, ...(rootKeys === undefined ? {} : { rootKeys }) };
}

/** Carries out what is planned for one user. Never throws: what fails is in its outcome, and spares the others. */
export async function sweepUser(world: UserWorld, context: RunContext, plan: UserPlan): Promise<UserResult> {
  switch (plan.kind) {
    case 'unknown':
      return { userName: plan.user.userName, outcomes: [failure(plan.user.cause)] };
    case 'gone':
      return closeGone(world, context, plan);
    case 'known':
      return sweepKnown(world, context, plan);
    default:
      return plan satisfies never;
  }
}

async function sweepKnown(world: UserWorld, context: RunContext, planned: KnownUserPlan): Promise<UserResult> {
  const { userName } = planned.user;
  try {
    const plan = await upToDate(world, context, planned);
    const outcomes = await carryOut(world, context, plan);
    return { userName, outcomes };
  } catch (error) {
    // A user that was deleted while the sweep ran is closed by the next one.
    if (error instanceof UserGoneError) return { userName, outcomes: [] };
    return { userName, outcomes: [failure(messageOf(error))] };
  }
}

/** The plan, made afresh when its reading has aged; without disruptive steps that were not planned, and so not capped. */
async function upToDate(world: UserWorld, context: RunContext, plan: KnownUserPlan): Promise<KnownUserPlan> {
  if (world.clock.now() - plan.reading.readAt <= FRESH_FOR) return plan;
  const again = await replanned(world, context, plan);
  return { ...again, steps: again.steps.filter((step) => !isDisruptive(step) || plan.steps.some(sameAs(step))) };
}

async function replanned(
  { member, clock, history, settings }: UserWorld,
  { now }: RunContext,
  { reading, record, exemption }: KnownUserPlan,
): Promise<KnownUserPlan> {
  const fresh = await refreshed(member.iam, clock, reading);
  const exemptions = exemption === undefined ? [] : [exemption];
  return decideUser({ iam: member.iam, history }, { now, clock, settings, exemptions }, fresh, record);
}

async function carryOut(world: UserWorld, context: RunContext, plan: KnownUserPlan): Promise<readonly Outcome[]> {
  const { settings, member, ids, clock } = world;
  const act = { ...context, policy: settings.policy };
  const ledger = new UserLedger(world, { ...context, settings }, plan.user, plan.record);
  const outcomes = await applySteps({ member, ids, clock }, act, ledger, plan.steps);
  if (!outcomes.some((outcome) => outcome.kind === 'taken' && outcome.step === 'recover')) return outcomes;
  // What was interrupted is over; what else the user needs is decided on what is there now.
  const { record: _, ...rest } = plan;
  const again = await replanned(world, context, { ...rest, ...(ledger.record && { record: ledger.record }) });
  const next = new UserLedger(world, { ...context, settings }, again.user, ledger.record);
  return [...outcomes, ...(await applySteps({ member, ids, clock }, act, next, withinCaps(world.spare, again)))];
}

/** Steps that nobody planned, and so nobody has counted yet; what is left over is used up by those that are taken. */
function withinCaps(spare: Allowance, plan: KnownUserPlan): readonly Step[] {
  const plans = capped([plan], spare);
  Object.assign(spare, spareOf(spare, plans));
  return plans.flatMap((one) => (one.kind === 'known' ? one.steps : []));
}

async function closeGone(world: UserWorld, context: RunContext, { record }: GoneUserPlan): Promise<UserResult> {
  const { account, userName, userId } = record;
  const user = { account, userName, userId, path: '/', arn: '', keys: [] };
  const ledger = new UserLedger(world, { ...context, settings: world.settings }, user, record);
  try {
    await ledger.close(ledger.event('user-gone', undefined, {}));
    return { userName, outcomes: [] };
  } catch (error) {
    return { userName, outcomes: [failure(messageOf(error))] };
  }
}

const failure = (error: string): Outcome => ({ kind: 'failed', step: 'none', error });

const sameAs = (step: DisruptiveStep) => (other: Step) => other.kind === step.kind && other.keyId === step.keyId;
