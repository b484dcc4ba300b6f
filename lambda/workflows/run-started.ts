import type { Settings } from '../contracts/settings.ts';
import type { Selection } from '../domain/account-selection.ts';
import type { HistoryEvent } from '../domain/events.ts';
import type { RunId } from '../domain/ids.ts';
import { type AccountEventWorld, accountEvent } from './account-event.ts';

/**
 * Accounts that one event tells of. An item of DynamoDB takes 400 KB; an account takes 13 bytes, 26 when it enforces by
 * wave, 40 when it is skipped: 200 KB at most, and 65 KB for an organisation of 5,000.
 */
const ACCOUNTS_PER_EVENT = 5_000;

/** What a run begins with: whom it expects and whom it leaves out, in as many events as that takes. */
export function runStarted(
  world: AccountEventWorld & { readonly settings: Pick<Settings, 'hub' | 'mode' | 'policy' | 'longestGapHours'> },
  runId: RunId,
  {
    expected,
    skipped,
    requested,
  }: Pick<Extract<Selection, { kind: 'selected' }>, 'expected' | 'skipped'> & {
    readonly requested?: true;
  },
): readonly HistoryEvent<'run-started'>[] {
  const { hub, mode, longestGapHours } = world.settings;
  const found = [...expected, ...skipped];
  const of = Math.max(1, Math.ceil(found.length / ACCOUNTS_PER_EVENT));
  return Array.from({ length: of }, (_, part) => {
    const share = found.slice(part * ACCOUNTS_PER_EVENT, (part + 1) * ACCOUNTS_PER_EVENT);
    const swept = share.filter((one) => 'mode' in one);
    return accountEvent(world, { account: hub, runId }, 'run-started', {
      part: { number: part + 1, of },
      expectedAccounts: swept.map(({ account }) => account),
      enforcingAccounts: swept.filter((one) => one.mode !== mode).map(({ account }) => account),
      skippedAccounts: share.filter((one) => 'why' in one),
      ...(requested && { requested }),
      ...(longestGapHours !== undefined && { nextWithinHours: longestGapHours }),
    });
  });
}
