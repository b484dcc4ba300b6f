import { type ChangeWindow, isOpen, nextOpening } from '../../lambda/domain/change-window.ts';
import { toIso } from '../../lambda/domain/time.ts';
import { at } from '../support/builders.ts';

const EVERY_DAY = [1, 2, 3, 4, 5, 6, 7];
const WEEKDAYS = [1, 2, 3, 4, 5];
const windowOf = (overrides: Partial<ChangeWindow>): ChangeWindow => ({
  weekdays: EVERY_DAY,
  fromHour: 9,
  toHour: 17,
  timeZone: 'UTC',
  freezeDates: [],
  ...overrides,
});
const openOn = (window: ChangeWindow, now: string) => isOpen(window, at(now));
const opensAfter = (window: ChangeWindow, now: string) => {
  const next = nextOpening(window, at(now));
  return next === undefined ? undefined : toIso(next);
};

describe('a change window is open', () => {
  test('always, when there is none', () => {
    expect(isOpen(undefined, at('2026-04-11T03:00:00Z'))).toBe(true);
    expect(nextOpening(undefined, at('2026-04-11T03:00:01Z'))).toBe(at('2026-04-11T03:00:01Z'));
  });

  test.each([
    ['not a moment before its first hour', '2026-04-14T08:59:59.999Z', false],
    ['from its first hour on', '2026-04-14T09:00:00Z', true],
    ['until a moment before its last', '2026-04-14T16:59:59.999Z', true],
    ['not from its last hour on', '2026-04-14T17:00:00Z', false],
  ])('%s', (_rule, now, open) => {
    expect(openOn(windowOf({}), now)).toBe(open);
  });

  test('until midnight when its last hour is 24', () => {
    const window = windowOf({ fromHour: 23, toHour: 24 });
    expect(openOn(window, '2026-04-14T23:59:59.999Z')).toBe(true);
    expect(openOn(window, '2026-04-15T00:00:00Z')).toBe(false);
  });

  test('from midnight when its first hour is 0', () => {
    const window = windowOf({ fromHour: 0, toHour: 1 });
    expect(openOn(window, '2026-04-14T23:59:59.999Z')).toBe(false);
    expect(openOn(window, '2026-04-15T00:00:00Z')).toBe(true);
  });

  // 13 April 2026 is a Monday.
  test.each(EVERY_DAY)('weekday %d is the one it says, counted from Monday', (weekday) => {
    const noonOn = (day: number) => `2026-04-${12 + day}T12:00:00Z`;
    const window = windowOf({ weekdays: [weekday] });
    expect(EVERY_DAY.filter((day) => openOn(window, noonOn(day)))).toEqual([weekday]);
  });

  test('not on a freeze date', () => {
    const window = windowOf({ freezeDates: ['2026-12-24'] });
    expect(openOn(window, '2026-12-23T16:00:00Z')).toBe(true);
    expect(openOn(window, '2026-12-24T12:00:00Z')).toBe(false);
    expect(openOn(window, '2026-12-25T09:00:00Z')).toBe(true);
  });
});

describe('days and hours are those of the time zone', () => {
  test.each([
    ['Berlin in winter is an hour ahead', 'Europe/Berlin', '2026-01-14T07:59:59Z', '2026-01-14T08:00:00Z'],
    ['Berlin in summer is two hours ahead', 'Europe/Berlin', '2026-07-14T06:59:59Z', '2026-07-14T07:00:00Z'],
    ['New York in winter', 'America/New_York', '2026-01-14T13:59:59Z', '2026-01-14T14:00:00Z'],
    ['New York in summer', 'America/New_York', '2026-07-14T12:59:59Z', '2026-07-14T13:00:00Z'],
    ['Kathmandu, at three quarters past', 'Asia/Kathmandu', '2026-01-14T03:14:59Z', '2026-01-14T03:15:00Z'],
    ['Kiritimati, where it is tomorrow', 'Pacific/Kiritimati', '2026-01-13T18:59:59Z', '2026-01-13T19:00:00Z'],
  ])('%s', (_rule, timeZone, before, opening) => {
    const window = windowOf({ timeZone });
    expect(openOn(window, before)).toBe(false);
    expect(openOn(window, opening)).toBe(true);
    expect(opensAfter(window, before)).toBe(toIso(at(opening)));
  });

  test('Monday morning in Sydney is still Sunday in UTC', () => {
    const window = windowOf({ timeZone: 'Australia/Sydney', weekdays: [1] });
    expect(openOn(window, '2026-04-12T23:00:00Z')).toBe(true);
    expect(openOn(window, '2026-04-13T23:00:00Z')).toBe(false);
  });

  test('a freeze date ends at midnight there, not in UTC', () => {
    const window = windowOf({ timeZone: 'America/Los_Angeles', fromHour: 0, toHour: 24, freezeDates: ['2026-12-24'] });
    expect(openOn(window, '2026-12-24T07:59:59.999Z')).toBe(true);
    expect(openOn(window, '2026-12-24T08:00:00Z')).toBe(false);
    expect(openOn(window, '2026-12-25T07:59:59.999Z')).toBe(false);
    expect(openOn(window, '2026-12-25T08:00:00Z')).toBe(true);
  });
});

describe('when the clocks change in Berlin', () => {
  const window = windowOf({ timeZone: 'Europe/Berlin' });
  const nightly = windowOf({ timeZone: 'Europe/Berlin', fromHour: 2, toHour: 3 });

  test('the window opens an hour earlier in UTC after the last Sunday of March', () => {
    expect(opensAfter(window, '2026-03-27T17:00:00Z')).toBe('2026-03-28T08:00:00.000Z');
    expect(opensAfter(window, '2026-03-28T17:00:00Z')).toBe('2026-03-29T07:00:00.000Z');
  });

  test('an hour that the night leaves out does not open a window; the next night does', () => {
    expect(opensAfter(nightly, '2026-03-28T02:00:00Z')).toBe('2026-03-30T00:00:00.000Z');
  });

  test('an hour that the night has twice is open twice', () => {
    expect(openOn(nightly, '2026-10-25T00:30:00Z')).toBe(true);
    expect(openOn(nightly, '2026-10-25T01:30:00Z')).toBe(true);
    expect(openOn(nightly, '2026-10-25T02:00:00Z')).toBe(false);
  });
});

describe('the next opening', () => {
  test('is now when it is open', () => {
    expect(opensAfter(windowOf({}), '2026-04-14T09:07:13.456Z')).toBe('2026-04-14T09:07:13.456Z');
  });

  test('is later the same day', () => {
    expect(opensAfter(windowOf({}), '2026-04-14T03:21:00Z')).toBe('2026-04-14T09:00:00.000Z');
  });

  test('is on Monday after the weekend', () => {
    expect(opensAfter(windowOf({ weekdays: WEEKDAYS }), '2026-04-10T17:00:00Z')).toBe('2026-04-13T09:00:00.000Z');
  });

  test('is after the freeze', () => {
    const window = windowOf({ weekdays: WEEKDAYS, freezeDates: ['2026-04-13', '2026-04-14'] });
    expect(opensAfter(window, '2026-04-10T17:00:00Z')).toBe('2026-04-15T09:00:00.000Z');
  });

  test('is that of the window and the time that are asked about, whatever was asked before', () => {
    const [early, late] = [windowOf({}), windowOf({ fromHour: 15, toHour: 16 })];
    for (const _ of [1, 2]) {
      expect(opensAfter(early, '2026-04-14T03:21:00Z')).toBe('2026-04-14T09:00:00.000Z');
      expect(opensAfter(late, '2026-04-14T03:21:00Z')).toBe('2026-04-14T15:00:00.000Z');
      expect(opensAfter(early, '2026-04-15T03:21:00Z')).toBe('2026-04-15T09:00:00.000Z');
    }
  });

  test('is unknown when there is none within 60 days', () => {
    const days = Array.from({ length: 62 }, (_, day) => toIso(at('2026-11-01') + day * 86_400_000).slice(0, 10));
    expect(opensAfter(windowOf({ freezeDates: days }), '2026-11-01T00:00:00Z')).toBeUndefined();
  });
});
