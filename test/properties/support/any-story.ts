import * as fc from 'fast-check';
import { type ChangeWindow, isOpen } from '../../../lambda/domain/change-window.ts';
import { type Policy, presets } from '../../../lambda/domain/policy.ts';
import { policyErrors } from '../../../lambda/domain/validate-policy.ts';
import { DAY_0, onDay } from './calendar.ts';
import type { Deed, FirstKey, FirstUser, Happening, Moment, SimulatedCall, Story, Trouble } from './story.ts';

/** Calls at which it matters most what goes wrong, and beside which it matters most what people do. */
const momentous: readonly SimulatedCall[] = [
  'secrets.ensure',
  'iam.createKey',
  'secrets.store',
  'prover.prove',
  'secrets.publish',
  'journal.commit',
  'iam.keys',
  'iam.disableKey',
  'iam.deleteKey',
];

const others: readonly SimulatedCall[] = [
  'account.open',
  'state.takeLease',
  'state.load',
  'state.remember',
  'state.releaseLease',
  'owners.exemptions',
  'iam.credentialReport',
  'iam.users',
  'iam.user',
  'iam.lastUse',
  'secrets.versions',
  'history.query',
  'history.append',
  'queue.sendAll',
  'owners.owner',
  'owners.assignments',
  'channel.sns',
  'channel.slack',
  'channel.operators-topic',
];

/** Calls between reading and changing: what people do right then must still be noticed. */
const inBetween: readonly SimulatedCall[] = ['history.query', 'iam.lastUse', 'state.load', 'iam.keys'];

const call = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...momentous) }, fc.constantFrom(...others));

const window: fc.Arbitrary<ChangeWindow> = fc.record({
  weekdays: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1 }),
  fromHour: fc.integer({ min: 0, max: 12 }),
  toHour: fc.integer({ min: 13, max: 24 }),
  timeZone: fc.constantFrom('UTC', 'Europe/Berlin', 'America/New_York', 'Asia/Kolkata'),
  freezeDates: fc
    .uniqueArray(fc.integer({ min: 0, max: 40 }), { maxLength: 5 })
    .map((days) => days.map((day) => new Date(onDay(day)).toISOString().slice(0, 10))),
});

/** Short lives, so that a story sees many of them; every one would be accepted at synth. */
const shortPolicy: fc.Arbitrary<Policy> = fc
  .record({
    rotateAfterDays: fc.integer({ min: 3, max: 20 }),
    disableGap: fc.integer({ min: 1, max: 5 }),
    deleteGap: fc.integer({ min: 1, max: 5 }),
    warnBeforeDays: fc.uniqueArray(fc.integer({ min: 1, max: 14 }), { maxLength: 2 }),
    neverUsed: fc.constantFrom('rotate', 'rotate', 'retire'),
    disable: fc.record(
      { maxHoldDays: fc.integer({ min: 0, max: 8 }), onlyWhenIdleDays: fc.integer({ min: 1, max: 6 }) },
      { requiredKeys: ['maxHoldDays'] },
    ),
    maxStepsPerSweep: fc.constantFrom(50, 1, 2),
    changeWindow: fc.option(window, { nil: undefined, freq: 3 }),
  })
  .map(({ disableGap, deleteGap, changeWindow, ...rest }): Policy => {
    const { rotateAfterDays, warnBeforeDays } = rest;
    const gap = Math.min(disableGap, rotateAfterDays - 2);
    const disableAfterDays = rotateAfterDays + gap;
    const deleteAfterDays = disableAfterDays + Math.min(deleteGap, rotateAfterDays - gap - 1);
    const warnings = warnBeforeDays.filter((days) => days < rotateAfterDays);
    const policy = { ...rest, disableAfterDays, deleteAfterDays, warnBeforeDays: warnings };
    return changeWindow === undefined ? policy : { ...policy, changeWindow };
  });

export const anyPolicy: fc.Arbitrary<Policy> = fc
  .oneof({ weight: 12, arbitrary: shortPolicy }, fc.constantFrom(presets.default, presets.cis))
  .filter((policy) => policyErrors(policy).length === 0);

/** As at synth: a window that is closed whenever the run comes would never let anything happen. */
export const fitting = (policy: Policy, runHour: number): boolean =>
  [0, 180].every((season) =>
    [0, 1, 2, 3, 4, 5, 6].some((day) => {
      const window = policy.changeWindow && { ...policy.changeWindow, freezeDates: [] };
      return isOpen(window, DAY_0 + (season + day) * 86_400_000 + runHour * 3_600_000);
    }),
  );

const withOpenHours = (policy: Policy, runHour: number): Policy =>
  policy.changeWindow === undefined || fitting(policy, runHour)
    ? policy
    : { ...policy, changeWindow: { ...policy.changeWindow, fromHour: 0, toHour: 24 } };

const firstKey: fc.Arbitrary<FirstKey> = fc.record(
  {
    ageDays: fc.oneof(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 400 })),
    status: fc.constantFrom('Active', 'Active', 'Active', 'Inactive'),
    usedDaysAgo: fc.integer({ min: 0, max: 20 }),
  },
  { requiredKeys: ['ageDays', 'status'] },
);

const firstUser: fc.Arbitrary<FirstUser> = fc.record({
  reach: fc.constantFrom('mail', 'mail and Slack', 'nobody knows the owner', 'unreachable'),
  keys: fc.oneof({ weight: 9, arbitrary: fc.array(firstKey, { maxLength: 2 }) }, fc.array(firstKey, { maxLength: 3 })),
});

const user = fc.nat({ max: 2 });
const which = fc.nat({ max: 1 });
const deed: fc.Arbitrary<Deed> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ what: fc.constantFrom('create', 'create', 'create beside another'), user }) },
  {
    weight: 12,
    arbitrary: fc.record({ what: fc.constantFrom('use', 'use', 'deactivate', 'activate', 'delete'), user, which }),
  },
  { weight: 2, arbitrary: fc.record({ what: fc.constantFrom('delete the user', 're-create the user'), user }) },
  { weight: 2, arbitrary: fc.record({ what: fc.constant('exempt'), user, days: fc.integer({ min: 1, max: 20 }) }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('revoke'), user }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('mode'), mode: fc.constantFrom('observe', 'enforce') }) },
  { weight: 1, arbitrary: fc.record({ what: fc.constant('policy'), policy: anyPolicy }) },
);

function anyHappening(lastDay: number): fc.Arbitrary<Happening> {
  const day = fc.nat({ max: lastDay });
  const moment = { day, after: fc.oneof(fc.constant(0), fc.nat({ max: 6 })) };
  const at: fc.Arbitrary<Moment> = fc.record({ ...moment, call });
  const between = fc.record({ ...moment, call: fc.oneof(fc.constantFrom(...inBetween), call) });
  const hour = fc.integer({ min: 1, max: 23 });
  const when = fc.constantFrom('before' as const, 'after' as const);
  const trouble = fc.constantFrom<Trouble>(
    'fails before',
    'fails after',
    'dies before',
    'dies after',
    'is refused',
    'is slow',
  );
  const times = fc.constantFrom(1, 1, 3);
  return fc.oneof(
    { weight: 10, arbitrary: fc.record({ kind: fc.constant('deed'), day, hour, deed }) },
    { weight: 6, arbitrary: fc.record({ kind: fc.constant('deed during'), at: between, when, deed }) },
    { weight: 10, arbitrary: fc.record({ kind: fc.constant('trouble'), at, trouble, times }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('no run', 'scheduled twice', 'no report'), day }) },
    { weight: 1, arbitrary: fc.record({ kind: fc.constant('delivered again'), day, atOnce: fc.boolean() }) },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('delivered late'), day, hours: fc.integer({ min: 1, max: 80 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ kind: fc.constant('short of time'), day, seconds: fc.integer({ min: 0, max: 20 }) }),
    },
    { weight: 1, arbitrary: fc.record({ kind: fc.constantFrom('stream again', 'stream reversed'), day }) },
    {
      weight: 4,
      arbitrary: fc.record({ kind: fc.constant('stream late'), day, days: fc.integer({ min: 1, max: 9 }) }),
    },
  );
}

/** Things that chance alone seldom brings together: each time they are one moment's. */
function anyCoincidence(lastDay: number): fc.Arbitrary<readonly Happening[]> {
  const at = fc.record({ day: fc.nat({ max: lastDay }), after: fc.constant(0) });
  const deedAt = (call: SimulatedCall, when: 'before' | 'after', deed: Deed, day: number): Happening => ({
    kind: 'deed during',
    at: { day, call, after: 0 },
    when,
    deed,
  });
  // A key made by hand while a rotation dies looks like the rotation's own, but for its use.
  const mistaken = fc
    .record({ at, user, trouble: fc.constantFrom<Trouble>('fails before', 'dies before'), isUsed: fc.boolean() })
    .map(({ at: { day }, user: whose, trouble, isUsed }): readonly Happening[] => [
      deedAt('iam.createKey', 'before', { what: 'create', user: whose }, day),
      { kind: 'trouble', at: { day, call: 'iam.createKey', after: 0 }, trouble, times: 1 },
      ...(isUsed ? [deedAt('iam.lastUse', 'before', { what: 'use', user: whose, which: 1 }, day)] : []),
    ]);
  // The successor goes between the decision to disable and the act.
  const bereaved = fc
    .record({ at, user, what: fc.constantFrom('deactivate', 'delete') })
    .map(({ at: { day }, user: whose, what }): readonly Happening[] => [
      deedAt('history.query', 'after', { what, user: whose, which: 1 }, day),
    ]);
  return fc.oneof(mistaken, bereaved);
}

const happenings = (lastDay: number, most: number): fc.Arbitrary<readonly Happening[]> =>
  fc
    .array(
      fc.oneof(
        { weight: 9, arbitrary: anyHappening(lastDay).map((one): readonly Happening[] => [one]) },
        { weight: 1, arbitrary: anyCoincidence(lastDay) },
      ),
      { maxLength: most, size: 'max' },
    )
    .map((groups) => groups.flat());

export interface StoryLimits {
  readonly mostDays: number;
  readonly mostHappenings: number;
}

/** Any story: its users, its policy, and what people, networks and processes do to them. */
export const anyStory = ({ mostDays, mostHappenings }: StoryLimits): fc.Arbitrary<Story> =>
  fc
    .record({
      policy: anyPolicy,
      mode: fc.constantFrom('enforce', 'enforce', 'enforce', 'observe'),
      users: fc.array(firstUser, { minLength: 1, maxLength: 3 }),
      days: fc.integer({ min: 3, max: mostDays }),
      happenings: happenings(mostDays, mostHappenings),
      runHour: fc.nat({ max: 23 }),
      lagSeconds: fc.constantFrom(0, 0, 5, 60),
      oldReports: fc.boolean(),
      comesAgainAfter: fc.constantFrom(26, 1),
      leases: fc.constantFrom(true, true, true, false),
    })
    .map((story) => ({
      ...story,
      policy: withOpenHours(story.policy, story.runHour),
      happenings: story.happenings.map((happening) => withOpenPolicy(happening, story.runHour)),
    }));

function withOpenPolicy(happening: Happening, runHour: number): Happening {
  if (!('deed' in happening) || happening.deed.what !== 'policy') return happening;
  return { ...happening, deed: { ...happening.deed, policy: withOpenHours(happening.deed.policy, runHour) } };
}
