import { DefaultStackSynthesizer, type IStackSynthesizer, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { MemberRole, type MemberRoleProps } from './member-role.ts';
import { ReadPolicy } from './read-policy.ts';

/**
 * What an account needs so that Keyturn can work on it. The template has no assets and asks for no CDK bootstrap, so it
 * can be deployed by any means, a StackSet included; it is the same for every account.
 */
export class MemberStack extends Stack {
  readonly role: MemberRole;

  constructor(scope: Construct, id: string, props: StackProps & { readonly member: MemberRoleProps }) {
    const { member, ...stackProps } = props;
    super(scope, id, {
      description: 'Keyturn: lets the hub rotate the access keys of the IAM users in this account',
      ...stackProps,
      // It is one; CDK's types just aren't written for exactOptionalPropertyTypes.
      synthesizer: new DefaultStackSynthesizer({ generateBootstrapVersionRule: false }) as IStackSynthesizer,
      analyticsReporting: false,
    });
    this.role = new MemberRole(this, 'Role', member);
    const { hubAccount, region, secrets } = member;
    if (secrets.kind === 'hub') {
      new ReadPolicy(this, 'ReadPolicy', { hubAccount, regions: [region, ...secrets.replicaRegions] });
    }
  }
}
