import * as fc from 'fast-check';
import { decide } from '../../lambda/domain/decide.ts';
import type { KeyFacts } from '../../lambda/domain/facts.ts';
import type { Policy } from '../../lambda/domain/policy.ts';
import type { Decision, Situation } from '../../lambda/domain/situation.ts';
import type { Step, StepKind } from '../../lambda/domain/step.ts';
import { DAY } from '../../lambda/domain/time.ts';
import { anyPolicy, anySituation, NOW } from './support/situations.ts';

/** Answers what the decision asks for: deliveries with yes, last uses with never. */
function answered(situation: Situation, decision: Extract<Decision, { kind: 'look-up' }>): Situation {
  const { user } = situation;
  const keys = user.keys.map(
    (key): KeyFacts => (decision.lastUseOf.includes(key.keyId) ? { ...key, lastUse: { kind: 'never' } } : key),
  );
  const delivered = new Map([...situation.delivered, ...decision.deliveryOf.map((id) => [id, true] as const)]);
  return { ...situation, user: { ...user, keys }, delivered };
}

/** The situation with everything asked for answered, and the steps. */
function decided(
  situation: Situation,
  policy: Policy,
): { readonly situation: Situation; readonly steps: readonly Step[] } {
  let known = situation;
  for (let round = 0; round < 4; round += 1) {
    const decision = decide(known, policy, NOW);
    if (decision.kind === 'steps') return { situation: known, steps: decision.steps };
    known = answered(known, decision);
  }
  throw new Error('it asks on and on');
}

const stepsOf = <K extends StepKind>(steps: readonly Step[], kind: K) =>
  steps.filter((step): step is Extract<Step, { kind: K }> => step.kind === kind);

const reminding: readonly StepKind[] = ['record-adopted', 'remind-still-used', 'remind-delete-coming'];

/** A rotation tells when the key was last used: what is told, not what is done. */
function withoutUse(step: Step): Step {
  if (step.kind !== 'rotate') return step;
  const { lastUse: _, ...rest } = step;
  return rest;
}

/** The situation in which every reminder was given, and the report says nothing. */
function nothingToTell({ user, tracking, ...rest }: Situation): Situation {
  const keys = user.keys.map(({ reportedUse: _, ...key }): KeyFacts => key);
  const told = Object.values(tracking.retirements).map((retirement) => ({
    ...retirement,
    adopted: { at: NOW, service: 's3', region: 'eu-central-1' },
    reminded: ['half-way', 'day-before', 'delete-coming'] as const,
  }));
  const retirements = Object.fromEntries(told.map((retirement) => [retirement.keyId, retirement]));
  return { ...rest, user: { ...user, keys }, tracking: { ...tracking, retirements } };
}

function always(check: (situation: Situation, steps: readonly Step[], policy: Policy) => void): void {
  fc.assert(
    fc.property(anySituation, anyPolicy, (given, policy) => {
      const { situation, steps } = decided(given, policy);
      check(situation, steps, policy);
    }),
    { numRuns: 3000 },
  );
}

describe('whatever the user and whatever is tracked', () => {
  test('something is decided, and it says why', () => {
    always((_situation, steps) => {
      expect(steps.length).toBeGreaterThan(0);
    });
  });

  test('only what is not known is asked for', () => {
    fc.assert(
      fc.property(anySituation, anyPolicy, (situation, policy) => {
        const decision = decide(situation, policy, NOW);
        if (decision.kind === 'steps') return;
        expect(decision.lastUseOf.length + decision.deliveryOf.length).toBeGreaterThan(0);
        for (const keyId of decision.lastUseOf) {
          expect(situation.user.keys.find((key) => key.keyId === keyId)?.lastUse.kind).toBe('unread');
        }
        for (const eventId of decision.deliveryOf) expect(situation.delivered.has(eventId)).toBe(false);
      }),
      { numRuns: 3000 },
    );
  });

  test('whoever is reminded, nothing else is done, left out or put off because of it', () => {
    always((situation, steps, policy) => {
      const { steps: unreminded } = decided(nothingToTell(situation), policy);
      const others = steps.filter(({ kind }) => !reminding.includes(kind));
      // The last day of a held key is told by a reminder of its own: to have told it would be another decision.
      const rest = unreminded.filter((step) => step.kind !== 'remind-still-used' || !step.held);
      expect(others.map(withoutUse)).toEqual(rest.map(withoutUse));
      const first = steps.findIndex(({ kind }) => reminding.includes(kind));
      const after = first < 0 ? [] : steps.slice(first);
      expect(after.every(({ kind }) => reminding.includes(kind) || kind === 'tell-exemption-ended')).toBe(true);
    });
  });

  test('nothing is asked for a reminder while a key of the user is to be changed: it need not be answered', () => {
    let asked = 0;
    fc.assert(
      fc.property(anySituation, anyPolicy, (situation, policy) => {
        const decision = decide(situation, policy, NOW);
        const unreminded = decide(nothingToTell(situation), policy, NOW);
        if (decision.kind === 'steps' || unreminded.kind === 'look-up') return;
        asked += 1;
        const changing = ['rotate', 'disable', 'delete'];
        expect(unreminded.steps.filter(({ kind }) => changing.includes(kind))).toEqual([]);
      }),
      { numRuns: 10_000 },
    );
    // About ten, as chance has it.
    expect(asked).toBeGreaterThan(0);
  });

  test('reminders are about keys with a date ahead of them, and never about those that are changed', () => {
    always((_situation, steps) => {
      const changed = new Set(stepsOf(steps, 'disable').map(({ keyId }) => keyId));
      for (const step of stepsOf(steps, 'remind-still-used')) {
        expect(step.disableAt).toBeGreaterThan(NOW);
        expect(changed).not.toContain(step.keyId);
      }
      for (const step of stepsOf(steps, 'remind-delete-coming')) expect(step.deleteAt).toBeGreaterThan(NOW);
    });
  });

  test('deciding changes nothing and gives the same every time', () => {
    fc.assert(
      fc.property(anySituation, anyPolicy, (situation, policy) => {
        const before = structuredClone({ ...situation, delivered: [...situation.delivered] });
        expect(decide(situation, policy, NOW)).toEqual(decide(situation, policy, NOW));
        expect({ ...situation, delivered: [...situation.delivered] }).toEqual(before);
      }),
    );
  });

  test('the order in which IAM lists the keys does not matter', () => {
    const inOrder = (steps: readonly Step[]) => steps.map((step) => JSON.stringify(step)).sort();
    fc.assert(
      fc.property(anySituation, anyPolicy, (situation, policy) => {
        const turned = { ...situation, user: { ...situation.user, keys: situation.user.keys.toReversed() } };
        expect(inOrder(decided(turned, policy).steps)).toEqual(inOrder(decided(situation, policy).steps));
      }),
    );
  });

  test('at most one key is rotated, an Active one that is due, into a place that is free', () => {
    always(({ user }, steps, policy) => {
      const [rotation, ...more] = stepsOf(steps, 'rotate');
      expect(more).toEqual([]);
      if (rotation === undefined) return;
      const key = user.keys.find(({ keyId }) => keyId === rotation.keyId);
      expect(key?.status).toBe('Active');
      expect(NOW).toBeGreaterThanOrEqual((key?.createdAt ?? NOW) + policy.rotateAfterDays * DAY);
      const deletions = stepsOf(steps, 'delete').map(({ keyId }) => keyId);
      expect(user.keys.filter(({ keyId }) => !deletions.includes(keyId))).toEqual([key]);
    });
  });

  test('a key is disabled only while its owner keeps another Active one, unless it was never used', () => {
    always(({ user }, steps) => {
      const disables = stepsOf(steps, 'disable');
      const stopped = disables.map(({ keyId }) => keyId);
      for (const { keyId, reason } of disables) {
        const others = user.keys.filter((key) => key.status === 'Active' && !stopped.includes(key.keyId));
        if (reason !== 'never-used') expect(others).not.toEqual([]);
        expect(user.keys.find((key) => key.keyId === keyId)?.status).toBe('Active');
      }
    });
  });

  test('a key is disabled never before its age, the gap since its retirement began, and the date that was promised', () => {
    always(({ user, tracking }, steps, policy) => {
      for (const { keyId, createdAt } of stepsOf(steps, 'disable')) {
        const retirement = tracking.retirements[keyId];
        const gap = policy.disableAfterDays - policy.rotateAfterDays;
        expect(user.keys.find((key) => key.keyId === keyId)?.createdAt).toBe(createdAt);
        expect(NOW).toBeGreaterThanOrEqual(createdAt + policy.disableAfterDays * DAY);
        expect(NOW).toBeGreaterThanOrEqual((retirement?.startedAt ?? Number.NaN) + gap * DAY);
        expect(NOW).toBeGreaterThanOrEqual(retirement?.promisedAt ?? Number.NaN);
      }
    });
  });

  test('a key is deleted only when it is not Active, the gap since it was not is over, and so is the date promised', () => {
    always(({ user, tracking }, steps, policy) => {
      for (const { keyId, reason, createdAt } of stepsOf(steps, 'delete')) {
        const retirement = tracking.retirements[keyId];
        const since = retirement?.disabledAt ?? retirement?.startedAt ?? Number.NaN;
        expect(user.keys.find((key) => key.keyId === keyId)?.status).not.toBe('Active');
        expect(NOW).toBeGreaterThanOrEqual(since + (policy.deleteAfterDays - policy.disableAfterDays) * DAY);
        expect(NOW).toBeGreaterThanOrEqual(retirement?.promisedAt ?? Number.NaN);
        if (reason !== 'blocks-slot') expect(NOW).toBeGreaterThanOrEqual(createdAt + policy.deleteAfterDays * DAY);
      }
    });
  });

  test('nothing is disabled or deleted without a delivered notice, in a closed window, or during an exemption', () => {
    always(({ tracking, delivered, exemption }, steps, policy) => {
      for (const step of [...stepsOf(steps, 'disable'), ...stepsOf(steps, 'delete')]) {
        const announcement = tracking.retirements[step.keyId]?.announcement;
        expect(announcement !== undefined && delivered.get(announcement)).toBe(true);
        expect(policy.changeWindow?.weekdays).toEqual([5]);
        expect(exemption).toBeUndefined();
      }
    });
  });

  test('a user with more than two keys, with an open journal, or under exemption sees nothing changed', () => {
    always(({ user, tracking, exemption, formerUserId }, steps) => {
      const open = tracking.rotation !== undefined && formerUserId === undefined;
      if (user.keys.length <= 2 && exemption === undefined && !open) return;
      const changing = steps.filter(({ kind }) => ['rotate', 'disable', 'delete', 'start-retirement'].includes(kind));
      expect(changing).toEqual([]);
    });
  });

  test('nothing is inherited from a former user of the same name', () => {
    always(({ formerUserId }, steps) => {
      if (formerUserId === undefined) return;
      expect(steps[0]).toEqual({ kind: 'replace-user', formerUserId });
      const inherited: readonly StepKind[] = ['disable', 'delete', 'recover', 'record-deleted', 'cancel-retirement'];
      expect(steps.filter(({ kind }) => inherited.includes(kind))).toEqual([]);
    });
  });
});
