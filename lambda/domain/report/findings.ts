import type { Past } from '../past/past.ts';
import type { ExemptionRow, LateRow, ReportModel, RotationRow, RunRow } from './model.ts';
import type { Span } from './rotations.ts';

/** What the answers rest on. */
export interface Findings {
  readonly past: Past;
  readonly period: Span;
  readonly rotations: readonly RotationRow[];
  readonly lateSteps: readonly LateRow[];
  readonly exemptions: readonly ExemptionRow[];
  readonly runs: readonly RunRow[];
  readonly basis: ReportModel['basis'];
}
