import * as z from 'zod';
import type { Mode } from '../domain/events.ts';
import type { AccountId, RunId } from '../domain/ids.ts';
import type { IsoTime } from '../domain/time.ts';
import { accountId, isoTime, runId } from './identifiers.ts';

/** The part of an EventBridge scheduled event that `dispatch` rests on. */
export interface ScheduleEvent {
  readonly id: string;
  readonly time: IsoTime;
}

export const scheduleEventSchema = z.object({
  id: z.string().min(1),
  time: isoTime,
}) satisfies z.ZodType<ScheduleEvent>;

/** One account's sweep, as it travels through the queue. */
export interface SweepMessage {
  readonly schema: 1;
  readonly runId: RunId;
  readonly account: AccountId;
  /** The run's time. */
  readonly now: IsoTime;
  /** Whether this account is in a wave that enforces. */
  readonly mode: Mode;
}

export const sweepMessageSchema = z.object({
  schema: z.literal(1),
  runId,
  account: accountId,
  now: isoTime,
  mode: z.enum(['observe', 'enforce']),
}) satisfies z.ZodType<SweepMessage>;
