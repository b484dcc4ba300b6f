import * as z from 'zod/mini';
import type { Mode } from '../domain/events.ts';
import type { AccountId, RunId, UserName } from '../domain/ids.ts';
import type { IsoTime } from '../domain/time.ts';
import { accountId, isoTime, runId, userName } from './identifiers.ts';

/** The part of an EventBridge scheduled event that `dispatch` rests on; the command line sends one of its own. */
export interface ScheduleEvent {
  readonly id: string;
  readonly time: IsoTime;
  /** Somebody asked for a run over these accounts alone. */
  readonly accounts?: readonly AccountId[];
}

export const scheduleEventSchema = z.object({
  id: z.string().check(z.minLength(1)),
  time: isoTime,
  accounts: z.exactOptional(z.array(accountId).check(z.minLength(1))),
}) satisfies z.ZodMiniType<ScheduleEvent>;

/** One account's sweep, as it travels through the queue. */
export interface SweepMessage {
  readonly schema: 1;
  readonly runId: RunId;
  readonly account: AccountId;
  /** The run's time. */
  readonly now: IsoTime;
  /** Whether this account is in a wave that enforces. */
  readonly mode: Mode;
  /** 1 for the message that dispatch sent; a sweep that runs out of time sends the next part to itself. */
  readonly part: number;
  /** Disruptive steps that earlier parts took: they count against the caps of the run. */
  readonly taken: StepCounts;
  /** Earlier parts have seen to the due users up to this place: by age of the key concerned, then by name. */
  readonly after?: { readonly createdAt: IsoTime; readonly userName: UserName };
  /** Users among them that could not be read: they are looked at once more. */
  readonly again?: readonly UserName[];
}

export interface StepCounts {
  readonly rotate: number;
  readonly disable: number;
  readonly delete: number;
}

const count = z.int().check(z.nonnegative());

export const sweepMessageSchema = z.object({
  schema: z.literal(1),
  runId,
  account: accountId,
  now: isoTime,
  mode: z.enum(['observe', 'enforce']),
  part: z.int().check(z.positive()),
  taken: z.object({ rotate: count, disable: count, delete: count }),
  after: z.exactOptional(z.object({ createdAt: isoTime, userName })),
  again: z.exactOptional(z.array(userName)),
}) satisfies z.ZodMiniType<SweepMessage>;
