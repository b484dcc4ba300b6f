/** Checks of the account that Keyturn is deployed in, as one of those that are swept. */
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
    const name = deployment.memberRoleName;
    const role = look(check, async () => [roleFinding(check, name, await estate.role(name))]);
    return [...(await role), ...(await reportCheck(member.iam))];
  });
}

/** IAM's unique ID of a role stands where its ARN did: the role that was trusted is gone. */
const goneRole = /^AROA/;

function roleFinding(check: string, name: string, role: RoleTrust | undefined): Finding {
  const deploy = "deploy the member stack of this account with 'npx cdk deploy'";
  if (role === undefined) return fail(check, `there is no role ${name}`, deploy);
  if (role.principals.length === 0) return fail(check, `${name} trusts no worker role`, deploy);
  if (role.principals.some((principal) => goneRole.test(principal))) {
    return fail(check, `${name} trusts a worker role that no longer exists`, `${deploy}, and in every other account`);
  }
  return ok(check, `${name} trusts ${some(role.principals)}`);
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
