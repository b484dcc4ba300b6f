import { Annotations, CfnStackSet } from 'aws-cdk-lib';
import { Construct } from 'constructs';

export interface MemberStackSetProps {
  readonly stackSetName: string;
  /** The member stack's template, as JSON. */
  readonly template: string;
  readonly callAs: 'SELF' | 'DELEGATED_ADMIN';
  /** Units, or the root, with all units below them. */
  readonly organizationalUnits: readonly string[];
  /** Accounts below them that don't get it. */
  readonly exceptAccounts: readonly string[];
  readonly autoDeployment: boolean;
  /** IAM is everywhere at once: the stacks are deployed in this one Region. */
  readonly region: string;
}

/** Brings the member stack into accounts of the organisation; AWS leaves out the management account. */
export class MemberStackSet extends Construct {
  readonly stackSet: CfnStackSet;

  constructor(scope: Construct, id: string, props: MemberStackSetProps) {
    super(scope, id);
    const { stackSetName, template, callAs, organizationalUnits, exceptAccounts, autoDeployment, region } = props;
    this.stackSet = new CfnStackSet(this, 'StackSet', {
      stackSetName,
      description: 'Keyturn: lets the hub rotate the access keys of the IAM users in these accounts',
      templateBody: template,
      permissionModel: 'SERVICE_MANAGED',
      callAs,
      capabilities: ['CAPABILITY_NAMED_IAM'],
      // The roles hold no data: an account that leaves does not keep one.
      autoDeployment: { enabled: autoDeployment, ...(autoDeployment && { retainStacksOnAccountRemoval: false }) },
      // Operations that don't conflict run at the same time, and others wait instead of failing.
      managedExecution: { Active: true },
      operationPreferences: {
        // One account that refuses the role, by a policy of its own, must not keep it from the others: what lacks it is
        // told by `keyturn doctor`, and as no-access by the next run.
        failureTolerancePercentage: 100,
        maxConcurrentPercentage: 100,
        concurrencyMode: 'SOFT_FAILURE_TOLERANCE',
      },
      stackInstancesGroup: [
        {
          regions: [region],
          deploymentTargets: {
            organizationalUnitIds: [...organizationalUnits],
            accountFilterType: 'DIFFERENCE',
            accounts: [...exceptAccounts],
          },
        },
      ],
    });
    Annotations.of(this).addInfoV2(
      'keyturn:managementAccount',
      'a StackSet never deploys to the management account: deploy the member template there by hand, or exclude that account (docs/organization.md)',
    );
  }
}
