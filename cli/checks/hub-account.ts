/** Checks of the account that Keyturn is deployed in, as one of those that are swept. */
import type { Deployment } from '../../lambda/contracts/deployment.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { accountStanding } from '../account-standing.ts';
import { count } from '../dates.ts';
import type { Estate } from '../estate.ts';
import type { Session } from '../session.ts';
import { type Finding, fail, look, ok, warn } from './finding.ts';
import { memberRoleFinding } from './member-role.ts';
import { remedyFor } from './remedy.ts';

/** Its member role and credential report; nothing when sweeps leave it out. */
export async function hubAccountChecks(session: Session, estate: Estate): Promise<readonly Finding[]> {
  const { deployment, member } = session;
  const check = 'member role here';
  return look(check, async () => {
    const { swept } = await accountStanding(session, deployment.settings.hub);
    if (swept === 'no') return [];
    const role = look(check, async () => [await roleFinding(check, deployment, estate)]);
    return [...(await role), ...(await reportCheck(member.iam))];
  });
}

async function roleFinding(check: string, deployment: Deployment, estate: Estate): Promise<Finding> {
  const name = deployment.memberRoleName;
  const role = await estate.role(name);
  const holder = await holderOf(estate, name);
  if (role !== undefined) return memberRoleFinding(check, deployment, role, remedyFor(deployment, holder));
  const what = `there is no role ${name}`;
  if (holder === undefined || holder === 'none') {
    return fail(check, what, "deploy the member stack of this account with 'npx cdk deploy --all'");
  }
  const { anew } = remedyFor(deployment, holder);
  return fail(check, `${what}, although stack ${holder} made one`, `deploying alone changes nothing; ${anew}`);
}

/** Only what to do hangs on it: who may not look is told of the stack by its usual name. */
async function holderOf(estate: Estate, role: string): Promise<string | undefined> {
  try {
    return (await estate.stackHolding(role)) ?? 'none';
  } catch (error) {
    if (error instanceof UnavailableError) return undefined;
    throw error;
  }
}

function reportCheck(iam: Session['member']['iam']): Promise<readonly Finding[]> {
  const check = 'credential report';
  return look(check, async () => {
    const report = await iam.credentialReport();
    if (report === undefined) {
      return [
        warn(check, 'AWS made none in time: a sweep would read every user instead', 'look again in a few minutes'),
      ];
    }
    const { users, rootKeys } = report;
    if (users === undefined) {
      return [warn(check, 'a row of it cannot be read: sweeps read every user instead', 'please report it')];
    }
    if (rootKeys > 0) {
      const what = `ready; the root user has ${count(rootKeys, 'Active access key')}`;
      return [warn(check, what, 'sign in as root and delete them: Keyturn does not touch them')];
    }
    return [ok(check, `ready, ${count(users.length, 'user')}`)];
  });
}
