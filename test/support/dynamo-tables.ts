import { CreateTableCommand, type DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { historyTable, ownersTable, stateTable } from '../../lambda/contracts/tables.ts';

interface Layout {
  readonly partitionKey: string;
  readonly sortKey: string;
  readonly indexes?: Readonly<Record<string, { readonly name: string; readonly partitionKey: string }>>;
}

export interface Tables {
  readonly owners: string;
  readonly state: string;
  readonly history: string;
}

let made = 0;

/** Creates an empty set of Keyturn's tables, laid out as the contract says. */
export async function createTables(client: DynamoDBClient): Promise<Tables> {
  made += 1;
  const tables = { owners: `owners-${made}`, state: `state-${made}`, history: `history-${made}` };
  await create(client, tables.owners, ownersTable);
  await create(client, tables.state, stateTable);
  await create(client, tables.history, historyTable);
  return tables;
}

async function create(client: DynamoDBClient, name: string, { partitionKey, sortKey, indexes = {} }: Layout) {
  const keys = (partition: string) => [
    { AttributeName: partition, KeyType: 'HASH' as const },
    { AttributeName: sortKey, KeyType: 'RANGE' as const },
  ];
  const globalIndexes = Object.values(indexes).map((index) => ({
    IndexName: index.name,
    KeySchema: keys(index.partitionKey),
    Projection: { ProjectionType: 'ALL' as const },
  }));
  const attributes = [partitionKey, sortKey, ...Object.values(indexes).map((index) => index.partitionKey)];
  await client.send(
    new CreateTableCommand({
      TableName: name,
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: keys(partitionKey),
      AttributeDefinitions: attributes.map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
      ...(globalIndexes.length > 0 && { GlobalSecondaryIndexes: globalIndexes }),
    }),
  );
}
