/** Checks of what runs did, by their own records. */
import type { Deployment } from '../../lambda/contracts/deployment.ts';
import { fromIso, type Instant, MINUTE } from '../../lambda/domain/time.ts';
import type { Clock, History } from '../../lambda/ports.ts';
import { count, minuteOf } from '../dates.ts';
import { type AccountInRun, isInPart, lastRuns, type RunRecord, readRun } from '../run-record.ts';
import { skipInWords } from '../wording.ts';
import { type Finding, fail, look, ok, some, warn } from './finding.ts';

const HOUR = 60 * MINUTE;
/** Retries of a run's beginning may take that long. */
const GRACE_HOURS = 2;
/** A sweep that is not heard of by then has failed three times or has no worker. */
const LONGEST_RUN_HOURS = 4;

export interface RunsChecking {
  readonly deployment: Deployment;
  readonly history: Pick<History, 'query'>;
  readonly clock: Clock;
}

/** What the last run says of itself, its sweeps and the accounts' member roles. */
export async function runChecks({ deployment, history, clock }: RunsChecking): Promise<readonly Finding[]> {
  return look('last run', async () => {
    const [last, before] = (await lastRuns(history, deployment.settings.hub, 2, 'scheduled')).runs;
    const run = last === undefined ? undefined : await readRun(history, last);
    if (run === undefined) {
      const fix = "wait for the schedule, or begin one as 'Dispatch failing' in docs/runbook.md says";
      return [warn('last run', 'there has been none yet', fix)];
    }
    const begun = lastRunFinding(run, deployment.longestGapHours, clock.now());
    if (run.begun === 'no') return [begun];
    const runBefore = before === undefined ? undefined : await readRun(history, before);
    return [
      begun,
      sweepsFinding(run, runBefore, clock.now()),
      ...rootKeyFindings(run, runBefore),
      ...memberRoleFindings(run),
    ];
  });
}

function lastRunFinding({ runId, at, begun, errors }: RunRecord, longestGapHours: number, now: Instant): Finding {
  const check = 'last run';
  const hours = Math.floor((now - fromIso(at)) / HOUR);
  const what = `${runId}, ${hours === 0 ? 'within the hour' : `${count(hours, 'hour')} ago`}`;
  const runbook = "'Dispatch failing' in docs/runbook.md says how to look further";
  if (begun !== 'whole') {
    const how = begun === 'no' ? 'did not begin' : 'began only in part';
    return fail(check, `${what}, ${how}: ${errors.at(-1) ?? 'it died'}`, runbook);
  }
  if (hours > longestGapHours + GRACE_HOURS) {
    return fail(check, `${what}, is overdue`, "see 'Dispatch not running' in docs/runbook.md");
  }
  return ok(check, what);
}

function sweepsFinding(run: RunRecord, before: RunRecord | undefined, now: Instant): Finding {
  const { runId, accounts, at } = run;
  const check = 'sweeps';
  const details = `'keyturn runs ${runId}' says why`;
  const expected = accounts.filter((one) => one.outcome !== 'skipped');
  const swept = expected.filter((one) => one.outcome === 'swept');
  const failed = named(accounts, 'failed');
  const outstanding = named(accounts, 'outstanding');
  const what = `${swept.length} of ${expected.length} accounts swept${skippedInWords(accounts)}`;
  if (failed.length > 0) return fail(check, `${what}; failed: ${some(failed)}`, details);
  if (outstanding.length > 0) {
    const late = now - fromIso(at) > LONGEST_RUN_HOURS * HOUR;
    const since = `${what}; outstanding since ${minuteOf(at)} UTC: ${some(outstanding)}`;
    return late
      ? fail(check, since, "see 'Sweeps waiting' and 'Dead letters' in docs/runbook.md")
      : warn(check, since, 'wait for the run to end, then look again');
  }
  const inPart = swept.filter(isInPart);
  const again = alsoIn(before, isInPart, inPart);
  if (again.length > 0) {
    const those = `but, in two runs on end, for some users or requests: ${some(again)}`;
    return fail(
      check,
      `${what}; ${those}`,
      `${details}; 'Users unread' and 'Keys overdue' in docs/runbook.md, what to do`,
    );
  }
  if (inPart.length > 0) {
    const those = inPart.map(({ account }) => account);
    return warn(check, `${what}; but for some users or requests: ${some(those)}`, details);
  }
  return ok(check, what);
}

/** Those of the accounts of whom the same was true in the run before. */
function alsoIn(
  before: RunRecord | undefined,
  is: (one: AccountInRun) => boolean,
  accounts: readonly AccountInRun[],
): readonly string[] {
  const then = new Set(before?.accounts.filter(is).map(({ account }) => account));
  return accounts.flatMap(({ account }) => (then.has(account) ? [account] : []));
}

const isBlind = (one: AccountInRun): boolean => one.outcome === 'swept' && one.reportMissing !== undefined;

/** Whether it is known of the accounts that were swept if their root users have keys. */
function rootKeyFindings(run: RunRecord, before: RunRecord | undefined): readonly Finding[] {
  const check = 'root keys';
  const swept = run.accounts.filter((one) => one.outcome === 'swept');
  const blind = swept.filter(isBlind);
  if (swept.length === 0) return [];
  if (blind.length === 0) return [ok(check, `looked for in ${count(swept.length, 'account')} in the last run`)];
  const again = alsoIn(before, isBlind, blind);
  const fix = "'Root keys unknown' in docs/runbook.md says how";
  const words = (since: string, those: readonly string[]) => {
    const why = blind.find(({ account }) => account === those[0])?.reportMissing;
    return `unknown ${since}, for want of a credential report: ${some(those)}; ${why}`;
  };
  if (again.length > 0) return [fail(check, words('in two runs on end', again), fix)];
  const those = blind.map(({ account }) => account);
  return [warn(check, words('in the last run', those), fix)];
}

function skippedInWords(accounts: readonly AccountInRun[]): string {
  const skipped = Map.groupBy(
    accounts.filter((one) => one.outcome === 'skipped'),
    ({ why }) => why,
  );
  return [...skipped].map(([why, those]) => `, ${those.length} ${skipInWords(why)}`).join('');
}

/** One line for each account that the last run could not enter, with what an operator needs to know. */
function memberRoleFindings({ accounts }: RunRecord): readonly Finding[] {
  const check = 'member roles';
  const closed = accounts.filter((one) => one.outcome === 'no-access');
  const [first] = closed;
  if (first === undefined) {
    const entered = accounts.filter((one) => one.outcome === 'swept').length;
    return [ok(check, `entered ${count(entered, 'account')} in the last run`)];
  }
  const fix =
    "deploy the member stack there (docs/organization.md), and in the management account by hand; where it is there, 'Accounts failing' in docs/runbook.md";
  const all = closed.map(({ account }) => account);
  return [fail(check, `no access to ${some(all, 10)}; ${first.error}`, fix)];
}

const named = (accounts: readonly AccountInRun[], outcome: AccountInRun['outcome']): readonly string[] =>
  accounts.filter((one) => one.outcome === outcome).map(({ account }) => account);
