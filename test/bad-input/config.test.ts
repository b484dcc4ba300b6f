import * as fc from 'fast-check';
import { policyErrors } from '../../lambda/domain/validate-policy.ts';
import type { KeyturnConfig } from '../../lib/config.ts';
import { ConfigError, resolveConfig } from '../../lib/resolve-config.ts';
import { anyRubbish } from './support/broken.ts';

const RUNS = { numRuns: 500, seed: 20_260_101 };

const good = {
  mode: 'observe',
  policy: {
    preset: 'cis',
    rotateAfterDays: 60,
    disableAfterDays: 70,
    deleteAfterDays: 80,
    neverUsed: 'retire',
    disable: { onlyWhenIdleDays: 7, maxHoldDays: 14 },
    maxStepsPerSweep: 10,
    changeWindow: { weekdays: [1, 2], fromHour: 6, toHour: 12, timeZone: 'UTC' },
  },
  schedule: 'cron(0 8 * * ? *)',
  accounts: { kind: 'list', accounts: ['111122223333', '444455556666'] },
  enforceIn: { accounts: ['444455556666'] },
  secrets: {
    kind: 'hub',
    kmsKeyArn: 'arn:aws:kms:eu-west-1:111122223333:key/mrk-00000000000000000000000000000000',
    replicaRegions: ['eu-central-1'],
  },
  access: { memberRoleName: 'Member', workerRoleName: 'Worker', externalId: 'shared-word' },
  notices: {
    slack: { secretName: 'slack-webhooks' },
    email: { from: 'keys@example.com', replyTo: 'platform@example.com', configurationSet: 'keyturn' },
    webhooks: { secretName: 'webhooks' },
    operators: { emails: ['platform@example.com'] },
  },
  operation: {
    logRetentionDays: 30,
    workerMemoryMb: 1024,
    maxConcurrentSweeps: 50,
    deploymentParameter: '/platform/keyturn',
    alarms: {
      topicArn: 'arn:aws:sns:eu-west-1:111122223333:pager',
      overdueKeys: 25,
      failingAccounts: 3,
      failedNotices: 7,
    },
  },
  evidence: {
    objectLock: { mode: 'COMPLIANCE', years: 7 },
    auditors: ['444455556666', { account: '111122223333', permissionSet: 'Auditor' }],
    auditorRoleName: 'Auditor',
  },
  removal: 'destroy',
  account: '111122223333',
  region: 'eu-west-1',
  stackName: 'Keys',
  // Tags have names of people's own, none of which is misspelt.
} satisfies Required<Omit<KeyturnConfig, 'tags'>>;

type Tree = { readonly [name: string]: unknown };
const isTree = (value: unknown): value is Tree => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Every setting, as the names on the way to it. */
const pathsIn = (tree: Tree, above: readonly string[] = []): readonly (readonly string[])[] =>
  Object.entries(tree).flatMap(([name, value]) => [
    [...above, name],
    ...(isTree(value) ? pathsIn(value, [...above, name]) : []),
  ]);

function replaced(tree: Tree, [name = '', ...below]: readonly string[], value: unknown): Tree {
  const child = tree[name];
  return { ...tree, [name]: below.length > 0 && isTree(child) ? replaced(child, below, value) : value };
}

function mistakesIn(config: unknown): readonly string[] {
  try {
    const resolved = resolveConfig(config);
    expect(policyErrors(resolved.policy)).toEqual([]);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
}

const path = fc.constantFrom(...pathsIn(good));
/** Fits no setting, whatever it is about. */
const misfit = fc.constantFrom(null, true, -1.5, Number.NaN, 'not what belongs here!\u0000', { surprise: 1 });

test('the settings that are broken below are right by themselves', () => {
  expect(mistakesIn(good)).toEqual([]);
});

// Fails when a setting is not checked, or its mistake does not say which setting it is.
test('a setting that makes no sense is named', () => {
  fc.assert(
    fc.property(path, misfit, (names, value) => {
      const mistakes = mistakesIn(replaced(good, names, value));
      expect(mistakes).not.toEqual([]);
      const [top = ''] = names;
      expect(mistakes.join('\n')).toContain(top);
    }),
    RUNS,
  );
});

// Fails when a misspelt setting is passed over: somebody would think it was in force.
test('a setting that does not exist is named', () => {
  fc.assert(
    fc.property(path, (names) => {
      const misspelt = [...names.slice(0, -1), `${names.at(-1)}x`];
      expect(mistakesIn(replaced(good, misspelt, 1)).join('\n')).toContain(`${misspelt.join('.')} is not a setting`);
    }),
    RUNS,
  );
});

// Fails when numbers are let through that contradict each other, or when checking them throws anything but a ConfigError.
test('any numbers either make a policy that can work, or are refused with sentences', () => {
  const days = fc.oneof(fc.integer({ min: -3, max: 200 }), fc.constantFrom(0.5, 1e21, Number.POSITIVE_INFINITY));
  const policy = fc.record(
    {
      rotateAfterDays: days,
      disableAfterDays: days,
      deleteAfterDays: days,
      warnBeforeDays: fc.array(days, { maxLength: 3 }),
      maxStepsPerSweep: days,
      disable: fc.record({ onlyWhenIdleDays: days, maxHoldDays: days }, { requiredKeys: [] }),
      changeWindow: fc.record({
        weekdays: fc.array(fc.integer({ min: 0, max: 8 }), { maxLength: 3 }),
        fromHour: days,
        toHour: days,
        timeZone: fc.constantFrom('UTC', 'Mars/Olympus', ''),
        freezeDates: fc.array(fc.constantFrom('2026-12-24', '2026-02-30', 'Christmas'), { maxLength: 2 }),
      }),
    },
    { requiredKeys: [] },
  );
  fc.assert(
    fc.property(policy, (given) => {
      for (const mistake of mistakesIn({ policy: given })) expect(mistake).toMatch(/[a-z].{10,}/i);
    }),
    RUNS,
  );
});

// Fails when something that is no settings object at all ends in another error than a sentence.
test('anything at all is taken or refused with sentences', () => {
  fc.assert(
    fc.property(anyRubbish, (rubbish) => {
      for (const mistake of mistakesIn(rubbish)) expect(mistake).toMatch(/\w/);
    }),
    RUNS,
  );
});
