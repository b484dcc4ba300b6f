import { defaultAccount as account, defaultRegion as region } from '../../../local/emulator.ts';
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
}

/** Actions that each call needs, by the service authorization reference. STS's GetCallerIdentity needs none. */
export function requestsFor(call: RecordedCall, names: Names): readonly AuthorizationRequest[] {
  const { service, action, params } = call;
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
      const resource = `arn:aws:sqs:${region}:${account}:${text('QueueUrl').split('/').at(-1)}`;
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
      // AWS ends a secret's ARN in a hyphen and six characters.
      if (service === 'secretsmanager') return one(secretArn(String(params.SecretId ?? params.Name)));
      if (service === 'dynamodb') return one(tableArn(text('TableName'), params.IndexName), leadingKeys(params));
      throw new Error(`${service}:${action} is called by Keyturn, and this test does not know what it needs.`);
  }
}

export const secretArn = (name: string): string => `arn:aws:secretsmanager:${region}:${account}:secret:${name}-AbCd12`;

export const tableArn = (table: string, index?: unknown): string =>
  `arn:aws:dynamodb:${region}:${account}:table/${table}${typeof index === 'string' ? `/index/${index}` : ''}`;

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
      return { action, resource: tableArn(TableName), context: {} };
    }),
  );
}
