import { exempt, exemptionEnded } from './decide-exempt.ts';
import { keyRules } from './decide-keys.ts';
import { reminders } from './decide-reminders.ts';
import { answerRequests, withWaiting } from './decide-requests.ts';
import { countedKeys, type RetirementChecks, retirementChecks } from './decide-retirement.ts';
import type { AccessKeyId } from './ids.ts';
import { withOwnersUses } from './own-proof.ts';
import type { Policy } from './policy.ts';
import { type Decision, LookUps, type Rules, type Situation } from './situation.ts';
import type { Step } from './step.ts';
import type { Instant } from './time.ts';
import { blankTracking, type Tracking } from './tracking.ts';

const MAX_KEYS = 2;

/**
 * The decision table of DESIGN section 3 for one user. Pure: the same facts, policy and times give the same steps.
 *
 * @param now the run's time, that deadlines go by.
 * @param clock the worker's clock, that locks and the change window go by: whether a process is over, and whether changes
 *   may be made, does not depend on when its run was due.
 */
export function decide(situation: Situation, policy: Policy, now: Instant, clock: Instant = now): Decision {
  const lookUps = new LookUps();
  const former: Step[] =
    situation.formerUserId === undefined ? [] : [{ kind: 'replace-user', formerUserId: situation.formerUserId }];
  const tracking = situation.formerUserId === undefined ? situation.tracking : blankTracking;
  const { delivered, observing = false } = situation;
  const user = withOwnersUses(situation.user, tracking);
  const rules: Rules = { user, tracking, delivered, policy, now, clock: Math.max(now, clock), observing, lookUps };
  const steps = [...former, ...decideUser(rules, situation, clock)];
  if (!lookUps.any) return { kind: 'steps', steps };
  return { kind: 'look-up', lastUseOf: [...lookUps.lastUseOf], deliveryOf: [...lookUps.deliveryOf] };
}

function decideUser(rules: Rules, situation: Situation, clock: Instant): readonly Step[] {
  const { exemption, requests = [] } = situation;
  const { user, tracking } = rules;
  const running = inProgress(tracking, clock);
  if (running.length > 0) return running;
  if (tracking.rotation !== undefined) return [{ kind: 'recover', outgoingKeyId: tracking.rotation.outgoingKeyId }];
  const checked = retirementChecks(rules, clock);
  const going = { ...rules, tracking: checked.tracking };
  const answers = answerRequests(going, requests, checked.settled);
  const before = [...checked.steps, ...lastKeysGone(rules, situation, checked), ...answers.steps];
  // An exemption permits not to rotate; it does not forbid what somebody asks for.
  if (exemption !== undefined) {
    return withWaiting(rules, answers, [...before, ...exempt(going, exemption, answers.settled)]);
  }
  const ended = exemptionEnded(tracking);
  if (user.keys.length > MAX_KEYS) {
    const isNew = tracking.blocked !== 'too-many-keys';
    return [...before, { kind: 'block', reason: 'too-many-keys', isNew }, ...ended];
  }
  const unblock: Step[] = tracking.blocked === undefined ? [] : [{ kind: 'unblock' }];
  const byRules = [...before, ...unblock, ...keyRules(going, countedKeys(user, answers.settled))];
  const decided = withWaiting(going, answers, byRules);
  return [...decided, ...reminders(going, decided), ...ended];
}

/** Whatever was tracked of them says so itself; while IAM may not list a new key yet, nobody knows that they were the last. */
function lastKeysGone({ user, tracking }: Rules, { lost = [] }: Situation, { settled }: RetirementChecks): Step[] {
  if (user.keys.length > 0 || settled.size > 0) return [];
  const untracked = lost.filter((keyId) => tracking.retirements[keyId] === undefined);
  return untracked.map((keyId) => ({ kind: 'record-deleted', keyId, by: 'somebody' }));
}

/** Steps whose process may still be alive: until it can no longer be, the whole user is left to it. */
function inProgress({ rotation, retirements }: Tracking, clock: Instant): Step[] {
  if (rotation !== undefined && clock < rotation.expiresAt) return [locked(rotation.outgoingKeyId, 'rotate')];
  return Object.values(retirements).flatMap(({ keyId, intent }) =>
    intent !== undefined && clock < intent.expiresAt ? [locked(keyId, intent.step)] : [],
  );
}

const locked = (keyId: AccessKeyId, step: 'rotate' | 'disable' | 'delete' | 'restore'): Step => ({
  kind: 'wait',
  keyId,
  // A restore is the undoing of a disable.
  step: step === 'restore' ? 'disable' : step,
  reason: 'in-progress',
  isNew: false,
});
