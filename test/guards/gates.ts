import type { Guard } from './guard.ts';

const workflows = 'lambda/workflows';
const domain = 'lambda/domain';

/** What holds a step back until it may be taken. */
export const gates: readonly Guard[] = [
  {
    name: 'publish gate: a key whose successor is not Active is not disabled',
    file: `${workflows}/retire.ts`,
    guard: "if (successor !== undefined && status.get(successor) !== 'Active')",
    without: "if (successor !== undefined && status.get(successor) === 'never')",
    tests: ['test/workflows', 'test/crash/gates.test.ts'],
  },
  {
    name: 'publish gate: a key whose successor is gone does not retire',
    file: `${domain}/decide-retirement.ts`,
    guard: 'return isStranded(rules, key, retirement)',
    without: 'return isStranded(rules, key, retirement) && rules.now < 0',
    tests: ['test/domain/decide-retirement.test.ts'],
  },
  {
    name: 'a key that became Active again is not deleted',
    file: `${workflows}/retire.ts`,
    guard: "if (key?.status === 'Active') return overtaken",
    without: "if (key?.status === 'Expired') return overtaken",
    tests: ['test/workflows', 'test/crash/gates.test.ts'],
  },
  {
    name: 'delivered-notice gate: nothing happens of which nobody was told',
    file: `${domain}/decide-retirement.ts`,
    guard: "if (!delivered) return wait(rules, keyId, step, 'notice-undelivered');",
    without: '',
    tests: ['test/domain/decide-gates.test.ts'],
  },
  {
    name: 'delivered-notice gate: only a receipt for this very notice opens it',
    file: `${workflows}/deliveries.ts`,
    guard: "if (receipt.type === 'notice-delivered' && receipt.details.about.includes(eventId))",
    without: "if (receipt.type === 'notice-delivered' && receipt.details.about.includes(eventId) !== undefined)",
    tests: ['test/workflows', 'test/crash/gates.test.ts'],
  },
  {
    name: 'change window: a closed one holds',
    file: `${domain}/decide-retirement.ts`,
    guard: 'if (isOpen(changeWindow, rules.clock)) return undefined;',
    without: 'if (rules.now > 0) return undefined;',
    tests: ['test/domain/decide-gates.test.ts'],
  },
  {
    name: 'deadline: never before the gap since the successor was published',
    file: `${domain}/deadlines.ts`,
    guard: 'Math.max(daysAfter(key.createdAt, policy.disableAfterDays), daysAfter(startedAt, disableGapDays(policy)))',
    without:
      'Math.min(daysAfter(key.createdAt, policy.disableAfterDays), daysAfter(startedAt, disableGapDays(policy)))',
    tests: ['test/domain/deadlines.test.ts', 'test/workflows/lifecycle.test.ts'],
  },
  {
    name: 'deadline: never before the gap since it was disabled',
    file: `${domain}/deadlines.ts`,
    guard: 'Math.max(daysAfter(key.createdAt, policy.deleteAfterDays), daysAfter(disabledAt, deleteGapDays(policy)))',
    without: 'Math.min(daysAfter(key.createdAt, policy.deleteAfterDays), daysAfter(disabledAt, deleteGapDays(policy)))',
    tests: ['test/domain/deadlines.test.ts', 'test/workflows/lifecycle.test.ts'],
  },
  {
    name: 'deadline: never before the date that was promised',
    file: `${domain}/deadlines.ts`,
    guard: 'Math.max(due, retirement.promisedAt)',
    without: 'due',
    tests: ['test/domain'],
  },
  {
    name: 'caps: no more steps of a kind than the policy allows',
    file: `${domain}/plan.ts`,
    guard: '.slice(Math.max(0, most[kind] - requested))) deferred.add(step)',
    without: '.slice(Math.max(0, most[kind] - requested) + 1_000)) deferred.add(step)',
    tests: ['test/domain/plan.test.ts'],
  },
  {
    name: 'caps: what a second reading brings is not taken unless it was planned',
    file: `${workflows}/sweep-user.ts`,
    guard: '!isDisruptive(step) || plan.steps.some(sameAs(step))',
    without: '!isDisruptive(step) || plan.steps.some(sameAs(step)) || again !== plan',
    tests: ['test/workflows/fresh-reading.test.ts'],
  },
  {
    name: 'caps: earlier parts of the run count',
    file: `${workflows}/allowance.ts`,
    guard: 'Math.max(0, most - Math.max(before[kind], taken[kind]))',
    without: 'Math.max(most, before[kind] - taken[kind])',
    tests: ['test/workflows/continuation.test.ts'],
  },
  {
    name: 'a rotation that failed in an earlier part is not tried again in each of the others',
    file: `${workflows}/sweep-part.ts`,
    guard: "if (plan.kind !== 'known' || !this.#soFar.failed.has(plan.user.userName)) return false;",
    without: "if (plan.kind !== 'known' || this.#soFar !== undefined) return false;",
    tests: ['test/workflows/due-order.test.ts'],
  },
  {
    name: 'too many keys: nothing is touched',
    file: `${domain}/decide.ts`,
    guard: 'if (user.keys.length > MAX_KEYS)',
    without: 'if (user.keys.length > MAX_KEYS + 100)',
    tests: ['test/domain'],
  },
  {
    name: 'an exempt user is left alone',
    file: `${domain}/decide.ts`,
    guard: 'if (exemption !== undefined) {',
    without: 'if (exemption !== undefined && rules.now < 0) {',
    tests: ['test/domain/decide-exemption.test.ts'],
  },
  {
    name: 'observe changes nothing',
    file: `${workflows}/apply-steps.ts`,
    guard: `    case 'rotate':
      if (ledger.mode === 'observe')`,
    without: `    case 'rotate':
      if (ledger.mode === undefined)`,
    tests: ['test/workflows/observe.test.ts'],
  },
  {
    name: 'whoever is beyond the cap in any case is not looked at',
    file: `${workflows}/plan-due.ts`,
    guard: 'if (most === undefined || !isForTheCapAlone(foreseen)) return undefined;',
    without: 'if (most !== undefined || !isForTheCapAlone(foreseen)) return undefined;',
    tests: ['test/workflows/old-estate.test.ts'],
  },
  {
    name: 'a part leaves time to carry out what it planned',
    file: `${workflows}/plan-due.ts`,
    guard: 'if (deferred === undefined && part.looked > 0 && pace.isEnough()) part.isStopped = true;',
    without: 'if (deferred === undefined && part.looked < 0 && pace.isEnough()) part.isStopped = true;',
    tests: ['test/workflows/old-estate.test.ts'],
  },
  {
    name: 'who waits is looked at by one part of a sweep alone',
    file: `${workflows}/plan-due.ts`,
    guard: "if (turn === 'isPast' && !again.has(userName)) return elsewhere(one);",
    without: "if (turn === 'isPast' && again.size < 0) return elsewhere(one);",
    tests: ['test/workflows/old-estate.test.ts'],
  },
  {
    name: 'what somebody asks for does not wait for its turn',
    file: `${workflows}/plan-due.ts`,
    guard: "if (one.isUrgent || pace === undefined) return 'isUrgent';",
    without: "if (pace === undefined) return 'isUrgent';",
    tests: ['test/workflows/old-estate.test.ts'],
  },
  {
    name: 'what failed before anything was done is tried once more',
    file: `${workflows}/plan-due.ts`,
    guard: '...failed.filter((userName) => !tried.has(userName)),',
    without: '...failed.filter((userName) => tried.has(userName)),',
    tests: ['test/workflows/due-order.test.ts', 'test/workflows/old-estate.test.ts'],
  },
  {
    name: 'a key held in use is not taken for idle where nobody asked',
    file: `${domain}/foresee.ts`,
    guard: "waiting[key.keyId]?.reason === 'in-use' ? now : key.createdAt;",
    without: "waiting[key.keyId]?.reason === 'in-use' && now < 0 ? now : key.createdAt;",
    tests: ['test/workflows/due-order.test.ts'],
  },
];
