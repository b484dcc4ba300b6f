import type { AccountId } from '../ids.ts';
import type { Past } from '../past/past.ts';
import type { Coverage } from './coverage.ts';
import type { Disabling } from './disablings.ts';
import type { ExemptionRow, LateRow, RunRow } from './model.ts';
import type { Span } from './rotations.ts';

/** What the answers rest on. */
export interface Findings {
  readonly past: Past;
  /** What is judged: the period from the first run on. */
  readonly period: Span;
  readonly coverage: Coverage;
  readonly disablings: readonly Disabling[];
  readonly lateSteps: readonly LateRow[];
  readonly exemptions: readonly ExemptionRow[];
  readonly runs: readonly RunRow[];
  /** Accounts that were swept to the end at least once in the period. */
  readonly swept: ReadonlySet<AccountId>;
}
