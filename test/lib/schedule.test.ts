import { readSchedule, windowMistake } from '../../lib/schedule.ts';

const officeHoursInBerlin = {
  weekdays: [1, 2, 3, 4, 5],
  fromHour: 9,
  toHour: 17,
  timeZone: 'Europe/Berlin',
  freezeDates: [],
};

describe('a schedule expression', () => {
  test.each([
    ['cron(17 6 * * ? *)', 24],
    ['cron(0 */6 * * ? *)', 6],
    ['cron(0 6,18 ? * * *)', 12],
    ['cron(0 6 ? * MON-FRI *)', 72],
    ['cron(0 6 ? * 2-6 *)', 72],
    ['cron(30 8-10 * * ? *)', 22],
    ['rate(1 day)', 24],
    ['rate(12 hours)', 12],
    ['rate(3 days)', 72],
    ['rate(60 minutes)', 1],
  ])('%s leaves at most %d hours between two runs', (expression, longestGapHours) => {
    expect(readSchedule(expression)).toMatchObject({ kind: 'valid', longestGapHours });
  });

  test.each([
    ['daily', 'neither cron'],
    ['rate(1 days)', 'not a rate'],
    ['rate(2 day)', 'not a rate'],
    ['rate(0 days)', 'not a rate'],
    ['rate(59 minutes)', 'more often than hourly'],
    ['rate(4 days)', 'too rare'],
    ['cron(0 6 * * ?)', '5 fields'],
    ['cron(0 6 * * * *)', "'?'"],
    ['cron(* 6 * * ? *)', 'one minute'],
    ['cron(60 6 * * ? *)', 'one minute'],
    ['cron(0 24 * * ? *)', 'hours from 0 to 23'],
    ['cron(0 6 ? * FUN *)', 'weekdays'],
    ['cron(0 6 ? * MON *)', 'too rare'],
    ['cron(0 6 1 * ? *)', 'too rare'],
    ['cron(0 6 * 1-11 ? *)', 'too rare'],
    ['cron(0 6 * * ? 2027)', 'too rare'],
  ])('%s is refused: %s', (expression, why) => {
    expect(readSchedule(expression)).toEqual({ kind: 'mistake', mistake: expect.stringContaining(why) });
  });
});

describe('a change window must be open when a run comes by', () => {
  test('in summer and in winter', () => {
    // 09:17 or 10:17 in Berlin.
    expect(windowMistake(readSchedule('cron(17 8 * * ? *)'), officeHoursInBerlin)).toBeUndefined();
  });

  test('a run that only summer time brings inside is not enough', () => {
    // 09:17 in summer, but 08:17 in winter.
    expect(windowMistake(readSchedule('cron(17 7 * * ? *)'), officeHoursInBerlin)).toMatch(/closed whenever/);
  });

  test('on at least one of its weekdays', () => {
    const weekends = { ...officeHoursInBerlin, weekdays: [6, 7] };
    expect(windowMistake(readSchedule('cron(17 8 ? * MON-FRI *)'), weekends)).toMatch(/closed whenever/);
    expect(windowMistake(readSchedule('cron(17 8 * * ? *)'), weekends)).toBeUndefined();
  });

  test('a rate must be quicker than the window is long, for nobody knows when it begins', () => {
    expect(windowMistake(readSchedule('rate(1 day)'), officeHoursInBerlin)).toMatch(/cron/);
    expect(windowMistake(readSchedule('rate(8 hours)'), officeHoursInBerlin)).toBeUndefined();
  });

  test('no window is always open', () => {
    expect(windowMistake(readSchedule('rate(1 day)'), undefined)).toBeUndefined();
  });
});
