import { type Instant, type IsoTime, toIso } from '../../lambda/domain/time.ts';
import { type AccountOnRecord, accountsOnRecord } from '../accounts-on-record.ts';
import { hubExemptionsUntil } from '../rebuilt-past.ts';
import type { Session } from '../session.ts';
import { type PastStatusReport, pastStatus } from './status-at.ts';

/** Every key of every account on record as it was, from history alone. */
export interface PastStatusOfAll {
  readonly at: IsoTime;
  readonly accounts: readonly (PastStatusReport & Pick<AccountOnRecord, 'lastExpected'>)[];
}

/**
 * Rebuilds where every key stood at an instant, account by account: those that any run up to then expected.
 *
 * @param say is told which account it is at, for whoever waits.
 */
export async function statusOfAllAt(
  session: Pick<Session, 'history' | 'deployment' | 'member'>,
  at: Instant,
  say: (line: string) => void,
): Promise<PastStatusOfAll> {
  const found = await accountsOnRecord(session, at);
  const hubExemptions = await hubExemptionsUntil(session, at);
  const accounts: PastStatusOfAll['accounts'][number][] = [];
  for (const [index, { account, lastExpected }] of found.entries()) {
    if (found.length > 1) say(`Account ${index + 1} of ${found.length}: ${account}`);
    const report = await pastStatus(session, account, at, { hubExemptions });
    accounts.push({ ...report, ...(lastExpected && { lastExpected }) });
  }
  return { at: toIso(at), accounts };
}
