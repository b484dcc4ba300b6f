import type { Guard } from './guard.ts';

const domain = 'lambda/domain';

/** What holds people's requests back. */
export const requests: readonly Guard[] = [
  {
    name: 'request: its place and its content name the same account',
    file: 'lambda/adapters/dynamo-owners.ts',
    guard: 'if (parsed.success && sk === requestKey(parsed.data)[sortKey]) return',
    without: 'if (parsed.success) return',
    tests: ['test/bad-input/requests.test.ts'],
  },
  {
    name: 'request: a key stops at once only behind an Active successor',
    file: `${domain}/decide-requests.ts`,
    guard: 'if (!isActive(key) || !hasSuccessor(rules, retirement)) return [];',
    without: 'if (!isActive(key)) return [];',
    tests: ['test/domain/decide-put-off.test.ts'],
  },
  {
    name: 'request: it is answered once',
    file: 'lambda/workflows/decide-user.ts',
    guard: 'return requests.filter(({ id }) => !answered.has(id));',
    without: 'return answered.has(requests[0]?.id as never) ? requests : requests;',
    tests: ['test/workflows/requests.test.ts'],
  },
  {
    name: 'request: observe changes nothing',
    file: `${domain}/decide-requests.ts`,
    guard: 'const answer = rules.observing ?',
    without: 'const answer = rules.now < 0 ?',
    tests: ['test/domain/decide-requests.test.ts'],
  },
  {
    name: 'request: what IAM lists a moment after a change proves nothing',
    file: `${domain}/decide-retirement.ts`,
    guard: 'if (isSettling(retirement, clock)) {',
    without: 'if (isSettling(retirement, clock) && clock < 0) {',
    tests: ['test/domain/decide-put-off.test.ts'],
  },
  {
    name: 'request: a restore that took effect is not taken for another hand',
    file: `${domain}/decide-retirement.ts`,
    guard: 'if (intent?.restore !== undefined) return',
    without: 'if (intent?.restore !== undefined && rules.now < 0) return',
    tests: ['test/domain/decide-put-off.test.ts'],
  },
  {
    name: 'request: a key is restored for so long and no longer',
    file: `${domain}/decide-put-off.ts`,
    guard: "if (until <= latest) return { kind: 'restore'",
    without: "if (until <= latest || rules.now > 0) return { kind: 'restore'",
    tests: ['test/domain/decide-put-off.test.ts'],
  },
  {
    name: 'request: a step is put off for so long and no longer',
    file: `${domain}/decide-put-off.ts`,
    guard: "if (until <= latest) return { kind: 'snooze'",
    without: "if (until <= latest || now > 0) return { kind: 'snooze'",
    tests: ['test/domain/decide-put-off.test.ts'],
  },
  {
    name: 'request: only what Keyturn disabled is restored',
    file: `${domain}/decide-put-off.ts`,
    guard: 'if (retirement.disabledAt === undefined || retirement.disabledBy !== undefined) {',
    without: 'if (retirement.disabledAt === undefined) {',
    tests: ['test/domain/decide-put-off.test.ts'],
  },
  {
    name: 'request: unknown is not absent, so IAM is asked by name before a user counts as none',
    file: 'lambda/workflows/plan-account.ts',
    guard: '...(requests.length > 0 && { named: requests.map(({ userName }) => userName) }),',
    without: '',
    tests: ['test/workflows/requests.test.ts'],
  },
];
