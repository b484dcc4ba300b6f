import type { Deployment } from '../../../lambda/contracts/deployment.ts';
import type { RecordedCall } from '../../../local/recorder.ts';
import { type AuthorizationRequest, type Names, requestsFor } from './authorization.ts';
import { type DeployedRole, listed, type PolicyDocument, type Statement } from './deployed-roles.ts';
import { decisionOn } from './simulate.ts';

/** Calls, and what was deployed when they were made. */
export interface Recorded {
  readonly calls: readonly RecordedCall[];
  readonly roles: readonly DeployedRole[];
  readonly names: Names;
}

/** What a call asks of the policies, and their answer. */
export interface Evaluated extends AuthorizationRequest {
  /** Nickname of the role that made it. */
  readonly role: string;
  readonly result: string;
}

/** Evaluates each different request once. */
export async function evaluate({ calls, roles, names }: Recorded): Promise<readonly Evaluated[]> {
  const evaluated = new Map<string, Evaluated>();
  for (const call of calls) {
    const role = roleOf(call, roles);
    for (const request of requestsFor(call, names)) {
      const id = JSON.stringify([role?.arn ?? call.principalArn, request]);
      if (evaluated.has(id)) continue;
      evaluated.set(id, {
        ...request,
        role: role === undefined ? `not ours: ${call.principalArn}` : nickname(role),
        result: role === undefined ? 'NotOurs' : await resultOf(request, role, roles),
      });
    }
  }
  return [...evaluated.values()];
}

/**
 * What the roles are allowed and no request was made for, as `role action on resource`. Member roles of several accounts
 * count as one: what one of them uses is used.
 */
export async function unusedGrants(
  { roles }: Pick<Recorded, 'roles'>,
  evaluated: readonly Evaluated[],
  deployed: Pick<Deployment, 'tables' | 'evidenceBucket'>,
): Promise<readonly string[]> {
  const unused = new Set<string>();
  const used = new Set<string>();
  for (const role of roles) {
    const requests = evaluated.filter((request) => request.role === nickname(role));
    for (const grant of grantsOf(role)) {
      const title = `${nickname(role)} ${grant.action} on ${inWords(grant.resource, deployed)}`;
      if (used.has(title)) continue;
      if (await isUsed(grant, requests, role)) used.add(title);
      else unused.add(title);
    }
  }
  return [...unused].filter((title) => !used.has(title)).toSorted();
}

export const nickname = ({ name }: DeployedRole): string => {
  if (name === 'KeyturnMember') return 'member';
  if (name === 'KeyturnWorker') return 'worker';
  if (name === 'KeyturnAuditor') return 'auditor';
  if (name.includes('Evidence')) return 'report';
  return (['Dispatch', 'Notify', 'Deliver', 'Seal'].find((part) => name.includes(part)) ?? name).toLowerCase();
};

export const sessionOf = ({ arn, name }: DeployedRole, session: string): string =>
  `arn:aws:sts::${arn.split(':')[4]}:assumed-role/${name}/${session}`;

interface Grant {
  readonly action: string;
  /** ARN, perhaps with wildcards. */
  readonly resource: string;
  readonly condition: Statement['Condition'];
}

const grantsOf = ({ policies }: DeployedRole): readonly Grant[] =>
  policies.flatMap(({ policy }) =>
    policy.Statement.filter(({ Effect }) => Effect === 'Allow').flatMap(({ Action, Resource, Condition }) =>
      listed(Action).flatMap((action) =>
        listed(Resource).map((resource) => ({ action, resource, condition: Condition })),
      ),
    ),
  );

/** Whether some request needs it: its action and resource, under its condition. */
async function isUsed(grant: Grant, requests: readonly Evaluated[], role: DeployedRole): Promise<boolean> {
  const pattern = wildcard(grant.resource);
  const close = requests.filter(({ action, resource }) => action === grant.action && pattern.test(resource));
  if (grant.condition === undefined) return close.length > 0;
  const statement = {
    Effect: 'Allow',
    Action: grant.action,
    Resource: grant.resource,
    Condition: grant.condition,
  } as const;
  const alone = { name: 'alone', policy: { Version: '2012-10-17', Statement: [statement] } };
  for (const request of close) {
    const { result } = await decisionOn(
      request,
      { arn: sessionOf(role, 'session'), policies: [alone] },
      keyPolicyOf(request),
    );
    if (result === 'Allowed') return true;
  }
  return false;
}

const wildcard = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
      .replaceAll('*', '.*')
      .replaceAll('?', '.')}$`,
  );

/** Short names for what has long ones, made by CloudFormation. */
function inWords(resource: string, { tables, evidenceBucket }: Pick<Deployment, 'tables' | 'evidenceBucket'>): string {
  const [table] = Object.entries(tables).find(([, name]) => resource.includes(`:table/${name}`)) ?? [];
  if (table !== undefined) {
    const [, part = ''] = /\/(stream|index\/[\w-]+|index\/\*)/.exec(resource) ?? [];
    return `${table} ${part}`.trim();
  }
  if (resource.includes(':sqs:')) return resource.includes('DeadLetters') ? 'dead letters' : 'sweeps';
  if (resource.includes(':logs:')) return 'its log';
  if (resource.includes(':sns:')) return resource.includes('Notices') ? 'notices topic' : 'operators topic';
  if (resource.includes(':kms:')) return "the secrets' key";
  if (resource.startsWith('arn:aws:s3:')) return resource.replace(`arn:aws:s3:::${evidenceBucket}`, 'evidence');
  if (resource.includes(':secret:keyturn/')) return 'secrets';
  return resource.replace(/^arn:aws:(iam)::\d+:/, '$1:');
}

async function resultOf(request: AuthorizationRequest, role: DeployedRole, roles: readonly DeployedRole[]) {
  const trust = request.action === 'sts:AssumeRole' ? trustOf(roles, request.resource) : keyPolicyOf(request);
  const { result } = await decisionOn(request, { arn: sessionOf(role, 'session'), policies: role.policies }, trust);
  return result;
}

/** As CDK makes it: whoever the account's own policies let use the key may use it. test/lib/hub-secrets.test.ts has the rest. */
function keyPolicyOf({ resource }: AuthorizationRequest): PolicyDocument | undefined {
  const [, , service, , account] = resource.split(':');
  if (service !== 'kms') return undefined;
  const Principal = { AWS: `arn:aws:iam::${account}:root` };
  return { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal, Action: 'kms:*', Resource: '*' }] };
}

const roleOf = ({ principalArn = '' }: RecordedCall, roles: readonly DeployedRole[]): DeployedRole | undefined =>
  roles.find((role) => principalArn.startsWith(sessionOf(role, '')));

const trustOf = (roles: readonly DeployedRole[], arn: string): PolicyDocument | undefined =>
  roles.find((role) => role.arn === arn)?.trust;
