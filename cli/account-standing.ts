import { type OrganizationScope, selectNamed } from '../lambda/domain/account-selection.ts';
import type { Mode } from '../lambda/domain/events.ts';
import type { AccountId } from '../lambda/domain/ids.ts';
import { minuteOf } from './dates.ts';
import { type AccountInRun, lastRuns, readRun } from './run-record.ts';
import type { Session } from './session.ts';
import { skipInWords } from './wording.ts';

/** How sweeps treat an account. */
export interface AccountStanding {
  readonly mode: Mode;
  readonly swept: 'yes' | 'no' | 'unknown';
  /** In words, when sweeps leave it out, or when that is not known. */
  readonly note?: string;
}

type Known = Pick<Session, 'deployment' | 'history'>;

/** In which mode sweeps treat the account, if they do; what hangs on its organisational unit is as of the last run. */
export async function accountStanding(session: Known, account: AccountId): Promise<AccountStanding> {
  const { settings } = session.deployment;
  const { accounts: scope } = settings;
  if (scope.kind === 'organization') return inOrganization(session, scope, account);
  const selection = selectNamed(settings, scope);
  if (selection.kind === 'mistakes') return notSwept(settings.mode, selection.mistakes.join('; '));
  const expected = selection.expected.find((one) => one.account === account);
  if (expected === undefined) return notSwept(settings.mode, 'the settings do not name it');
  return { mode: expected.mode, swept: 'yes' };
}

async function inOrganization(
  { deployment, history }: Known,
  { excludedAccounts }: OrganizationScope,
  account: AccountId,
): Promise<AccountStanding> {
  const { hub, mode: rest, enforceIn } = deployment.settings;
  const named: Mode = enforceIn?.accounts.includes(account) ? 'enforce' : rest;
  if (excludedAccounts.includes(account)) return notSwept(named, skipInWords('excluded'));
  const [last] = (await lastRuns(history, hub, 1, 'scheduled')).runs;
  const run = last === undefined ? undefined : await readRun(history, last);
  const found: AccountInRun | undefined = run?.accounts.find((one) => one.account === account);
  if (run === undefined || (found === undefined && run.begun !== 'whole')) {
    const note = 'Whether sweeps touch this account, and in which mode, shows after the next run.';
    return { mode: named, swept: 'unknown', note };
  }
  const asOf = `as of the run of ${minuteOf(run.at)} UTC`;
  if (found === undefined) return notSwept(named, `it was not in the organisation, ${asOf}`);
  if (found.outcome === 'skipped') return notSwept(named, `${skipInWords(found.why)}, ${asOf}`);
  // A unit's wave is known from the run alone; everything else the settings say for themselves.
  const byUnit = enforceIn !== undefined && enforceIn.organizationalUnits.length > 0 && found.mode === 'enforce';
  return { mode: byUnit ? 'enforce' : named, swept: 'yes' };
}

const notSwept = (mode: Mode, why: string): AccountStanding => ({
  mode,
  swept: 'no',
  note: `No sweep touches this account: ${why}.`,
});
