import type * as z from 'zod/mini';
import type { DeadLetters, Log } from '../ports.ts';
import { faultsOf } from './faults.ts';

export interface SingleEventOptions<T> {
  /** Where the events come from, for letters to the dead-letter queue. */
  readonly source: string;
  readonly schema: z.ZodMiniType<T>;
  readonly deadLetters: DeadLetters;
  readonly log: Log;
  /** Handles the event; when it throws, Lambda tries again. */
  readonly work: (event: T) => Promise<void>;
}

/** The handler of events that come alone. One that cannot be understood is parked with the reason, and not tried again. */
export function singleEvent<T>({
  source,
  schema,
  deadLetters,
  log,
  work,
}: SingleEventOptions<T>): (event: unknown) => Promise<void> {
  return async (event) => {
    const parsed = schema.safeParse(event);
    if (parsed.success) return work(parsed.data);
    const error = `The event cannot be understood: ${faultsOf(parsed.error)}.`;
    // When parking fails the invocation fails, and Lambda's own retries and dead-letter queue take over.
    await deadLetters.park({ source, error, body: JSON.stringify(event) ?? '' });
    log.error('event parked', { source, error });
  };
}
