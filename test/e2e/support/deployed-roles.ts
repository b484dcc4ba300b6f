import {
  GetRolePolicyCommand,
  IAMClient,
  ListAttachedRolePoliciesCommand,
  ListRolePoliciesCommand,
  paginateListRoles,
} from '@aws-sdk/client-iam';
import type { Emulator } from '../../../local/emulator.ts';

export interface Statement {
  readonly Sid?: string;
  readonly Effect: 'Allow' | 'Deny';
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Action: string | readonly string[];
  readonly Resource?: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | string[]>>>>;
}

export interface PolicyDocument {
  readonly Version: string;
  readonly Statement: readonly Statement[];
}

export interface DeployedRole {
  readonly name: string;
  readonly arn: string;
  readonly trust: PolicyDocument;
  readonly policies: readonly { readonly name: string; readonly policy: PolicyDocument }[];
}

/** The roles of Keyturn's stacks in an account with all that they are allowed, as CloudFormation made them. */
export async function deployedRoles(emulator: Emulator, account?: string): Promise<readonly DeployedRole[]> {
  const iam = new IAMClient(emulator.client(account));
  const roles: DeployedRole[] = [];
  for await (const { Roles = [] } of paginateListRoles({ client: iam }, {})) {
    for (const { RoleName: name = '', Arn: arn = '', AssumeRolePolicyDocument: trust = '' } of Roles) {
      if (!name.startsWith('Keyturn')) continue;
      const { AttachedPolicies = [] } = await iam.send(new ListAttachedRolePoliciesCommand({ RoleName: name }));
      if (AttachedPolicies.length > 0) throw new Error(`Role ${name} has managed policies, which are not read here.`);
      roles.push({ name, arn, trust: documentIn(trust), policies: await inlinePolicies(iam, name) });
    }
  }
  return roles;
}

async function inlinePolicies(iam: IAMClient, RoleName: string): Promise<DeployedRole['policies']> {
  const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName }));
  return Promise.all(
    PolicyNames.map(async (PolicyName) => {
      const { PolicyDocument = '' } = await iam.send(new GetRolePolicyCommand({ RoleName, PolicyName }));
      return { name: PolicyName, policy: documentIn(PolicyDocument) };
    }),
  );
}

const documentIn = (text: string): PolicyDocument => JSON.parse(decodeURIComponent(text));

export const listed = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : typeof value === 'string' ? [value] : value;
