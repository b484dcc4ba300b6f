import type { ChainHead, ReportModel } from '../domain/report/model.ts';
import type { Span } from '../domain/report/rotations.ts';
import { DAY, type Instant, toIso } from '../domain/time.ts';
import type { Clock, EvidenceStore, History, Log, Seals, StoredFile } from '../ports.ts';
import { chainHead, foldReport } from './fold-report.ts';

/** The report in one format. */
export interface ReportFile {
  readonly name: string;
  readonly contentType: string;
  readonly lines: Iterable<string>;
}

export interface WriteReportWorld {
  readonly history: Pick<History, 'query'>;
  readonly seals: Pick<Seals, 'last'>;
  readonly evidence: EvidenceStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly render: (model: ReportModel) => Iterable<ReportFile>;
}

/** `there`: it was written before; `nothing`: history begins after that month. */
export type WriteReportOutcome = 'written' | 'there' | 'nothing';

/** What stands in a manifest. */
export interface Manifest {
  readonly schema: 1;
  readonly period: ReportModel['period'];
  readonly writtenAt: string;
  readonly events: Pick<ReportModel['basis'], 'eventsInPeriod' | 'firstEvent' | 'lastEvent'>;
  /** The newest seal by then. It follows all before it, so it stands for every file in `heads/` of that time too. */
  readonly head?: ChainHead;
  readonly files: readonly StoredFile[];
}

/** Where the evidence of a month is kept. */
export const reportFolder = (month: string): string => `reports/${month}/`;

/**
 * Writes the report of the last month that is due, unless it is there. Asked every day, so that one that failed is made
 * good the next day. Throws when history could not be read or a file not be stored; the files that are stored by then do
 * no harm, because the manifest, which says that all are there, is written last.
 */
export async function writeReport(world: WriteReportWorld, now: Instant): Promise<WriteReportOutcome> {
  const { evidence, history, seals, clock, log, render } = world;
  const { month, ...period } = dueMonth(now);
  const folder = reportFolder(month);
  const manifestName = `${folder}manifest.json`;
  if (await evidence.has(manifestName)) return 'there';
  const fold = await foldReport(history, period);
  if (fold.isEmpty) {
    log.info('no report: history begins after that month', { month });
    return 'nothing';
  }
  const head = await chainHead(seals);
  const model = fold.model(clock.now(), head);
  const files: StoredFile[] = [];
  for (const { name, ...file } of render(model)) files.push(await evidence.put({ ...file, name: `${folder}${name}` }));
  const { eventsInPeriod, firstEvent, lastEvent } = model.basis;
  const manifest: Manifest = {
    schema: 1,
    period: model.period,
    writtenAt: model.writtenAt,
    events: { eventsInPeriod, ...(firstEvent && { firstEvent }), ...(lastEvent && { lastEvent }) },
    ...(head && { head }),
    files,
  };
  const lines = JSON.stringify(manifest, undefined, 2).split('\n');
  await evidence.put({ name: manifestName, contentType: 'application/json', lines });
  log.info('report written', { month, files: files.length + 1, events: eventsInPeriod, keys: model.keys.length });
  return 'written';
}

/**
 * The month whose report is due: the last one that ended a day ago or earlier. On the first of a month its runs may still
 * be going on, and their receipts to come.
 */
export function dueMonth(now: Instant): Span & { readonly month: string } {
  const settled = new Date(now - DAY);
  const [year, month] = [settled.getUTCFullYear(), settled.getUTCMonth()];
  const from = Date.UTC(year, month - 1);
  return { month: toIso(from).slice(0, 7), from, to: Date.UTC(year, month) };
}
