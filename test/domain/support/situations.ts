import * as fc from 'fast-check';
import type { KeyFacts, LastUse } from '../../../lambda/domain/facts.ts';
import type { AccessKeyId } from '../../../lambda/domain/ids.ts';
import { type Policy, presets } from '../../../lambda/domain/policy.ts';
import type { RetirementReason } from '../../../lambda/domain/reasons.ts';
import type { Situation } from '../../../lambda/domain/situation.ts';
import { DAY, type Instant } from '../../../lambda/domain/time.ts';
import type { Reminder, Retirement, StepIntent, Tracking } from '../../../lambda/domain/tracking.ts';
import { anExemption, aRotation, at, aUser, eventId, exemptionId, keyId, RUN, userId } from '../../support/builders.ts';

/** When the random situations are decided on: a Friday. */
export const NOW: Instant = at('2027-01-01T00:00:00Z');

const seldom = <T, U>(often: fc.Arbitrary<T>, rare: fc.Arbitrary<U>) =>
  fc.oneof({ weight: 8, arbitrary: often }, { weight: 1, arbitrary: rare });
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 2 });

/** As many days ago, mostly to the day, so that thresholds are hit exactly. */
const ago = (fromDays: number, toDays: number) =>
  seldom(
    fc.integer({ min: fromDays, max: toDays }).map((days) => NOW - days * DAY),
    fc.integer({ min: fromDays * DAY, max: toDays * DAY }).map((ms) => NOW - ms),
  );

const KEY_IDS = [1, 2, 3, 4].map(keyId);
const announcements = fc.integer({ min: 1, max: 3 }).map((n) => eventId(NOW, n));

const lastUse: fc.Arbitrary<LastUse> = fc.oneof(
  fc.constant<LastUse>({ kind: 'unread' }),
  fc.constant<LastUse>({ kind: 'never' }),
  ago(0, 40).map((used): LastUse => ({ kind: 'used', at: used, service: 's3', region: 'eu-central-1' })),
);

const reportedUse = fc.oneof(
  fc.constant({ kind: 'never' } as const),
  ago(0, 40).map((used) => ({ kind: 'used', at: used, service: 'sqs', region: 'us-east-1' }) as const),
);

const key: fc.Arbitrary<KeyFacts> = fc
  .record({
    keyId: fc.constantFrom(...KEY_IDS),
    status: fc.constantFrom('Active', 'Active', 'Inactive', 'Expired'),
    createdAt: fc.oneof(ago(-5, 130), ago(90, 450)),
    lastUse,
    reported: maybe(reportedUse),
  })
  .map(({ reported, ...rest }) => ({ ...rest, ...(reported && { reportedUse: reported }) }));

const onTheirWay = fc.constantFrom<RetirementReason>('rotated', 'replaced-by-hand', 'both-due', 'never-used');
const foundInactive = fc.constantFrom<RetirementReason>('blocks-slot', 'inactive-only');

const intent: fc.Arbitrary<StepIntent> = fc.record({
  step: fc.constantFrom('disable' as const, 'delete' as const),
  runId: fc.constant(RUN),
  at: ago(0, 3),
  // Mostly of a process long dead: otherwise hardly a rule would have its turn.
  expiresAt: fc.constantFrom(NOW - DAY, NOW - 1, NOW, NOW, NOW, NOW, NOW, NOW + 1),
});

/** A retirement of that key: mostly one that could be, with a successor among the others. */
function retirementOf(facts: KeyFacts, others: readonly KeyFacts[]): fc.Arbitrary<Retirement> {
  const anyId = fc.constantFrom(...KEY_IDS);
  const inactive = facts.status !== 'Active';
  return fc
    .record({
      why: inactive ? fc.oneof(onTheirWay, foundInactive) : seldom(onTheirWay, foundInactive),
      successorKeyId: seldom(others.length > 0 ? fc.constantFrom(...others.map(idOf)) : anyId, maybe(anyId)),
      startedAt: ago(0, 60),
      announcement: announcements,
      promisedAt: ago(-5, 50),
      disabledAt: ago(0, 40),
      disabled: seldom(fc.constant(inactive), fc.boolean()),
      intent: seldom(fc.constant(undefined), intent),
      reminded: fc.subarray<Reminder>(['half-way', 'day-before', 'delete-coming']),
      adopted: fc.boolean(),
    })
    .map(({ disabled, disabledAt, successorKeyId, intent, adopted, ...rest }) => ({
      keyId: facts.keyId,
      ...rest,
      ...(successorKeyId === undefined ? {} : { successorKeyId }),
      ...(disabled ? { disabledAt } : {}),
      ...(intent === undefined ? {} : { intent }),
      ...(adopted ? { adopted: { at: rest.startedAt, service: 's3', region: 'eu-central-1' } } : {}),
    }));
}

const idOf = ({ keyId }: KeyFacts): AccessKeyId => keyId;

const perKey = <T>(value: fc.Arbitrary<T>) => fc.dictionary(fc.constantFrom(...KEY_IDS), value, { maxKeys: 3 });

function trackingOf(keys: readonly KeyFacts[], stray: KeyFacts): fc.Arbitrary<Tracking> {
  const others = (facts: KeyFacts) => keys.filter((other) => other !== facts);
  const possible = [
    ...keys.map((facts) => maybe(retirementOf(facts, others(facts)))),
    seldom(fc.constant(undefined), retirementOf(stray, keys)),
  ];
  return fc
    .record({
      retirements: fc.tuple(...possible),
      warned: perKey(fc.constantFrom(14, 3)),
      waiting: perKey(
        fc.record({ step: fc.constantFrom('rotate', 'disable'), reason: fc.constantFrom('slot-busy', 'in-use') }),
      ),
      rotation: seldom(fc.constant(undefined), fc.constantFrom(NOW, NOW + 1)),
      blocked: seldom(fc.constant(undefined), fc.constant('too-many-keys')),
      exemptionTold: maybe(fc.constantFrom(exemptionId(1), exemptionId(2))),
    })
    .map(({ retirements, warned, waiting, rotation, blocked, exemptionTold }) => ({
      retirements: Object.fromEntries(retirements.flatMap((entry) => (entry ? [[entry.keyId, entry]] : []))),
      warned,
      waiting,
      ...(rotation === undefined ? {} : { rotation: aRotation({ expiresAt: rotation }) }),
      ...(blocked === undefined ? {} : { blocked }),
      ...(exemptionTold === undefined ? {} : { exemptionTold }),
    }));
}

const usersKeys = (minLength: number, maxLength: number) =>
  fc.uniqueArray(key, { minLength, maxLength, selector: idOf });

/** Any user, with anything tracked about it: also what could never come about. */
export const anySituation: fc.Arbitrary<Situation> = fc
  .tuple(seldom(usersKeys(1, 2), usersKeys(0, 3)), key)
  .chain(([keys, stray]) =>
    fc.record({
      user: fc.constant(aUser({ keys })),
      tracking: trackingOf(keys, stray),
      told: fc.dictionary(announcements, seldom(fc.constant(true), fc.constant(false)), { minKeys: 1, maxKeys: 3 }),
      special: seldom(
        fc.constant({}),
        fc.constantFrom({ exemption: anExemption({ expiresAt: NOW + 10 * DAY }) }, { formerUserId: userId(7) }),
      ),
    }),
  )
  .map(({ told, special, ...rest }) => ({ ...rest, ...special, delivered: toMap(told) }));

function toMap(told: Readonly<Record<string, boolean>>): Situation['delivered'] {
  const known = [1, 2, 3].map((n) => eventId(NOW, n));
  return new Map(known.flatMap((id) => (told[id] === undefined ? [] : [[id, told[id]] as const])));
}

/** Policies that can work. */
export const anyPolicy: fc.Arbitrary<Policy> = fc
  .record({
    days: fc.constantFrom(
      [90, 100, 110] as const,
      [75, 82, 89] as const,
      [60, 61, 62] as const,
      [90, 120, 150] as const,
    ),
    neverUsed: fc.constantFrom('rotate' as const, 'retire' as const),
    onlyWhenIdleDays: maybe(fc.constantFrom(1, 7)),
    openOn: seldom(fc.constant(5), fc.constant(6)),
  })
  .map(({ days: [rotateAfterDays, disableAfterDays, deleteAfterDays], neverUsed, onlyWhenIdleDays, openOn }) => ({
    ...presets.default,
    rotateAfterDays,
    disableAfterDays,
    deleteAfterDays,
    neverUsed,
    disable: { maxHoldDays: 30, ...(onlyWhenIdleDays === undefined ? {} : { onlyWhenIdleDays }) },
    changeWindow: { weekdays: [openOn], fromHour: 0, toHour: 24, timeZone: 'UTC', freezeDates: [] },
  }));
