import type { Deployment } from '../../../lambda/contracts/deployment.ts';
import { cast } from '../../../local/demo/cast.ts';
import type { Story } from '../../../local/demo/story.ts';
import type { RecordedCall } from '../../../local/recorder.ts';
import { type AuthorizationRequest, type Names, requestsFor } from '../support/authorization.ts';
import { type DeployedRole, deployedRoles, listed, type PolicyDocument } from '../support/deployed-roles.ts';
import { decisionOn } from '../support/simulate.ts';

const lambdaItself = 'Lambda does this itself, with the role of the function';

/** Allowed, and not called by the functions themselves in the story: each with its reason. */
const acknowledged: Readonly<Record<string, string>> = {
  'dispatch logs:CreateLogStream on its log': lambdaItself,
  'dispatch logs:PutLogEvents on its log': lambdaItself,
  'worker logs:CreateLogStream on its log': lambdaItself,
  'worker logs:PutLogEvents on its log': lambdaItself,
  'notify logs:CreateLogStream on its log': lambdaItself,
  'notify logs:PutLogEvents on its log': lambdaItself,
  'deliver logs:CreateLogStream on its log': lambdaItself,
  'deliver logs:PutLogEvents on its log': lambdaItself,
  'seal logs:CreateLogStream on its log': lambdaItself,
  'seal logs:PutLogEvents on its log': lambdaItself,
  'worker sqs:ReceiveMessage on sweeps': lambdaItself,
  'worker sqs:DeleteMessage on sweeps': lambdaItself,
  'worker sqs:ChangeMessageVisibility on sweeps': lambdaItself,
  'worker sqs:GetQueueAttributes on sweeps': lambdaItself,
  'worker sqs:GetQueueUrl on sweeps': lambdaItself,
  'notify dynamodb:DescribeStream on history stream': lambdaItself,
  'notify dynamodb:GetRecords on history stream': lambdaItself,
  'notify dynamodb:GetShardIterator on history stream': lambdaItself,
  'notify dynamodb:ListStreams on *': lambdaItself,
  'seal dynamodb:DescribeStream on history stream': lambdaItself,
  'seal dynamodb:GetRecords on history stream': lambdaItself,
  'seal dynamodb:GetShardIterator on history stream': lambdaItself,
  'seal dynamodb:ListStreams on *': lambdaItself,
  'worker sqs:SendMessage on sweeps':
    'a sweep whose time is up asks to be continued; this account is too small for that',
  'member secretsmanager:TagResource on secrets': 'only for a secret whose tags somebody took off',
};

/** Every call of the whole story against what is really deployed; and what is deployed against the calls. */
export function permissionsSuite(story: () => Story): void {
  describe('permissions', () => {
    let roles: readonly DeployedRole[];
    let evaluated: readonly Evaluated[];

    beforeAll(async () => {
      roles = await deployedRoles(story().stage.emulator);
      evaluated = await evaluate(roles, story());
    }, 60_000);

    test('every call that the functions made is allowed by the deployed policies', () => {
      expect(evaluated.filter(({ result }) => result !== 'Allowed')).toEqual([]);
      expect(evaluated.length).toBeGreaterThan(100);
    });

    test('nothing is allowed that is not used, but for what is acknowledged', () => {
      const { tables } = story().stage.deployment;
      const unused = roles.flatMap((role) =>
        grantsOf(role)
          .filter((grant) => !evaluated.some((request) => request.role === nickname(role) && covers(grant, request)))
          .map(({ action, resource }) => `${nickname(role)} ${action} on ${inWords(resource, tables)}`),
      );
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
  return (['Dispatch', 'Notify', 'Deliver', 'Seal'].find((part) => name.includes(part)) ?? name).toLowerCase();
};

function byNickname(roles: readonly DeployedRole[], wanted: string): DeployedRole {
  const found = roles.find((role) => nickname(role) === wanted);
  if (found === undefined) throw new Error(`No ${wanted} role is deployed.`);
  return found;
}

const sessionOf = ({ arn, name }: DeployedRole, session: string): string =>
  `arn:aws:sts::${arn.split(':')[4]}:assumed-role/${name}/${session}`;

interface Grant {
  readonly action: string;
  /** ARN, perhaps with wildcards. */
  readonly resource: string;
}

const grantsOf = ({ policies }: DeployedRole): readonly Grant[] =>
  policies.flatMap(({ policy }) =>
    policy.Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action, Resource }) =>
      listed(Action).flatMap((action) => listed(Resource).map((resource) => ({ action, resource }))),
    ),
  );

const covers = (grant: Grant, request: Grant): boolean =>
  grant.action === request.action && wildcard(grant.resource).test(request.resource);

const wildcard = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );

/** Short names for what has long ones, made by CloudFormation. */
function inWords(resource: string, tables: Deployment['tables']): string {
  const [table] = Object.entries(tables).find(([, name]) => resource.includes(`:table/${name}`)) ?? [];
  if (table !== undefined) {
    const [, part = ''] = /\/(stream|index\/[\w-]+)/.exec(resource) ?? [];
    return `${table} ${part}`.trim();
  }
  if (resource.includes(':sqs:')) return resource.includes('DeadLetters') ? 'dead letters' : 'sweeps';
  if (resource.includes(':logs:')) return 'its log';
  return resource.includes(':secret:keyturn/') ? 'secrets' : resource;
}

interface Evaluated extends Grant {
  readonly role: string;
  readonly result: string;
}

/** Evaluates each different request once. */
async function evaluate(roles: readonly DeployedRole[], story: Story): Promise<readonly Evaluated[]> {
  const names = namesIn(story);
  const evaluated = new Map<string, Evaluated>();
  for (const call of story.stage.recorder.calls()) {
    const role = roleOf(call, roles);
    for (const request of requestsFor(call, names)) {
      const { action, resource, context } = request;
      const id = JSON.stringify([role?.name ?? call.principalArn, action, resource, context['dynamodb:LeadingKeys']]);
      if (evaluated.has(id)) continue;
      evaluated.set(id, {
        role: role === undefined ? `not ours: ${call.principalArn}` : nickname(role),
        action,
        resource,
        result: role === undefined ? 'NotOurs' : await resultOf(request, role, roles),
      });
    }
  }
  return [...evaluated.values()];
}

async function resultOf(request: AuthorizationRequest, role: DeployedRole, roles: readonly DeployedRole[]) {
  const trust = request.action === 'sts:AssumeRole' ? trustOf(roles, request.resource) : undefined;
  const { result } = await decisionOn(request, { arn: sessionOf(role, 'session'), policies: role.policies }, trust);
  return result;
}

const roleOf = ({ principalArn = '' }: RecordedCall, roles: readonly DeployedRole[]): DeployedRole | undefined =>
  roles.find(({ name }) => principalArn.includes(`:assumed-role/${name}/`));

const trustOf = (roles: readonly DeployedRole[], arn: string): PolicyDocument | undefined =>
  roles.find((role) => role.arn === arn)?.trust;

const namesIn = ({ keys }: Story): Names => ({
  userPaths: new Map(cast.map(({ userName, path }) => [userName, path])),
  userOfKey: new Map(keys.map(({ keyId, user }) => [keyId, user])),
});
