/** Checks of the account that Keyturn is deployed in, as one of those that are swept. */
import type { Deployment } from '../../lambda/contracts/deployment.ts';
import { accountStanding } from '../account-standing.ts';
import { count } from '../dates.ts';
import type { Estate, RoleTrust } from '../estate.ts';
import type { Session } from '../session.ts';
import { type Finding, fail, look, ok, some, warn } from './finding.ts';

/** Its member role and credential report; nothing when sweeps leave it out. */
export async function hubAccountChecks(session: Session, estate: Estate): Promise<readonly Finding[]> {
  const { deployment, member } = session;
  const check = 'member role here';
  return look(check, async () => {
    const { swept } = await accountStanding(session, deployment.settings.hub);
    if (swept === 'no') return [];
    const role = look(check, async () => [
      roleFinding(check, deployment, await estate.role(deployment.memberRoleName)),
    ]);
    return [...(await role), ...(await reportCheck(member.iam))];
  });
}

/** IAM's unique ID of a role stands where its ARN did: the role that was trusted is gone. */
const goneRole = /^AROA/;

function roleFinding(check: string, deployment: Deployment, role: RoleTrust | undefined): Finding {
  const name = deployment.memberRoleName;
  const deploy = "deploy the member stack of this account with 'npx cdk deploy'";
  if (role === undefined) return fail(check, `there is no role ${name}`, deploy);
  if (role.principals.length === 0) return fail(check, `${name} trusts no worker role`, deploy);
  if (role.principals.some((principal) => goneRole.test(principal))) {
    return fail(check, `${name} trusts a worker role that no longer exists`, `${deploy}, and in every other account`);
  }
  const strangers = role.principals.filter((principal) => !isWorker(deployment, principal));
  if (strangers.length === role.principals.length) {
    const what = `${name} trusts ${some(strangers)}, not this hub's worker role ${deployment.workerRoleName}`;
    return fail(check, what, `${deploy}, and in every other account that has this one`);
  }
  if (strangers.length > 0) {
    return warn(check, `${name} trusts ${some(strangers)} besides this hub's worker role`, deploy);
  }
  return ok(check, `${name} trusts ${some(role.principals)}`);
}

/** A deployment from before it recorded its worker's name can't be compared with. */
function isWorker({ workerRoleName, settings }: Deployment, principal: string): boolean {
  if (workerRoleName === undefined) return true;
  const [, , service, , account, role] = principal.split(':');
  return service === 'iam' && account === settings.hub && role === `role/${workerRoleName}`;
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
