import type { KeyFacts } from './facts.ts';
import type { EventId } from './ids.ts';
import type { Policy } from './policy.ts';
import type { Rules } from './situation.ts';
import type { Step } from './step.ts';
import { DAY, daysAfter, type Instant } from './time.ts';
import type { Retirement } from './tracking.ts';
import { wait } from './waits.ts';

/**
 * Holds a key that was used lately, at most `maxHoldDays` past its deadline, snoozes and all; then it goes, used or not,
 * provided that its owner was reminded of that day at least a day ahead. One that was restored is used by agreement.
 */
export function heldInUse(rules: Rules, key: KeyFacts, due: Instant, retirement: Retirement): Step | undefined {
  const { policy, now, lookUps } = rules;
  const { hold, restoredUntil } = retirement;
  // Who was told how long it is held is not cut off sooner because a later policy holds nothing.
  const idleDays = policy.disable.onlyWhenIdleDays ?? (hold && Number.POSITIVE_INFINITY);
  const last = lastDay(retirement, due, policy);
  if (idleDays === undefined || restoredUntil !== undefined || last <= due) return undefined;
  const reminder = hold?.until === last ? hold.announcement : undefined;
  if (reminder !== undefined && now >= last) return untold(rules, key, reminder);
  if (key.lastUse.kind === 'unread') lookUps.lastUseOf.add(key.keyId);
  if (key.lastUse.kind !== 'used') return undefined;
  const idleAt = daysAfter(key.lastUse.at, idleDays);
  if (now >= idleAt) return undefined;
  const heldUntil = reminder !== undefined ? last : Math.max(last, now + DAY);
  const { at, service, region } = key.lastUse;
  return {
    ...wait(rules, key.keyId, 'disable', 'in-use', Math.min(idleAt, heldUntil)),
    lastUse: { at, service, region },
    heldUntil,
  };
}

/** The end of the longest hold that the policy has, and never before the last day that its owner was told of. */
function lastDay({ putOffFrom, hold }: Retirement, due: Instant, { disable }: Policy): Instant {
  const longest = disable.onlyWhenIdleDays === undefined ? 0 : disable.maxHoldDays;
  return Math.max(daysAfter(putOffFrom?.disable ?? due, longest), hold?.until ?? due);
}

function untold(rules: Rules, { keyId }: KeyFacts, reminder: EventId): Step | undefined {
  const delivered = rules.delivered.get(reminder);
  if (delivered === undefined) rules.lookUps.deliveryOf.add(reminder);
  return delivered ? undefined : wait(rules, keyId, 'disable', 'notice-undelivered');
}
