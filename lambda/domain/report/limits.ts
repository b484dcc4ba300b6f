import type { ExemptionId } from '../ids.ts';
import type { KeyPast } from '../past/key-past.ts';
import type { Past } from '../past/past.ts';
import { DAY, daysAfter, type Instant } from '../time.ts';
import type { Span } from './rotations.ts';

/** What every framework of the report asks for. */
export const LIMIT_DAYS = 90;

/** How long a key was over the limit within the period. */
export interface OverLimit {
  readonly days: number;
  /** On how many of them no exemption held; 0: one or the other did at every instant. */
  readonly bareDays: number;
  /** The last one that held. */
  readonly exemptionId?: ExemptionId;
}

/**
 * On how many days of the period the key was Active and older than the limit; undefined: on none. A key of unknown age
 * is at least as old as history knows it.
 */
export function overLimit(past: Past, key: KeyPast, period: Span): OverLimit | undefined {
  const limit = daysAfter(key.created?.at ?? key.firstSeen.at, LIMIT_DAYS);
  let [over, bare] = [0, 0];
  let exemptionId: ExemptionId | undefined;
  for (const span of key.active) {
    const [from, to] = [Math.max(limit, span.from, period.from), Math.min(span.until ?? period.to, period.to)];
    if (to <= from) continue;
    over += to - from;
    bare += past.exemptions.uncovered(key, { from, to });
    exemptionId = past.exemptions.lastOf(key, { from, to })?.id ?? exemptionId;
  }
  if (over === 0) return undefined;
  return { days: Math.ceil(over / DAY), bareDays: Math.ceil(bare / DAY), ...(exemptionId && { exemptionId }) };
}

/** Whether two of a user's keys were Active at the same instant of the period, and whether two are at its end. */
export function twoActive(keys: readonly KeyPast[], period: Span): { readonly ever: boolean; readonly atEnd: boolean } {
  const spans = keys
    .flatMap(({ active }) => active)
    .map(({ from, until = period.to }) => [Math.max(from, period.from), Math.min(until, period.to)] as const)
    .filter(([from, to]) => from < to)
    .toSorted(([a], [b]) => a - b);
  let latest: Instant = Number.NEGATIVE_INFINITY;
  let ever = false;
  for (const [from, to] of spans) {
    if (from < latest) ever = true;
    latest = Math.max(latest, to);
  }
  return { ever, atEnd: keys.filter(({ status }) => status === 'Active').length > 1 };
}
