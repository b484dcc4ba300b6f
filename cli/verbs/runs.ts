import pLimit from 'p-limit';
import type { RunId } from '../../lambda/domain/ids.ts';
import { CommandError } from '../errors.ts';
import { type AccountInRun, isInPart, lastRuns, type RunRecord, readRun } from '../run-record.ts';
import type { Session } from '../session.ts';

export interface RunsOptions {
  /** How many runs, the newest first. */
  readonly limit?: number;
}

/** A run in numbers of accounts. */
export interface RunSummary extends Pick<RunRecord, 'runId' | 'at' | 'begun' | 'requested' | 'errors'> {
  readonly expected: number;
  readonly swept: number;
  /** Swept, but for some of their users, or of the requests about them. */
  readonly sweptInPart: number;
  /** Swept without a credential report. */
  readonly withoutReport: number;
  readonly failed: number;
  readonly noAccess: number;
  readonly outstanding: number;
  /** By reason. */
  readonly skipped: Readonly<Record<string, number>>;
}

export interface RunsReport {
  readonly runs: readonly RunSummary[];
  /** True when the limit left runs out. */
  readonly more: boolean;
}

const DEFAULT_LIMIT = 10;
/** A run of thousands of accounts is many pages: more at once only wait for each other. */
const CONCURRENT_RUNS = 4;

/** The last runs; each is read by its own index, never by a scan. */
export async function runs(session: Session, { limit = DEFAULT_LIMIT }: RunsOptions): Promise<RunsReport> {
  const { history, deployment } = session;
  const found = await lastRuns(history, deployment.settings.hub, limit);
  const concurrent = pLimit(CONCURRENT_RUNS);
  const records = await Promise.all(found.runs.map((runId) => concurrent(() => readRun(history, runId))));
  // An index may not have every event yet that another one has.
  return { runs: records.filter((record) => record !== undefined).map(summaryOf), more: found.more };
}

/** One run, account by account. */
export async function oneRun(session: Session, runId: RunId): Promise<RunRecord> {
  const record = await readRun(session.history, runId);
  if (record !== undefined) return record;
  throw new CommandError(`There is no run ${runId} in history: 'keyturn runs' lists the last ones.`);
}

export function summaryOf({ runId, at, begun, requested, errors, accounts }: RunRecord): RunSummary {
  const number = (outcome: AccountInRun['outcome']) => accounts.filter((one) => one.outcome === outcome).length;
  const skipped: Record<string, number> = {};
  for (const one of accounts) if (one.outcome === 'skipped') skipped[one.why] = (skipped[one.why] ?? 0) + 1;
  return {
    runId,
    at,
    begun,
    ...(requested && { requested }),
    errors,
    expected: accounts.length - number('skipped'),
    swept: number('swept'),
    sweptInPart: accounts.filter(isInPart).length,
    withoutReport: accounts.filter((one) => one.outcome === 'swept' && one.reportMissing !== undefined).length,
    failed: number('failed'),
    noAccess: number('no-access'),
    outstanding: number('outstanding'),
    skipped,
  };
}
