import { setTimeout } from 'node:timers/promises';

/** Waits that long; tests pass one that does not. */
export type Pause = (milliseconds: number) => Promise<void>;

export const pause: Pause = (milliseconds) => setTimeout(milliseconds);

/** The wait before attempt number `attempt` (1 = the first repetition): doubling from `base`, half of it by chance. */
export function backoff(attempt: number, base: number, limit: number): number {
  const full = Math.min(limit, base * 2 ** (attempt - 1));
  return full / 2 + (Math.random() * full) / 2;
}
