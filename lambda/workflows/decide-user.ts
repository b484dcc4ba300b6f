import type { Settings } from '../contracts/settings.ts';
import { decide } from '../domain/decide.ts';
import type { Mode } from '../domain/events.ts';
import type { KeyFacts, LastUse, UserFacts } from '../domain/facts.ts';
import type { AccessKeyId, EventId } from '../domain/ids.ts';
import { type CachedUser, factsOf } from '../domain/inventory.ts';
import type { Exemption } from '../domain/owners.ts';
import type { KnownUserPlan } from '../domain/plan.ts';
import { overlaid, shadowOf } from '../domain/shadow.ts';
import type { Decision, Situation } from '../domain/situation.ts';
import type { Instant } from '../domain/time.ts';
import { blankTracking, type UserRecord } from '../domain/tracking.ts';
import { exemptionFor } from '../domain/user-match.ts';
import type { Clock, History, Iam } from '../ports.ts';
import { wasDelivered } from './deliveries.ts';

export interface DecideWorld {
  readonly iam: Pick<Iam, 'lastUse'>;
  readonly history: Pick<History, 'query'>;
}

/** What decisions rest on beside the user itself. */
export interface DecideContext {
  readonly now: Instant;
  readonly clock: Clock;
  readonly settings: Pick<Settings, 'mode' | 'policy'>;
  readonly exemptions: readonly Exemption[];
}

/** The decision on what is known already: it may ask for look-ups. */
export function firstDecision(context: DecideContext, user: UserFacts, record: UserRecord | undefined): Decision {
  const { now, settings, clock } = context;
  return decide(situationOf(context, user, record, new Map()), settings.policy, now, clock.now());
}

/** Whether carrying out these steps would change or record anything. */
export const isIdle = (decision: Decision): boolean =>
  decision.kind === 'steps' &&
  decision.steps.every(
    (step) => step.kind === 'none' || ((step.kind === 'wait' || step.kind === 'block') && !step.isNew),
  );

/** Two rounds at most name everything a decision can miss: last uses, then deliveries. */
const MOST_ROUNDS = 4;

/** The decision, with whatever it asks for looked up. */
export async function decideUser(
  world: DecideWorld,
  context: DecideContext,
  reading: CachedUser,
  record: UserRecord | undefined,
): Promise<KnownUserPlan> {
  const facts = factsOf(reading);
  const { now, settings, clock } = context;
  const lastUses = new Map<AccessKeyId, LastUse>();
  const delivered = new Map<EventId, boolean>();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const user = withLastUses(facts, lastUses);
    const situation = situationOf(context, user, record, delivered);
    const decision = decide(situation, settings.policy, now, clock.now());
    if (decision.kind === 'steps') return planOf(reading, user, record, situation, decision);
    for (const keyId of decision.lastUseOf) lastUses.set(keyId, await world.iam.lastUse(keyId));
    for (const eventId of decision.deliveryOf) {
      // In a pretended world nobody was told anything; it is about what would happen if everybody could be.
      const told = settings.mode === 'observe' || (await wasDelivered(world.history, facts, eventId));
      delivered.set(eventId, told);
    }
  }
  throw new Error(`no decision about user ${facts.userName} after ${MOST_ROUNDS} rounds of look-ups: this is a defect`);
}

/** A decision as a plan. */
export function planOf(
  reading: CachedUser,
  user: UserFacts,
  record: UserRecord | undefined,
  { tracking, exemption }: Situation,
  { steps }: Extract<Decision, { kind: 'steps' }>,
): KnownUserPlan {
  return { kind: 'known', reading, user, tracking, steps, ...(record && { record }), ...(exemption && { exemption }) };
}

/** Everything the decision about a user rests on, in the world of this mode. */
export function situationOf(
  { now, settings, exemptions }: Pick<DecideContext, 'now' | 'settings' | 'exemptions'>,
  user: UserFacts,
  record: UserRecord | undefined,
  delivered: ReadonlyMap<EventId, boolean>,
): Situation {
  const mode: Mode = settings.mode;
  const shadow = mode === 'observe' ? shadowOf(record, user) : undefined;
  const replaced = record !== undefined && record.userId !== user.userId;
  const exemption = exemptionFor(exemptions, user, now);
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
