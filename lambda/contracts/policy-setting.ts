import * as z from 'zod/mini';
import { type Policy, presets } from '../domain/policy.ts';
import { policyErrors } from '../domain/validate-policy.ts';

const overrides = z.strictObject({
  preset: z._default(z.enum(['default', 'cis']), 'default'),
  rotateAfterDays: z.optional(z.number()),
  disableAfterDays: z.optional(z.number()),
  deleteAfterDays: z.optional(z.number()),
  warnBeforeDays: z.optional(z.readonly(z.array(z.number()))),
  neverUsed: z.optional(z.enum(['rotate', 'retire'])),
  disable: z.prefault(
    z.strictObject({ onlyWhenIdleDays: z.optional(z.number()), maxHoldDays: z.optional(z.number()) }),
    {},
  ),
  maxStepsPerSweep: z.optional(z.number()),
  changeWindow: z.optional(
    z.strictObject({
      weekdays: z.readonly(z.array(z.number())),
      fromHour: z.number(),
      toHour: z.number(),
      timeZone: z.string(),
      // They travel in an environment variable, of which a function has 4 KB.
      freezeDates: z._default(z.readonly(z.array(z.string()).check(z.maxLength(60))), []),
    }),
  ),
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
  const settings = z.keyof(z.omit(overrides, { preset: true })).options;
  return { given: overrides.parse(fields), unread: new Set(settings.filter(isUnread)) };
}

/**
 * The `policy` setting as people write it: laid over its preset, and refused with every reason why it could not work. A
 * value that can't be read does not hide what is wrong between the others. Of each issue, either its path names the
 * setting within the policy, or its message does.
 */
export const policySetting = z.pipe(
  z.prefault(z.unknown(), {}),
  z.transform((given, context): Policy => {
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
  }),
);

const none: ReadonlySet<keyof Policy> = new Set();
