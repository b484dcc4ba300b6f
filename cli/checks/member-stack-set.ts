/** Checks of the StackSet that brings the member role into the accounts of an organisation. */
import type { MemberStackSetRecord } from '../../lambda/contracts/deployment.ts';
import { AccessDeniedError, UnavailableError } from '../../lambda/ports.ts';
import { count } from '../dates.ts';
import type { StackInstance, StackSetState } from '../estate.ts';
import type { Checking } from './deployment.ts';
import { deployAgain, type Finding, fail, look, ok, some, unknown, warn } from './finding.ts';

const CHECK = 'member StackSet';

/** Its deployment counts as a success although instances failed: what became of them shows here alone. */
export async function memberStackSetCheck({ deployment, estate }: Checking): Promise<readonly Finding[]> {
  const { memberStackSet: record, settings } = deployment;
  if (settings.accounts.kind !== 'organization' || record === 'none') return [];
  if (record === undefined) {
    return [warn(CHECK, 'whether there is one is not on record, the deployment is of an older version', deployAgain)];
  }
  return look(CHECK, async () => {
    try {
      const found = await estate.memberStackSet(record);
      return [found === undefined ? gone(record) : stackSetFinding(record, found)];
    } catch (error) {
      return [unseen(record, error)];
    }
  });
}

function gone({ name }: MemberStackSetRecord): Finding {
  const fix = "take memberStackSet out of the settings and run 'npx cdk deploy', put it back and run it again";
  return fail(CHECK, `there is no StackSet ${name}`, fix);
}

const RIGHTS = 'cloudformation:DescribeStackSet and ListStackInstances, and organizations:ListDelegatedAdministrators';

function unseen({ name }: MemberStackSetRecord, error: unknown): Finding {
  const what = `${name} could not be looked at`;
  if (error instanceof AccessDeniedError) {
    return unknown(CHECK, `${what}: needs ${RIGHTS}`, 'ask for these rights, or use another --profile');
  }
  // A ValidationError, whether the account is no administrator or the caller may not see that it is one.
  if (error instanceof UnavailableError && /delegated admin|SERVICE_MANAGED/i.test(error.message)) {
    const fix = 'either your rights lack organizations:ListDelegatedAdministrators, or it is none (any more)';
    const where = 'docs/organization.md, section 1, makes it one';
    return unknown(CHECK, `${what}: AWS takes this account for no administrator of StackSets`, `${fix}: ${where}`);
  }
  throw error;
}

const HOW = "as 'Check it' in docs/organization.md says";

function stackSetFinding({ name }: MemberStackSetRecord, { status, instances }: StackSetState): Finding {
  const groups = Map.groupBy(instances, standingOf);
  const of = (standing: Standing) => groups.get(standing) ?? [];
  const [failed, stuck] = [of('failed'), of('stuck')];
  const what = [
    `${name} is ${status}, with ${count(instances.length, 'instance')}, ${of('current').length} up to date`,
    ...(failed.length > 0 ? [`${failed.length} failed or outdated: ${withReasons(failed)}`] : []),
    ...(stuck.length > 0 ? [`${stuck.length} INOPERABLE: ${withReasons(stuck)}`] : []),
    ...(of('at-work').length > 0 ? [`${of('at-work').length} being deployed`] : []),
    ...(of('suspended').length > 0 ? [`${of('suspended').length} in suspended accounts`] : []),
  ].join('; ');
  if (status !== 'ACTIVE') return fail(CHECK, what, deployAgain);
  if (failed.length > 0) return fail(CHECK, what, `mend the reason, then have them tried again ${HOW}`);
  if (stuck.length > 0) return fail(CHECK, what, `AWS leaves these alone: release them ${HOW}`);
  if (of('at-work').length > 0) return warn(CHECK, what, 'wait for it to end, then look again');
  if (instances.length === 0) {
    const why = 'hub, excluded accounts and management account get none';
    return warn(CHECK, what, `are there other accounts in its units? The ${why}`);
  }
  return ok(CHECK, what);
}

type Standing = 'current' | 'failed' | 'stuck' | 'at-work' | 'suspended';

function standingOf({ status, detail }: StackInstance): Standing {
  if (detail === 'PENDING' || detail === 'RUNNING') return 'at-work';
  if (detail === 'SKIPPED_SUSPENDED_ACCOUNT') return 'suspended';
  if (status === 'INOPERABLE') return 'stuck';
  return status === 'CURRENT' ? 'current' : 'failed';
}

/** Accounts that fail mostly fail for the same reason. */
function withReasons(instances: readonly StackInstance[]): string {
  const reasons = Map.groupBy(instances, ({ status, detail, reason }) => reason ?? detail ?? status);
  const told = [...reasons].map(([reason, those]) => `${some(those.map(({ account }) => account))} (${reason})`);
  return some(told);
}
