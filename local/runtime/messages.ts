import { z } from 'zod';

/** To the container: run the handler once. */
export const invocation = z.object({
  requestId: z.string(),
  functionArn: z.string(),
  /** The event as JSON text, as Lambda gets it. */
  event: z.string(),
  timeoutMs: z.number(),
  /** How far the simulated time is ahead of this machine's. */
  aheadMs: z.number(),
});
export type Invocation = z.infer<typeof invocation>;

export const functionError = z.object({
  errorType: z.string(),
  errorMessage: z.string(),
  trace: z.array(z.string()).optional(),
});
/** As Lambda reports a failed invocation. */
export type FunctionError = z.infer<typeof functionError>;

/** From the container: what the handler came to. The payload is JSON text. */
export const result = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('returned'), requestId: z.string(), payload: z.string() }),
  z.object({ kind: z.literal('failed'), requestId: z.string(), error: functionError }),
]);
export type Result = z.infer<typeof result>;

/** Written to both output streams when an invocation ends, so that its last log line is known to have been read. */
export const endOfLogs = (requestId: string): string => `\u0000end ${requestId}`;
