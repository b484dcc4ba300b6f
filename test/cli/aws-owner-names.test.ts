import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { awsOwnerNames } from '../../cli/aws-owner-names.ts';
import { DynamoOwners } from '../../lambda/adapters/dynamo-owners.ts';
import { parseOwnerId } from '../../lambda/domain/ids.ts';
import { ACCOUNT, anAssignment, anOwner } from '../support/builders.ts';
import { createTables } from '../support/dynamo-tables.ts';
import { emulated } from '../support/emulated.ts';

const { emulator } = emulated();

test('reads who there is, and not how they are reached', async () => {
  const own = emulator().client(ACCOUNT, 'us-east-1');
  const client = new DynamoDBClient(own);
  const tables = await createTables(client);
  const owners = new DynamoOwners(client, tables.owners);
  await owners.putOwner(anOwner({ id: parseOwnerId('payments'), name: 'Payments', email: 'payments@example.com' }));
  await owners.putAssignment(anAssignment());
  expect(await awsOwnerNames(own, tables.owners)).toEqual([{ id: 'payments', name: 'Payments' }]);
});
