import { type RequestAnalysis, runSimulation } from '@cloud-copilot/iam-simulate';
import { defaultAccount as account } from '../../../local/emulator.ts';
import type { AuthorizationRequest } from './authorization.ts';
import type { PolicyDocument } from './deployed-roles.ts';

export interface Caller {
  /** ARN as in `sts get-caller-identity`. */
  readonly arn: string;
  readonly policies: readonly { readonly name: string; readonly policy: PolicyDocument }[];
}

/** What AWS would decide, evaluated with identity and resource policies by `@cloud-copilot/iam-simulate`. */
export async function decisionOn(
  { action, resource, context }: AuthorizationRequest,
  caller: Caller,
  resourcePolicy?: PolicyDocument,
): Promise<RequestAnalysis> {
  const found = await runSimulation(
    {
      request: {
        principal: caller.arn,
        action,
        resource: { resource, accountId: accountIn(resource) ?? accountIn(caller.arn) ?? account },
        contextVariables: {
          'aws:PrincipalArn': principalArnOf(caller.arn),
          'aws:PrincipalAccount': accountIn(caller.arn) ?? account,
          'aws:SecureTransport': 'true',
          ...context,
        },
      },
      identityPolicies: [...caller.policies],
      serviceControlPolicies: [],
      resourceControlPolicies: [],
      resourcePolicy,
    },
    {},
  );
  if (found.resultType !== 'single') {
    throw new Error(`${action} on ${resource} could not be evaluated: ${JSON.stringify(found)}`);
  }
  return found.result.analysis;
}

/** Absent from the ARNs of buckets, which are the caller's own here. */
const accountIn = (arn: string): string | undefined => arn.split(':')[4] || undefined;

/** The condition key names a role, not its session. */
const principalArnOf = (arn: string): string =>
  arn.replace(/^arn:aws:sts::(\d+):assumed-role\/([^/]+)\/.*$/, 'arn:aws:iam::$1:role/$2');
