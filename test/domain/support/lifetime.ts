import { deleteAtFrom, disableAtFrom } from '../../../lambda/domain/deadlines.ts';
import { decide } from '../../../lambda/domain/decide.ts';
import type { KeyFacts, KeyStatus, LastUse } from '../../../lambda/domain/facts.ts';
import type { AccessKeyId, EventId } from '../../../lambda/domain/ids.ts';
import { type Policy, presets } from '../../../lambda/domain/policy.ts';
import type { Step } from '../../../lambda/domain/step.ts';
import { DAY, type Instant } from '../../../lambda/domain/time.ts';
import { blankTracking, type Reminder, type Retirement, type Tracking } from '../../../lambda/domain/tracking.ts';
import * as changes from '../../../lambda/domain/tracking-changes.ts';
import { at, aUser, eventId, keyId } from '../../support/builders.ts';

/** Day 0 of every life; days before it are negative. */
export const onDay = (day: number): Instant => at('2026-01-01T00:00:00Z') + day * DAY;

/** A key as it really is: what the rules know of it only when they ask is there from the beginning. */
export interface LivingKey {
  readonly keyId: AccessKeyId;
  readonly createdAt: Instant;
  readonly status: KeyStatus;
  readonly lastUse: LastUse;
}

/** One user, what is tracked of it, and what happened to it. Values: every change gives another life. */
export interface Life {
  readonly policy: Policy;
  readonly keys: readonly LivingKey[];
  readonly tracking: Tracking;
  /** Announcements that reached nobody. */
  readonly untold: ReadonlySet<EventId>;
  /** How many keys and announcements were made so far, by anybody. */
  readonly made: number;
  readonly steps: readonly { readonly day: number; readonly step: Step }[];
}

export const bornWith = (policy: Policy = presets.default): Life => ({
  policy,
  keys: [],
  tracking: blankTracking,
  untold: new Set(),
  made: 0,
  steps: [],
});

/** A key that its owner made; IAM's quota applies. */
export function withKey(life: Life, createdOn: number, overrides: Partial<LivingKey> = {}): Life {
  if (life.keys.length >= 2) return life;
  const made = life.made + 1;
  const key: LivingKey = {
    keyId: keyId(made),
    createdAt: onDay(createdOn),
    status: 'Active',
    lastUse: { kind: 'never' },
    ...overrides,
  };
  return { ...life, made, keys: [...life.keys, key] };
}

export const withStatus = (life: Life, changed: AccessKeyId, status: KeyStatus): Life => ({
  ...life,
  keys: life.keys.map((key) => (key.keyId === changed ? { ...key, status } : key)),
});

export const withUse = (life: Life, used: AccessKeyId, when: Instant): Life => ({
  ...life,
  keys: life.keys.map((key) =>
    key.keyId === used && key.status === 'Active'
      ? { ...key, lastUse: { kind: 'used', at: when, service: 's3', region: 'eu-central-1' } }
      : key,
  ),
});

export const withoutLivingKey = (life: Life, gone: AccessKeyId): Life => ({
  ...life,
  keys: life.keys.filter((key) => key.keyId !== gone),
});

/** A sweep on that day: decides, answers what is asked for, and does what was decided. */
export function swept(life: Life, day: number, reachesSomebody = true): Life {
  const { after, steps } = sweep(life, day, reachesSomebody);
  return { ...after, steps: [...life.steps, ...steps.map((step) => ({ day, step }))] };
}

/** As swept, with the steps apart: `after` does not remember them. */
export function sweep(life: Life, day: number, reachesSomebody: boolean): { after: Life; steps: readonly Step[] } {
  const now = onDay(day);
  const steps = stepsNow(life, now);
  return { steps, after: steps.reduce((before, step) => done(before, step, now, reachesSomebody), life) };
}

/** A sweep a day, the last one included. */
export function sweptDaily(life: Life, fromDay: number, toDay: number): Life {
  let lived = life;
  for (let day = fromDay; day <= toDay; day += 1) lived = swept(lived, day);
  return lived;
}

/** The days on which a step of that kind was taken with the key. */
export const daysOf = (life: Life, kind: Step['kind'], about: AccessKeyId): readonly number[] =>
  life.steps.flatMap(({ day, step }) => (step.kind === kind && 'keyId' in step && step.keyId === about ? [day] : []));

function stepsNow({ keys, tracking, policy, untold }: Life, now: Instant): readonly Step[] {
  const asked = new Set<AccessKeyId>();
  const delivered = new Map<EventId, boolean>();
  for (let round = 0; round < 4; round += 1) {
    const facts = keys.map((key): KeyFacts => (asked.has(key.keyId) ? key : { ...key, lastUse: { kind: 'unread' } }));
    const decision = decide({ user: aUser({ keys: facts }), tracking, delivered }, policy, now);
    if (decision.kind === 'steps') return decision.steps;
    for (const id of decision.lastUseOf) asked.add(id);
    for (const id of decision.deliveryOf) delivered.set(id, !untold.has(id));
  }
  throw new Error('no decision however much is answered');
}

/** Does the step as IAM would, and tracks it as the journal would. */
function done(life: Life, step: Step, now: Instant, reachesSomebody: boolean): Life {
  const { tracking, policy } = life;
  switch (step.kind) {
    case 'warn':
      return { ...life, tracking: changes.withWarning(tracking, step.keyId, step.thresholdDays) };
    case 'rotate': {
      if (life.keys.length >= 2) throw new Error('IAM refuses: a user has at most 2 keys');
      const replaced = withKey(life, (now - onDay(0)) / DAY);
      const incoming = replaced.keys.at(-1);
      if (incoming === undefined) throw new Error('no key was made');
      const promisedAt = disableAtFrom(step, now, policy);
      const retirement = {
        keyId: step.keyId,
        why: 'rotated',
        successorKeyId: incoming.keyId,
        startedAt: now,
        promisedAt,
      } as const;
      return announced(replaced, retirement, reachesSomebody);
    }
    case 'start-retirement': {
      const { keyId, reason, successorKeyId, disableAt, deleteAt } = step;
      const successor = successorKeyId === undefined ? {} : { successorKeyId };
      const promisedAt = disableAt ?? deleteAt;
      return announced(life, { keyId, why: reason, ...successor, startedAt: now, promisedAt }, reachesSomebody);
    }
    case 'cancel-retirement':
      return { ...life, tracking: changes.withoutRetirement(tracking, step.keyId) };
    case 'disable': {
      const deleteAt = deleteAtFrom(step, now, policy);
      return disabled(withStatus(life, step.keyId, 'Inactive'), step.keyId, now, deleteAt, reachesSomebody);
    }
    case 'record-disabled':
      return disabled(life, step.keyId, step.at, step.deleteAt, reachesSomebody);
    case 'delete':
      return { ...withoutLivingKey(life, step.keyId), tracking: changes.withoutKey(tracking, step.keyId) };
    case 'record-deleted':
      return { ...life, tracking: changes.withoutKey(tracking, step.keyId) };
    case 'record-reactivated': {
      const { disabledAt: _, reminded: __, ...rest } = tracked(life, step.keyId);
      return announced(life, { ...rest, startedAt: now, promisedAt: step.disableAt }, reachesSomebody);
    }
    case 'wait':
      if (!step.isNew) return life;
      return held(
        { ...life, tracking: changes.withWait(tracking, step.keyId, { step: step.step, reason: step.reason }) },
        step.keyId,
        step.heldUntil,
      );
    case 'record-adopted':
      return noted(life, { ...tracked(life, step.keyId), adopted: step.use });
    case 'remind-still-used':
      if (step.held) {
        const made = life.made + 1;
        const announcement = eventId(now, made);
        const untold = reachesSomebody ? life.untold : new Set([...life.untold, announcement]);
        return held({ ...life, made, untold }, step.keyId, step.disableAt, announcement);
      }
      return reminded(life, step.keyId, step.reminder);
    case 'remind-delete-coming':
      return reminded(life, step.keyId, 'delete-coming');
    case 'none':
      return life;
    default:
      throw new Error(`this life knows no ${step.kind}`);
  }
}

function held(life: Life, keyId: AccessKeyId, until?: Instant, announcement?: EventId): Life {
  if (until === undefined) return life;
  return {
    ...life,
    tracking: changes.withHold(life.tracking, keyId, { until, ...(announcement && { announcement }) }),
  };
}

const noted = (life: Life, retirement: Retirement): Life => ({
  ...life,
  tracking: changes.withNoted(life.tracking, retirement),
});

function reminded(life: Life, keyId: AccessKeyId, reminder: Reminder): Life {
  const retirement = tracked(life, keyId);
  return noted(life, { ...retirement, reminded: [...(retirement.reminded ?? []), reminder] });
}

function tracked({ tracking }: Life, keyId: AccessKeyId): Retirement {
  const retirement = tracking.retirements[keyId];
  if (retirement === undefined) throw new Error(`${keyId} is not retiring`);
  return retirement;
}

const disabled = (life: Life, keyId: AccessKeyId, disabledAt: Instant, promisedAt: Instant, reaches: boolean): Life =>
  announced(life, { ...tracked(life, keyId), disabledAt, promisedAt }, reaches);

function announced(life: Life, retirement: Omit<Retirement, 'announcement'>, reachesSomebody: boolean): Life {
  const made = life.made + 1;
  const announcement = eventId(retirement.startedAt, made);
  return {
    ...life,
    made,
    untold: reachesSomebody ? life.untold : new Set([...life.untold, announcement]),
    tracking: changes.withRetirement(life.tracking, { ...retirement, announcement }),
  };
}
