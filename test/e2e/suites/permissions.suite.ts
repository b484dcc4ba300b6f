import type { Deployment } from '../../../lambda/contracts/deployment.ts';
import type { AuthorizationRequest } from '../support/authorization.ts';
import type { DeployedRole } from '../support/deployed-roles.ts';
import { type Evaluated, evaluate, nickname, type Recorded, sessionOf, unusedGrants } from '../support/evaluated.ts';
import { decisionOn } from '../support/simulate.ts';

/** What a deployment was seen to do, once it has done it. */
export interface Deeds extends Recorded {
  readonly deployment: Pick<Deployment, 'tables' | 'evidenceBucket'>;
}

const lambdaItself = 'Lambda does this itself, with the role of the function';

/** Allowed in every deployment, and not called by the functions themselves: each with its reason. */
const acknowledgedAlways: Readonly<Record<string, string>> = {
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
    'a sweep whose time is up asks to be continued; these accounts are too small for that',
};

/**
 * Every call of a deployment against what is really deployed; and what is deployed against the calls, but for what is
 * acknowledged, each with its reason.
 */
export function permissionsSuite(
  deeds: () => Promise<Deeds>,
  { acknowledged, atLeast }: { readonly acknowledged: Readonly<Record<string, string>>; readonly atLeast: number },
): void {
  describe('permissions', () => {
    let done: Deeds;
    let evaluated: readonly Evaluated[];

    beforeAll(async () => {
      done = await deeds();
      evaluated = await evaluate(done);
    }, 60_000);

    // Fails when a function calls what its role does not allow: in AWS it would be denied, on the emulator it is not.
    test('every call that the functions made is allowed by the deployed policies', () => {
      expect(evaluated.filter(({ result }) => result !== 'Allowed')).toEqual([]);
      expect(evaluated.length).toBeGreaterThan(atLeast);
    });

    // Fails when a role is given a right that no function uses, or one whose condition no call meets; and when what is
    // acknowledged is used after all.
    test('nothing is allowed that is not used, but for what is acknowledged', async () => {
      const unused = await unusedGrants(done, evaluated, done.deployment);
      expect(unused).toEqual(Object.keys({ ...acknowledgedAlways, ...acknowledged }).toSorted());
    });

    // Fails when a member role's trust is widened to other roles of the hub, or does without the external ID.
    test('the member role trusts the worker with the external ID alone', async () => {
      const member = byNickname(done.roles, 'member');
      const worker = byNickname(done.roles, 'worker');
      const { organizationId } = done.names;
      const request = (externalId: string): AuthorizationRequest => ({
        action: 'sts:AssumeRole',
        resource: member.arn,
        context: {
          'sts:ExternalId': externalId,
          'sts:RoleSessionName': 'run-x',
          ...(organizationId !== undefined && { 'aws:PrincipalOrgID': organizationId }),
        },
      });
      const as = (role: DeployedRole) => ({ arn: sessionOf(role, 'x'), policies: [assumeAnything] });
      const decide = async (externalId: string, role: DeployedRole) =>
        (await decisionOn(request(externalId), as(role), member.trust)).result;
      expect(await decide('keyturn', worker)).toBe('Allowed');
      expect(await decide('another', worker)).not.toBe('Allowed');
      expect(await decide('keyturn', byNickname(done.roles, 'notify'))).not.toBe('Allowed');
      expect(await decide('keyturn', byNickname(done.roles, 'dispatch'))).not.toBe('Allowed');
    });
  });
}

const assumeAnything = {
  name: 'assume-anything',
  policy: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 'sts:AssumeRole', Resource: '*' }] },
} as const;

function byNickname(roles: readonly DeployedRole[], wanted: string): DeployedRole {
  const found = roles.find((role) => nickname(role) === wanted);
  if (found === undefined) throw new Error(`No ${wanted} role is deployed.`);
  return found;
}
