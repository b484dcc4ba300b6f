/** Would a story that breaks what is always true be noticed? Each case is a calm world in which one thing is wrong. */
import type { LastUse } from '../../lambda/domain/facts.ts';
import type { Policy } from '../../lambda/domain/policy.ts';
import { MINUTE, toIso } from '../../lambda/domain/time.ts';
import { anExemption, aPolicy } from '../support/builders.ts';
import { onDay } from './support/calendar.ts';
import { CalmWorld as World } from './support/calm-world.ts';
import type { Knowledge } from './support/knowledge.ts';
import { Violation } from './support/violation.ts';

const policy = aPolicy();
const disabled = () => new World().tell('key-disabled', 10);
const again = { disableAt: toIso(onDay(40, 6)), deleteAt: toIso(onDay(50, 6)), after: 'exemption' } as const;
const window = { weekdays: [1, 2, 3, 4, 5, 6, 7], fromHour: 5, toHour: 7, timeZone: 'UTC', freezeDates: [] };
const windowed: Policy = { ...policy, changeWindow: window };
const holding: Policy = { ...policy, disable: { onlyWhenIdleDays: 7, maxHoldDays: 12 } };
const usedOn = (day: number): LastUse => ({ kind: 'used', at: onDay(day), service: 's3', region: 'eu-central-1' });
const inUse = { policy: holding, lastUse: usedOn(21) };
const lastDay = { held: true, disableAt: toIso(onDay(22, 6)) } as const;

describe('what is as it should be passes', () => {
  test.each<[string, () => void]>([
    ['a key that is disabled on its date', () => new World().disableOn(10)],
    ['one that is deleted on its date', () => disabled().deleteOn(20)],
    ['one that was exempt for a while before its date', () => new World().exemptOn(3, 4, 5, 6).disableOn(10)],
    [
      'one whose date passed under an exemption, on its new one',
      () => new World().exemptOn(10, 11, 12).tell('retirement-started', 30, again).disableOn(40),
    ],
    [
      'likewise one that is deleted',
      () =>
        disabled()
          .exemptOn(20, 21, 22)
          .tell('retirement-started', 30, { deleteAt: toIso(onDay(40, 6)) })
          .deleteOn(40),
    ],
    [
      'one in use on the last day, told a day ahead',
      () => new World().tell('key-still-used', 21, lastDay).disableOn(22, inUse),
    ],
    ['one that is idle, told or not', () => new World().disableOn(12, { policy: holding, lastUse: usedOn(3) })],
    [
      'one that goes a moment before the window closes',
      () => new World().disableOn(10, { policy: windowed, late: 59 * MINUTE }),
    ],
  ])('%s', (_what, live) => {
    expect(live).not.toThrow();
  });
});

describe('what must never be is noticed', () => {
  test.each<[string, () => void, RegExp]>([
    ['disabled before its gap is over', () => new World().disableOn(9), /too soon/],
    [
      'disabled before the date that was told',
      () => new World().tell('retirement-started', 0, again).disableOn(30),
      /the date that retirement-started named/,
    ],
    [
      'deleted before the date that was told',
      () =>
        disabled()
          .tell('retirement-started', 10, { deleteAt: toIso(onDay(40, 6)) })
          .deleteOn(30),
      /the date that retirement-started named/,
    ],
    [
      'disabled on the strength of a date that passed under an exemption',
      () => new World().exemptOn(10, 11, 12).disableOn(60),
      /goes without a new date/,
    ],
    ['deleted so', () => disabled().exemptOn(20, 21, 22).deleteOn(60), /goes without a new date/],
    [
      'disabled so after another exemption held on the new date too',
      () => new World().exemptOn(10, 11).tell('retirement-started', 30, again).exemptOn(40, 41).disableOn(60),
      /goes without a new date/,
    ],
    [
      'disabled too soon after the new date was told',
      () => new World().exemptOn(10, 11).tell('retirement-started', 30, again).disableOn(35),
      /too soon/,
    ],
    [
      'disabled although the new date was told to nobody',
      () => new World().exemptOn(10, 11).tell('retirement-started', 30, again, false).disableOn(40),
      /nobody was told of retirement-started/,
    ],
    ['disabled while exempt', () => new World().disableOn(10, exemptNow()), /is exempt/],
    [
      'in use, and its last day told to nobody',
      () => new World().disableOn(22, inUse),
      /nobody was told that this is its last day/,
    ],
    [
      'in use, and reminded of another day only',
      () => new World().tell('key-still-used', 9, { disableAt: toIso(onDay(10, 6)) }).disableOn(22, inUse),
      /nobody was told that this is its last day/,
    ],
    [
      'in use, and its last day told on that day',
      () => new World().tell('key-still-used', 22, lastDay).disableOn(22, inUse),
      /less than a day after/,
    ],
    [
      'in use, on a day before the last one',
      () => new World().tell('key-still-used', 21, { ...lastDay, disableAt: toIso(onDay(25, 6)) }).disableOn(22, inUse),
      /before the last day/,
    ],
    [
      'in use, and the reminder reached nobody',
      () => new World().tell('key-still-used', 21, lastDay, false).disableOn(22, inUse),
      /nobody was told of key-still-used/,
    ],
    [
      'in use, and held for less than the policy says',
      () =>
        new World()
          .tell('key-still-used', 14, { ...lastDay, disableAt: toIso(onDay(15, 6)) })
          .disableOn(15, { policy: holding, lastUse: usedOn(14) }),
      /used lately/,
    ],
    [
      'disabled after the window has closed, in a run that was due before',
      () => new World().disableOn(10, { policy: windowed, late: 66 * MINUTE }),
      /outside the change window/,
    ],
    ['deleted so', () => disabled().deleteOn(20, { policy: windowed, late: 66 * MINUTE }), /outside the change window/],
    [
      'disabled on a freeze date',
      () => new World().disableOn(10, { policy: frozenOn('2026-01-11') }),
      /outside the change window/,
    ],
  ])('%s', (_what, live, why) => {
    expect(live).toThrow(Violation);
    expect(live).toThrow(why);
  });
});

function exemptNow(): Pick<Knowledge, 'exemptions'> {
  const { userName } = new World();
  return { exemptions: [anExemption({ match: { kind: 'user', userName }, expiresAt: onDay(300) })] };
}

const frozenOn = (date: string): Policy => ({
  ...policy,
  changeWindow: { ...window, fromHour: 0, toHour: 24, freezeDates: [date] },
});
