import { DailyFigures, type Figure, forecastAccount } from '../../../lambda/domain/forecast/account-forecast.ts';
import { Futures, type Happening } from '../../../lambda/domain/forecast/futures.ts';
import { holdsOf, storyOf } from '../../../lambda/domain/forecast/held-up.ts';
import { type PatternKey, userOf } from '../../../lambda/domain/forecast/key-pattern.ts';
import { ofEverybody } from '../../../lambda/domain/forecast/pretended-user.ts';
import { type Policy, presets } from '../../../lambda/domain/policy.ts';
import type { Step } from '../../../lambda/domain/step.ts';
import { DAY } from '../../../lambda/domain/time.ts';
import { anExemption, aPolicy, at } from '../../support/builders.ts';

const START = at('2026-01-01T06:17:00.000Z');

const active = (ageDays: number, usedDaysAgo?: number): PatternKey => ({
  active: true,
  since: START - ageDays * DAY,
  ...(usedDaysAgo === undefined ? {} : { usedAt: START - usedDaysAgo * DAY }),
});
const inactive = (ageDays: number): PatternKey => ({ ...active(ageDays), active: false });

interface Asked {
  readonly policy?: Policy;
  readonly days?: number;
}

function lifeOf(keys: readonly PatternKey[], { policy = presets.default, days = 125 }: Asked = {}) {
  const futures = new Futures(policy, START, days);
  return { futures, life: futures.life(userOf(keys, START, { withUses: true })) };
}

const lifeOfOne = (futures: Futures) => futures.life(userOf([active(400)], START, { withUses: true }));

function daysOf(keys: readonly PatternKey[], asked: Asked = {}, count = 1) {
  const { futures, life } = lifeOf(keys, asked);
  const figures = forecastAccount(futures, [{ life, count }]);
  const on = (figure: Figure) =>
    Array.from({ length: figures.days }, (_, day) => Array<number>(figures.of(figure, day)).fill(day)).flat();
  return { rotate: on('rotate'), disable: on('disable'), delete: on('delete'), figures };
}

describe('the life of a user as the rules of the sweep have it', () => {
  test('a key made on day 0 is rotated on 90, disabled on 100, deleted on 110', () => {
    expect(daysOf([active(0)])).toMatchObject({ rotate: [90], disable: [100], delete: [110] });
  });

  test('with cis on 75, 82 and 89', () => {
    expect(daysOf([active(0)], { policy: presets.cis })).toMatchObject({ rotate: [75], disable: [82], delete: [89] });
  });

  test('a key made in the afternoon waits for the morning after its 90 days', () => {
    expect(daysOf([active(0.4)]).rotate).toEqual([90]);
    expect(daysOf([active(1.4)]).rotate).toEqual([89]);
  });

  test('a key 400 days old is rotated on 0, disabled on 10, deleted on 20; its successor 91 days later, as runs come moments too early for it', () => {
    expect(daysOf([active(400, 3)])).toMatchObject({ rotate: [0, 91], disable: [10, 101], delete: [20, 111] });
  });

  test('of two old keys the less recently used goes first, then the other is rotated', () => {
    const one = daysOf([active(300, 1), active(200, 50)], { days: 60 });
    expect(one).toMatchObject({ rotate: [20], disable: [10, 30], delete: [20, 40] });
    expect(daysOf([active(300), active(200, 1)], { days: 60 })).toMatchObject({ rotate: [20] });
  });

  test('on the day of the same run the order of last uses still counts', () => {
    const first = lifeOf([active(300, 1.2), active(200, 1.4)], { days: 30 });
    const second = lifeOf([active(300, 1.4), active(200, 1.2)], { days: 30 });
    const leaving = ({ futures, life }: typeof first) => futures.next(life, 0)?.steps[0];
    expect(leaving(first)).toMatchObject({ kind: 'start-retirement', keyId: first.life.user.keys[1]?.keyId });
    expect(leaving(second)).toMatchObject({ kind: 'start-retirement', keyId: second.life.user.keys[0]?.keyId });
  });

  test('beside a key made by hand the older one retires, and the newer has its own 90 days', () => {
    const days = daysOf([active(60), active(0)], { days: 125 });
    expect(days).toMatchObject({ rotate: [90], disable: [40, 100], delete: [50, 110] });
  });

  test('with only Inactive keys none is ever made', () => {
    expect(daysOf([inactive(400)])).toMatchObject({ rotate: [], disable: [], delete: [10] });
    const { futures, life } = lifeOf([inactive(400)]);
    expect(holdsOf(futures, life)).toEqual([{ reason: 'inactive-only', day: 0, days: 125, ends: false }]);
  });

  test('an Inactive key in the way is deleted first, and holds the rotation up', () => {
    const keys = [active(200), inactive(50)];
    expect(daysOf(keys, { days: 60 })).toMatchObject({ rotate: [10], disable: [20], delete: [10, 30] });
    const { futures, life } = lifeOf(keys, { days: 60 });
    expect(holdsOf(futures, life)).toEqual([{ reason: 'slot-busy', day: 0, days: 10, ends: true }]);
  });

  test('a key that was never used is rotated, or retires where the policy says so', () => {
    expect(daysOf([active(400)], { days: 60 }).rotate).toEqual([0]);
    const policy = aPolicy({ neverUsed: 'retire' });
    expect(daysOf([active(400)], { policy, days: 60 })).toMatchObject({ rotate: [], disable: [10], delete: [20] });
    expect(daysOf([active(400, 30)], { policy, days: 60 }).rotate).toEqual([0]);
  });

  test('a key in use is held until it is idle', () => {
    const policy = aPolicy({ disable: { onlyWhenIdleDays: 14, maxHoldDays: 30 } });
    expect(daysOf([active(400, 1)], { policy, days: 60 })).toMatchObject({ rotate: [0], disable: [13], delete: [23] });
  });

  test('one in use to the last goes when the hold is over, and its owner is reminded of that day', () => {
    const policy = aPolicy({ disable: { onlyWhenIdleDays: 60, maxHoldDays: 30 } });
    const { figures, disable } = daysOf([active(400, 1)], { policy, days: 60 });
    expect(disable).toEqual([40]);
    const told = Array.from({ length: 60 }, (_, day) => day).filter((day) => figures.of('notices', day) > 0);
    expect(told).toEqual([0, 1, 10, 39, 40, 47, 50]);
  });

  test.each([
    ['a key whose date passes under an exemption is given another when that ends', 40, [50], [60]],
    ['one whose date comes after the end keeps it', 8, [10], [20]],
  ])('%s', (_rule, until, disable, remove) => {
    const futures = new Futures(presets.default, START, 75);
    const { life: replaced } = futures.outcome(futures.next(lifeOfOne(futures), 0) as Happening);
    const exemptions = [ofEverybody(anExemption({ expiresAt: START + until * DAY }))];
    const life = futures.life({ ...replaced.user, exemptions });
    const happened = [...storyOf(futures, life)];
    const on = (kind: Step['kind']) =>
      happened.filter(({ steps }) => steps.some((step) => step.kind === kind)).map(({ day }) => day);
    expect([on('disable'), on('delete')]).toEqual([disable, remove]);
    expect(holdsOf(futures, life)).toEqual([{ reason: 'exempt', day: 0, days: until, ends: true }]);
  });

  test('without keys nothing happens', () => {
    const { figures, ...days } = daysOf([]);
    expect(days).toEqual({ rotate: [], disable: [], delete: [] });
    expect(figures.total('notices')).toBe(0);
  });
});

describe('figures', () => {
  test('owners are told 14 and 3 days ahead, of the rotation, its success, the disable, the coming delete and the delete', () => {
    const { figures } = daysOf([active(0)]);
    const days = Array.from({ length: 125 }, (_, day) => day).filter((day) => figures.of('notices', day) > 0);
    expect(days).toEqual([76, 87, 90, 91, 100, 107, 110]);
    expect(figures.total('messages')).toBe(7);
    expect([figures.of('secrets', 90), figures.total('secrets')]).toEqual([1, 1]);
  });

  test('one owner of several users gets one message a run', () => {
    const futures = new Futures(presets.default, START, 30);
    const owned = (ageDays: number) =>
      futures.life(userOf([active(ageDays)], START, { withUses: true, owner: 'operators' }));
    const figures = forecastAccount(futures, [
      { life: owned(400), count: 3 },
      { life: owned(500), count: 2 },
    ]);
    expect([figures.of('notices', 0), figures.of('messages', 0)]).toEqual([5, 1]);
  });

  test('a window that is closed on the day defers to its opening', () => {
    // 2026-01-01 is a Thursday; day 10 is a Sunday, day 11 a Monday.
    const changeWindow = { weekdays: [1], fromHour: 0, toHour: 24, timeZone: 'UTC', freezeDates: [] };
    const policy = aPolicy({ changeWindow });
    expect(daysOf([active(400)], { policy, days: 60 })).toMatchObject({ rotate: [0], disable: [11], delete: [25] });
    const { futures, life } = lifeOf([active(400)], { policy, days: 60 });
    expect(holdsOf(futures, life)).toMatchObject([
      { reason: 'window-closed', day: 10, days: 1 },
      { reason: 'window-closed', day: 21, days: 4 },
    ]);
  });

  test('caps let the oldest through, and count what waits', () => {
    const policy = aPolicy({ maxStepsPerSweep: 2 });
    const futures = new Futures(policy, START, 30);
    const cohort = (ageDays: number, count: number) => ({
      life: futures.life(userOf([active(ageDays)], START, { withUses: true })),
      count,
    });
    const figures = forecastAccount(futures, [cohort(150, 1), cohort(300, 3), cohort(200, 1)]);
    const on = (figure: Figure) => [0, 1, 2, 3].map((day) => figures.of(figure, day));
    expect(on('rotate')).toEqual([2, 2, 1, 0]);
    expect(on('deferred')).toEqual([3, 1, 0, 0]);
    expect([10, 11, 12].map((day) => figures.of('disable', day))).toEqual([2, 2, 1]);
  });

  test('accounts add up', () => {
    const sum = new DailyFigures(125);
    sum.addAll(daysOf([active(400)]).figures);
    sum.addAll(daysOf([active(400)], {}, 4).figures);
    expect(sum.of('rotate', 0)).toBe(5);
  });
});
