import { keyEventTypes } from '../domain/past/fold-key.ts';
import type { ChainHead } from '../domain/report/model.ts';
import { ReportFold } from '../domain/report/report.ts';
import type { Span } from '../domain/report/rotations.ts';
import { DAY, daysAfter, type Instant, toIso } from '../domain/time.ts';
import type { History, Seals } from '../ports.ts';

/**
 * So far back before the period history is read: an exemption may be a year old, and everything else that is still of
 * account is younger, or in the last inventory.
 */
const LEAD_IN_DAYS = 400;
/** Of the time before: what concerns keys, and whom runs expected. */
const leadInTypes = [...keyEventTypes, 'run-started'] as const;

/** The newest seal; undefined: nothing is sealed yet. Asked once history is read, it stands for what was read. */
export async function chainHead(seals: Pick<Seals, 'last'>): Promise<ChainHead | undefined> {
  const last = await seals.last();
  return last && { number: last.number, hash: last.hash, sealedAt: last.sealedAt };
}

/** Told of each day before it is read, oldest first, and how many there are. */
export type OnDay = (day: string, number: number, of: number) => void;

/** Reads history up to the period's end, day by day by its index, and folds it. */
export async function foldReport(
  history: Pick<History, 'query'>,
  period: Span,
  onDay: OnDay = () => undefined,
): Promise<ReportFold> {
  const fold = new ReportFold(period);
  const days = daysOf({ from: daysAfter(period.from, -LEAD_IN_DAYS), to: period.to });
  for (const [n, at] of days.entries()) {
    const day = toIso(at).slice(0, 10);
    onDay(day, n + 1, days.length);
    const types = at + DAY <= period.from ? { types: leadInTypes } : {};
    for await (const event of history.query({ by: { kind: 'day', day }, ...types })) fold.add(event);
  }
  return fold;
}

function daysOf({ from, to }: Span): readonly Instant[] {
  const first = Math.floor(from / DAY) * DAY;
  return Array.from({ length: Math.ceil((to - first) / DAY) }, (_, n) => first + n * DAY);
}
