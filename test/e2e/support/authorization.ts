import { defaultAccount, defaultRegion as region } from '../../../local/emulator.ts';
import type { RecordedCall } from '../../../local/recorder.ts';

/** What AWS would ask the policies about a call. */
export interface AuthorizationRequest {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, string | string[]>>;
}

export interface Names {
  /** IAM path of each user that there ever was. */
  readonly userPaths: ReadonlyMap<string, string>;
  readonly userOfKey: ReadonlyMap<string, string>;
  /** The organisation that every caller belongs to. */
  readonly organizationId?: string;
  /** The customer-managed key of secrets; absent: Secrets Manager's own, which takes no right. */
  readonly secretsKeyArn?: string;
}

/** Actions that each call needs, by the service authorization reference. STS's GetCallerIdentity needs none. */
export function requestsFor(call: RecordedCall, names: Names): readonly AuthorizationRequest[] {
  const { service, action, params, principalArn } = call;
  // What a role touches is in its own account, but for roles, queues and topics, which are named in full.
  const account = principalArn?.split(':')[4] ?? defaultAccount;
  const text = (name: string): string => {
    const value = params[name];
    if (typeof value !== 'string') throw new Error(`${service}:${action} was recorded without ${name}.`);
    return value;
  };
  const one = (resource: string, context: AuthorizationRequest['context'] = {}): AuthorizationRequest[] => [
    { action: `${service}:${action}`, resource, context },
  ];
  const user = (name: string) => `arn:aws:iam::${account}:user${names.userPaths.get(name) ?? '/'}${name}`;
  switch (`${service}:${action}`) {
    case 'sts:GetCallerIdentity':
      return [];
    case 'sts:AssumeRole':
      return one(text('RoleArn'), {
        'sts:ExternalId': text('ExternalId'),
        'sts:RoleSessionName': text('RoleSessionName'),
        ...(names.organizationId !== undefined && {
          'aws:PrincipalOrgID': names.organizationId,
          'aws:ResourceOrgID': names.organizationId,
        }),
      });
    case 'iam:ListUsers':
    case 'iam:GenerateCredentialReport':
    case 'iam:GetCredentialReport':
      return one('*');
    case 'iam:GetAccessKeyLastUsed':
      return one(user(names.userOfKey.get(text('AccessKeyId')) ?? ''));
    case 'sns:Publish':
    case 'sns:ListSubscriptionsByTopic':
      return one(text('TopicArn'));
    case 'sqs:SendMessage':
    case 'sqs:SendMessageBatch': {
      const resource = `arn:aws:sqs:${region}:${defaultAccount}:${text('QueueUrl').split('/').at(-1)}`;
      return [{ action: 'sqs:SendMessage', resource, context: {} }];
    }
    case 'dynamodb:BatchWriteItem':
    case 'dynamodb:BatchGetItem':
      return Object.entries(Object(params.RequestItems)).flatMap(([table, requests]) =>
        one(tableArn(table), leadingKeys(requests)),
      );
    case 'dynamodb:TransactWriteItems':
      return transactionParts(params.TransactItems);
    default:
      if (service === 'iam') return one(user(text('UserName')));
      if (service === 'organizations') {
        if (params.ParentId === undefined) return one('*');
        const kind = text('ParentId').startsWith('ou-') ? 'ou' : 'root';
        return one(`arn:aws:organizations::${account}:${kind}/${names.organizationId}/${text('ParentId')}`);
      }
      if (service === 's3') return inBucket(call);
      if (service === 'secretsmanager') {
        const resource = secretArn(String(params.SecretId ?? params.Name), account);
        if (action === 'PutSecretValue') return [...one(resource), ...underKey(names.secretsKeyArn)];
        return action === 'CreateSecret' ? [...one(resource), ...withSecret(resource, params)] : one(resource);
      }
      if (service === 'dynamodb') return one(tableArn(text('TableName'), params.IndexName), leadingKeys(params));
      throw new Error(`${service}:${action} is called by Keyturn, and this test does not know what it needs.`);
  }
}

/** AWS ends a secret's ARN in a hyphen and six characters. */
export const secretArn = (name: string, account: string = defaultAccount): string =>
  name.startsWith('arn:') ? name : `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCd12`;

/** To make a secret with tags, or with copies in other Regions, takes the rights to add them. */
const withSecret = (resource: string, { Tags, AddReplicaRegions }: RecordedCall['params']): AuthorizationRequest[] =>
  [
    ...(Array.isArray(Tags) ? ['secretsmanager:TagResource'] : []),
    ...(Array.isArray(AddReplicaRegions) ? ['secretsmanager:ReplicateSecretToRegions'] : []),
  ].map((action) => ({ action, resource, context: {} }));

/** What Secrets Manager asks of KMS for whoever puts a value, and in whose name. */
const underKey = (keyArn: string | undefined): AuthorizationRequest[] =>
  keyArn === undefined
    ? []
    : ['kms:GenerateDataKey', 'kms:Decrypt'].map((action) => ({
        action,
        resource: keyArn,
        context: { 'kms:ViaService': `secretsmanager.${region}.amazonaws.com` },
      }));

/** S3 by path: `PUT /bucket/key` and `GET /bucket?prefix=…`. */
function inBucket({ action, params }: RecordedCall): AuthorizationRequest[] {
  const [, method, bucket, key] = /^(\w+) \/([^/]+)\/?(.*)$/.exec(action) ?? [];
  if (method === 'PUT' && key) {
    return [{ action: 's3:PutObject', resource: `arn:aws:s3:::${bucket}/${decodeURIComponent(key)}`, context: {} }];
  }
  if (method === 'GET' && !key && params['list-type'] === '2') {
    const context = { 's3:prefix': String(params.prefix ?? '') };
    return [{ action: 's3:ListBucket', resource: `arn:aws:s3:::${bucket}`, context }];
  }
  throw new Error(`${action} is called of S3 by Keyturn, and this test does not know what it needs.`);
}

export const tableArn = (table: string, index?: unknown): string =>
  `arn:aws:dynamodb:${region}:${defaultAccount}:table/${table}${typeof index === 'string' ? `/index/${index}` : ''}`;

/** Partitions that a call names: in an item, in a key, or as what a query compares the partition key with. */
function leadingKeys(params: unknown): AuthorizationRequest['context'] {
  const text = JSON.stringify(params);
  const inItems = [...text.matchAll(/"pk":\{"S":"([^"]*)"\}/g)];
  const [, placeholder = ''] = /"KeyConditionExpression":"#\w+ = (:\w+)/.exec(text) ?? [];
  const inQuery = [...text.matchAll(new RegExp(`"${placeholder || ':none'}":\\{"S":"([^"]*)"\\}`, 'g'))];
  const partitions = new Set([...inItems, ...inQuery].map(([, partition = '']) => partition));
  return partitions.size === 0 ? {} : { 'dynamodb:LeadingKeys': [...partitions] };
}

/** A transaction needs the rights of what it is made of. */
function transactionParts(items: unknown): AuthorizationRequest[] {
  if (!Array.isArray(items)) throw new Error('A transaction was recorded without its items.');
  return items.flatMap((item: Record<string, { TableName: string }>) =>
    Object.entries(item).map(([kind, { TableName }]) => {
      const action = kind === 'ConditionCheck' ? 'dynamodb:ConditionCheckItem' : `dynamodb:${kind}Item`;
      return { action, resource: tableArn(TableName), context: leadingKeys(item) };
    }),
  );
}
