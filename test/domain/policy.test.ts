import { deleteGapDays, disableGapDays, type Policy, presets } from '../../lambda/domain/policy.ts';
import { policyErrors } from '../../lambda/domain/validate-policy.ts';
import { aPolicy } from '../support/builders.ts';

const window = { weekdays: [1, 2, 3, 4, 5], fromHour: 9, toHour: 17, timeZone: 'Europe/Berlin', freezeDates: [] };
const withWindow = (overrides: Partial<NonNullable<Policy['changeWindow']>>): Policy =>
  aPolicy({ changeWindow: { ...window, ...overrides } });

describe('the presets', () => {
  test.each(Object.entries(presets))('%s can work', (_name, policy) => {
    expect(policyErrors(policy)).toEqual([]);
  });

  test('default is 90, 100 and 110 days with warnings at 14 and 3', () => {
    expect(presets.default).toMatchObject({ rotateAfterDays: 90, disableAfterDays: 100, deleteAfterDays: 110 });
    expect(presets.default.warnBeforeDays).toEqual([14, 3]);
    expect([disableGapDays(presets.default), deleteGapDays(presets.default)]).toEqual([10, 10]);
  });

  test('with cis no Active key is ever over 90 days, since it is disabled at 82', () => {
    expect(presets.cis).toMatchObject({ rotateAfterDays: 75, disableAfterDays: 82, deleteAfterDays: 89 });
    expect([disableGapDays(presets.cis), deleteGapDays(presets.cis)]).toEqual([7, 7]);
  });

  test('neither retires unused keys, looks at use, or has a change window, unless a team says so', () => {
    for (const preset of Object.values(presets)) {
      expect(preset).toMatchObject({ neverUsed: 'rotate', maxStepsPerSweep: 50 });
      expect(preset.disable).not.toHaveProperty('onlyWhenIdleDays');
      expect(preset).not.toHaveProperty('changeWindow');
    }
  });
});

describe('a policy that can work', () => {
  test.each<[string, Policy]>([
    [
      'the closest dates',
      aPolicy({ rotateAfterDays: 3, disableAfterDays: 4, deleteAfterDays: 5, warnBeforeDays: [2] }),
    ],
    ['a deletion one day before the next rotation', aPolicy({ rotateAfterDays: 90, deleteAfterDays: 179 })],
    ['no warnings', aPolicy({ warnBeforeDays: [] })],
    ['a warning one day before the key is too young for it', aPolicy({ warnBeforeDays: [89] })],
    ['no patience with keys in use', aPolicy({ disable: { onlyWhenIdleDays: 1, maxHoldDays: 0 } })],
    ['one step a sweep', aPolicy({ maxStepsPerSweep: 1 })],
    ['a window of weekdays', withWindow({})],
    ['a window all week, all day', withWindow({ weekdays: [1, 2, 3, 4, 5, 6, 7], fromHour: 0, toHour: 24 })],
    ['a window of the first hour', withWindow({ fromHour: 0, toHour: 1 })],
    ['a window of the last hour', withWindow({ fromHour: 23, toHour: 24 })],
    ['a freeze on a leap day', withWindow({ freezeDates: ['2028-02-29', '2026-12-24'] })],
    ['UTC', withWindow({ timeZone: 'UTC' })],
  ])('%s', (_rule, policy) => {
    expect(policyErrors(policy)).toEqual([]);
  });
});

describe('a policy that cannot work is refused, the setting is named', () => {
  test.each<[string, Policy, string]>([
    ['half days', aPolicy({ rotateAfterDays: 90.5 }), 'rotateAfterDays must be a whole number of at least 1, not 90.5'],
    ['no days', aPolicy({ rotateAfterDays: 0 }), 'rotateAfterDays must be a whole number of at least 1, not 0'],
    [
      'negative days',
      aPolicy({ disableAfterDays: -1 }),
      'disableAfterDays must be a whole number of at least 1, not -1',
    ],
    [
      'not a number',
      aPolicy({ deleteAfterDays: Number.NaN }),
      'deleteAfterDays must be a whole number of at least 1, not NaN',
    ],
    [
      'endless',
      aPolicy({ deleteAfterDays: Number.POSITIVE_INFINITY }),
      'deleteAfterDays must be a whole number of at least 1, not Infinity',
    ],
    [
      'disabled on the day of the rotation',
      aPolicy({ disableAfterDays: 90 }),
      'disableAfterDays (90) must be at least one day after rotateAfterDays (90)',
    ],
    [
      'disabled before the rotation',
      aPolicy({ disableAfterDays: 80 }),
      'disableAfterDays (80) must be at least one day after rotateAfterDays (90)',
    ],
    [
      'deleted on the day of the disabling',
      aPolicy({ deleteAfterDays: 100 }),
      'deleteAfterDays (100) must be at least one day after disableAfterDays (100)',
    ],
    [
      'deleted when the next rotation begins',
      aPolicy({ deleteAfterDays: 180 }),
      'deleteAfterDays (180) must be less than twice rotateAfterDays (90): otherwise the next rotation would begin before this one has ended',
    ],
    ['warned at birth', aPolicy({ warnBeforeDays: [90] }), 'warnBeforeDays: 90 must be less than rotateAfterDays (90)'],
    [
      'warned on the day itself',
      aPolicy({ warnBeforeDays: [14, 0] }),
      'warnBeforeDays[1] must be a whole number of at least 1, not 0',
    ],
    ['warned twice on a day', aPolicy({ warnBeforeDays: [3, 14, 3] }), 'warnBeforeDays: [3, 14, 3] names a day twice'],
    [
      'idle for no time',
      aPolicy({ disable: { onlyWhenIdleDays: 0, maxHoldDays: 30 } }),
      'disable.onlyWhenIdleDays must be a whole number of at least 1, not 0',
    ],
    [
      'held for less than no time',
      aPolicy({ disable: { maxHoldDays: -1 } }),
      'disable.maxHoldDays must be a whole number of at least 0, not -1',
    ],
    [
      'no steps at all',
      aPolicy({ maxStepsPerSweep: 0 }),
      'maxStepsPerSweep must be a whole number of at least 1, not 0',
    ],
    [
      'a window on no day',
      withWindow({ weekdays: [] }),
      'changeWindow.weekdays is empty: nothing could ever be disabled or deleted',
    ],
    [
      'an eighth weekday',
      withWindow({ weekdays: [1, 8] }),
      'changeWindow.weekdays: 8 is not a weekday (1 = Monday … 7 = Sunday)',
    ],
    [
      'Sunday as 0',
      withWindow({ weekdays: [0] }),
      'changeWindow.weekdays: 0 is not a weekday (1 = Monday … 7 = Sunday)',
    ],
    [
      'a window that closes when it opens',
      withWindow({ fromHour: 9, toHour: 9 }),
      'changeWindow is empty: fromHour (9) must be before toHour (9)',
    ],
    [
      'a window over midnight',
      withWindow({ fromHour: 22, toHour: 4 }),
      'changeWindow is empty: fromHour (22) must be before toHour (4)',
    ],
    [
      'a 24th hour to open at',
      withWindow({ fromHour: 24, toHour: 24 }),
      'changeWindow.fromHour must be a whole hour from 0 to 23, not 24',
    ],
    ['a 25th hour', withWindow({ toHour: 25 }), 'changeWindow.toHour must be a whole hour from 1 to 24, not 25'],
    [
      'half an hour to close at',
      withWindow({ toHour: 16.5 }),
      'changeWindow.toHour must be a whole hour from 1 to 24, not 16.5',
    ],
    [
      'a zeroth hour to close at',
      withWindow({ toHour: 0 }),
      'changeWindow.toHour must be a whole hour from 1 to 24, not 0',
    ],
    ['half hours', withWindow({ fromHour: 8.5 }), 'changeWindow.fromHour must be a whole hour from 0 to 23, not 8.5'],
    [
      'an unknown time zone',
      withWindow({ timeZone: 'Europe/Atlantis' }),
      "changeWindow.timeZone: 'Europe/Atlantis' is not a known time zone (such as 'Europe/Berlin')",
    ],
    [
      'no time zone',
      withWindow({ timeZone: '' }),
      "changeWindow.timeZone: '' is not a known time zone (such as 'Europe/Berlin')",
    ],
    [
      'a freeze on no date',
      withWindow({ freezeDates: ['24.12.2026'] }),
      "changeWindow.freezeDates: '24.12.2026' is not a date (such as '2026-12-24')",
    ],
    [
      'a freeze on a day that no month has',
      withWindow({ freezeDates: ['2026-02-29'] }),
      "changeWindow.freezeDates: '2026-02-29' is not a date (such as '2026-12-24')",
    ],
    [
      'a freeze with a time',
      withWindow({ freezeDates: ['2026-12-24T00:00:00Z'] }),
      "changeWindow.freezeDates: '2026-12-24T00:00:00Z' is not a date (such as '2026-12-24')",
    ],
  ])('%s', (_rule, policy, error) => {
    expect(policyErrors(policy)).toContain(error);
  });

  test('a word that is none for unused keys', () => {
    const policy: Policy = JSON.parse(JSON.stringify({ ...presets.default, neverUsed: 'ignore' }));
    expect(policyErrors(policy)).toEqual(["neverUsed must be 'rotate' or 'retire', not 'ignore'"]);
  });

  test('every mistake is listed at once', () => {
    const policy = aPolicy({
      rotateAfterDays: 90,
      disableAfterDays: 90,
      deleteAfterDays: 80,
      warnBeforeDays: [120, 120],
      changeWindow: { ...window, weekdays: [9], toHour: 8, timeZone: 'Mars/Base', freezeDates: ['tomorrow'] },
    });
    expect(policyErrors(policy)).toEqual([
      expect.stringContaining('changeWindow.weekdays: 9'),
      expect.stringContaining('changeWindow is empty'),
      expect.stringContaining('changeWindow.timeZone'),
      expect.stringContaining('changeWindow.freezeDates'),
      expect.stringContaining('disableAfterDays (90)'),
      expect.stringContaining('deleteAfterDays (80)'),
      expect.stringContaining('warnBeforeDays: 120'),
      expect.stringContaining('warnBeforeDays: 120'),
      expect.stringContaining('names a day twice'),
    ]);
  });

  test('numbers that are wrong by themselves are not compared as well', () => {
    expect(policyErrors(aPolicy({ rotateAfterDays: 1.5, disableAfterDays: 1 }))).toEqual([
      'rotateAfterDays must be a whole number of at least 1, not 1.5',
    ]);
  });
});
