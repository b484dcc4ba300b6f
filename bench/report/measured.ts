import { z } from 'zod';

/** To the process that makes one report: of how large an estate. */
export const order = z.object({ accounts: z.number(), usersPerAccount: z.number(), daysBefore: z.number() });

/** From it: what that took. */
export const measurement = z.object({
  events: z.number(),
  keys: z.number(),
  rotations: z.number(),
  /** Processor time of making the history, which is no part of the report. */
  makingMs: z.number(),
  foldMs: z.number(),
  renderMs: z.number(),
  peakRssBytes: z.number(),
  writtenBytes: z.number(),
});
export type Measurement = z.infer<typeof measurement>;
