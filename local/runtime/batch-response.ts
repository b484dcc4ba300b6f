import { z } from 'zod';
import type { Outcome } from './container.ts';

const response = z
  .object({ batchItemFailures: z.array(z.object({ itemIdentifier: z.string().min(1) })).nullish() })
  .nullish();

/**
 * Which items of a batch failed, by Lambda's rules: all if the function failed, answered something malformed or named
 * an item that was not in the batch; without ReportBatchItemFailures an answer of any kind means that none did.
 */
export function failedItems(outcome: Outcome, items: readonly string[], reportsItemFailures: boolean): Set<string> {
  if (!outcome.ok) return new Set(items);
  if (!reportsItemFailures) return new Set();
  const parsed = response.safeParse(JSON.parse(outcome.payload));
  if (!parsed.success) return new Set(items);
  const failed = (parsed.data?.batchItemFailures ?? []).map(({ itemIdentifier }) => itemIdentifier);
  return failed.every((item) => items.includes(item)) ? new Set(failed) : new Set(items);
}
