import { Aws, Duration } from 'aws-cdk-lib';
import { ArnPrincipal, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { SECRET_PREFIX } from '../lambda/domain/secret-name.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import { neverReadKeys, secretsBelow, storeKeys } from './secret-rights.ts';

export interface MemberRoleProps {
  readonly memberRoleName: string;
  /** Account that Keyturn is deployed in. */
  readonly hubAccount: string;
  /** Name of the worker's role there. */
  readonly workerRoleName: string;
  readonly externalId: string;
  /** Organisation that the worker must be a principal of. */
  readonly organizationId?: string | undefined;
  /** Region that Keyturn works in. */
  readonly region: string;
  /** Where the users' secrets are kept. */
  readonly secrets: { readonly kind: 'member' | 'hub'; readonly replicaRegions: readonly string[] };
}

/**
 * What Keyturn may do in an account that it works on. It is the same in every account, the hub included: whatever is the
 * account's own is named by pseudo parameters, so that one template serves them all.
 */
export class MemberRole extends Role {
  constructor(scope: Construct, id: string, props: MemberRoleProps) {
    const { memberRoleName, hubAccount, workerRoleName, externalId, organizationId } = props;
    super(scope, id, {
      roleName: memberRoleName,
      description: 'Assumed by Keyturn to rotate the access keys of the IAM users in this account',
      // IAM resolves this to the role's unique ID: a role that somebody else makes under the same name is not trusted. So
      // the worker's role must exist first, and where it was made anew this role has to be too: its template is then what
      // it was, and CloudFormation would leave it alone (docs/organization.md, section 3).
      assumedBy: new ArnPrincipal(`arn:${Aws.PARTITION}:iam::${hubAccount}:role/${workerRoleName}`).withConditions({
        StringEquals: {
          'sts:ExternalId': externalId,
          ...(organizationId !== undefined && { 'aws:PrincipalOrgID': organizationId }),
        },
      }),
      // Role chaining allows no longer sessions.
      maxSessionDuration: Duration.hours(1),
    });
    this.#allowInventory();
    this.#allowKeys();
    if (props.secrets.kind === 'member') this.#allowSecrets(props);
    this.addToPolicy(neverReadKeys());
  }

  #allowInventory(): void {
    this.addToPolicy(
      new PolicyStatement({
        sid: 'ListUsers',
        actions: ['iam:GenerateCredentialReport', 'iam:GetCredentialReport', 'iam:ListUsers'],
        resources: ['*'],
      }),
    );
    acknowledgeWildcard(
      this,
      '*',
      'The list of users and the credential report are about the account: these actions know no resources.',
    );
  }

  #allowKeys(): void {
    const users = `arn:${Aws.PARTITION}:iam::${Aws.ACCOUNT_ID}:user/*`;
    this.addToPolicy(
      new PolicyStatement({
        sid: 'RotateKeys',
        actions: [
          'iam:GetUser',
          'iam:ListAccessKeys',
          'iam:GetAccessKeyLastUsed',
          'iam:CreateAccessKey',
          'iam:UpdateAccessKey',
          'iam:DeleteAccessKey',
        ],
        resources: [users],
      }),
    );
    acknowledgeWildcard(this, users, "Keyturn rotates the keys of every user; who they are isn't known at deployment.");
  }

  #allowSecrets({ region, secrets }: MemberRoleProps): void {
    const own = { partition: Aws.PARTITION, region, account: Aws.ACCOUNT_ID };
    const secretArns = secretsBelow(this, `${SECRET_PREFIX}/${Aws.ACCOUNT_ID}`, own);
    this.addToPolicy(storeKeys([secretArns], secrets.replicaRegions.length > 0));
    acknowledgeWildcard(
      this,
      secretArns,
      'One secret per user, which Keyturn makes under its own prefix in this account.',
    );
  }
}
