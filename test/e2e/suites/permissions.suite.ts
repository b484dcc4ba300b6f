import { cast } from '../../../local/demo/cast.ts';
import type { Story } from '../../../local/demo/story.ts';
import type { RecordedCall } from '../../../local/recorder.ts';
import { type AuthorizationRequest, type Names, requestsFor } from '../support/authorization.ts';
import { type DeployedRole, deployedRoles, listed, type PolicyDocument } from '../support/deployed-roles.ts';
import { decisionOn } from '../support/simulate.ts';

/** Allowed, and not called by the functions themselves in the story: each with its reason. */
const acknowledged: Readonly<Record<string, string>> = {
  'dispatch logs:CreateLogStream': 'Lambda writes the log with the role of the function',
  'dispatch logs:PutLogEvents': 'Lambda writes the log with the role of the function',
  'worker logs:CreateLogStream': 'Lambda writes the log with the role of the function',
  'worker logs:PutLogEvents': 'Lambda writes the log with the role of the function',
  'notify logs:CreateLogStream': 'Lambda writes the log with the role of the function',
  'notify logs:PutLogEvents': 'Lambda writes the log with the role of the function',
};

/** Every call of the whole story against what is really deployed; and what is deployed against the calls. */
export function permissionsSuite(story: () => Story): void {
  describe('permissions', () => {
    let roles: readonly DeployedRole[];
    let used: ReadonlySet<string>;
    const denied: string[] = [];

    beforeAll(async () => {
      roles = await deployedRoles(story().stage.emulator);
      used = await evaluate(roles, story(), denied);
    }, 60_000);

    test('every call that the functions made is allowed by the deployed policies', () => {
      expect(denied).toEqual([]);
      expect(story().stage.recorder.calls().length).toBeGreaterThan(1000);
    });

    test('nothing is allowed that is not used, but for what is acknowledged', () => {
      const unused = roles
        .flatMap((role) => grantsOf(role).map((grant) => `${nickname(role)} ${grant}`))
        .filter((grant) => !used.has(grant));
      expect(unused.toSorted()).toEqual(Object.keys(acknowledged).toSorted());
    });

    test('the member role trusts the worker with the external ID alone', async () => {
      const member = byNickname(roles, 'member');
      const worker = byNickname(roles, 'worker');
      const request = (externalId: string): AuthorizationRequest => ({
        action: 'sts:AssumeRole',
        resource: member.arn,
        context: { 'sts:ExternalId': externalId, 'sts:RoleSessionName': 'run-x' },
      });
      const as = (role: DeployedRole) => ({ arn: sessionOf(role, 'x'), policies: [assumeAnything] });
      const decide = async (externalId: string, role: DeployedRole) =>
        (await decisionOn(request(externalId), as(role), member.trust)).result;
      expect(await decide('keyturn', worker)).toBe('Allowed');
      expect(await decide('another', worker)).not.toBe('Allowed');
      expect(await decide('keyturn', byNickname(roles, 'notify'))).not.toBe('Allowed');
      expect(await decide('keyturn', byNickname(roles, 'dispatch'))).not.toBe('Allowed');
    });
  });
}

const assumeAnything = {
  name: 'assume-anything',
  policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }] },
} as const;

const nickname = ({ name }: DeployedRole): string => {
  if (name === 'KeyturnMember') return 'member';
  if (name === 'KeyturnWorker') return 'worker';
  return name.includes('Dispatch') ? 'dispatch' : name.includes('Notify') ? 'notify' : name;
};

function byNickname(roles: readonly DeployedRole[], wanted: string): DeployedRole {
  const found = roles.find((role) => nickname(role) === wanted);
  if (found === undefined) throw new Error(`No ${wanted} role is deployed.`);
  return found;
}

const sessionOf = ({ arn, name }: DeployedRole, session: string): string =>
  `arn:aws:sts::${arn.split(':')[4]}:assumed-role/${name}/${session}`;

const grantsOf = ({ policies }: DeployedRole): readonly string[] => [
  ...new Set(
    policies.flatMap(({ policy }) =>
      policy.Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action }) => listed(Action)),
    ),
  ),
];

/** Evaluates each different request once; answers with the grants that were needed. */
async function evaluate(roles: readonly DeployedRole[], story: Story, denied: string[]): Promise<ReadonlySet<string>> {
  const names = namesIn(story);
  const seen = new Set<string>();
  const used = new Set<string>();
  for (const call of story.stage.recorder.calls()) {
    const role = roleOf(call, roles);
    for (const request of requestsFor(call, names)) {
      const id = JSON.stringify([role?.name, request.action, request.resource]);
      if (role === undefined) denied.push(`${request.action} by ${call.principalArn}, which is no role of Keyturn's`);
      if (role === undefined || seen.has(id)) continue;
      seen.add(id);
      used.add(`${nickname(role)} ${request.action}`);
      const trust = request.action === 'sts:AssumeRole' ? trustOf(roles, request.resource) : undefined;
      const caller = { arn: sessionOf(role, 'session'), policies: role.policies };
      const { result, blockedBy } = await decisionOn(request, caller, trust);
      if (result !== 'Allowed') denied.push(`${nickname(role)}: ${id} is ${result} ${blockedBy?.join() ?? ''}`);
    }
  }
  return used;
}

const roleOf = ({ principalArn = '' }: RecordedCall, roles: readonly DeployedRole[]): DeployedRole | undefined =>
  roles.find(({ name }) => principalArn.includes(`:assumed-role/${name}/`));

const trustOf = (roles: readonly DeployedRole[], arn: string): PolicyDocument | undefined =>
  roles.find((role) => role.arn === arn)?.trust;

const namesIn = ({ keys }: Story): Names => ({
  userPaths: new Map(cast.map(({ userName, path }) => [userName, path])),
  userOfKey: new Map(keys.map(({ keyId, user }) => [keyId, user])),
});
