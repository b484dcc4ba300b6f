import pLimit from 'p-limit';
import type { Settings } from '../contracts/settings.ts';
import { decide } from '../domain/decide.ts';
import type { Mode } from '../domain/events.ts';
import type { KeyFacts, LastUse, UserFacts } from '../domain/facts.ts';
import type { AccessKeyId, AccountId, EventId, UserName } from '../domain/ids.ts';
import type { Exemption } from '../domain/owners.ts';
import { type AccountPlan, capped, type KnownUserPlan, type UserPlan } from '../domain/plan.ts';
import { overlaid, shadowOf } from '../domain/shadow.ts';
import type { Situation } from '../domain/situation.ts';
import type { Instant } from '../domain/time.ts';
import { blankTracking, type UserRecord } from '../domain/tracking.ts';
import { exemptionFor } from '../domain/user-match.ts';
import { type History, type Iam, type IamUser, type Owners, type State, UserGoneError } from '../ports.ts';
import { wasDelivered } from './deliveries.ts';
import { messageOf } from './message-of.ts';

export interface PlanWorld {
  readonly member: { readonly iam: Pick<Iam, 'users' | 'user' | 'keys' | 'lastUse' | 'rootKeys'> };
  readonly state: Pick<State, 'records'>;
  readonly owners: Pick<Owners, 'exemptions'>;
  readonly history: Pick<History, 'query'>;
}

export interface PlanRequest {
  readonly account: AccountId;
  readonly now: Instant;
  readonly settings: Pick<Settings, 'mode' | 'policy'>;
}

/** IAM throttles an account as a whole: more at once only wait for each other. */
const CONCURRENT_USERS = 8;

/**
 * Reads an account and decides what is to be done for each of its users; changes nothing. Throws when the list of users,
 * records or exemptions could not be read to its end: a shortened list is never taken for the whole.
 */
export async function planAccount(world: PlanWorld, request: PlanRequest): Promise<AccountPlan> {
  const { account, now, settings } = request;
  const records = new Map<UserName, UserRecord>();
  for await (const record of world.state.records(account)) records.set(record.userName, record);
  const exemptions = await world.owners.exemptions(account);

  const limit = pLimit(CONCURRENT_USERS);
  const pending: Promise<UserPlan | undefined>[] = [];
  for await (const user of world.member.iam.users()) {
    const record = records.get(user.userName);
    records.delete(user.userName);
    pending.push(limit(() => planUser(world, request, { user, exemptions, ...(record && { record }) })));
  }
  const listed = (await Promise.all(pending)).filter((plan) => plan !== undefined);
  const missing = await Promise.all([...records.values()].map((record) => limit(() => planMissing(world, record))));
  const rootKeys = await world.member.iam.rootKeys();
  return {
    account,
    mode: settings.mode,
    now,
    users: capped([...listed, ...missing], settings.policy.maxStepsPerSweep),
    ...(rootKeys === undefined ? {} : { rootKeys }),
  };
}

/** A listed user together with what is known of it beforehand. */
export interface ListedUser {
  readonly user: IamUser;
  readonly record?: UserRecord;
  readonly exemptions: readonly Exemption[];
}

/** Decides about one user; undefined when it vanished meanwhile and nothing is on record about it. */
export async function planUser(
  world: PlanWorld,
  { account, now, settings }: PlanRequest,
  { user, record, exemptions }: ListedUser,
): Promise<UserPlan | undefined> {
  try {
    const keys = await world.member.iam.keys(user.userName);
    const facts: UserFacts = { account, ...user, keys: keys.map((key) => ({ ...key, lastUse: { kind: 'unread' } })) };
    const exemption = exemptionFor(exemptions, facts, now);
    return await decideWithLookUps(world, { settings, now }, facts, record, exemption);
  } catch (error) {
    if (error instanceof UserGoneError) return record === undefined ? undefined : { kind: 'gone', record };
    return { kind: 'unknown', user: { account, userName: user.userName, cause: messageOf(error) } };
  }
}

/** A user on record that the listing did not hold: gone only if IAM says so when asked by name. */
async function planMissing({ member }: PlanWorld, record: UserRecord): Promise<UserPlan> {
  const { account, userName } = record;
  try {
    await member.iam.user(userName);
    const cause = 'the list of users did not hold this user, yet IAM knows it';
    return { kind: 'unknown', user: { account, userName, cause } };
  } catch (error) {
    if (error instanceof UserGoneError) return { kind: 'gone', record };
    return { kind: 'unknown', user: { account, userName, cause: messageOf(error) } };
  }
}

/** Two rounds at most name everything a decision can miss: last uses, then deliveries. */
const MOST_ROUNDS = 4;

async function decideWithLookUps(
  world: PlanWorld,
  { settings, now }: Pick<PlanRequest, 'settings' | 'now'>,
  facts: UserFacts,
  record: UserRecord | undefined,
  exemption: Exemption | undefined,
): Promise<KnownUserPlan> {
  const lastUses = new Map<AccessKeyId, LastUse>();
  const delivered = new Map<EventId, boolean>();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const user = withLastUses(facts, lastUses);
    const situation = situationOf(settings.mode, user, record, exemption, delivered);
    const decision = decide(situation, settings.policy, now);
    if (decision.kind === 'steps') {
      const { tracking } = situation;
      const { steps } = decision;
      return { kind: 'known', user, tracking, steps, ...(record && { record }), ...(exemption && { exemption }) };
    }
    for (const keyId of decision.lastUseOf) lastUses.set(keyId, await world.member.iam.lastUse(keyId));
    for (const eventId of decision.deliveryOf) {
      // In a pretended world nobody was told anything; it is about what would happen if everybody could be.
      const told = settings.mode === 'observe' || (await wasDelivered(world.history, facts, eventId));
      delivered.set(eventId, told);
    }
  }
  throw new Error(`no decision about user ${facts.userName} after ${MOST_ROUNDS} rounds of look-ups: this is a defect`);
}

function situationOf(
  mode: Mode,
  user: UserFacts,
  record: UserRecord | undefined,
  exemption: Exemption | undefined,
  delivered: ReadonlyMap<EventId, boolean>,
): Situation {
  const shadow = mode === 'observe' ? shadowOf(record, user) : undefined;
  const replaced = record !== undefined && record.userId !== user.userId;
  return {
    user: shadow === undefined ? user : overlaid(user, shadow),
    tracking: shadow?.tracking ?? record?.tracking ?? blankTracking,
    delivered,
    ...(replaced ? { formerUserId: record.userId } : {}),
    ...(exemption === undefined ? {} : { exemption }),
  };
}

const withLastUses = (user: UserFacts, lastUses: ReadonlyMap<AccessKeyId, LastUse>): UserFacts => ({
  ...user,
  keys: user.keys.map((key): KeyFacts => ({ ...key, lastUse: lastUses.get(key.keyId) ?? key.lastUse })),
});
