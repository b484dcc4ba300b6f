import type { Settings } from '../contracts/settings.ts';
import { decide } from '../domain/decide.ts';
import type { Mode } from '../domain/events.ts';
import type { KeyFacts, LastUse, UserFacts } from '../domain/facts.ts';
import type { AccessKeyId, EventId, RequestId } from '../domain/ids.ts';
import { type CachedUser, factsOf } from '../domain/inventory.ts';
import { withOwnersUses } from '../domain/own-proof.ts';
import type { Exemption } from '../domain/owners.ts';
import type { KnownUserPlan } from '../domain/plan.ts';
import { withReportedUse } from '../domain/reported-use.ts';
import { type Request, requestsOf } from '../domain/requests.ts';
import { overlaid, shadowOf } from '../domain/shadow.ts';
import type { Decision, Situation } from '../domain/situation.ts';
import type { Step, StepKind } from '../domain/step.ts';
import type { Instant } from '../domain/time.ts';
import { blankTracking, type UserRecord } from '../domain/tracking.ts';
import { exemptionFor } from '../domain/user-match.ts';
import type { Clock, History, Iam } from '../ports.ts';
import { wasDelivered } from './deliveries.ts';
import type { ReportedKeys } from './take-inventory.ts';

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
  /** What is on the list of what people asked for, answered or not. */
  readonly requests: readonly Request[];
  /** What the credential report says of the users' keys. */
  readonly reported: ReportedKeys;
}

/** What is known of one user beside its reading. */
export interface UserContext extends DecideContext {
  /** Keys that it had, without any now, and whose end is not on record. */
  readonly lost?: readonly AccessKeyId[];
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

const telling: ReadonlySet<StepKind> = new Set<StepKind>([
  'record-adopted',
  'remind-still-used',
  'remind-delete-coming',
  'tell-exemption-ended',
]);

/** Whether all these steps do is to tell what the report shows, or that the cap defers them: no key is read for that. */
export const tellsOnly = (steps: readonly Step[]): boolean =>
  isIdle({ kind: 'steps', steps: steps.filter((step) => !telling.has(step.kind) && !isDeferral(step)) });

const isDeferral = (step: Step): boolean => step.kind === 'wait' && step.reason === 'cap';

/** The facts of a user as it was read, with what the report says of its keys. */
export const knownFacts = (reading: CachedUser, { reported }: Pick<DecideContext, 'reported'>): UserFacts =>
  withReportedUse(factsOf(reading), reported.get(reading.userName));

/** Three rounds at most name everything a decision can miss: last uses, then deliveries, then a last use to tell. */
const MOST_ROUNDS = 4;

/** The decision, with whatever it asks for looked up. */
export async function decideUser(
  world: DecideWorld,
  context: UserContext,
  reading: CachedUser,
  record: UserRecord | undefined,
): Promise<KnownUserPlan> {
  const facts = knownFacts(reading, context);
  const { now, settings, clock } = context;
  const lastUses = new Map<AccessKeyId, LastUse>();
  const delivered = new Map<EventId, boolean>();
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const user = withLastUses(facts, lastUses);
    const situation = situationOf(context, user, record, delivered);
    const decision = decide(situation, settings.policy, now, clock.now());
    if (decision.kind === 'steps') return planOf(context, reading, user, record, situation, decision);
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
  { reported, requests, lost }: Pick<UserContext, 'reported' | 'requests' | 'lost'>,
  reading: CachedUser,
  user: UserFacts,
  record: UserRecord | undefined,
  { tracking, exemption }: Situation,
  { steps }: Extract<Decision, { kind: 'steps' }>,
): KnownUserPlan {
  const said = reported.get(user.userName);
  const asked = requests.length === 0 ? [] : requestsOf(requests, user.userName);
  return {
    kind: 'known',
    reading,
    user: withOwnersUses(user, tracking),
    tracking,
    steps,
    ...(said && { reported: said }),
    ...(asked.length > 0 && { requests: asked }),
    ...(record && { record }),
    ...(lost && { lost }),
    ...(exemption && { exemption }),
  };
}

/** Everything the decision about a user rests on, in the world of this mode. */
export function situationOf(
  { now, settings, exemptions, requests, lost }: Omit<UserContext, 'clock' | 'reported'>,
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
    requests:
      requests.length === 0 ? requests : notUnderWay(unanswered(requestsOf(requests, user.userName), record), record),
    observing: shadow !== undefined,
    ...(replaced ? { formerUserId: record.userId } : {}),
    ...(lost && { lost }),
    ...(exemption === undefined ? {} : { exemption }),
  };
}

const withLastUses = (user: UserFacts, lastUses: ReadonlyMap<AccessKeyId, LastUse>): UserFacts => ({
  ...user,
  keys: user.keys.map((key): KeyFacts => ({ ...key, lastUse: lastUses.get(key.keyId) ?? key.lastUse })),
});

/** Without those that were carried out or refused already, in whichever mode. */
export function unanswered(requests: readonly Request[], record: UserRecord | undefined): readonly Request[] {
  const answered = answeredIn(record);
  return requests.filter(({ id }) => !answered.has(id));
}

/** Without the one that an interrupted rotation is for: recovery answers it, also if the account is observed meanwhile. */
const notUnderWay = (requests: readonly Request[], record: UserRecord | undefined): readonly Request[] =>
  requests.filter(({ id }) => id !== record?.tracking.rotation?.request?.id);

/** The requests that the record remembers as answered. */
export const answeredIn = (record: UserRecord | undefined): ReadonlySet<RequestId> =>
  new Set([...(record?.tracking.answered ?? []), ...(record?.shadow?.tracking.answered ?? [])]);
