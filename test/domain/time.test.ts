import { DAY, daysAfter, fromIso, MINUTE, toIso } from '../../lambda/domain/time.ts';

describe('times', () => {
  test('a day is 24 hours, a minute 60 seconds', () => {
    expect(DAY).toBe(86_400_000);
    expect(MINUTE).toBe(60_000);
  });

  test('days are added across the change of clocks and leap days alike', () => {
    expect(toIso(daysAfter(fromIso('2026-03-28T12:00:00Z'), 1))).toBe('2026-03-29T12:00:00.000Z');
    expect(toIso(daysAfter(fromIso('2028-02-28T12:00:00Z'), 2))).toBe('2028-03-01T12:00:00.000Z');
  });

  test.each([
    ['UTC with milliseconds, as toIso writes it', '2026-01-01T00:00:00.000Z', '2026-01-01T00:00:00.000Z'],
    ['UTC without, as EventBridge writes it', '2026-01-01T06:30:00Z', '2026-01-01T06:30:00.000Z'],
    ['with an offset, as IAM writes it', '2026-01-01T06:30:00+02:00', '2026-01-01T04:30:00.000Z'],
    ['a date alone is its midnight in UTC', '2026-01-01', '2026-01-01T00:00:00.000Z'],
    ['a leap day', '2028-02-29T00:00:00Z', '2028-02-29T00:00:00.000Z'],
  ])('reads %s', (_rule, text, expected) => {
    expect(toIso(fromIso(text))).toBe(expected);
  });

  test.each([
    ['nothing', ''],
    ['a word', 'tomorrow'],
    ['a number', '1'],
    ['another notation', '01/02/2026'],
    ['a month by name', '1 January 2026'],
    ['a time of no particular place', '2026-01-01T00:00:00'],
    ['a day that no month has', '2026-02-30T00:00:00Z'],
    ['a date that no month has', '2026-02-29'],
    ['a thirteenth month', '2026-13-01T00:00:00Z'],
    ['a 25th hour', '2026-01-01T25:00:00Z'],
    ['something behind the time', '2026-01-01T00:00:00Z or so'],
  ])('refuses %s', (_rule, text) => {
    expect(() => fromIso(text)).toThrow(new RangeError(`'${text}' is not an ISO 8601 time`));
  });
});
