import type { Deployment } from '../../lambda/contracts/deployment.ts';
import type { RoleTrust } from '../estate.ts';
import { deployAgain, type Finding, fail, ok, some, warn } from './finding.ts';
import type { Remedy } from './remedy.ts';
import { isWorker, trusted, verdictOn } from './trust.ts';

/** IAM's unique ID of a role stands where its ARN did: the role that was trusted is gone. */
const goneRole = /^AROA/;

/** What the member role's trust policy is worth to this hub's worker. */
export function memberRoleFinding(check: string, deployment: Deployment, role: RoleTrust, remedy: Remedy): Finding {
  const { memberRoleName: name, workerRoleName } = deployment;
  const verdict = verdictOn(role, deployment);
  const principals = trusted(role);
  const strangers = principals.filter((one) => !isWorker(deployment, one)).map((one) => one.name);
  const workers = principals.filter((one) => isWorker(deployment, one)).map((one) => one.name);
  switch (verdict.kind) {
    case 'trusts-not':
      if (role.unread > 0)
        return fail(check, `${name} ${unreadInWords(role)}, and none that names a worker role`, remedy.deploy);
      if (strangers.length === 0) return fail(check, `${name} trusts no worker role`, remedy.deploy);
      if (strangers.some((one) => goneRole.test(one))) {
        const what = `${name} trusts a worker role that no longer exists`;
        return fail(
          check,
          what,
          `deploying alone changes nothing; ${remedy.anew}; for other accounts see docs/organization.md, section 3`,
        );
      }
      return fail(
        check,
        `${name} trusts ${some(strangers)}, not this hub's worker role ${workerRoleName}`,
        `${remedy.deploy}; for other accounts see docs/organization.md, section 3`,
      );
    case 'refuses':
      return fail(check, `${name} trusts ${some(workers)}, but wants ${verdict.wants.join(' and ')}`, remedy.deploy);
    case 'denies': {
      const when = verdict.when.length === 0 ? '' : ` by ${verdict.when.join(' and ')}`;
      return fail(check, `${name} has a statement that keeps this hub's worker out${when}`, remedy.deploy);
    }
    case 'not-recorded': {
      const what = `${name} trusts ${some(workers)} and wants ${verdict.asks.join(' and ')}`;
      return warn(check, `${what}; what the worker sends is not on record and can't be compared`, deployAgain);
    }
    case 'unsure':
      return warn(
        check,
        `${name} trusts ${some(workers)}; whether the worker meets ${verdict.of.join(' and ')} can't be told from here`,
        "the next run shows it, in the line 'member roles'",
      );
    case 'lets-in': {
      const what = `${name} trusts ${some(workers)}${wants(verdict.asks)}`;
      const flaws = [
        ...(strangers.length > 0 ? [`it trusts ${some(strangers)} besides`] : []),
        ...(role.unread > 0 ? [`it ${unreadInWords(role)}`] : []),
        ...verdict.asksNot.map((asked) => `it asks for no ${asked}`),
      ];
      return flaws.length === 0 ? ok(check, what) : warn(check, `${what}; but ${flaws.join(', and ')}`, remedy.deploy);
    }
    default:
      return verdict satisfies never;
  }
}

const wants = (asks: readonly string[]): string => (asks.length === 0 ? '' : ` with ${asks.join(' and ')}`);

const unreadInWords = ({ unread }: RoleTrust): string =>
  `has ${unread === 1 ? 'a statement' : `${unread} statements`} that Keyturn did not write and can't read`;
