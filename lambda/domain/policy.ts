import type { ChangeWindow } from './change-window.ts';

/** When keys are rotated, disabled and deleted, and what must be so before. Days are 24 h; see DESIGN section 3. */
export interface Policy {
  /** Age at which a key is replaced. */
  readonly rotateAfterDays: number;
  /** Age at which the replaced key is made Inactive, never sooner after the replacement than the gap to rotateAfterDays. */
  readonly disableAfterDays: number;
  /** Age at which the disabled key is deleted, never sooner after the disabling than the gap to disableAfterDays. */
  readonly deleteAfterDays: number;
  /** How many days before a rotation its owner is told; most distant first. */
  readonly warnBeforeDays: readonly number[];
  /** What happens to a due key that was never used: replaced like any other, or disabled and deleted without successor. */
  readonly neverUsed: 'rotate' | 'retire';
  readonly disable: {
    /** Disable only a key that has been unused for this many days; absent: whether it is used does not matter. */
    readonly onlyWhenIdleDays?: number;
    /** How long a key in use may be held past its deadline before it is disabled all the same. */
    readonly maxHoldDays: number;
  };
  /** At most this many rotations, this many disables and this many deletes in an account in one run. */
  readonly maxStepsPerSweep: number;
  /** When keys may be disabled and deleted; absent: at any time. */
  readonly changeWindow?: ChangeWindow;
}

const shared = {
  warnBeforeDays: [14, 3],
  neverUsed: 'rotate',
  disable: { maxHoldDays: 30 },
  maxStepsPerSweep: 50,
} as const;

/** `default` follows 90/100/110; with `cis` no Active key is ever older than 90 days. */
export const presets: { readonly default: Policy; readonly cis: Policy } = {
  default: { rotateAfterDays: 90, disableAfterDays: 100, deleteAfterDays: 110, ...shared },
  cis: { rotateAfterDays: 75, disableAfterDays: 82, deleteAfterDays: 89, ...shared },
};

/** Days between the replacement of a key and its disabling. */
export const disableGapDays = (policy: Policy): number => policy.disableAfterDays - policy.rotateAfterDays;

/** Days between the disabling of a key and its deletion. */
export const deleteGapDays = (policy: Policy): number => policy.deleteAfterDays - policy.disableAfterDays;
