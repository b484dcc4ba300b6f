import type { HistoryEvent } from '../events.ts';
import { endOf } from '../past/exemption-past.ts';
import { isReal, type KeyPast, type StepName } from '../past/key-past.ts';
import type { Past } from '../past/past.ts';
import { rotationDue, standingAt, stepAhead } from '../past/standing.ts';
import type { WaitReason } from '../reasons.ts';
import { DAY, daysAfter, type Instant, toIso } from '../time.ts';
import { count } from './control-words.ts';
import type { LateRow } from './model.ts';
import type { RunsFold } from './runs.ts';

/** A missed run or a notice that takes a day make nothing late; the metric KeysOverdue counts from there too. */
const GRACE_DAYS = 2;

const waits: Readonly<Record<WaitReason, string>> = {
  'notice-undelivered': 'its notice was not delivered',
  'window-closed': 'the change window was closed',
  'in-use': 'the key was still in use',
  'slot-busy': "the user's second key had to go first",
  cap: 'the cap of steps per run was reached',
  'in-progress': 'another step was not finished',
  exempt: 'its user was exempt',
};

/** A step that the event tells of and that came late. To be asked before the event is folded into the past. */
export function lateStep(past: Past, runs: RunsFold, event: HistoryEvent, at: Instant): LateRow | undefined {
  const key = event.keyId === undefined ? undefined : past.keys.get(event.keyId);
  if (key === undefined || event.mode === 'observe' || !isReal(event)) return undefined;
  const done = doneBy(past, key, event);
  if (done?.due === undefined || at < daysAfter(done.due, GRACE_DAYS)) return undefined;
  return { ...rowOf(past, runs, key, done.step, done.due, at), doneAt: toIso(at), event: event.id };
}

/** The step that an event tells was taken, and when it was due. What somebody asked for is never late, nor what others did. */
function doneBy(
  past: Past,
  key: KeyPast,
  event: HistoryEvent,
): { readonly step: StepName; readonly due: Instant | undefined } | undefined {
  if (event.type === 'key-replaced') {
    return event.details.requestId === undefined ? { step: 'rotate', due: rotationDue(past, key) } : undefined;
  }
  if (event.type === 'key-disabled' && event.details.by === 'keyturn') {
    return { step: 'disable', due: key.retirement?.disableAt };
  }
  if (event.type === 'key-deleted' && event.details.by === 'keyturn') {
    return { step: 'delete', due: key.retirement?.deleteAt };
  }
  return undefined;
}

/** Steps that should have been taken by `to`, in accounts that enforce, and were not. */
export function* overdueSteps(past: Past, runs: RunsFold, to: Instant): Generator<LateRow> {
  for (const key of past.keys.values()) {
    if (key.status === 'gone' || past.accounts.get(key.account)?.mode !== 'enforce') continue;
    const { state } = standingAt(past, key, to);
    const due = state === 'blocked' ? rotationDueOfBlocked(past, key) : stepAhead(past, key);
    if (due === undefined || to < daysAfter(due.at, GRACE_DAYS)) continue;
    const row = rowOf(past, runs, key, due.step, due.at, to);
    yield state === 'blocked' ? { ...row, cause: 'the user has more than two keys' } : row;
  }
}

/** Of a user with too many keys nothing is on its way; what is missing is the rotation. */
function rotationDueOfBlocked(past: Past, key: KeyPast): ReturnType<typeof stepAhead> {
  const at = key.status === 'Active' ? rotationDue(past, key) : undefined;
  return at === undefined ? undefined : { step: 'rotate', at };
}

function rowOf(past: Past, runs: RunsFold, key: KeyPast, step: StepName, due: Instant, until: Instant): LateRow {
  const { account, userName, keyId } = key;
  const daysLate = Math.floor((until - due) / DAY);
  const exemption = past.exemptions.lastOf(key, { from: due, to: until });
  // Before the key was seen nobody could have rotated it, nor exempted it.
  const bare = past.exemptions.uncovered(key, { from: Math.max(due, Math.min(key.firstSeen.at, until)), to: until });
  const isExcepted = exemption !== undefined && bare < GRACE_DAYS * DAY;
  const held = exemption && `exempt until ${toIso(endOf(exemption)).slice(0, 10)} (exemption ${exemption.id})`;
  const why = causeOf(runs, key, step, due);
  const bareDays = count(Math.ceil(bare / DAY), 'day');
  const cause = held === undefined ? why : isExcepted ? held : `${held}, and ${bareDays} late without one: ${why}`;
  return {
    account,
    userName,
    keyId,
    step,
    dueAt: toIso(due),
    daysLate,
    cause,
    ...(isExcepted && { exemptionId: exemption.id }),
  };
}

function causeOf(runs: RunsFold, key: KeyPast, step: StepName, due: Instant): string {
  if (key.waiting?.step === step) return `${waits[key.waiting.reason]} (event ${key.waiting.event})`;
  if (key.failure?.step === step) return `it failed: ${key.failure.error} (event ${key.failure.event})`;
  if (key.firstSeen.at > due) return 'it was older than its limit when it was first seen';
  const gap = runs.lastFailure.get(key.account);
  if (gap !== undefined && gap.at >= due)
    return `the account could not be swept on ${toIso(gap.at).slice(0, 10)}: ${gap.why}`;
  return 'no cause is on record';
}
