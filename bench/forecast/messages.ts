import { z } from 'zod';

/** To a process that makes a forecast: of what. */
export const order = z.object({
  files: z.array(z.string()),
  /** Midnight of the first day. */
  start: z.number(),
  days: z.number(),
  policies: z.array(z.string()),
});
export type Order = z.infer<typeof order>;

/** From it: what that took, its loading included. */
export const measurement = z.object({
  wallMs: z.number(),
  cpuMs: z.number(),
  peakRssBytes: z.number(),
  users: z.number(),
  /** Rotations, disables and deletes. */
  steps: z.number(),
  /** Of the report as JSON. */
  bytes: z.number(),
});
export type Measurement = z.infer<typeof measurement>;
