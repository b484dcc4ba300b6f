import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { ArnPrincipal, Effect, PolicyStatement, Role } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { SECRET_PREFIX } from '../lambda/domain/secret-name.ts';
import { acknowledgeWildcard } from './acknowledge.ts';

export interface MemberRoleProps {
  readonly memberRoleName: string;
  /** Account that Keyturn is deployed in. */
  readonly hubAccount: string;
  /** Name of the worker's role there. */
  readonly workerRoleName: string;
  readonly externalId: string;
  /** Organisation that the worker must be a principal of. */
  readonly organizationId?: string | undefined;
}

/** What Keyturn may do in an account that it works on: the same in every account, its own included. */
export class MemberRole extends Role {
  constructor(scope: Construct, id: string, props: MemberRoleProps) {
    const { memberRoleName, hubAccount, workerRoleName, externalId, organizationId } = props;
    const stack = Stack.of(scope);
    const worker = { service: 'iam', region: '', account: hubAccount, resource: 'role', resourceName: workerRoleName };
    super(scope, id, {
      roleName: memberRoleName,
      description: 'Assumed by Keyturn to rotate the access keys of the IAM users in this account',
      // IAM resolves this to the role's unique ID: a role that somebody else makes under the same name is not trusted. So
      // the worker's role must exist first, and the member stacks are deployed again after it was made anew.
      assumedBy: new ArnPrincipal(stack.formatArn(worker)).withConditions({
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
    this.#allowSecrets();
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
    const users = Stack.of(this).formatArn({ service: 'iam', region: '', resource: 'user', resourceName: '*' });
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

  #allowSecrets(): void {
    const stack = Stack.of(this);
    const secrets = stack.formatArn({
      service: 'secretsmanager',
      resource: 'secret',
      resourceName: `${SECRET_PREFIX}/${stack.account}/*`,
      arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    });
    this.addToPolicy(
      new PolicyStatement({
        sid: 'StoreKeys',
        actions: [
          'secretsmanager:CreateSecret',
          'secretsmanager:DescribeSecret',
          'secretsmanager:PutResourcePolicy',
          'secretsmanager:PutSecretValue',
          'secretsmanager:TagResource',
          'secretsmanager:UpdateSecretVersionStage',
        ],
        resources: [secrets],
      }),
    );
    acknowledgeWildcard(
      this,
      secrets,
      'One secret per user, which Keyturn makes under its own prefix in this account.',
    );
    // Not to grant it is not enough: who may write a secret's policy could let itself read there.
    this.addToPolicy(
      new PolicyStatement({
        sid: 'NeverReadKeys',
        effect: Effect.DENY,
        actions: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'],
        resources: ['*'],
      }),
    );
  }
}
