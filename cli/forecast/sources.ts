import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { LastUseUnknownError } from '../../lambda/domain/forecast/futures.ts';
import type { AccountId } from '../../lambda/domain/ids.ts';
import { fromIso, type Instant } from '../../lambda/domain/time.ts';
import { CommandError } from '../errors.ts';
import { type AccountMembers, MemberPatterns, type Telling } from './members.ts';
import type { Outlook } from './outlook.ts';
import { readReportFile } from './report-file.ts';

/** The sample report tells of an estate as it was then. */
export const SAMPLE_FROM: Instant = fromIso('2026-11-20T06:17:00.000Z');

/** Where the sample report is: it comes with the package, of which this file is in `cli` or, once built, in `dist/cli`. */
export function sampleFile(): string {
  const places = ['../../samples/', '../../../samples/'].map((place) =>
    fileURLToPath(new URL(`${place}credential-report.csv`, import.meta.url)),
  );
  const found = places.find((place) => existsSync(place));
  if (found !== undefined) return found;
  throw new CommandError('The sample report is missing from this installation of keyturn: name a report of your own.');
}

export interface FilesRequest {
  readonly files: readonly string[];
  readonly start: Instant;
  readonly ignoredColumns: ReadonlySet<string>;
  readonly ownerOf?: Telling['ownerOf'];
  /** Told how far it is. */
  readonly progress?: (file: string) => void;
}

/** Reads the reports one by one and forecasts their accounts under each policy; fresh outlooks for each attempt. */
export async function forecastFiles(
  request: FilesRequest,
  makeOutlooks: () => readonly Outlook[],
): Promise<{ readonly outlooks: readonly Outlook[]; readonly accounts: readonly AccountMembers[] }> {
  try {
    return await attempt(request, makeOutlooks(), false);
  } catch (error) {
    // Rare: only a deferral by a cap leads to the question.
    if (!(error instanceof LastUseUnknownError)) throw error;
    return attempt(request, makeOutlooks(), true);
  }
}

async function attempt(
  { files, start, ignoredColumns, ownerOf, progress }: FilesRequest,
  outlooks: readonly Outlook[],
  allUses: boolean,
) {
  const usesMatter: Telling['usesMatter'] = (user) => allUses || outlooks.some((outlook) => outlook.asks(user));
  const patterns = new MemberPatterns({ start, usesMatter, ...(ownerOf && { ownerOf }) });
  const fileOf = new Map<AccountId, string>();
  const accounts: AccountMembers[] = [];
  for (const file of files) {
    progress?.(file);
    const collector = patterns.collector();
    const onUser = collector.addUser.bind(collector);
    await readReportFile({ file, latest: start, ignoredColumns, onUser, onRoot: collector.addRoot.bind(collector) });
    for (const account of collector.accounts()) {
      refuseTwice(fileOf, account.account, file);
      for (const outlook of outlooks) outlook.add(account);
      accounts.push({ ...account, members: [], unknown: [] });
    }
  }
  return { outlooks, accounts };
}

/** Which of two reports of an account is the newer one is not for us to guess. */
function refuseTwice(fileOf: Map<AccountId, string>, account: AccountId, file: string): void {
  const before = fileOf.get(account);
  if (before !== undefined) {
    throw new CommandError(`Account ${account} is in ${before} and in ${file}: name one report of each account.`);
  }
  fileOf.set(account, file);
}
