import type { ReportModel } from '../../lambda/domain/report/model.ts';
import type { Span } from '../../lambda/domain/report/rotations.ts';
import { chainHead, foldReport, type OnDay } from '../../lambda/workflows/fold-report.ts';
import { CommandError, UsageError } from '../errors.ts';
import type { Session } from '../session.ts';

export interface PeriodOptions {
  readonly from?: number;
  readonly to?: number;
  /** `2026-10`. */
  readonly month?: string;
}

/** Which span of time is meant: last month, when nothing says otherwise. Throws UsageError. */
export function periodOf({ from, to, month }: PeriodOptions, now: number): Span {
  if (month !== undefined) {
    const [year = 0, number = 0] = month.split('-').map(Number);
    return upToNow({ from: Date.UTC(year, number - 1), to: Date.UTC(year, number) }, now);
  }
  if (from === undefined && to === undefined) {
    const today = new Date(now);
    const [year, number] = [today.getUTCFullYear(), today.getUTCMonth()];
    return { from: Date.UTC(year, number - 1), to: Date.UTC(year, number) };
  }
  if (from === undefined) throw new UsageError('--to needs --from: from when on is the report?');
  if (to !== undefined && from >= to) throw new UsageError('--from has to be earlier than --to.');
  return upToNow({ from, to: to ?? now }, now);
}

/** What is yet to come is in no history: a period that is not over ends now. */
function upToNow({ from, to }: Span, now: number): Span {
  if (from >= now) throw new UsageError('--from, or --month, lies in the future.');
  return { from, to: Math.min(to, now) };
}

/** The evidence of a period, from history alone. Throws CommandError when history says nothing of the time before its end. */
export async function report(
  { history, seals, clock }: Pick<Session, 'history' | 'seals' | 'clock'>,
  period: Span,
  onDay?: OnDay,
): Promise<ReportModel> {
  const fold = await foldReport(history, period, onDay);
  if (!fold.isEmpty) return fold.model(clock.now(), await chainHead(seals));
  throw new CommandError(
    'History says nothing of that time: Keyturn was not there yet. Choose a later --from and --to.',
  );
}
