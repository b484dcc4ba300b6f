import { Aws } from 'aws-cdk-lib';
import { ManagedPolicy, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';
import { READ_POLICY, SECRET_PREFIX } from '../lambda/domain/secret-name.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import { secretsBelow, viaSecretsManager } from './secret-rights.ts';

export interface ReadPolicyProps {
  readonly hubAccount: string;
  /** Where there are copies of the secrets, the first one included. */
  readonly regions: readonly string[];
}

/**
 * What a user needs, beside the policy of its secret, to read it from another account: somebody in the user's account
 * attaches it. It says nothing about whose secret: that is for the secret's own policy, which names exactly one user.
 */
export class ReadPolicy extends ManagedPolicy {
  constructor(scope: Construct, id: string, { hubAccount, regions }: ReadPolicyProps) {
    super(scope, id, {
      managedPolicyName: READ_POLICY,
      description: 'Lets an IAM user fetch its access key, rotated by Keyturn, from the account that keeps the secrets',
    });
    const hub = (region: string) => ({ partition: Aws.PARTITION, region, account: hubAccount });
    const secrets = regions.map((region) => secretsBelow(this, `${SECRET_PREFIX}/${Aws.ACCOUNT_ID}`, hub(region)));
    const keys = regions.map((region) => `arn:${Aws.PARTITION}:kms:${region}:${hubAccount}:key/*`);
    this.addStatements(
      new PolicyStatement({
        sid: 'ReadSecret',
        actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        resources: secrets,
      }),
      new PolicyStatement({
        sid: 'DecryptSecret',
        actions: ['kms:Decrypt'],
        resources: keys,
        conditions: { StringEquals: viaSecretsManager(regions, Aws.URL_SUFFIX) },
      }),
    );
    for (const secret of secrets) {
      acknowledgeWildcard(this, secret, 'Each secret names in its own policy the one user that may read it.');
    }
    for (const key of keys) {
      acknowledgeWildcard(
        this,
        key,
        "Which key it is can change; only through Secrets Manager, and as that key's policy allows.",
      );
    }
  }
}
