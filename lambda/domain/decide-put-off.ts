import { deleteAt, disableAt } from './deadlines.ts';
import { isActive, keyOf } from './decide-retirement.ts';
import type { KeyFacts } from './facts.ts';
import type { Request } from './requests.ts';
import type { Rules } from './situation.ts';
import type { Step } from './step.ts';
import { DAY, daysAfter, type Instant, MINUTE, toIso } from './time.ts';
import type { Retirement } from './tracking.ts';

const HOUR = 60 * MINUTE;

/** A key on its way out, with how it goes; or why nothing can be put off. */
type Found = { readonly key: KeyFacts; readonly retirement: Retirement } | Extract<Step, { kind: 'refuse' }>;

/** Makes a key work again for a while that Keyturn disabled: at most `maxHoldDays` in all past its disable date. */
export function answerRestore(rules: Rules, request: Extract<Request, { kind: 'restore' }>): Step {
  const found = find(rules, request);
  if ('kind' in found) return found;
  const { key, retirement } = found;
  const { keyId } = key;
  if (isActive(key)) {
    return refuse(request, `${keyId} is Active: there is nothing to restore. To keep it longer, have it snoozed.`);
  }
  if (key.status === 'Expired') return refuse(request, `AWS calls ${keyId} Expired: it cannot be made Active.`);
  if (retirement.disabledAt === undefined || retirement.disabledBy !== undefined) {
    return refuse(request, `Not Keyturn made ${keyId} Inactive, so Keyturn does not undo it: ask whoever did.`);
  }
  const { maxHoldDays } = rules.policy.disable;
  const latest = daysAfter(retirement.putOffFrom?.disable ?? retirement.disabledAt, maxHoldDays);
  const until = rules.now + request.hours * HOUR;
  if (until <= latest) return { kind: 'restore', keyId, requestId: request.id, until };
  const possible = Math.floor((latest - rules.now) / HOUR);
  const rule = `A key works at most ${inDays(maxHoldDays)} past the date on which it was to be disabled`;
  if (possible < 1) return refuse(request, `${rule}, and for ${keyId} these are over: use its successor.`);
  return refuse(
    request,
    `${rule}: ${keyId} can be restored for ${possible} hours at most, until ${minute(latest)} UTC.`,
  );
}

/** Puts the next step of a key on its way out off: at most `maxHoldDays` past the date it would have without any snooze. */
export function answerSnooze(rules: Rules, request: Extract<Request, { kind: 'snooze' }>): Step {
  const found = find(rules, request);
  if ('kind' in found) return found;
  const { key, retirement } = found;
  const { keyId } = key;
  const { policy, now } = rules;
  if (retirement.disableNow !== undefined) {
    return refuse(request, `Somebody asked that ${keyId} stop at once, so it is not put off.`);
  }
  const step = isActive(key) ? 'disable' : 'delete';
  const due = step === 'disable' ? disableAt(key, retirement, policy) : deleteAt(key, retirement, policy);
  const insteadOf = retirement.putOffFrom?.[step] ?? due;
  const latest = daysAfter(insteadOf, policy.disable.maxHoldDays);
  // A step that is due and waits for a gate has no other date than today.
  const from = Math.max(due, now);
  const until = daysAfter(from, request.days);
  if (until <= latest) return { kind: 'snooze', keyId, requestId: request.id, step, until, insteadOf };
  const what = step === 'disable' ? 'disabled' : 'deleted';
  const possible = Math.floor((latest - from) / DAY);
  const rule = `${keyId} is ${what} at most ${inDays(policy.disable.maxHoldDays)} after ${day(insteadOf)}`;
  const left = possible < 1 ? 'it cannot be put off any more' : `${inDays(possible)} more are possible`;
  return refuse(request, `${rule}: ${left}.`);
}

function find({ user, tracking }: Rules, request: Exclude<Request, { kind: 'rotate' }>): Found {
  const { keyId } = request;
  const key = keyOf(user, keyId);
  if (key === undefined)
    return refuse(request, `The user has no access key ${keyId}; one that is deleted cannot be brought back.`);
  const retirement = tracking.retirements[keyId];
  if (retirement?.intent?.step === 'delete') return refuse(request, `The deletion of ${keyId} has begun.`);
  if (retirement !== undefined) return { key, retirement };
  if (isActive(key)) {
    if (request.kind === 'restore') return refuse(request, `${keyId} is Active: there is nothing to restore.`);
    const next = 'its next step is its rotation, which stops nothing; for no rotation at all, have the user exempted';
    return refuse(request, `${keyId} is not on its way out: ${next}.`);
  }
  const free = 'Keyturn does nothing to it; whoever may change keys in IAM can make it Active';
  return refuse(request, `${keyId} is ${key.status}, and not on record as disabled by Keyturn: ${free}.`);
}

const refuse = (request: Exclude<Request, { kind: 'rotate' }>, why: string): Extract<Step, { kind: 'refuse' }> => ({
  kind: 'refuse',
  requestId: request.id,
  request: request.kind,
  keyId: request.keyId,
  why,
});

const inDays = (days: number): string => `${days} day${days === 1 ? '' : 's'}`;
const day = (at: Instant): string => toIso(at).slice(0, 10);
const minute = (at: Instant): string => toIso(at).slice(0, 16).replace('T', ' ');
