import { dayInWords, inWords } from '../../lambda/domain/notices/when.ts';

describe('a time in words', () => {
  test.each([
    ['the owner’s zone and UTC', '2026-03-12T06:00:00.000Z', 'Europe/Berlin', 'Thu 12 Mar 2026, 07:00 CET (06:00 UTC)'],
    ['summer time', '2026-07-12T06:00:00.000Z', 'Europe/Berlin', 'Sun 12 Jul 2026, 08:00 CEST (06:00 UTC)'],
    [
      'another day in UTC',
      '2026-03-12T23:30:00.000Z',
      'Europe/Berlin',
      'Fri 13 Mar 2026, 00:30 CET (Thu 12 Mar 2026, 23:30 UTC)',
    ],
    [
      'west of UTC',
      '2026-03-12T03:00:00.000Z',
      'America/New_York',
      'Wed 11 Mar 2026, 23:00 EDT (Thu 12 Mar 2026, 03:00 UTC)',
    ],
    ['half hours', '2026-03-12T06:00:00.000Z', 'Asia/Kolkata', 'Thu 12 Mar 2026, 11:30 IST (06:00 UTC)'],
    [
      'a zone without an abbreviation',
      '2026-09-12T06:00:00.000Z',
      'Asia/Tokyo',
      'Sat 12 Sep 2026, 15:00 GMT+9 (06:00 UTC)',
    ],
    ['GMT is not UTC in summer', '2026-07-12T06:00:00.000Z', 'Europe/London', 'Sun 12 Jul 2026, 07:00 BST (06:00 UTC)'],
    ['UTC alone is not said twice', '2026-03-12T06:00:00.000Z', 'UTC', 'Thu 12 Mar 2026, 06:00 UTC'],
    ['no zone: UTC', '2026-03-12T06:00:00.000Z', undefined, 'Thu 12 Mar 2026, 06:00 UTC'],
    ['a zone nobody knows: UTC', '2026-03-12T06:00:00.000Z', 'Europe/Atlantis', 'Thu 12 Mar 2026, 06:00 UTC'],
    ['seconds are cut off, so never late', '2026-03-12T06:00:59.999Z', undefined, 'Thu 12 Mar 2026, 06:00 UTC'],
    ['midnight is 00, not 24', '2026-03-12T00:00:00.000Z', undefined, 'Thu 12 Mar 2026, 00:00 UTC'],
  ])('%s', (_rule, time, zone, words) => {
    expect(inWords(time, zone)).toBe(words);
  });

  test.each([
    ['2026-03-12T23:30:00.000Z', 'Europe/Berlin', '13 Mar 2026'],
    ['2026-03-12T23:30:00.000Z', undefined, '12 Mar 2026'],
    ['2026-03-12T23:30:00.000Z', 'Europe/Atlantis', '12 Mar 2026'],
  ])('the day of %s in %s', (time, zone, words) => {
    expect(dayInWords(time, zone)).toBe(words);
  });
});
