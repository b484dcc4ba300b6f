import * as fc from 'fast-check';
import { anyPolicy } from './any-policy.ts';
import type { Deed, Happening, Moment, SimulatedCall, Trouble } from './story.ts';

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
  'iam.enableKey',
];

const others: readonly SimulatedCall[] = [
  'account.open',
  'state.takeLease',
  'state.load',
  'state.remember',
  'state.releaseLease',
  'owners.exemptions',
  'owners.requests',
  'owners.deleteRequest',
  'iam.keysWith',
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
  'outbox.put',
  'outbox.waiting',
  'outbox.keep',
  'outbox.remove',
  'outbox.close',
  'channel.sns',
  'channel.slack',
  'channel.operators-topic',
];

/** Calls between reading and changing: what people do right then must still be noticed. */
const inBetween: readonly SimulatedCall[] = ['history.query', 'iam.lastUse', 'state.load', 'iam.keys'];

const call = fc.oneof({ weight: 3, arbitrary: fc.constantFrom(...momentous) }, fc.constantFrom(...others));

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
  {
    weight: 5,
    arbitrary: fc.record({
      what: fc.constantFrom('ask to rotate', 'ask to stop', 'ask to restore', 'ask to snooze'),
      user,
      which: fc.nat({ max: 2 }),
      amount: fc.integer({ min: 1, max: 60 }),
    }),
  },
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
  // Every message comes twice, and both are worked on at once.
  const doubled = at.map(({ day }): readonly Happening[] =>
    Array.from({ length: 8 }, (_, n) => ({ kind: 'delivered again', day: day + n, atOnce: true })),
  );
  return fc.oneof(mistaken, bereaved, doubled);
}

/** What happens in a story up to that day. */
export const happenings = (lastDay: number, most: number): fc.Arbitrary<readonly Happening[]> =>
  fc
    .array(
      fc.oneof(
        { weight: 9, arbitrary: anyHappening(lastDay).map((one): readonly Happening[] => [one]) },
        { weight: 1, arbitrary: anyCoincidence(lastDay) },
      ),
      { maxLength: most, size: 'max' },
    )
    .map((groups) => groups.flat());
