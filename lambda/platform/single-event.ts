import type { Context } from 'aws-lambda';
import type * as z from 'zod/mini';
import type { DeadLetters, Log } from '../ports.ts';
import { faultsOf } from './faults.ts';

export interface SingleEventOptions<T> {
  /** Where the events come from, for letters to the dead-letter queue. */
  readonly source: string;
  readonly schema: z.ZodMiniType<T>;
  readonly deadLetters: DeadLetters;
  readonly log: Log;
  /** Handles the event in what is left of the invocation's time; when it throws, Lambda tries again. */
  readonly work: (event: T, remainingMs: number) => Promise<void>;
  /** Whether such a failure would only repeat itself: then the event is parked as well. */
  readonly isFutile?: (error: unknown) => boolean;
}

/** The handler of events that come alone. One that cannot be understood is parked with the reason, and not tried again. */
export function singleEvent<T>({
  source,
  schema,
  deadLetters,
  log,
  work,
  isFutile = () => false,
}: SingleEventOptions<T>): (event: unknown, context: Pick<Context, 'getRemainingTimeInMillis'>) => Promise<void> {
  const park = async (event: unknown, error: string): Promise<void> => {
    // When parking fails the invocation fails, and Lambda's own retries and dead-letter queue take over.
    await deadLetters.park({ source, error, body: JSON.stringify(event) ?? '' });
    log.error('event parked', { source, error });
  };
  return async (event, context) => {
    const parsed = schema.safeParse(event);
    if (!parsed.success) return park(event, `The event cannot be understood: ${faultsOf(parsed.error)}.`);
    try {
      await work(parsed.data, context.getRemainingTimeInMillis());
    } catch (error) {
      if (!isFutile(error)) throw error;
      await park(event, error instanceof Error ? error.message : String(error));
    }
  };
}
