import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { z } from 'zod';
import { documents, queried, readItem } from '../lambda/adapters/dynamo-items.ts';
import { ownerSchema } from '../lambda/contracts/owners.ts';
import { ownersTable } from '../lambda/contracts/tables.ts';
import { clientSettings } from '../lambda/platform/aws-clients.ts';
import type { Own } from './aws-estate.ts';
import type { OwnerName } from './session.ts';

const { id, name } = ownerSchema.shape;
const ownerName = z.object({ id, name });

/**
 * ID and name of every owner, and nothing else: asked for in the one way that the auditors' role allows, which is a
 * request that says that it names attributes and names these. Throws AccessDeniedError, UnavailableError.
 */
export async function awsOwnerNames(own: Own, table: string): Promise<readonly OwnerName[]> {
  const items = queried(documents(new DynamoDBClient({ ...clientSettings, ...own })), {
    TableName: table,
    ConsistentRead: true,
    Select: 'SPECIFIC_ATTRIBUTES',
    ProjectionExpression: '#id, #name',
    KeyConditionExpression: '#pk = :owners',
    ExpressionAttributeNames: { '#pk': ownersTable.partitionKey, '#id': 'id', '#name': 'name' },
    ExpressionAttributeValues: { ':owners': 'OWNER' },
  });
  const names: OwnerName[] = [];
  for await (const item of items) names.push(readItem(ownerName, item, `table ${table}`));
  return names;
}
