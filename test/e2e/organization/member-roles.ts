import { CloudFormationClient, CreateStackCommand, DeleteStackCommand } from '@aws-sdk/client-cloudformation';
import { GetRoleCommand, IAMClient } from '@aws-sdk/client-iam';
import type { Emulator } from '../../../local/emulator.ts';
import type { Intercept } from '../../../local/recorder.ts';
import { awsError } from '../../../local/wire.ts';

const STACK = 'KeyturnMember';

/** What a StackSet does in one account: the emulator passes over StackSets. */
export async function deployMemberStack(emulator: Emulator, account: string, template: string): Promise<void> {
  const cloudFormation = new CloudFormationClient(emulator.client(account));
  await cloudFormation.send(
    new CreateStackCommand({ StackName: STACK, TemplateBody: template, Capabilities: ['CAPABILITY_NAMED_IAM'] }),
  );
}

export async function removeMemberStack(emulator: Emulator, account: string): Promise<void> {
  await new CloudFormationClient(emulator.client(account)).send(new DeleteStackCommand({ StackName: STACK }));
}

/**
 * AWS lets nobody assume a role that does not exist, or that asks for another external ID; the emulator lets everybody
 * assume anything. So the role is looked up before the call is let through.
 */
export function assumingNeedsTrust(emulator: Emulator): Intercept {
  return async (call) => {
    if (call.service !== 'sts' || call.action !== 'AssumeRole') return 'pass';
    const { RoleArn, ExternalId } = call.params;
    const [, , , , account = '', role = ''] = String(RoleArn).split(':');
    const trust = await trustOf(emulator, account, role.slice('role/'.length));
    return trust?.includes(`"sts:ExternalId":"${ExternalId}"`) ? 'pass' : awsError(call, 'AccessDenied', 403);
  };
}

async function trustOf(emulator: Emulator, account: string, RoleName: string): Promise<string | undefined> {
  try {
    const { Role } = await new IAMClient(emulator.client(account)).send(new GetRoleCommand({ RoleName }));
    return JSON.stringify(JSON.parse(decodeURIComponent(Role?.AssumeRolePolicyDocument ?? '{}')));
  } catch (error) {
    if (error instanceof Error && error.name.startsWith('NoSuchEntity')) return undefined;
    throw error;
  }
}
