import { decide } from '../../../lambda/domain/decide.ts';
import type { KeyFacts, LastUse } from '../../../lambda/domain/facts.ts';
import type { EventId } from '../../../lambda/domain/ids.ts';
import { type Policy, presets } from '../../../lambda/domain/policy.ts';
import type { Decision, Situation } from '../../../lambda/domain/situation.ts';
import type { Step } from '../../../lambda/domain/step.ts';
import type { IsoTime } from '../../../lambda/domain/time.ts';
import { blankTracking, type Reminder, type Retirement, type Tracking } from '../../../lambda/domain/tracking.ts';
import { aKey, at, aUser, eventId, keyId } from '../../support/builders.ts';

/** The announcement that `retiring` records; `told` says that somebody got it. */
export const ANNOUNCEMENT: EventId = eventId(at('2026-01-01'));

/** A key made on a literal date; `n` tells keys apart. */
export const keyMade = (createdAt: IsoTime, n = 1, overrides: Partial<KeyFacts> = {}): KeyFacts =>
  aKey({ keyId: keyId(n), createdAt: at(createdAt), ...overrides });

export const inactive = { status: 'Inactive' } as const;
export const used = (on: IsoTime, service = 's3', region = 'eu-central-1'): { readonly lastUse: LastUse } => ({
  lastUse: { kind: 'used', at: at(on), service, region },
});
export const reportedUsed = (on: IsoTime, service = 's3', region = 'eu-central-1'): Pick<KeyFacts, 'reportedUse'> => ({
  reportedUse: { kind: 'used', at: at(on), service, region },
});
export const reportedUnused: Pick<KeyFacts, 'reportedUse'> = { reportedUse: { kind: 'never' } };
export const neverUsed: { readonly lastUse: LastUse } = { lastUse: { kind: 'never' } };

/** What is tracked when these keys are on their way out. */
export const retiring = (...retirements: readonly Retirement[]): Tracking => ({
  ...blankTracking,
  retirements: Object.fromEntries(retirements.map((retirement) => [retirement.keyId, retirement])),
});

/** Where a rule is about something else: whatever there is to be reminded of has been told. */
export const reminded: readonly Reminder[] = ['half-way', 'day-before', 'delete-coming'];

interface Given extends Partial<Omit<Situation, 'user'>> {
  readonly keys: readonly KeyFacts[];
  readonly policy?: Policy;
  /** The worker's clock, where it matters that it is later. */
  readonly clock?: IsoTime;
}

export const told: ReadonlyMap<EventId, boolean> = new Map([[ANNOUNCEMENT, true]]);
export const untold: ReadonlyMap<EventId, boolean> = new Map([[ANNOUNCEMENT, false]]);

export function decisionOn(now: IsoTime, { keys, policy = presets.default, clock = now, ...given }: Given): Decision {
  const situation = { user: aUser({ keys }), tracking: blankTracking, delivered: told, ...given };
  return decide(situation, policy, at(now), at(clock));
}

/** The steps decided on that date; fails when something would have to be looked up first. */
export function stepsOn(now: IsoTime, given: Given): readonly Step[] {
  const decision = decisionOn(now, given);
  if (decision.kind === 'look-up') throw new Error(`asks for ${JSON.stringify(decision)} instead of deciding`);
  return decision.steps;
}

/** Kinds and reasons alone, such as `rotate due`: enough where the rule is about what, not when. */
export const kindsOn = (now: IsoTime, given: Given): readonly string[] => stepsOn(now, given).map(inShort);

function inShort(step: Step): string {
  const reason = 'reason' in step ? step.reason : '';
  if (step.kind === 'wait') return `wait ${step.step} ${reason}`;
  return `${step.kind} ${reason}`.trim();
}
