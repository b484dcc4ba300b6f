import pLimit from 'p-limit';
import type { SweepMessage } from '../contracts/messages.ts';
import type { Settings } from '../contracts/settings.ts';
import type { UserName } from '../domain/ids.ts';
import type { AccountPlan, UserPlan } from '../domain/plan.ts';
import { fromIso, type Instant, MINUTE } from '../domain/time.ts';
import type { Clock, History, Ids, Journal, Log, OpenAccount, Owners, State } from '../ports.ts';
import { accountEvent } from './account-event.ts';
import { applySteps } from './apply-steps.ts';
import { messageOf } from './message-of.ts';
import type { Outcome } from './outcome.ts';
import { planAccount, planUser } from './plan-account.ts';
import { type ActWorld, LONGEST_LIFE } from './rotate.ts';
import { UserLedger } from './user-ledger.ts';

export interface SweepWorld {
  readonly openAccount: OpenAccount;
  readonly state: State;
  readonly journal: Journal;
  readonly history: History;
  readonly owners: Owners;
  readonly ids: Ids;
  readonly clock: Clock;
  readonly log: Log;
  readonly settings: Settings;
}

/** Another invocation is sweeping the account; the message comes back later, and finds little left to do. */
export class LeaseHeldError extends Error {
  override readonly name = 'LeaseHeldError';
}

export interface SweepReport {
  readonly users: number;
  readonly keys: number;
  readonly rootKeys?: number;
  /** Steps taken, by kind. */
  readonly steps: Readonly<Record<string, number>>;
  readonly failures: readonly { readonly userName: UserName; readonly error: string }[];
}

/** IAM throttles an account as a whole: more at once only wait for each other. */
const CONCURRENT_USERS = 4;

/** A message this much older than the clock is treated as a run of its own, lest its gaps come out shorter than told. */
const LATE = 60 * MINUTE;

/**
 * The time that a sweep goes by: its run's, so that a key published in a daily run is disabled in the run ten days later
 * and not one day after it; but never later than the worker's clock, and never more than an hour before it.
 */
export function runTime(scheduled: Instant, clock: Instant): Instant {
  return clock - scheduled > LATE ? clock : Math.min(scheduled, clock);
}

/**
 * One sweep over one account: read, decide, carry out, record. One user's failure never stops another's. Throws when the
 * account as a whole could not be swept; that is in history by then, and the message is tried again.
 *
 * @param holder unique to this invocation.
 */
export async function sweepAccount(world: SweepWorld, message: SweepMessage, holder: string): Promise<SweepReport> {
  const { account } = message;
  const clock = world.clock.now();
  if (!(await world.state.takeLease(account, holder, clock, clock + LONGEST_LIFE))) {
    throw new LeaseHeldError(`account ${account} is being swept by another worker; this message will be tried again`);
  }
  try {
    // The wave that the account is in, as dispatch found it.
    const settings = { ...world.settings, mode: message.mode };
    return await sweep({ ...world, settings }, message, runTime(fromIso(message.now), clock));
  } catch (error) {
    await recordFailure(world, message, error);
    throw error;
  } finally {
    await world.state.releaseLease(account, holder);
  }
}

/** Never throws: the failure that is to be recorded matters more than that it could not be. */
async function recordFailure(world: SweepWorld, message: SweepMessage, cause: unknown): Promise<void> {
  const error = messageOf(cause);
  try {
    await world.history.append([accountEvent(world, message, 'sweep-failed', { reason: 'failed', error })]);
  } catch (unrecorded) {
    world.log.error('a failed sweep could not be recorded in history', { error, unrecorded: messageOf(unrecorded) });
  }
}

async function sweep(world: SweepWorld, message: SweepMessage, now: Instant): Promise<SweepReport> {
  const { settings, clock, ids } = world;
  const { account, runId } = message;
  const member = await world.openAccount(account, runId);
  const plan = await planAccount({ ...world, member }, { account, now, settings });
  const { rootKeys } = plan;
  if (rootKeys !== undefined && rootKeys > 0) {
    await world.history.append([accountEvent(world, message, 'root-key-seen', { activeKeys: rootKeys })]);
  }

  const limit = pLimit(CONCURRENT_USERS);
  const actWorld: ActWorld = { member, ids, clock };
  const results = await Promise.all(
    plan.users.map((user) => limit(() => sweepUser(world, actWorld, { ...message, at: now }, user))),
  );
  const report = reportOf(plan, results);
  await world.history.append([accountEvent(world, message, 'sweep-finished', report)]);
  return report;
}

interface UserResult {
  readonly userName: UserName;
  readonly outcomes: readonly Outcome[];
}

async function sweepUser(
  world: SweepWorld,
  actWorld: ActWorld,
  { runId, at: now }: SweepMessage & { readonly at: Instant },
  plan: UserPlan,
): Promise<UserResult> {
  const { settings } = world;
  if (plan.kind === 'unknown') {
    const { userName, cause } = plan.user;
    return { userName, outcomes: [{ kind: 'failed', step: 'none', error: cause }] };
  }
  if (plan.kind === 'gone') return closeGone(world, { runId, now }, plan.record);
  const { userName, account } = plan.user;
  const context = { runId, now, policy: settings.policy };
  const ledger = new UserLedger(world, { runId, now, settings }, plan.user, plan.record);
  const outcomes = [...(await applySteps(actWorld, context, ledger, plan.steps))];
  if (outcomes.some((outcome) => outcome.kind === 'taken' && outcome.step === 'recover')) {
    // What was interrupted is over; what else the user needs is decided on what is there now.
    const exemptions = plan.exemption === undefined ? [] : [plan.exemption];
    const again = await planUser(
      { ...world, member: actWorld.member },
      { account, now, settings },
      { user: plan.user, exemptions, ...(ledger.record && { record: ledger.record }) },
    );
    if (again?.kind === 'known') outcomes.push(...(await applySteps(actWorld, context, ledger, again.steps)));
  }
  return { userName, outcomes };
}

async function closeGone(
  world: SweepWorld,
  { runId, now }: { readonly runId: SweepMessage['runId']; readonly now: Instant },
  record: NonNullable<Extract<UserPlan, { kind: 'gone' }>['record']>,
): Promise<UserResult> {
  const { account, userName, userId } = record;
  const user = { account, userName, userId, path: '/', arn: '', keys: [] };
  const ledger = new UserLedger(world, { runId, now, settings: world.settings }, user, record);
  try {
    await ledger.close(ledger.event('user-gone', undefined, {}));
    return { userName, outcomes: [] };
  } catch (error) {
    return { userName, outcomes: [{ kind: 'failed', step: 'none', error: messageOf(error) }] };
  }
}

function reportOf(plan: AccountPlan, results: readonly UserResult[]): SweepReport {
  const steps: Record<string, number> = {};
  const failures: { userName: UserName; error: string }[] = [];
  for (const { userName, outcomes } of results) {
    for (const outcome of outcomes) {
      if (outcome.kind === 'taken') steps[outcome.step] = (steps[outcome.step] ?? 0) + 1;
      if (outcome.kind === 'failed') failures.push({ userName, error: outcome.error });
    }
  }
  const known = plan.users.filter((user) => user.kind === 'known');
  const keys = known.reduce((sum, { user }) => sum + user.keys.length, 0);
  const rootKeys = plan.rootKeys === undefined ? {} : { rootKeys: plan.rootKeys };
  return { users: plan.users.length, keys, ...rootKeys, steps, failures };
}
