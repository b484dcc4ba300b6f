import * as fc from 'fast-check';
import { type Policy, presets } from '../../lambda/domain/policy.ts';
import type { Step } from '../../lambda/domain/step.ts';
import { DAY } from '../../lambda/domain/time.ts';
import { aPolicy } from '../support/builders.ts';
import {
  bornWith,
  type Life,
  type LivingKey,
  onDay,
  sweep,
  withKey,
  withoutLivingKey,
  withStatus,
  withUse,
} from './support/lifetime.ts';

/** What an owner may do between two sweeps; `which` picks one of the keys there are. */
type Deed = 'create' | 'use' | 'deactivate' | 'activate' | 'delete' | 'be unreachable';
interface Action {
  readonly day: number;
  readonly deed: Deed;
  readonly which: number;
}

const LAST_DAY = 260;
const QUIET_DAYS = 220;
const AWAY_DAYS = 20;

const policies: readonly Policy[] = [
  presets.default,
  presets.cis,
  aPolicy({ neverUsed: 'retire' }),
  aPolicy({ disable: { onlyWhenIdleDays: 7, maxHoldDays: 30 } }),
  aPolicy({ neverUsed: 'retire', disable: { onlyWhenIdleDays: 3, maxHoldDays: 10 } }),
];

const days = fc.integer({ min: 0, max: LAST_DAY });
const firstKey = fc.record({
  createdOn: fc.oneof(fc.integer({ min: -450, max: 0 }), fc.integer({ min: -120, max: -70 })),
  status: fc.constantFrom('Active' as const, 'Active' as const, 'Inactive' as const),
  usedDaysLater: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
});
const action: fc.Arbitrary<Action> = fc.record({
  day: days,
  deed: fc.constantFrom<Deed>('create', 'use', 'use', 'deactivate', 'activate', 'activate', 'delete', 'be unreachable'),
  which: fc.nat({ max: 1 }),
});

const anyStory = (mostActions: number) =>
  fc.record({
    policy: fc.constantFrom(...policies),
    keys: fc.array(firstKey, { maxLength: 2 }),
    actions: fc.array(action, { maxLength: mostActions }),
    missedDays: fc.uniqueArray(days, { maxLength: 40 }),
  });

type Story = typeof anyStory extends (most: number) => fc.Arbitrary<infer S> ? S : never;

function beginningOf({ policy, keys }: Story): Life {
  return keys.reduce((life, { createdOn, status, usedDaysLater }) => {
    if (usedDaysLater === undefined) return withKey(life, createdOn, { status });
    const used = onDay(Math.min(createdOn + usedDaysLater, 0));
    return withKey(life, createdOn, {
      status,
      lastUse: { kind: 'used', at: used, service: 's3', region: 'eu-central-1' },
    });
  }, bornWith(policy));
}

function acted(life: Life, { day, deed, which }: Action): Life {
  if (deed === 'create') return withKey(life, day - 0.5);
  const key = life.keys[which % Math.max(life.keys.length, 1)];
  if (key === undefined) return life;
  switch (deed) {
    case 'use':
      return withUse(life, key.keyId, onDay(day - 0.5));
    case 'deactivate':
      return withStatus(life, key.keyId, 'Inactive');
    case 'activate':
      return withStatus(life, key.keyId, 'Active');
    case 'delete':
      return withoutLivingKey(life, key.keyId);
    default:
      return life;
  }
}

/** One sweep: the life it found and the life it left. */
interface Sweep {
  readonly day: number;
  readonly before: Life;
  readonly after: Life;
  readonly steps: readonly Step[];
}

/** Lives through the story, then for a long time without anybody's hand and with everybody told. */
function sweepsOf(story: Story): readonly Sweep[] {
  const sweeps: Sweep[] = [];
  let life = beginningOf(story);
  for (let day = 0; day <= LAST_DAY + QUIET_DAYS; day += 1) {
    const today = story.actions.filter((entry) => entry.day === day);
    const before = today.reduce<Life>(acted, day > LAST_DAY ? { ...life, untold: new Set() } : life);
    life = before;
    if (story.missedDays.includes(day)) continue;
    const away = story.actions.some(
      (entry) => entry.deed === 'be unreachable' && isBetween(day - AWAY_DAYS, entry.day, day),
    );
    const { after, steps } = sweep(before, day, !away);
    sweeps.push({ day, before, after, steps });
    life = after;
  }
  return sweeps;
}

const isBetween = (from: number, day: number, to: number) => from < day && day <= to;

const activeIn = ({ keys }: Life): readonly LivingKey[] => keys.filter(({ status }) => status === 'Active');

function always(check: (sweeps: readonly Sweep[], story: Story) => void, mostActions = 30): void {
  fc.assert(
    fc.property(anyStory(mostActions), (story) => check(sweepsOf(story), story)),
    { numRuns: 150 },
  );
}

describe('whatever owners do in 260 days', () => {
  test('a sweep that disables a key leaves another Active, unless the key was never used', () => {
    always((sweeps) => {
      for (const { after, steps } of sweeps) {
        const took = steps.filter((step) => step.kind === 'disable' && step.reason !== 'never-used');
        if (took.length > 0) expect(activeIn(after)).not.toEqual([]);
      }
    });
  });

  test('a key is disabled only after its full age, a full gap after somebody was told', () => {
    always((sweeps, { policy }) => {
      for (const { day, before, steps } of sweeps) {
        for (const step of steps) {
          if (step.kind !== 'disable') continue;
          const retirement = before.tracking.retirements[step.keyId];
          expect(onDay(day)).toBeGreaterThanOrEqual(step.createdAt + policy.disableAfterDays * DAY);
          expect(onDay(day) - (retirement?.startedAt ?? Number.NaN)).toBeGreaterThanOrEqual(
            (policy.disableAfterDays - policy.rotateAfterDays) * DAY,
          );
          expect(retirement && before.untold.has(retirement.announcement)).toBe(false);
        }
      }
    });
  });

  test('a key is deleted only after it has really been Inactive for the full gap, and somebody was told', () => {
    always((sweeps, { policy }) => {
      const inactiveSince = new Map<string, number>();
      for (const { day, before, after, steps } of sweeps) {
        for (const { keyId } of activeIn(before)) inactiveSince.delete(keyId);
        for (const step of steps) {
          if (step.kind !== 'delete') continue;
          const gap = policy.deleteAfterDays - policy.disableAfterDays;
          expect(day - (inactiveSince.get(step.keyId) ?? Number.NaN)).toBeGreaterThanOrEqual(gap);
          const retirement = before.tracking.retirements[step.keyId];
          expect(retirement && before.untold.has(retirement.announcement)).toBe(false);
        }
        for (const { keyId, status } of after.keys) {
          if (status !== 'Active' && !inactiveSince.has(keyId)) inactiveSince.set(keyId, day);
        }
      }
    });
  });

  test('a user without an Active key never gets one', () => {
    always((sweeps) => {
      for (const { before, steps } of sweeps) {
        if (steps.some(({ kind }) => kind === 'rotate')) expect(activeIn(before)).not.toEqual([]);
      }
    });
  });

  test('what is tracked is about keys that are there', () => {
    always((sweeps) => {
      const strays = sweeps.flatMap(({ day, after: { keys, tracking } }) =>
        Object.values(tracking.retirements)
          .filter((retirement) => !keys.some(({ keyId }) => keyId === retirement.keyId))
          .map((retirement) => ({ day, retirement })),
      );
      expect(strays).toEqual([]);
    });
  });

  test('left alone again, everything comes to its end: no key stays for longer than its policy says', () => {
    always((sweeps, { policy }) => {
      const { day, after } = sweeps.at(-1) ?? { day: 0, after: bornWith() };
      for (const { createdAt, status } of after.keys) {
        const age = (onDay(day) - createdAt) / DAY;
        expect(age).toBeLessThan(status === 'Active' ? policy.disableAfterDays : policy.deleteAfterDays);
      }
    });
  });
});

describe('without anybody’s hand', () => {
  const undisturbed = (check: (sweeps: readonly Sweep[], story: Story) => void) => always(check, 0);

  test('nothing that was begun is called off, and nothing is begun twice', () => {
    undisturbed((sweeps) => {
      const steps = sweeps.flatMap((sweep) => sweep.steps);
      expect(steps.filter(({ kind }) => kind === 'cancel-retirement')).toEqual([]);
      const begun = steps.flatMap((step) => (step.kind === 'start-retirement' ? [step.keyId] : []));
      expect(new Set(begun).size).toBe(begun.length);
    });
  });

  test('who had an Active key that was ever used always has one', () => {
    undisturbed((sweeps) => {
      const [first] = sweeps;
      const used = first && activeIn(first.before).some(({ lastUse }) => lastUse.kind === 'used');
      if (!used) return;
      const policy = first.before.policy;
      if (policy.neverUsed === 'retire') return;
      expect(sweeps.filter(({ after }) => activeIn(after).length === 0)).toEqual([]);
    });
  });

  test('no wait is recorded twice', () => {
    undisturbed((sweeps) => {
      const waits = sweeps.flatMap(({ steps }) =>
        steps.flatMap((step) =>
          step.kind === 'wait' && step.isNew ? [`${step.keyId} ${step.step} ${step.reason}`] : [],
        ),
      );
      expect(new Set(waits).size).toBe(waits.length);
    });
  });
});
