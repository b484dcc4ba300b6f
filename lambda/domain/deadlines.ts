import { deleteGapDays, disableGapDays, type Policy } from './policy.ts';
import type { RetirementReason } from './reasons.ts';
import { daysAfter, type Instant } from './time.ts';
import type { Retirement } from './tracking.ts';

type Aged = { readonly createdAt: Instant };
type Retiring = Pick<Retirement, 'why' | 'startedAt' | 'promisedAt' | 'disabledAt' | 'restoredUntil'>;

/** When a key is to be replaced. */
export const rotateAt = (key: Aged, policy: Policy): Instant => daysAfter(key.createdAt, policy.rotateAfterDays);

/** When the place of an Inactive key begins to be needed: one delete gap before the rotation, so that this is on time. */
export const roomNeededAt = (key: Aged, policy: Policy): Instant =>
  daysAfter(key.createdAt, policy.rotateAfterDays - deleteGapDays(policy));

/**
 * When a retiring key is to be made Inactive: at its age, never before the full gap since its successor was published
 * (or since the situation was first seen), never before the date its owner was promised. One that works again because
 * somebody asked for it, on that date: it may have been stopped before its time.
 */
export function disableAt(key: Aged, retirement: Retiring, policy: Policy): Instant {
  if (retirement.restoredUntil !== undefined) return retirement.promisedAt;
  const due = disableAtFrom(key, retirement.startedAt, policy);
  return retirement.disabledAt === undefined ? Math.max(due, retirement.promisedAt) : due;
}

/** As disableAt, for a retirement that starts at `startedAt` and has promised nothing yet. */
export const disableAtFrom = (key: Aged, startedAt: Instant, policy: Policy): Instant =>
  Math.max(daysAfter(key.createdAt, policy.disableAfterDays), daysAfter(startedAt, disableGapDays(policy)));

/**
 * When a retiring key is to be deleted: at its age, never before the full gap since it was disabled (or, for a key that
 * was Inactive when found, since then), never before the date its owner was promised. For a key that is still Active
 * it is the earliest date to expect.
 */
export function deleteAt(key: Aged, retirement: Retiring, policy: Policy): Instant {
  if (retirement.disabledAt !== undefined) {
    return Math.max(deleteAtFrom(key, retirement.disabledAt, policy), retirement.promisedAt);
  }
  if (wasFoundInactive(retirement.why)) {
    return Math.max(deleteAtOfInactive(key, retirement, policy), retirement.promisedAt);
  }
  return deleteAtFrom(key, disableAt(key, retirement, policy), policy);
}

/** As deleteAt, for a key disabled at `disabledAt`. */
export const deleteAtFrom = (key: Aged, disabledAt: Instant, policy: Policy): Instant =>
  Math.max(daysAfter(key.createdAt, policy.deleteAfterDays), daysAfter(disabledAt, deleteGapDays(policy)));

/**
 * A key that blocks the slot goes one delete gap after it was first seen, however young it is: its place is needed. One
 * of a user without Active keys also has to be old enough.
 */
export function deleteAtOfInactive(key: Aged, found: Pick<Retirement, 'why' | 'startedAt'>, policy: Policy): Instant {
  const gapOver = daysAfter(found.startedAt, deleteGapDays(policy));
  return found.why === 'blocks-slot' ? gapOver : Math.max(daysAfter(key.createdAt, policy.deleteAfterDays), gapOver);
}

/** Such a key was Inactive when Keyturn found it: it has a date for its deletion alone. */
export const wasFoundInactive = (why: RetirementReason): boolean => why === 'blocks-slot' || why === 'inactive-only';
