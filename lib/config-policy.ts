import * as z from 'zod';
import { type Policy, presets } from '../lambda/domain/policy.ts';
import { policyErrors } from '../lambda/domain/validate-policy.ts';

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

/** The `policy` setting: laid over its preset, and refused with every reason why it could not work. */
export const policy = overrides
  .prefault({})
  .transform(overPreset)
  .superRefine((complete, context) => {
    for (const error of policyErrors(complete)) context.addIssue({ code: 'custom', message: `policy.${error}` });
  });
