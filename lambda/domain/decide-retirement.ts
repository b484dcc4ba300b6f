import { isOpen, nextOpening } from './change-window.ts';
import {
  deleteAt,
  deleteAtFrom,
  deleteAtOfInactive,
  disableAt,
  disableAtFrom,
  roomNeededAt,
  wasFoundInactive,
} from './deadlines.ts';
import { heldInUse } from './decide-hold.ts';
import type { KeyFacts, UserFacts } from './facts.ts';
import type { AccessKeyId } from './ids.ts';
import type { Rules } from './situation.ts';
import type { Step } from './step.ts';
import { type Instant, MINUTE } from './time.ts';
import type { Retirement, Tracking } from './tracking.ts';
import { wait } from './waits.ts';

export const isActive = (key: KeyFacts): boolean => key.status === 'Active';

export const keyOf = (user: UserFacts, keyId: AccessKeyId): KeyFacts | undefined =>
  user.keys.find((key) => key.keyId === keyId);

/** What a look at the keys says about the retirements that are tracked. */
export interface RetirementChecks {
  readonly steps: readonly Step[];
  /** What is still tracked after these steps. */
  readonly tracking: Tracking;
  /** Keys about which nothing more is to be decided in this sweep. */
  readonly settled: ReadonlySet<AccessKeyId>;
}

/** Keys that are still to be decided about, without those gone or settled. */
export const countedKeys = (user: UserFacts, settled: ReadonlySet<AccessKeyId>): readonly KeyFacts[] =>
  user.keys.filter((key) => !settled.has(key.keyId));

/** Compares each tracked retirement with the keys as they are: done, undone or made pointless by somebody else? */
export function retirementChecks(rules: Rules, clock: Instant): RetirementChecks {
  const steps: Step[] = [];
  const kept: Record<AccessKeyId, Retirement> = {};
  const settled = new Set<AccessKeyId>();
  for (const retirement of Object.values(rules.tracking.retirements)) {
    const { keyId } = retirement;
    const step = check(rules, retirement);
    if (step === undefined) {
      kept[keyId] = retirement;
      continue;
    }
    if (isSettling(retirement, clock)) {
      kept[keyId] = retirement;
      settled.add(keyId);
      continue;
    }
    steps.push(step);
    if (step.kind === 'cancel-retirement' || step.kind === 'record-deleted') continue;
    kept[keyId] = retirement;
    settled.add(keyId);
  }
  return { steps, tracking: { ...rules.tracking, retirements: kept }, settled };
}

/** IAM may list a new key, or a new status, after seconds only: what contradicts a change of a moment ago proves nothing. */
const SETTLING = 5 * MINUTE;

const isSettling = ({ changedAt }: Retirement, clock: Instant): boolean =>
  changedAt !== undefined && clock < changedAt + SETTLING;

function check(rules: Rules, retirement: Retirement): Step | undefined {
  const { user, policy, now } = rules;
  const { keyId, intent, disabledAt } = retirement;
  const key = keyOf(user, keyId);
  if (key === undefined) {
    return { kind: 'record-deleted', keyId, by: intent?.step === 'delete' ? 'keyturn' : 'somebody' };
  }
  if (wasFoundInactive(retirement.why)) {
    if (isActive(key)) return { kind: 'cancel-retirement', keyId, reason: 'active-again' };
    if (!isPointless(rules, retirement)) return undefined;
    const reason = retirement.why === 'inactive-only' ? 'not-alone' : 'slot-free';
    return { kind: 'cancel-retirement', keyId, reason };
  }
  if (disabledAt === undefined && !isActive(key)) {
    // A disable that was begun and whose outcome was never recorded took effect when it was begun.
    const by = intent?.step === 'disable' ? 'keyturn' : 'somebody';
    const at = intent?.step === 'disable' ? intent.at : now;
    return { kind: 'record-disabled', keyId, by, at, deleteAt: deleteAtFrom(key, at, policy) };
  }
  if (disabledAt !== undefined && isActive(key)) {
    // A restore that was begun took effect: nobody else's hand.
    if (intent?.restore !== undefined) return { kind: 'record-restored', keyId, ...intent.restore };
    return { kind: 'record-reactivated', keyId, disableAt: disableAtFrom(key, now, policy) };
  }
  return isStranded(rules, key, retirement)
    ? { kind: 'cancel-retirement', keyId, reason: 'successor-gone' }
    : undefined;
}

/**
 * Without its successor an Active key may be the last one that its owner has: it must not stop. Neither must an
 * Inactive one go, unless its owner has another key. A successor that retires itself is as good as gone.
 */
function isStranded({ user, tracking }: Rules, key: KeyFacts, { why, successorKeyId }: Retirement): boolean {
  if (why === 'never-used') return false;
  if (!isActive(key)) return !user.keys.some(isActive);
  const successor = successorKeyId === undefined ? undefined : keyOf(user, successorKeyId);
  return successor === undefined || !isActive(successor) || tracking.retirements[successor.keyId] !== undefined;
}

/** The place of a `blocks-slot` key is no longer needed, or an `inactive-only` user has an Active key again. */
function isPointless({ user, tracking, policy, now }: Rules, { why }: Retirement): boolean {
  const active = user.keys.filter(isActive);
  if (why === 'inactive-only') return active.length > 0;
  const staying = active.filter((key) => tracking.retirements[key.keyId] === undefined);
  return !staying.some((key) => now >= roomNeededAt(key, policy));
}

/** The next step on a retiring key's way out, or why it has to wait. */
export function retire(rules: Rules, key: KeyFacts, retirement: Retirement): Step {
  return isActive(key) ? disable(rules, key, retirement) : remove(rules, key, retirement);
}

function disable(rules: Rules, key: KeyFacts, retirement: Retirement): Step {
  const { policy, now } = rules;
  const { keyId, createdAt } = key;
  const due = disableAt(key, retirement, policy);
  if (now < due) return { kind: 'none', reason: 'retiring', keyId, until: due };
  if (retirement.why === 'never-used') {
    if (key.lastUse.kind === 'unread') rules.lookUps.lastUseOf.add(keyId);
    if (key.lastUse.kind === 'used') return { kind: 'cancel-retirement', keyId, reason: 'used-after-all' };
  }
  if (wasExempt(rules, keyId)) return announceAgain(rules, key, retirement, disableAtFrom(key, now, policy));
  return (
    heldInUse(rules, key, due, retirement) ??
    closedGate(rules, key, retirement, 'disable') ?? {
      kind: 'disable',
      keyId,
      reason: retirement.why,
      createdAt,
      deleteAt: deleteAtFrom(key, now, policy),
    }
  );
}

function remove(rules: Rules, key: KeyFacts, retirement: Retirement): Step {
  const { keyId, createdAt } = key;
  const due = deleteAt(key, retirement, rules.policy);
  if (rules.now < due) return { kind: 'none', reason: 'retiring', keyId, until: due };
  if (wasExempt(rules, keyId)) return announceAgain(rules, key, retirement);
  return closedGate(rules, key, retirement, 'delete') ?? { kind: 'delete', keyId, reason: retirement.why, createdAt };
}

/** An exemption held its step beyond the date that was announced, so that nobody expects it on any day now. */
const wasExempt = ({ tracking }: Rules, keyId: AccessKeyId): boolean => tracking.waiting[keyId]?.reason === 'exempt';

/** Its next step is announced once more, with the full gap ahead. */
function announceAgain({ policy, now }: Rules, key: KeyFacts, retirement: Retirement, disableAt?: Instant): Step {
  const { keyId, why, successorKeyId } = retirement;
  return {
    kind: 'start-retirement',
    keyId,
    reason: why,
    ...(successorKeyId === undefined ? {} : { successorKeyId }),
    ...(disableAt === undefined ? {} : { disableAt }),
    deleteAt: wasFoundInactive(why)
      ? deleteAtOfInactive(key, { why, startedAt: now }, policy)
      : deleteAtFrom(key, disableAt ?? now, policy),
    after: 'exemption',
  };
}

/** The gates that disabling and deleting share: somebody was told, and the change window is open. */
function closedGate(
  rules: Rules,
  { keyId }: KeyFacts,
  { announcement }: Retirement,
  step: 'disable' | 'delete',
): Step | undefined {
  const delivered = rules.delivered.get(announcement);
  if (delivered === undefined) rules.lookUps.deliveryOf.add(announcement);
  if (!delivered) return wait(rules, keyId, step, 'notice-undelivered');
  const { changeWindow } = rules.policy;
  if (isOpen(changeWindow, rules.clock)) return undefined;
  return wait(rules, keyId, step, 'window-closed', nextOpening(changeWindow, rules.clock));
}
