import type { Instant } from '../domain/time.ts';
import { type AnchorWorld, anchorSeals } from './anchor-seals.ts';
import { type WriteReportWorld, writeReport } from './write-report.ts';

/**
 * The day's work on evidence: notes down the newest seal, and writes last month's report when it is due. Neither waits for
 * the other to succeed: a report that is too large must not keep seals from being noted down, nor the other way round.
 * Throws when one of them failed, after both were tried; the log says which.
 */
export async function keepEvidence(world: AnchorWorld & WriteReportWorld, now: Instant): Promise<void> {
  const { log } = world;
  const failures: unknown[] = [];
  const trying = async (failed: string, task: Promise<unknown>): Promise<void> => {
    try {
      await task;
    } catch (error) {
      log.error(failed, { error });
      failures.push(error);
    }
  };
  // First what takes a moment: the report may run into the function's time limit.
  await trying('seal not noted down', anchorSeals(world, now));
  await trying('report not written', writeReport(world, now));
  if (failures.length > 0) throw failures[0];
}
