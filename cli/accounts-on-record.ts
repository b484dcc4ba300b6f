import type { HistoryEvent } from '../lambda/domain/events.ts';
import type { AccountId } from '../lambda/domain/ids.ts';
import type { Instant, IsoTime } from '../lambda/domain/time.ts';
import type { Session } from './session.ts';

/** An account that a run set out to sweep. */
export interface AccountOnRecord {
  readonly account: AccountId;
  /** The last run that expected it; absent: the last one by then did. */
  readonly lastExpected?: IsoTime;
}

/** Every account that any run up to then expected, that instant included; sorted. Before the first run there is none. */
export async function accountsOnRecord(
  { history, deployment }: Pick<Session, 'history' | 'deployment'>,
  at: Instant,
): Promise<readonly AccountOnRecord[]> {
  const expected = new Map<AccountId, HistoryEvent>();
  /** The first part of the last scheduled run. */
  let last: HistoryEvent | undefined;
  const by = { kind: 'account-alone', account: deployment.settings.hub } as const;
  for await (const event of history.query({ by, until: at + 1, types: ['run-started'] })) {
    if (event.type !== 'run-started') continue;
    // Somebody who asks for a run names its accounts: who is expected shows in the scheduled ones.
    if (!event.details.requested && last?.runId !== event.runId) last = event;
    for (const account of event.details.expectedAccounts) expected.set(account, event);
  }
  return [...expected]
    .map(([account, { id, time }]): AccountOnRecord => {
      const still = last === undefined || id >= last.id;
      return { account, ...(!still && { lastExpected: time }) };
    })
    .toSorted((a, b) => (a.account < b.account ? -1 : 1));
}
