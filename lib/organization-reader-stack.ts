import { Aws, BootstraplessSynthesizer, type IStackSynthesizer, Stack, type StackProps } from 'aws-cdk-lib';
import { ArnPrincipal, Policy, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { acknowledgeWildcard } from './acknowledge.ts';

/** What it takes to walk the tree of an organisation. */
export const readOrganization = (): PolicyStatement =>
  new PolicyStatement({
    sid: 'ReadOrganization',
    actions: [
      'organizations:ListRoots',
      'organizations:ListOrganizationalUnitsForParent',
      'organizations:ListAccountsForParent',
      'organizations:ListAccounts',
    ],
    resources: ['*'],
  });

export const WHY_ALL_UNITS =
  'ListRoots and ListAccounts know no resources, and the units and accounts below the root are what is to be found out.';

export interface OrganizationReaderProps {
  readonly roleName: string;
  readonly hubAccount: string;
  /** Name of the role of the function that begins runs. */
  readonly dispatchRoleName: string;
  readonly organizationId: string;
}

/** A role for the management account that lets Keyturn list the accounts of the organisation, and do nothing else. */
export class OrganizationReaderStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps & { readonly reader: OrganizationReaderProps }) {
    const { reader, ...stackProps } = props;
    const { roleName, hubAccount, dispatchRoleName, organizationId } = reader;
    super(scope, id, {
      description: 'Keyturn: lets the hub list the accounts of this organisation',
      ...stackProps,
      // The management account need not know of CDK. It is one; CDK's types aren't written for exactOptionalPropertyTypes.
      synthesizer: new BootstraplessSynthesizer() as IStackSynthesizer,
      analyticsReporting: false,
    });
    const dispatch = new ArnPrincipal(`arn:${Aws.PARTITION}:iam::${hubAccount}:role/${dispatchRoleName}`);
    const role = new Role(this, 'Role', {
      roleName,
      description: 'Assumed by Keyturn to list the accounts of the organisation',
      assumedBy: dispatch.withConditions({ StringEquals: { 'aws:PrincipalOrgID': organizationId } }),
    });
    const policy = new Policy(this, 'Policy', { roles: [role], statements: [readOrganization()] });
    acknowledgeWildcard(policy, '*', WHY_ALL_UNITS);
  }
}
