import { ArnFormat, Stack } from 'aws-cdk-lib';
import { Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Construct } from 'constructs';

/** What it takes to make users' secrets and to fill them. */
export const storeKeys = (secretArns: string[], replicated: boolean): PolicyStatement =>
  new PolicyStatement({
    sid: 'StoreKeys',
    actions: [
      'secretsmanager:CreateSecret',
      'secretsmanager:DescribeSecret',
      'secretsmanager:PutResourcePolicy',
      'secretsmanager:PutSecretValue',
      'secretsmanager:TagResource',
      'secretsmanager:UpdateSecretVersionStage',
      ...(replicated ? ['secretsmanager:ReplicateSecretToRegions'] : []),
    ],
    resources: secretArns,
  });

/** Not to grant it is not enough: who may write a secret's policy could let itself read there. */
export const neverReadKeys = (): PolicyStatement =>
  new PolicyStatement({
    sid: 'NeverReadKeys',
    effect: Effect.DENY,
    actions: ['secretsmanager:GetSecretValue', 'secretsmanager:BatchGetSecretValue'],
    resources: ['*'],
  });

/** The secrets below a prefix; ARN parts that are left out are the stack's. */
export const secretsBelow = (
  scope: Construct,
  prefix: string,
  where: { readonly partition?: string; readonly region?: string; readonly account?: string } = {},
): string =>
  Stack.of(scope).formatArn({
    service: 'secretsmanager',
    resource: 'secret',
    resourceName: `${prefix}/*`,
    arnFormat: ArnFormat.COLON_RESOURCE_NAME,
    ...where,
  });

/** How KMS sees a call that Secrets Manager makes for somebody in one of these Regions. */
export const viaSecretsManager = (regions: readonly string[], urlSuffix: string) => ({
  'kms:ViaService': regions.map((region) => `secretsmanager.${region}.${urlSuffix}`),
});
