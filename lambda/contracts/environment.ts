/** Names of the environment variables through which the stack tells each function what it works with. */
export const environment = {
  /** JSON of Settings. */
  settings: 'KEYTURN_SETTINGS',
  ownersTable: 'OWNERS_TABLE',
  stateTable: 'STATE_TABLE',
  historyTable: 'HISTORY_TABLE',
  sweepQueueUrl: 'SWEEP_QUEUE_URL',
  deadLetterQueueUrl: 'DEAD_LETTER_QUEUE_URL',
  /** Topic of the owners' notices; subscriptions filter on `owner`, `account`, `type`. */
  noticesTopicArn: 'NOTICES_TOPIC_ARN',
  operatorsTopicArn: 'OPERATORS_TOPIC_ARN',
  /** Name of the secret with the Slack webhooks and the bot's token; absent: no Slack. */
  slackSecretName: 'SLACK_SECRET_NAME',
  /** Name of the secret with the webhooks' endpoints; absent: no webhooks. */
  webhooksSecretName: 'WEBHOOKS_SECRET_NAME',
  /** JSON of EmailSettings; absent: e-mail goes by the notices topic. */
  email: 'EMAIL',
  /** Bucket of the evidence. */
  evidenceBucket: 'EVIDENCE_BUCKET',
  memberRoleName: 'MEMBER_ROLE_NAME',
  externalId: 'EXTERNAL_ID',
  /** JSON list of ARNs that may read every secret beside its user. */
  secretReaders: 'SECRET_READERS',
} as const;

/** JSON of HouseStyle. No variable of the function: the bundler puts the text in its place. */
export const HOUSE_STYLE = 'HOUSE_STYLE';

/** CloudWatch namespace of every metric. */
export const METRIC_NAMESPACE = 'Keyturn';

/** Default name of the role that Keyturn assumes in every account, the hub included. */
export const MEMBER_ROLE_NAME = 'KeyturnMember';

/** Default name of the SSM parameter that tells the CLI what is deployed. */
export const DEPLOYMENT_PARAMETER = '/keyturn/deployment';
