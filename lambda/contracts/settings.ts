import * as z from 'zod';
import type { Mode } from '../domain/events.ts';
import type { AccountId } from '../domain/ids.ts';
import type { Policy } from '../domain/policy.ts';
import { accountId } from './identifiers.ts';

/** What the hub stack hands to the functions (as JSON in `KEYTURN_SETTINGS`) and to the CLI (in the deployment parameter). */
export interface Settings {
  readonly mode: Mode;
  readonly policy: Policy;
  readonly accounts: { readonly kind: 'single'; readonly account: AccountId };
}

const policy = z.object({
  rotateAfterDays: z.int(),
  disableAfterDays: z.int(),
  deleteAfterDays: z.int(),
  warnBeforeDays: z.array(z.int()),
  neverUsed: z.enum(['rotate', 'retire']),
  disable: z.object({ onlyWhenIdleDays: z.int().exactOptional(), maxHoldDays: z.int() }),
  maxStepsPerSweep: z.int(),
  changeWindow: z
    .object({
      weekdays: z.array(z.int()),
      fromHour: z.int(),
      toHour: z.int(),
      timeZone: z.string(),
      freezeDates: z.array(z.string()),
    })
    .exactOptional(),
}) satisfies z.ZodType<Policy>;

export const settingsSchema = z.object({
  mode: z.enum(['observe', 'enforce']),
  policy,
  accounts: z.object({ kind: z.literal('single'), account: accountId }),
}) satisfies z.ZodType<Settings>;
