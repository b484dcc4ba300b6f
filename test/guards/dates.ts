import type { Guard } from './guard.ts';

const workflows = 'lambda/workflows';
const domain = 'lambda/domain';

const again: Guard = {
  name: 'exemption: a date that passed under it is announced again before the key is disabled',
  file: `${domain}/decide-retirement.ts`,
  guard: 'if (wasExempt(rules, keyId)) return announceAgain(rules, key, retirement, disableAtFrom(key, now, policy));',
  without: '',
  tests: ['test/workflows/exemption.test.ts'],
};

const againBeforeDeletion: Guard = {
  ...again,
  name: 'exemption: a date that passed under it is announced again before the key is deleted',
  guard: 'if (wasExempt(rules, keyId)) return announceAgain(rules, key, retirement);',
};

const lastDayTold: Guard = {
  name: 'hold: a key in use goes only after the reminder of its last day',
  file: `${domain}/decide-hold.ts`,
  guard: 'if (reminder !== undefined && now >= last) return untold(rules, key, reminder);',
  without: 'if (now >= last) return undefined;',
  tests: ['test/workflows/hold.test.ts'],
};

/** Random stories must find it too, by what they say is always true. */
const inStories = (guard: Guard): Guard => ({
  ...guard,
  name: `always true, ${guard.name}`,
  tests: ['test/properties/properties.test.ts'],
  only: 'whatever people, networks and processes do',
});

/** Nobody's key stops on a date that nobody was told. */
export const dates: readonly Guard[] = [
  again,
  againBeforeDeletion,
  lastDayTold,
  ...[again, againBeforeDeletion, lastDayTold].map(inStories),
  {
    name: 'hold: there is a full day between the reminder and the end',
    file: `${domain}/decide-hold.ts`,
    guard: 'Math.max(last, now + DAY)',
    without: 'last',
    tests: ['test/workflows/hold.test.ts'],
  },
  {
    name: 'hold: a reminder that reached nobody does not count',
    file: `${domain}/decide-hold.ts`,
    guard: 'return delivered ? undefined : wait(',
    without: 'return rules.now > 0 ? undefined : wait(',
    tests: ['test/workflows/hold.test.ts'],
  },
  {
    name: 'hold: a later policy does not bring its end forward',
    file: `${domain}/decide-hold.ts`,
    guard: 'policy.disable.onlyWhenIdleDays ?? (hold && Number.POSITIVE_INFINITY)',
    without: 'policy.disable.onlyWhenIdleDays',
    tests: ['test/workflows/hold.test.ts'],
  },
  {
    name: 'change window: it is judged by the clock, however early the run was due',
    file: `${domain}/decide.ts`,
    guard: 'clock: Math.max(now, clock)',
    without: 'clock: now',
    tests: ['test/domain/decide-gates.test.ts'],
  },
  {
    name: 'change window: it is looked at once more right before a key is disabled',
    file: `${workflows}/retire.ts`,
    guard: "if (requestId === undefined && isClosed(world, context)) return overtaken('disable', CLOSED);",
    without: '',
    tests: ['test/workflows/change-window.test.ts'],
  },
  {
    name: 'change window: it is looked at once more right before a key is deleted',
    file: `${workflows}/retire.ts`,
    guard: "if (isClosed(world, context)) return overtaken('delete', CLOSED);",
    without: '',
    tests: ['test/workflows/change-window.test.ts'],
  },
  {
    name: 'exemption: nobody inherits it with a name',
    file: `${domain}/user-match.ts`,
    guard: 'exemption.userId === undefined || user.userId === undefined || exemption.userId === user.userId',
    without: 'exemption.userId === undefined || user.userId !== null',
    tests: ['test/workflows/exemption.test.ts'],
  },
];
