import * as z from 'zod';
import type { ChangeWindow } from '../lambda/domain/change-window.ts';
import { type Policy, presets } from '../lambda/domain/policy.ts';
import { policyErrors } from '../lambda/domain/validate-policy.ts';

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

const overrides = z.strictObject({
  preset: z.enum(['default', 'cis']).default('default'),
  rotateAfterDays: z.number().optional(),
  disableAfterDays: z.number().optional(),
  deleteAfterDays: z.number().optional(),
  warnBeforeDays: z.array(z.number()).readonly().optional(),
  neverUsed: z.enum(['rotate', 'retire']).optional(),
  disable: z.strictObject({ onlyWhenIdleDays: z.number().optional(), maxHoldDays: z.number().optional() }).prefault({}),
  maxStepsPerSweep: z.number().optional(),
  changeWindow: z
    .strictObject({
      weekdays: z.array(z.number()).readonly(),
      fromHour: z.number(),
      toHour: z.number(),
      timeZone: z.string(),
      // They travel in an environment variable, of which a function has 4 KB.
      freezeDates: z.array(z.string()).max(60).readonly().default([]),
    })
    .optional(),
});

function overPreset({ preset, disable, ...given }: z.output<typeof overrides>): Policy {
  const base = presets[preset];
  const { onlyWhenIdleDays = base.disable.onlyWhenIdleDays, maxHoldDays = base.disable.maxHoldDays } = disable;
  const changeWindow = given.changeWindow ?? base.changeWindow;
  return {
    rotateAfterDays: given.rotateAfterDays ?? base.rotateAfterDays,
    disableAfterDays: given.disableAfterDays ?? base.disableAfterDays,
    deleteAfterDays: given.deleteAfterDays ?? base.deleteAfterDays,
    warnBeforeDays: given.warnBeforeDays ?? base.warnBeforeDays,
    neverUsed: given.neverUsed ?? base.neverUsed,
    disable: { maxHoldDays, ...(onlyWhenIdleDays !== undefined && { onlyWhenIdleDays }) },
    maxStepsPerSweep: given.maxStepsPerSweep ?? base.maxStepsPerSweep,
    ...(changeWindow !== undefined && { changeWindow }),
  };
}

type Given = z.output<typeof overrides>;

/** Settings as far as they can be read, and which of them stand in for one that can't. */
function readable(given: unknown, issues: readonly z.core.$ZodIssue[]): { given: Given; unread: Set<keyof Policy> } {
  const wrong = new Set(issues.flatMap(({ path: [setting] }) => (setting === undefined ? [] : [setting])));
  const fields: Record<string, unknown> = Object.fromEntries(
    Object.entries(Object(given)).filter(([setting]) => Object.hasOwn(overrides.shape, setting) && !wrong.has(setting)),
  );
  // Without its preset nobody knows what was meant by a setting that is left out.
  const isUnread = (setting: string) => wrong.has(setting) || (wrong.has('preset') && !(setting in fields));
  const settings = overrides.keyof().exclude(['preset']).options;
  return { given: overrides.parse(fields), unread: new Set(settings.filter(isUnread)) };
}

/**
 * The `policy` setting: laid over its preset, and refused with every reason why it could not work. A value that can't be
 * read does not hide what is wrong between the others.
 */
export const policy = z
  .unknown()
  .prefault({})
  .transform((given, context): Policy => {
    const read = overrides.safeParse(given);
    const issues = read.success ? [] : read.error.issues;
    const { unread, ...known } = read.success ? { given: read.data, unread: none } : readable(given, issues);
    const complete = overPreset(known.given);
    const mistakes = policyErrors(complete, unread).map((error) => `policy.${error}`);
    // So that what else is wrong with the settings is found too.
    const more = { input: given, continue: true } as const;
    for (const { path, message, ...issue } of issues) {
      if (issue.code === 'unrecognized_keys')
        context.issues.push({ ...issue, path, message, input: {}, continue: true });
      else context.issues.push({ code: 'custom', path, message, ...more });
    }
    for (const message of mistakes) context.issues.push({ code: 'custom', message, ...more });
    return complete;
  });

const none: ReadonlySet<keyof Policy> = new Set();
