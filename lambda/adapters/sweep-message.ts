import type { SweepMessage } from '../contracts/messages.ts';
import { toIso } from '../domain/time.ts';
import type { Sweep } from '../ports.ts';

const nothingTaken = { rotate: 0, disable: 0, delete: 0 } as const;

/** A sweep as it travels through the queue. */
export function sweepMessage({ now, part = 1, taken = nothingTaken, after, ...sweep }: Sweep): SweepMessage {
  const place = after && { after: { ...after, createdAt: toIso(after.createdAt) } };
  return { schema: 1, ...sweep, now: toIso(now), part, taken, ...place };
}
