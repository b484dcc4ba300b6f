import { reminders } from '../../lambda/domain/decide-reminders.ts';
import type { KeyFacts } from '../../lambda/domain/facts.ts';
import { parseRequestId } from '../../lambda/domain/ids.ts';
import type { Policy } from '../../lambda/domain/policy.ts';
import { LookUps } from '../../lambda/domain/situation.ts';
import type { Step } from '../../lambda/domain/step.ts';
import type { IsoTime } from '../../lambda/domain/time.ts';
import type { Retirement } from '../../lambda/domain/tracking.ts';
import { anExemption, aPolicy, aRetirement, at, aUser, keyId } from '../support/builders.ts';
import {
  ANNOUNCEMENT,
  decisionOn,
  inactive,
  keyMade,
  kindsOn,
  neverUsed,
  reportedUnused,
  reportedUsed,
  retiring,
  stepsOn,
  used,
} from './support/deciding.ts';

const kinds = ['remind-still-used', 'remind-delete-coming'];
const remindersIn = (steps: readonly Step[]) => steps.filter(({ kind }) => kinds.includes(kind));

// Replaced on 1 April, to be disabled on 11 April: half-way is 6 April, the day before 10 April.
const replaced = (overrides: Partial<Retirement> = {}) =>
  aRetirement({
    keyId: keyId(1),
    why: 'rotated',
    successorKeyId: keyId(2),
    startedAt: at('2026-04-01T00:00:00Z'),
    announcement: ANNOUNCEMENT,
    promisedAt: at('2026-04-11T00:00:00Z'),
    ...overrides,
  });

interface Given extends Partial<Retirement> {
  readonly old?: Partial<KeyFacts>;
  readonly policy?: Policy;
}
const inUse = reportedUsed('2026-04-03T10:00:00Z', 'sqs', 'us-east-1');

const given = ({ old = inUse, policy = aPolicy(), ...retirement }: Given) => ({
  keys: [keyMade('2026-01-01T00:00:00Z', 1, old), keyMade('2026-04-01T00:00:20Z', 2, reportedUnused)],
  tracking: retiring(replaced(retirement)),
  policy,
});
const remindersOn = (now: IsoTime, overrides: Given = {}) => remindersIn(stepsOn(now, given(overrides)));
const namesOn = (now: IsoTime, overrides: Given = {}) =>
  remindersOn(now, overrides).map((step) => ('reminder' in step ? step.reminder : step.kind));

describe('a key that is used although its successor is there', () => {
  test.each([
    ['a moment before half-way', '2026-04-05T23:59:59.999Z', []],
    ['half-way', '2026-04-06T00:00:00Z', ['half-way']],
    ['a moment before the last day', '2026-04-09T23:59:59.999Z', ['half-way']],
    [
      'the day before, late for half-way: once, and with the nearer date in mind',
      '2026-04-10T00:00:00Z',
      ['day-before'],
    ],
    ['a moment before it stops', '2026-04-10T23:59:59.999Z', ['day-before']],
    ['when it stops', '2026-04-11T00:00:00Z', []],
  ])('%s', (_when, now, expected) => {
    expect(namesOn(now)).toEqual(expected);
  });

  test('is told what uses it, whether its successor is in use as well, and when it stops', () => {
    const step = {
      kind: 'remind-still-used',
      keyId: keyId(1),
      successorKeyId: keyId(2),
      reminder: 'half-way',
      use: { at: at('2026-04-03T10:00:00Z'), service: 'sqs', region: 'us-east-1' },
      adopted: false,
      disableAt: at('2026-04-11T00:00:00Z'),
    };
    expect(remindersOn('2026-04-06T00:00:00Z')).toEqual([step]);
    const adopted = { at: at('2026-04-02T00:00:00Z'), service: 's3', region: 'eu-central-1' };
    expect(remindersOn('2026-04-06T00:00:00Z', { adopted })).toEqual([{ ...step, adopted: true }]);
  });

  test('is reminded of each once', () => {
    expect(namesOn('2026-04-07T00:00:00Z', { reminded: ['half-way'] })).toEqual([]);
    expect(namesOn('2026-04-10T00:00:00Z', { reminded: ['half-way'] })).toEqual(['day-before']);
    expect(namesOn('2026-04-10T06:00:00Z', { reminded: ['half-way', 'day-before'] })).toEqual([]);
  });

  test.each([
    ['when the retirement began is not used since', '2026-04-01T00:00:00Z', []],
    ['a moment later is', '2026-04-01T00:00:00.001Z', ['half-way']],
  ])('used %s', (_when, on, expected) => {
    expect(namesOn('2026-04-06T00:00:00Z', { old: reportedUsed(on) })).toEqual(expected);
  });

  test('goes by the date that was promised', () => {
    const promisedAt = at('2026-04-21T00:00:00Z');
    expect(namesOn('2026-04-10T23:59:59.999Z', { promisedAt })).toEqual([]);
    expect(remindersOn('2026-04-11T00:00:00Z', { promisedAt })).toMatchObject([{ disableAt: promisedAt }]);
    expect(namesOn('2026-04-20T00:00:00Z', { promisedAt })).toEqual(['day-before']);
  });

  test.each([
    ['of 4 days has both', 94, '2026-04-03T00:00:00Z', ['half-way']],
    ['under 4 days has only the last', 93, '2026-04-02T23:59:59.999Z', []],
    ['under 4 days has the last', 93, '2026-04-03T00:00:00Z', ['day-before']],
  ])('a gap %s', (_gap, disableAfterDays, now, expected) => {
    const policy = aPolicy({ disableAfterDays });
    const promisedAt = at('2026-04-02T00:00:00Z');
    const old = reportedUsed('2026-04-01T10:00:00Z');
    expect(namesOn(now, { policy, promisedAt, old })).toEqual(expected);
  });

  test('is a matter of whoever replaced it by hand, too', () => {
    expect(namesOn('2026-04-06T00:00:00Z', { why: 'replaced-by-hand' })).toEqual(['half-way']);
    expect(namesOn('2026-04-06T00:00:00Z', { why: 'both-due' })).toEqual(['half-way']);
  });

  describe('to fetch its successor with', () => {
    const adopted = { at: at('2026-04-03T10:00:00Z'), service: 's3', region: 'eu-central-1' };
    test.each([
      ['is not used any more: its owner has installed that', 'secretsmanager', '2026-04-03T09:59:00Z', []],
      ['is not, to the grain of 15 minutes that AWS has', 'sts', '2026-04-03T10:15:00Z', []],
      ['and again later is', 'secretsmanager', '2026-04-03T10:15:00.001Z', ['half-way']],
      ['and for something else is', 's3', '2026-04-03T09:59:00Z', ['half-way']],
    ])('%s', (_what, service, on, expected) => {
      expect(namesOn('2026-04-06T00:00:00Z', { adopted, old: reportedUsed(on, service) })).toEqual(expected);
    });

    test('is used, while the successor lies about', () => {
      const old = reportedUsed('2026-04-03T09:59:00Z', 'secretsmanager');
      expect(remindersOn('2026-04-06T00:00:00Z', { old })).toMatchObject([{ use: { service: 'secretsmanager' } }]);
    });
  });

  test('that is held because it is in use is told that, and nothing else', () => {
    const policy = aPolicy({ disable: { onlyWhenIdleDays: 7, maxHoldDays: 30 } });
    const held = given({ old: used('2026-04-10T10:00:00Z'), policy });
    expect(kindsOn('2026-04-11T00:00:00Z', held)).toEqual(['wait disable in-use', 'none young']);
  });

  test('that was restored, or shall stop at once, is nothing to remind of', () => {
    expect(namesOn('2026-04-06T00:00:00Z', { restoredUntil: at('2026-04-11T00:00:00Z') })).toEqual([]);
    const disableNow = parseRequestId('01FAKE0000REQUEST100000001');
    expect(namesOn('2026-04-06T00:00:00Z', { disableNow })).toEqual([]);
  });
});

describe('where the report does not say whether it is used', () => {
  test('it is asked when a reminder is due, and not before', () => {
    expect(decisionOn('2026-04-05T23:59:59.999Z', given({ old: {} })).kind).toBe('steps');
    expect(decisionOn('2026-04-06T00:00:00Z', given({ old: {} }))).toEqual({
      kind: 'look-up',
      lastUseOf: [keyId(1)],
      deliveryOf: [],
    });
  });

  test('it is not asked once it has been told', () => {
    expect(decisionOn('2026-04-07T00:00:00Z', given({ old: {}, reminded: ['half-way'] })).kind).toBe('steps');
  });

  test('the answer counts', () => {
    expect(namesOn('2026-04-06T00:00:00Z', { old: used('2026-04-03T10:00:00Z') })).toEqual(['half-way']);
    expect(namesOn('2026-04-06T00:00:00Z', { old: neverUsed })).toEqual([]);
  });

  test('nobody is asked while another key of the user is to be changed: a failing answer would put that off', () => {
    const { keys, tracking, policy } = given({ old: {} });
    const asked = (other: Step) => {
      const lookUps = new LookUps();
      const user = aUser({ keys });
      const now = at('2026-04-06T00:00:00Z');
      reminders({ user, tracking, delivered: new Map(), policy, now, clock: now, observing: false, lookUps }, [other]);
      return [...lookUps.lastUseOf];
    };
    const about = { keyId: keyId(2), createdAt: at('2026-04-01T00:00:20Z') };
    expect(asked({ kind: 'none', reason: 'young', keyId: keyId(2) })).toEqual([keyId(1)]);
    expect(asked({ kind: 'rotate', reason: 'requested', ...about })).toEqual([]);
    expect(asked({ kind: 'delete', reason: 'rotated', ...about })).toEqual([]);
  });

  test('the report is believed, and nobody asked', () => {
    expect(decisionOn('2026-04-06T00:00:00Z', given({ old: reportedUnused })).kind).toBe('steps');
  });
});

describe('nobody is reminded', () => {
  const [old, successor] = given({}).keys as [KeyFacts, KeyFacts];
  test.each([
    ['of a key whose user is exempt', { exemption: anExemption() }],
    ['of a key whose user is blocked', { keys: [old, successor, keyMade('2026-03-01T00:00:00Z', 3)] }],
    ['that its pretended successor is not installed', { keys: [old, { ...successor, pretended: true as const }] }],
    ['of a key that is gone', { keys: [successor] }],
    ['of a key whose successor is gone: it stays', { keys: [old] }],
    ['of a key that somebody has just been found to have disabled', { keys: [{ ...old, ...inactive }, successor] }],
  ])('%s', (_what, overrides) => {
    expect(remindersIn(stepsOn('2026-04-06T00:00:00Z', { ...given({}), ...overrides }))).toEqual([]);
  });

  test('of a key that retires because nobody ever used it', () => {
    const { successorKeyId: _, ...alone } = replaced({ why: 'never-used' });
    expect(remindersIn(stepsOn('2026-04-06T00:00:00Z', { ...given({}), tracking: retiring(alone) }))).toEqual([]);
  });
});

describe('a key that Keyturn disabled', () => {
  // On 11 April; to be deleted on 21 April.
  const disabled = (overrides: Given = {}): Given => ({
    old: { ...inactive, ...reportedUnused },
    disabledAt: at('2026-04-11T00:00:00Z'),
    promisedAt: at('2026-04-21T00:00:00Z'),
    ...overrides,
  });

  test.each([
    ['a moment before three days are left', '2026-04-17T23:59:59.999Z', []],
    ['three days before it is deleted', '2026-04-18T00:00:00Z', ['remind-delete-coming']],
    ['a moment before it is deleted', '2026-04-20T23:59:59.999Z', ['remind-delete-coming']],
    ['when it is deleted', '2026-04-21T00:00:00Z', []],
  ])('%s', (_when, now, expected) => {
    expect(namesOn(now, disabled())).toEqual(expected);
  });

  test.each([
    ['of 6 days: three days before', 106, '2026-04-13T23:59:59.999Z', []],
    ['of 6 days: three days before', 106, '2026-04-14T00:00:00Z', ['remind-delete-coming']],
    ['of 5 days: half of it before', 105, '2026-04-13T11:59:59.999Z', []],
    ['of 5 days: half of it before', 105, '2026-04-13T12:00:00Z', ['remind-delete-coming']],
  ])('with a gap %s (%s)', (_gap, deleteAfterDays, now, expected) => {
    const policy = aPolicy({ deleteAfterDays });
    expect(namesOn(now, disabled({ policy, promisedAt: at('2026-04-12T00:00:00Z') }))).toEqual(expected);
  });

  test('is told of once, with its date', () => {
    expect(remindersOn('2026-04-18T00:00:00Z', disabled())).toEqual([
      { kind: 'remind-delete-coming', keyId: keyId(1), deleteAt: at('2026-04-21T00:00:00Z') },
    ]);
    expect(namesOn('2026-04-19T00:00:00Z', disabled({ reminded: ['delete-coming'] }))).toEqual([]);
  });

  test('is told of whatever was told before it was disabled', () => {
    expect(namesOn('2026-04-18T00:00:00Z', disabled({ reminded: ['half-way', 'day-before'] }))).toEqual([
      'remind-delete-coming',
    ]);
  });

  test('by another hand, or Inactive when it was found, is not', () => {
    expect(namesOn('2026-04-18T00:00:00Z', disabled({ disabledBy: 'somebody' }))).toEqual([]);
    const found = retiring(
      aRetirement({ keyId: keyId(1), why: 'inactive-only', promisedAt: at('2026-04-21T00:00:00Z') }),
    );
    const keys = [keyMade('2026-01-01T00:00:00Z', 1, inactive)];
    expect(remindersIn(stepsOn('2026-04-18T00:00:00Z', { keys, tracking: found }))).toEqual([]);
  });

  test('that is found Active again is announced anew instead', () => {
    expect(kindsOn('2026-04-18T00:00:00Z', given(disabled({ old: inUse })))).toEqual([
      'record-reactivated',
      'none young',
    ]);
  });
});

test('where keys are only observed, what is real is told of all the same', () => {
  const observed = { ...given({}), observing: true };
  expect(remindersIn(stepsOn('2026-04-06T00:00:00Z', observed))).toMatchObject([{ reminder: 'half-way' }]);
  const disabledAt = at('2026-04-11T00:00:00Z');
  const world = { ...given({ old: inactive, disabledAt, promisedAt: at('2026-04-21T00:00:00Z') }), observing: true };
  expect(remindersIn(stepsOn('2026-04-18T00:00:00Z', world))).toMatchObject([{ kind: 'remind-delete-coming' }]);
  const pretended = world.keys.map((key) => ({ ...key, pretended: true as const }));
  expect(remindersIn(stepsOn('2026-04-18T00:00:00Z', { ...world, keys: pretended }))).toEqual([]);
});

describe('a reminder and a step of the same user', () => {
  // Disabled on 11 April and due on 21 April; its successor is due for rotation itself.
  test('come in that order', () => {
    const tracking = {
      ...retiring(replaced({ disabledAt: at('2026-06-20T00:00:00Z'), promisedAt: at('2026-06-30T00:00:00Z') })),
      exemptionTold: anExemption().id,
    };
    const keys = [keyMade('2026-01-01T00:00:00Z', 1, inactive), keyMade('2026-04-01T00:00:20Z', 2, inUse)];
    expect(kindsOn('2026-07-01T00:00:00Z', { keys, tracking })).toEqual([
      'delete rotated',
      'rotate slot-freed',
      'tell-exemption-ended',
    ]);
  });
});
