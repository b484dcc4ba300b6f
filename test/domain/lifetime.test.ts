import { presets } from '../../lambda/domain/policy.ts';
import { aPolicy, keyId } from '../support/builders.ts';
import {
  bornWith,
  daysOf,
  type Life,
  type LivingKey,
  onDay,
  swept,
  sweptDaily,
  withKey,
  withoutLivingKey,
  withStatus,
  withUse,
} from './support/lifetime.ts';

const FIRST = keyId(1);
const SECOND = keyId(2);
const used = (day: number): Partial<LivingKey> => ({
  lastUse: { kind: 'used', at: onDay(day), service: 's3', region: 'eu-central-1' },
});
const datesOf = (life: Life, key = FIRST) => [
  ...daysOf(life, 'rotate', key),
  ...daysOf(life, 'disable', key),
  ...daysOf(life, 'delete', key),
];

describe('125 days of one user, a sweep a day', () => {
  test('a key made on day 0 is warned of on 76 and 87, rotated on 90, disabled on 100, deleted on 110', () => {
    const life = sweptDaily(withKey(bornWith(), 0), 0, 125);
    expect(daysOf(life, 'warn', FIRST)).toEqual([76, 87]);
    expect(datesOf(life)).toEqual([90, 100, 110]);
    expect(life.keys).toMatchObject([{ keyId: keyId(2), status: 'Active', createdAt: onDay(90) }]);
  });

  test('a key 400 days old on day 0 is rotated on 0, disabled on 10, deleted on 20, and its successor lives on', () => {
    const life = sweptDaily(withKey(bornWith(), -400), 0, 125);
    expect(datesOf(life)).toEqual([0, 10, 20]);
    expect(daysOf(life, 'rotate', keyId(2))).toEqual([90]);
    expect(daysOf(life, 'disable', keyId(2))).toEqual([100]);
    expect(daysOf(life, 'delete', keyId(2))).toEqual([110]);
  });

  test('with cis a key is rotated on 75, disabled on 82, deleted on 89: none is ever Active for more than 90 days', () => {
    expect(datesOf(sweptDaily(withKey(bornWith(presets.cis), 0), 0, 125))).toEqual([75, 82, 89]);
  });

  test('a fortnight without runs delays what falls into it, and leaves out nothing', () => {
    const before = sweptDaily(withKey(bornWith(), 0), 0, 86);
    const life = sweptDaily(before, 101, 125);
    expect(daysOf(life, 'warn', FIRST)).toEqual([76]);
    expect(datesOf(life)).toEqual([101, 111, 121]);
  });

  test('of two old keys the one in use stays, and is rotated in the sweep that deletes the other', () => {
    const two = withKey(withKey(bornWith(), -300, used(-1)), -200);
    const life = sweptDaily(two, 0, 60);
    expect(datesOf(life, SECOND)).toEqual([10, 20]);
    expect(datesOf(life, FIRST)).toEqual([20, 30, 40]);
  });

  test('beside a key made by hand the older one retires, and the newer one has its own 90 days', () => {
    const life = sweptDaily(withKey(withKey(bornWith(), 0), 60), 60, 200);
    expect(daysOf(life, 'start-retirement', FIRST)).toEqual([90]);
    expect(datesOf(life, FIRST)).toEqual([100, 110]);
    expect(datesOf(life, SECOND)).toEqual([150, 160, 170]);
  });

  test('an Inactive key in the way goes first, so that the rotation is on time', () => {
    const life = sweptDaily(withKey(withKey(bornWith(), 0), 5, { status: 'Inactive' }), 5, 125);
    expect(datesOf(life, SECOND)).toEqual([90]);
    expect(datesOf(life, FIRST)).toEqual([90, 100, 110]);
  });

  test('an Inactive key beside one that is long due delays the rotation by the delete gap', () => {
    const life = sweptDaily(withKey(withKey(bornWith(), -200), -50, { status: 'Inactive' }), 0, 60);
    expect(datesOf(life, SECOND)).toEqual([10]);
    expect(datesOf(life, FIRST)).toEqual([10, 20, 30]);
  });

  test('with only Inactive keys no key is ever made', () => {
    const life = sweptDaily(withKey(bornWith(), -400, { status: 'Inactive' }), 0, 125);
    expect(datesOf(life)).toEqual([10]);
    expect(life.keys).toEqual([]);
    expect(life.steps.at(-1)?.step).toEqual({ kind: 'none', reason: 'no-keys' });
  });

  test('a young Inactive key alone goes at 110 days', () => {
    expect(datesOf(sweptDaily(withKey(bornWith(), 0, { status: 'Inactive' }), 0, 125))).toEqual([110]);
  });

  test('reactivated on day 103, a key is disabled again on 113 and deleted on 123', () => {
    const disabled = sweptDaily(withKey(bornWith(), 0), 0, 102);
    const life = sweptDaily(withStatus(disabled, FIRST, 'Active'), 103, 125);
    expect(daysOf(life, 'record-reactivated', FIRST)).toEqual([103]);
    expect(datesOf(life)).toEqual([90, 100, 113, 123]);
  });

  test('however often it is reactivated, it gets a gap each time', () => {
    let life = sweptDaily(withKey(bornWith(), 0), 0, 102);
    life = sweptDaily(withStatus(life, FIRST, 'Active'), 103, 114);
    life = sweptDaily(withStatus(life, FIRST, 'Active'), 115, 140);
    expect(datesOf(life)).toEqual([90, 100, 113, 125, 135]);
  });
});

describe('lives that take a turn', () => {
  test('nothing goes on while nobody can be told, and all of it once somebody is', () => {
    let life = withKey(bornWith(), -400);
    life = swept(life, 0, false);
    life = sweptDaily(life, 1, 50);
    expect(datesOf(life)).toEqual([0]);
    expect(life.steps.filter(({ step }) => step.kind === 'wait' && step.isNew)).toMatchObject([
      { day: 10, step: { reason: 'notice-undelivered' } },
    ]);
    life = sweptDaily({ ...life, untold: new Set() }, 51, 70);
    expect(datesOf(life)).toEqual([0, 51, 61]);
  });

  test('a key in use is held until it is idle, and told once', () => {
    const policy = aPolicy({ disable: { onlyWhenIdleDays: 7, maxHoldDays: 30 } });
    let life = sweptDaily(withUse(withKey(bornWith(policy), -400), FIRST, onDay(0)), 0, 9);
    life = sweptDaily(withUse(life, FIRST, onDay(8)), 10, 40);
    expect(datesOf(life)).toEqual([0, 15, 25]);
    expect(life.steps.filter(({ step }) => step.kind === 'wait' && step.isNew)).toMatchObject([
      { day: 10, step: { reason: 'in-use', until: onDay(15) } },
    ]);
  });

  test('a key used every day is held for 30 days and no longer', () => {
    const policy = aPolicy({ disable: { onlyWhenIdleDays: 7, maxHoldDays: 30 } });
    let life = withKey(bornWith(policy), -400);
    for (let day = 0; day <= 60; day += 1) life = swept(withUse(life, FIRST, onDay(day)), day);
    expect(datesOf(life)).toEqual([0, 40, 50]);
  });

  test('unused keys retire when the policy says so, beside an Inactive one without back and forth', () => {
    const policy = aPolicy({ neverUsed: 'retire' });
    const life = sweptDaily(withKey(withKey(bornWith(policy), 0), -200, { status: 'Inactive' }), 0, 125);
    expect(datesOf(life, FIRST)).toEqual([100, 110]);
    expect(daysOf(life, 'start-retirement', SECOND)).toEqual([101]);
    expect(datesOf(life, SECOND)).toEqual([111]);
    expect(life.steps.filter(({ step }) => step.kind === 'cancel-retirement')).toEqual([]);
  });

  test('an owner who deletes the new key instead of the old one gets another', () => {
    const rotated = sweptDaily(withKey(bornWith(), -400), 0, 3);
    const [, incoming] = rotated.keys;
    if (incoming === undefined) throw new Error('nothing was rotated');
    const life = sweptDaily(withoutLivingKey(rotated, incoming.keyId), 4, 30);
    expect(datesOf(life)).toEqual([0, 4, 14, 24]);
  });

  test('a policy that becomes faster in the middle brings no promised date forward', () => {
    const slow = aPolicy({ rotateAfterDays: 90, disableAfterDays: 120, deleteAfterDays: 150 });
    const rotated = sweptDaily(withKey(bornWith(slow), 0), 0, 91);
    const life = sweptDaily({ ...rotated, policy: presets.default }, 92, 140);
    expect(datesOf(life)).toEqual([90, 120, 130]);
  });

  test('a policy that becomes slower in the middle puts the dates off', () => {
    const rotated = sweptDaily(withKey(bornWith(), 0), 0, 91);
    const slow = aPolicy({ rotateAfterDays: 90, disableAfterDays: 120, deleteAfterDays: 150 });
    expect(datesOf(sweptDaily({ ...rotated, policy: slow }, 92, 160))).toEqual([90, 120, 150]);
  });
});
