import type { AccountId, ExemptionId } from '../ids.ts';
import { DAY, daysAfter, type Instant } from '../time.ts';
import type { KeyPast, RetirementPast, StepName } from './key-past.ts';
import type { Past } from './past.ts';

/**
 * Where a key stood. `current`: nothing was due; `warned`: its owner knew of the coming rotation; `due`: to be rotated;
 * `rotating`: a rotation was open; `retiring`: on its way out; `inactive`: Inactive by another hand; `exempt`, `blocked`:
 * nothing was done to its user; `gone`: there was no such key any more.
 */
export const keyStates = [
  'current',
  'warned',
  'due',
  'rotating',
  'retiring',
  'inactive',
  'exempt',
  'blocked',
  'gone',
] as const;
export type KeyStateAt = (typeof keyStates)[number];

export interface StandingAt {
  readonly state: KeyStateAt;
  /** Absent: when the key was created is not known. */
  readonly ageDays?: number;
  /** The next step that the policy has for it. */
  readonly next?: { readonly step: StepName; readonly at: Instant };
  /** The one that held. */
  readonly exemptionId?: ExemptionId;
}

/** How a key stood at `at`, the instant up to which the past was folded. */
export function standingAt(past: Past, key: KeyPast, at: Instant): StandingAt {
  const age = key.created === undefined ? {} : { ageDays: Math.max(0, Math.floor((at - key.created.at) / DAY)) };
  if (key.status === 'gone') return { state: 'gone', ...age };
  const exemption = past.exemptions.of(key, at);
  if (exemption !== undefined) return { state: 'exempt', ...age, exemptionId: exemption.id };
  if (past.isBlocked(key)) return { state: 'blocked', ...age };
  const step = stepAhead(past, key);
  const next = step === undefined ? {} : { next: step };
  if (key.retirement !== undefined) return { state: 'retiring', ...age, ...next };
  if (key.status !== 'Active') return { state: 'inactive', ...age };
  if (key.rotating !== undefined) return { state: 'rotating', ...age, ...next };
  if (step !== undefined && step.at <= at) return { state: 'due', ...age, ...next };
  return { state: key.warned === undefined ? 'current' : 'warned', ...age, ...next };
}

/** The next step that the policy has for a key that is there, be its user exempt or blocked. */
export function stepAhead(past: Past, key: KeyPast): StandingAt['next'] {
  if (key.retirement !== undefined) return nextOnTheWayOut(key.retirement, key.status);
  if (key.status !== 'Active') return undefined;
  const due = rotationDue(past, key);
  return due === undefined ? undefined : { step: 'rotate', at: due };
}

/** When an Active key was, or is, to be replaced by the policy of its account; undefined while its age is unknown. */
export function rotationDue(past: Past, key: KeyPast): Instant | undefined {
  const policy = policyOf(past, key.account);
  if (policy === undefined || key.created === undefined) return undefined;
  return daysAfter(key.created.at, policy.rotateAfterDays);
}

const policyOf = (past: Past, account: AccountId) => past.accounts.get(account)?.policy;

function nextOnTheWayOut(retirement: RetirementPast, status: KeyPast['status']): StandingAt['next'] {
  if (status === 'Active' && retirement.disableAt !== undefined) return { step: 'disable', at: retirement.disableAt };
  return { step: 'delete', at: retirement.deleteAt };
}
