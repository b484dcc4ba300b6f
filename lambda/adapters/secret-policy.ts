/**
 * Resource policy of a secret: these principals may read it, and nobody else may, whatever their own policies allow.
 *
 * An assumed role's `aws:PrincipalArn` is the role's ARN, so readers are named by user or role. The Allow is needed
 * although it repeats what identity policies could say: it alone lets an IAM user without any policy read its secret.
 */
export function secretPolicy(principals: readonly string[]): string {
  return JSON.stringify({
    Version: '2012-10-17',
    Statement: [
      {
        Sid: 'OwnerAndReadersMayRead',
        Effect: 'Allow',
        Principal: { AWS: principals },
        Action: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
        Resource: '*',
      },
      {
        Sid: 'NobodyElseMayRead',
        Effect: 'Deny',
        Principal: '*',
        Action: 'secretsmanager:GetSecretValue',
        Resource: '*',
        // A caller without this key at all (a service, nobody) is not equal to any of them, and denied.
        Condition: { StringNotEquals: { 'aws:PrincipalArn': principals } },
      },
    ],
  });
}
