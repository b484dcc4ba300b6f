import type { Settings } from '../contracts/settings.ts';
import type { SweepTally } from '../domain/events.ts';
import type { RunId, UserName } from '../domain/ids.ts';
import { type AccountPlan, capped, type GoneUserPlan, type KnownUserPlan, type UserPlan } from '../domain/plan.ts';
import type { Request } from '../domain/requests.ts';
import type { DisruptiveStep, Step } from '../domain/step.ts';
import { type Instant, MINUTE } from '../domain/time.ts';
import type { UserRecord } from '../domain/tracking.ts';
import {
  type Clock,
  type History,
  type Ids,
  type Journal,
  type Log,
  type MemberAccount,
  type Owners,
  UserGoneError,
} from '../ports.ts';
import { type Allowance, isDisruptive, spareOf } from './allowance.ts';
import { applySteps } from './apply-steps.ts';
import { answeredIn, decideUser, isIdle, tellsOnly, unanswered } from './decide-user.ts';
import { messageOf } from './message-of.ts';
import { type Outcome, takenForGood } from './outcome.ts';
import { refreshed } from './plan-account.ts';
import { takeOff } from './take-off-requests.ts';
import { UserLedger } from './user-ledger.ts';

export interface UserWorld {
  readonly member: MemberAccount;
  readonly journal: Journal;
  readonly history: History;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly owners: Pick<Owners, 'deleteRequest'>;
  readonly log: Log;
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
  plan.kind !== 'known' ||
  (!plan.elsewhere && (!isIdle({ kind: 'steps', steps: plan.steps }) || plan.requests !== undefined));

/** How much of the account the plan is about. */
export function tallyOf(plan: AccountPlan): Omit<SweepTally, 'part' | 'steps' | 'failed' | 'failures'> {
  const { users, rootKeys, reportMissing, unreadRequests } = plan;
  const keys = users.reduce((sum, user) => sum + (user.kind === 'known' ? user.user.keys.length : 0), 0);
  return {
    users: users.length,
    keys,
    ...(rootKeys !== undefined && { rootKeys }),
    ...(reportMissing !== undefined && { reportMissing }),
    ...(unreadRequests !== undefined && { unreadRequests: unreadRequests.length }),
  };
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
    const { outcomes, record } = await carryOut(world, context, plan);
    const answered = answeredIn(record);
    await takeOff(world, plan.requests?.filter(({ id }) => answered.has(id)) ?? []);
    return { userName, outcomes };
  } catch (error) {
    // A user that was deleted while the sweep ran is closed by the next one.
    if (error instanceof UserGoneError) return { userName, outcomes: [] };
    return { userName, outcomes: [failure(messageOf(error))] };
  }
}

/** The plan, made afresh when its reading has aged; without disruptive steps that were not planned, and so not capped. */
async function upToDate(world: UserWorld, context: RunContext, plan: KnownUserPlan): Promise<KnownUserPlan> {
  if (world.clock.now() - plan.reading.readAt <= FRESH_FOR || tellsOnly(plan.steps)) return plan;
  const again = await replanned(world, context, plan);
  return { ...again, steps: again.steps.filter((step) => !isDisruptive(step) || plan.steps.some(sameAs(step))) };
}

async function replanned(
  { member, clock, history, settings }: UserWorld,
  { now }: RunContext,
  { reading, record, exemption, requests = [], reported: said, lost }: KnownUserPlan,
): Promise<KnownUserPlan> {
  const fresh = await refreshed(member.iam, clock, reading);
  const exemptions = exemption === undefined ? [] : [exemption];
  const reported = new Map(said && [[reading.userName, said]]);
  const known = { now, clock, settings, exemptions, requests, reported, ...(lost && { lost }) };
  return decideUser({ iam: member.iam, history }, known, fresh, record);
}

/** Recovery, then what follows from it, then what follows from an answer: more never comes together. */
const MOST_PASSES = 4;

/** What became of the steps, and what is on record then. */
interface CarriedOut {
  readonly outcomes: readonly Outcome[];
  readonly record: UserRecord | undefined;
}

async function carryOut(world: UserWorld, context: RunContext, plan: KnownUserPlan): Promise<CarriedOut> {
  const { settings, member, ids, clock } = world;
  const { requests = [] } = plan;
  const act = { ...context, policy: settings.policy };
  const sweep = { ...context, settings, requests };
  const outcomes: Outcome[] = [];
  let { user, record, steps } = plan;
  for (let pass = 1; ; pass += 1) {
    const ledger = new UserLedger(world, sweep, user, record);
    const done = await applySteps({ member, ids, clock }, act, ledger, steps);
    outcomes.push(...done);
    record = ledger.record;
    if (pass === MOST_PASSES || !leadsOn(done, unanswered(requests, record))) return { outcomes, record };
    // What was interrupted, or asked for first, is over; what else the user needs is decided on what is there now.
    const { record: _, lost: __, ...rest } = plan;
    const again = await replanned(world, context, { ...rest, ...(record && { record }) });
    user = again.user;
    steps = withinCaps(world.spare, again);
  }
}

/** Whether more can be decided at once. Not after keys came or went: IAM may not list that yet. */
function leadsOn(done: readonly Outcome[], open: readonly Request[]): boolean {
  const took = new Set(done.filter(({ kind }) => kind === 'taken').map(({ step }) => step));
  if (took.has('recover')) return true;
  return open.length > 0 && took.size > 0 && !took.has('rotate') && !took.has('delete');
}

/** Steps that nobody planned, and so nobody has counted yet; what is left over is used up by those that are taken. */
function withinCaps(spare: Allowance, plan: KnownUserPlan): readonly Step[] {
  const plans = capped([plan], spare);
  Object.assign(spare, spareOf(spare, plans));
  return plans.flatMap((one) => (one.kind === 'known' ? one.steps : []));
}

async function closeGone(world: UserWorld, context: RunContext, plan: GoneUserPlan): Promise<UserResult> {
  const { record, lost } = plan;
  const { account, userName, userId } = plan.user;
  const user = { account, userName, userId, path: '/', arn: '', keys: [] };
  const ledger = new UserLedger(world, { ...context, settings: world.settings }, user, record);
  try {
    await ledger.close(ledger.event('user-gone', undefined, {}));
    return { userName, outcomes: lost ? [takenForGood('record-deleted')] : [] };
  } catch (error) {
    return { userName, outcomes: [failure(messageOf(error))] };
  }
}

const failure = (error: string): Outcome => ({ kind: 'failed', step: 'none', error });

const sameAs = (step: DisruptiveStep) => (other: Step) => other.kind === step.kind && other.keyId === step.keyId;
