import type { Settings } from '../contracts/settings.ts';
import { foresee } from '../domain/foresee.ts';
import type { AccessKeyId, AccountId, UserName } from '../domain/ids.ts';
import { type CachedUser, sameKeys } from '../domain/inventory.ts';
import { type AccountPlan, capped, type UserPlan } from '../domain/plan.ts';
import type { Instant } from '../domain/time.ts';
import type { UserRecord } from '../domain/tracking.ts';
import { type Clock, type History, type Log, type Owners, type State, UserGoneError } from '../ports.ts';
import { type Allowance, touchesKeys } from './allowance.ts';
import {
  type DecideContext,
  decideUser,
  firstDecision,
  knownFacts,
  planOf,
  situationOf,
  tellsOnly,
} from './decide-user.ts';
import { inParallel } from './in-parallel.ts';
import { lookUpRequests } from './look-up-requests.ts';
import { messageOf } from './message-of.ts';
import { type Due, type Pace, planDue } from './plan-due.ts';
import { type Inventory, takeInventory } from './take-inventory.ts';
import { isEmptied, isTooEarly, unrecordedEnds } from './unrecorded-ends.ts';
import type { Found, Keeping, ReadingIam } from './user-reader.ts';

export interface PlanWorld {
  readonly member: { readonly iam: ReadingIam };
  readonly state: Pick<State, 'load'>;
  readonly owners: Pick<Owners, 'exemptions' | 'requests'>;
  readonly history: Pick<History, 'query'>;
  readonly clock: Clock;
}

export interface PlanRequest {
  readonly account: AccountId;
  readonly now: Instant;
  readonly settings: Pick<Settings, 'mode' | 'policy'>;
  /** Absent: nothing is kept, and every user is read. */
  readonly keeping?: Keeping;
  /** Another part than the first of a sweep that was due then: what earlier ones read of the account counts. */
  readonly since?: Instant;
  /** Throws when no more should be begun. */
  readonly checkTime?: () => void;
  /** Absent: there is time for everybody. */
  readonly pace?: Pace;
  /** Told what was done another way than usual. */
  readonly warn?: Log['warn'];
  /** Asked only when keys may be changed: how many steps of each kind may still be taken. The policy's cap when absent. */
  readonly allowance?: () => Promise<Allowance>;
}

const nothing = (): void => undefined;

const keepNothing: Keeping = {
  remember: async () => undefined,
  forget: async () => undefined,
  markFullSweep: async () => undefined,
  recordInventory: async () => undefined,
};

/**
 * Reads an account and decides what is to be done for each of its users; changes nothing in it. Throws when the list of
 * users, records or exemptions could not be read to its end: a shortened list is never taken for the whole.
 */
export async function planAccount(world: PlanWorld, request: PlanRequest): Promise<AccountPlan> {
  const { account, now, settings, keeping = keepNothing, checkTime = nothing, pace, warn = nothing } = request;
  const memory = await world.state.load(account);
  const exemptions = await world.owners.exemptions(account);
  // After the records: what is on the list and answered by then is remembered there.
  const unreadRequests: string[] = [];
  const requests = await world.owners.requests(account, (why) => {
    unreadRequests.push(why);
    // Nobody is protected by a request, so it waits, and nobody else with it: whoever may ask may put anything there.
    warn('a request on the list cannot be read, and stays there', { error: why });
  });
  const { iam } = world.member;
  const isEnough = pace?.isEnough ?? (() => false);
  const inventory = await takeInventory(
    { iam, keeping, clock: world.clock, checkTime, isEnough, warn },
    account,
    memory,
    {
      now,
      full: request.keeping === undefined,
      ...(requests.length > 0 && { named: requests.map(({ userName }) => userName) }),
      ...(request.since !== undefined && { since: request.since }),
    },
  );
  const { reported } = inventory;
  const { asked, unasked, answered, unknown } = await lookUpRequests(world.history, requests, namesIn(inventory));
  const asking = new Set(asked.map(({ userName }) => userName.toLowerCase()));
  const context: DecideContext = { now, clock: world.clock, settings, exemptions, requests: asked, reported };
  let allowed: Promise<Allowance> | undefined;
  const allowance = (): Promise<Allowance> => {
    allowed ??= request.allowance?.() ?? Promise.resolve(everyKind(settings.policy.maxStepsPerSweep));
    return allowed;
  };
  const due: Due[] = [];
  const known = await inParallel(inventory.found, planKnown);
  const { plans, ...looked } = await planDue(due, { look, allowance, ...(pace && { pace }) });
  const gone = await inParallel(inventory.gone, planGone);
  const uncapped = [...known, ...plans, ...gone].filter((plan) => plan !== undefined);
  const users = uncapped.some(touchesKeys) ? capped(uncapped, await allowance()) : uncapped;
  const { rootKeys, reportMissing } = inventory;
  const nobody = new Set(inventory.gone.map((userName) => userName.toLowerCase()));
  const stray = asked.filter(({ userName }) => nobody.has(userName.toLowerCase()));
  const listed = { stray, unasked, answered };
  return {
    account,
    mode: settings.mode,
    now,
    users,
    ...listed,
    ...(unreadRequests.length > 0 && { unreadRequests }),
    ...(rootKeys !== undefined && { rootKeys }),
    ...(reportMissing !== undefined && { reportMissing }),
    ...looked,
    ...(inventory.isPartial && { isPartial: true }),
  };

  /** Who has nothing to do by what is known, or is just told something, is planned for; anybody else is due a look. */
  async function planKnown(found: Found): Promise<UserPlan | undefined> {
    const userName = nameOf(found);
    const cause = unknown.get(userName.toLowerCase());
    if (cause !== undefined) return unknownUser(userName, cause);
    if (found.kind === 'unreadable') return { kind: 'unknown', user: { account, ...found } };
    const { user: reading } = found;
    const record = memory.records.get(userName);
    if (found.kind === 'read' && reading.keys.length === 0) return planRead(reading, record);
    const facts = knownFacts(reading, context);
    const decision = firstDecision(context, facts, record);
    const situation = situationOf(context, facts, record, new Map());
    const isAsked = asking.size > 0 && asking.has(userName.toLowerCase());
    if (!isAsked && decision.kind === 'steps' && tellsOnly(decision.steps)) {
      return planOf(context, reading, facts, record, situation, decision);
    }
    const steps = foresee(situation, settings.policy, now, world.clock.now());
    const foreseen = planOf(context, reading, facts, record, situation, { kind: 'steps', steps });
    const isUrgent = isAsked || steps.some(({ kind }) => kind === 'recover');
    due.push({ reading, ...(record && { record }), foreseen, isUrgent, isFresh: found.kind === 'read' });
    return undefined;
  }

  /** Reads the user afresh, unless that was done just now. */
  async function look({ reading, record, isFresh }: Due): Promise<UserPlan | undefined> {
    if (isFresh) return planRead(reading, record);
    try {
      const fresh = await refreshed(iam, world.clock, reading);
      if (!sameKeys(fresh, reading) && !isEmptied(fresh, reading)) await keeping.remember([fresh]);
      return await planRead(fresh, record);
    } catch (error) {
      if (error instanceof UserGoneError) return planGone(reading.userName);
      return unknownUser(reading.userName, messageOf(error));
    }
  }

  async function planRead(reading: CachedUser, record: UserRecord | undefined): Promise<UserPlan> {
    try {
      const lost = await lostKeys(reading, record);
      return await decideUser({ ...world, iam }, { ...context, ...(lost && { lost }) }, reading, record);
    } catch (error) {
      return unknownUser(reading.userName, messageOf(error));
    }
  }

  /** Keys that a user without any had, and whose end is not on record. Once it is, the cache may forget them. */
  async function lostKeys(fresh: CachedUser, record?: UserRecord): Promise<readonly AccessKeyId[] | undefined> {
    const cached = memory.cache.get(fresh.userName);
    if (fresh.keys.length > 0 || isTooEarly(fresh, cached)) return undefined;
    // What a former user of the name had went with it.
    const emptied = isEmptied(fresh, cached);
    const lost = await unrecordedEnds(world.history, fresh, {
      ...(cached && emptied && { cached }),
      ...(record?.userId === fresh.userId && { record }),
    });
    if (lost.length === 0 && emptied) await keeping.remember([fresh]);
    return lost.length === 0 ? undefined : lost;
  }

  async function planGone(userName: UserName): Promise<UserPlan | undefined> {
    const [cached, record] = [memory.cache.get(userName), memory.records.get(userName)];
    const user = record ?? cached;
    const cause = unknown.get(userName.toLowerCase());
    if (cause !== undefined) return unknownUser(userName, cause);
    if (user === undefined) return undefined;
    try {
      const lost = await unrecordedEnds(world.history, user, { ...(cached && { cached }), ...(record && { record }) });
      if (lost.length > 0) return { kind: 'gone', user, ...(record && { record }), lost };
      if (cached !== undefined) await keeping.forget([userName]);
      return record && { kind: 'gone', user, record };
    } catch (error) {
      return unknownUser(userName, messageOf(error));
    }
  }

  function unknownUser(userName: UserName, cause: string): UserPlan {
    return { kind: 'unknown', user: { account, userName, cause } };
  }
}

/** The user as IAM has it now. A key in common proves that it is the same one; without it IAM is asked who it is. */
export async function refreshed(
  iam: Pick<ReadingIam, 'keys' | 'user'>,
  clock: Clock,
  user: CachedUser,
): Promise<CachedUser> {
  const readAt = clock.now();
  const keys = await iam.keys(user.userName);
  const ids = new Set(user.keys.map(({ keyId }) => keyId));
  const who = keys.some(({ keyId }) => ids.has(keyId)) ? user : await iam.user(user.userName);
  return { ...user, userId: who.userId, path: who.path, arn: who.arn, keys, readAt };
}

const nameOf = (found: Found): UserName => (found.kind === 'unreadable' ? found.userName : found.user.userName);

const namesIn = ({ found }: Inventory): readonly UserName[] => found.map(nameOf);

export const everyKind = (most: number) => ({ rotate: most, disable: most, delete: most });
