import { deleteAt, deleteAtFrom, deleteAtOfInactive, disableAtFrom, roomNeededAt, rotateAt } from './deadlines.ts';
import { isActive, retire } from './decide-retirement.ts';
import type { KeyFacts } from './facts.ts';
import type { Policy } from './policy.ts';
import type { RetirementReason } from './reasons.ts';
import { lastUseOf } from './reported-use.ts';
import type { Rules } from './situation.ts';
import type { Step } from './step.ts';
import { DAY, daysAfter, type Instant } from './time.ts';
import { wait } from './waits.ts';

/** The rows of the decision table that are about the keys a user has; `keys` are those still to be decided about. */
export function keyRules(rules: Rules, keys: readonly KeyFacts[]): Step[] {
  if (rules.user.keys.length === 0) return [{ kind: 'none', reason: 'no-keys' }];
  const out: Step[] = [];
  const staying: KeyFacts[] = [];
  for (const key of [...keys].sort(olderFirst)) {
    const retirement = rules.tracking.retirements[key.keyId];
    if (retirement === undefined) staying.push(key);
    else out.push(retire(rules, key, retirement));
  }
  const [first, second] = staying.filter(isActive);
  const inactive = staying.filter((key) => !isActive(key));
  const [blocking] = inactive;
  if (first === undefined) return [...out, ...withoutActiveKey(rules, inactive)];
  if (second !== undefined) return [...out, ...twoActiveKeys(rules, first, second)];
  if (blocking !== undefined) return [...out, ...blockedSlot(rules, first, blocking)];
  // Also a key settled in this sweep (just found disabled or reactivated) holds its place.
  const other = rules.user.keys.find(({ keyId }) => keyId !== first.keyId);
  if (other === undefined) return [...out, ...oneActiveKey(rules, first)];
  return [...out, ...behindRetiringKey(rules, first, other, out)];
}

function oneActiveKey(rules: Rules, key: KeyFacts): Step[] {
  const { policy, now } = rules;
  if (now < rotateAt(key, policy)) return [upcoming(rules, key)];
  if (retiresUnused(rules, key)) return [startRetirement(rules, key, 'never-used')];
  return [rotation(key, 'due')];
}

const rotation = (key: KeyFacts, reason: 'due' | 'slot-freed'): Step => ({
  kind: 'rotate',
  reason,
  keyId: key.keyId,
  createdAt: key.createdAt,
  ...lastUseOf(key),
});

/** A due key whose second place is still taken by a key on its way out. */
function behindRetiringKey(rules: Rules, key: KeyFacts, other: KeyFacts, out: readonly Step[]): Step[] {
  const { tracking, policy, now } = rules;
  if (now < rotateAt(key, policy)) return [upcoming(rules, key)];
  // While the other one is Active this may be its successor: never are both on their way out.
  if (!isActive(other) && retiresUnused(rules, key)) return [startRetirement(rules, key, 'never-used')];
  if (out.some((step) => step.kind === 'delete')) {
    return [rotation(key, 'slot-freed')];
  }
  const retirement = tracking.retirements[other.keyId];
  const again = out.find((step) => step.kind === 'start-retirement' && step.keyId === other.keyId);
  const until = again?.kind === 'start-retirement' ? again.deleteAt : retirement && deleteAt(other, retirement, policy);
  return [wait(rules, key.keyId, 'rotate', 'slot-busy', until !== undefined && until > now ? until : undefined)];
}

/** One Active key, and one that was Inactive when found: room is made for the rotation, if there is to be one. */
function blockedSlot(rules: Rules, key: KeyFacts, blocking: KeyFacts): Step[] {
  const { policy, now } = rules;
  const due = rotateAt(key, policy);
  if (now < roomNeededAt(key, policy)) return [upcoming(rules, key)];
  if (retiresUnused(rules, key)) {
    return [now < due ? upcoming(rules, key) : startRetirement(rules, key, 'never-used')];
  }
  const start = startInactiveRetirement(rules, blocking, 'blocks-slot');
  const next = now < due ? upcoming(rules, key) : wait(rules, key.keyId, 'rotate', 'slot-busy', start.deleteAt);
  return [start, next];
}

function twoActiveKeys(rules: Rules, older: KeyFacts, newer: KeyFacts): Step[] {
  const { policy, now } = rules;
  if (now < rotateAt(older, policy)) {
    return [{ kind: 'none', reason: 'young', keyId: older.keyId, until: rotateAt(older, policy) }];
  }
  if (now < rotateAt(newer, policy)) {
    // Its owner has made the successor already; all that is left is to see the older one out.
    return [startRetirement(rules, older, 'replaced-by-hand', newer)];
  }
  const [leaving, kept] = leastRecentlyUsed(rules, older, newer) === older ? [older, newer] : [newer, older];
  const start = startRetirement(rules, leaving, 'both-due', kept);
  return [start, wait(rules, kept.keyId, 'rotate', 'slot-busy', start.deleteAt)];
}

/** The key that would be missed less: never used counts as least, a tie goes to the older one. */
function leastRecentlyUsed(rules: Rules, older: KeyFacts, newer: KeyFacts): KeyFacts {
  return lastUsedAt(rules, newer) < lastUsedAt(rules, older) ? newer : older;
}

function lastUsedAt(rules: Rules, key: KeyFacts): Instant {
  if (key.lastUse.kind === 'unread') rules.lookUps.lastUseOf.add(key.keyId);
  return key.lastUse.kind === 'used' ? key.lastUse.at : Number.NEGATIVE_INFINITY;
}

/** Such a user gets no key; what is old enough is seen out, the rest stays as it is. */
function withoutActiveKey(rules: Rules, inactive: readonly KeyFacts[]): Step[] {
  const { user, policy, now } = rules;
  // An Active key on its way out is a key all the same.
  if (user.keys.some(isActive)) return [];
  return inactive.map((key): Step => {
    const announceAt = daysAfter(key.createdAt, policy.disableAfterDays);
    if (now >= announceAt) return startInactiveRetirement(rules, key, 'inactive-only');
    return { kind: 'none', reason: 'inactive-young', keyId: key.keyId, until: announceAt };
  });
}

function upcoming({ tracking, policy, now }: Rules, key: KeyFacts): Step {
  const due = rotateAt(key, policy);
  const threshold = smallestReached(policy, due, now);
  const told = tracking.warned[key.keyId];
  if (threshold !== undefined && (told === undefined || threshold < told)) {
    return { kind: 'warn', keyId: key.keyId, thresholdDays: threshold, rotateAt: due };
  }
  return { kind: 'none', reason: 'young', keyId: key.keyId, until: due };
}

function smallestReached(policy: Policy, due: Instant, now: Instant): number | undefined {
  let smallest: number | undefined;
  for (const days of policy.warnBeforeDays) {
    if (now >= due - days * DAY && (smallest === undefined || days < smallest)) smallest = days;
  }
  return smallest;
}

function retiresUnused(rules: Rules, key: KeyFacts): boolean {
  if (rules.policy.neverUsed === 'rotate') return false;
  if (key.lastUse.kind === 'unread') rules.lookUps.lastUseOf.add(key.keyId);
  return key.lastUse.kind === 'never';
}

type StartRetirement = Extract<Step, { kind: 'start-retirement' }>;

function startRetirement(
  { policy, now }: Rules,
  key: KeyFacts,
  reason: RetirementReason,
  successor?: KeyFacts,
): StartRetirement {
  const disableAt = disableAtFrom(key, now, policy);
  return {
    kind: 'start-retirement',
    keyId: key.keyId,
    reason,
    ...(successor === undefined ? {} : { successorKeyId: successor.keyId }),
    disableAt,
    deleteAt: deleteAtFrom(key, disableAt, policy),
  };
}

function startInactiveRetirement(
  { policy, now }: Rules,
  key: KeyFacts,
  why: 'blocks-slot' | 'inactive-only',
): StartRetirement {
  return {
    kind: 'start-retirement',
    keyId: key.keyId,
    reason: why,
    deleteAt: deleteAtOfInactive(key, { why, startedAt: now }, policy),
  };
}

const olderFirst = (a: KeyFacts, b: KeyFacts): number =>
  a.createdAt - b.createdAt || (a.keyId < b.keyId ? -1 : a.keyId > b.keyId ? 1 : 0);
