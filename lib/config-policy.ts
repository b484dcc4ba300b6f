import type { ChangeWindow } from '../lambda/domain/change-window.ts';
import type { Policy } from '../lambda/domain/policy.ts';

/** Days are 24 h, ages are counted from a key's creation. See DESIGN section 3 for how the numbers act together. */
export interface PolicyProps {
  /**
   * Where the rest comes from. `default`: rotate at 90, disable at 100, delete at 110 days. `cis`: 75, 82 and 89, so
   * that no Active key is ever over 90 days old, as CIS, PCI DSS and Security Hub ask for.
   * @default 'default'
   */
  readonly preset?: 'default' | 'cis' | undefined;
  /** Age in days at which a key is replaced. */
  readonly rotateAfterDays?: number | undefined;
  /** Age in days at which the replaced key is made Inactive. */
  readonly disableAfterDays?: number | undefined;
  /** Age in days at which the disabled key is deleted. */
  readonly deleteAfterDays?: number | undefined;
  /**
   * How many days before a rotation its owner is told.
   * @default [14, 3]
   */
  readonly warnBeforeDays?: readonly number[] | undefined;
  /**
   * A due key that was never used: replaced like any other, or disabled and deleted without a successor.
   * @default 'rotate'
   */
  readonly neverUsed?: Policy['neverUsed'] | undefined;
  readonly disable?:
    | {
        /**
         * Disable only a key that has been unused for this many days.
         * @default - whether it is used does not matter
         */
        readonly onlyWhenIdleDays?: number | undefined;
        /**
         * How many days a key in use may be held past its deadline before it is disabled all the same.
         * @default 30
         */
        readonly maxHoldDays?: number | undefined;
      }
    | undefined;
  /**
   * At most this many rotations, this many disables and this many deletes in an account in one run, oldest first.
   * @default 50
   */
  readonly maxStepsPerSweep?: number | undefined;
  /**
   * When keys may be disabled and deleted: weekdays 1 (Monday) to 7, from and up to an hour, in an IANA time zone, but
   * not on the freeze dates (`2026-12-24`). A run outside it defers these steps, so let the schedule fall inside.
   * @default - at any time
   */
  readonly changeWindow?:
    | (Omit<ChangeWindow, 'freezeDates'> & { readonly freezeDates?: readonly string[] | undefined })
    | undefined;
}
