export type WayOutId =
  | 'delete-it'
  | 'workload-role'
  | 'roles-anywhere'
  | 'pipeline-oidc'
  | 'identity-center'
  | 'cross-account-role'
  | 'ses-smtp'
  | 'codecommit-role'
  | 'find-out';

/** What the use of a service suggests of its caller, the likeliest first; each with one sentence why. */
export interface Hint {
  /** Namespaces as in policies and in the credential report. */
  readonly services: readonly string[];
  readonly ways: readonly (readonly [WayOutId, string])[];
}

/** Services of which nothing is suggested are left out: then it depends on who uses the key. */
export const hints: readonly Hint[] = [
  {
    services: ['ses'],
    ways: [
      [
        'ses-smtp',
        'It sends mail; if it does so by SMTP, the SMTP password is derived from this key and has to be made anew with it.',
      ],
      ['workload-role', 'Mail that an application on AWS sends by the API needs only a role.'],
    ],
  },
  {
    services: ['codecommit'],
    ways: [
      ['codecommit-role', 'It reads or writes Git repositories, which takes temporary credentials as well.'],
      ['pipeline-oidc', 'If it is a pipeline that does so, likely its own identity is enough.'],
    ],
  },
  {
    services: ['ecr', 'ecr-public', 'codeartifact'],
    ways: [
      ['pipeline-oidc', 'Images and packages are mostly pushed and pulled by pipelines.'],
      ['roles-anywhere', 'A build server or an Azure DevOps agent outside AWS can get a role by its certificate.'],
      ['workload-role', 'If a cluster on AWS pulls them, its own role is enough.'],
    ],
  },
  {
    services: [
      'amplify',
      'apigateway',
      'cloudformation',
      'cloudfront',
      'codebuild',
      'codedeploy',
      'codepipeline',
      'ecs',
      'eks',
      'elasticbeanstalk',
      'lambda',
      'serverlessrepo',
    ],
    ways: [
      ['pipeline-oidc', 'This service is mostly called to deploy, which likely a pipeline does.'],
      ['roles-anywhere', 'A build server or an Azure DevOps agent outside AWS can get a role by its certificate.'],
      ['identity-center', 'If a person deploys by hand, a sign-in gives the same rights for some hours.'],
    ],
  },
  {
    services: ['sts'],
    ways: [
      ['cross-account-role', 'It takes on a role or asks who it is, which likely is the way into another account.'],
      ['pipeline-oidc', 'If a pipeline does so, it can take on that role without a key.'],
      ['identity-center', 'If a person does so, a sign-in leads to the same role.'],
    ],
  },
  {
    services: ['access-analyzer', 'cloudtrail', 'config', 'guardduty', 'inspector2', 'securityhub', 'tag'],
    ways: [
      ['cross-account-role', 'It looks at what an account holds, likely for an inventory or a security tool.'],
      ['identity-center', 'If it is a person who looks, a sign-in is enough.'],
    ],
  },
  {
    services: [
      'account',
      'aws-portal',
      'billing',
      'budgets',
      'ce',
      'health',
      'iam',
      'identitystore',
      'organizations',
      'sso',
      'sso-directory',
      'support',
      'trustedadvisor',
    ],
    ways: [
      ['identity-center', 'This service is about the account itself, which likely a person looks after.'],
      ['cross-account-role', 'If it is a tool for costs or inventory, a role that it may take on is enough.'],
    ],
  },
  {
    services: ['acm', 'autoscaling', 'ec2', 'elasticloadbalancing', 'rds'],
    ways: [
      ['identity-center', 'It manages machines, likely for a person at a terminal or with Terraform.'],
      ['pipeline-oidc', 'If a pipeline builds them, its own identity is enough.'],
      ['cross-account-role', 'If a tool only looks at them, a role that may read is enough.'],
    ],
  },
  {
    services: ['route53', 'route53domains'],
    ways: [
      ['roles-anywhere', 'DNS records are mostly changed by servers that renew certificates, likely outside AWS.'],
      ['workload-role', 'If it runs on AWS, the role of its machine or pod is enough.'],
      ['pipeline-oidc', 'If a pipeline changes them, its own identity is enough.'],
    ],
  },
  {
    services: ['backup', 'cloudwatch', 'ec2messages', 'glacier', 'logs', 'ssmmessages', 'storagegateway', 'xray'],
    ways: [
      ['roles-anywhere', 'Backups, logs and figures are likely sent by an agent on a server outside AWS.'],
      ['workload-role', 'If the server is on AWS, its own role is enough.'],
    ],
  },
  {
    services: [
      'athena',
      'bedrock',
      'comprehend',
      'dynamodb',
      'es',
      'events',
      'execute-api',
      'firehose',
      'glue',
      'iot',
      'kinesis',
      'kms',
      'polly',
      'rds-data',
      'rds-db',
      'redshift-data',
      'rekognition',
      's3',
      'secretsmanager',
      'sns',
      'sqs',
      'ssm',
      'states',
      'textract',
      'transcribe',
      'translate',
    ],
    ways: [
      ['workload-role', 'An application likely uses it; where that runs on AWS, its own role is enough.'],
      ['roles-anywhere', 'Where the application runs outside AWS, a certificate takes the place of the key.'],
      ['pipeline-oidc', 'If a pipeline reads or writes there, its own identity is enough.'],
    ],
  },
];
