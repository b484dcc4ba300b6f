import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoOutbox } from '../../lambda/adapters/dynamo-outbox.ts';
import { parseOwnerId } from '../../lambda/domain/ids.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import { outboxSuite } from '../contracts/outbox.suite.ts';
import { anEvent, NOW } from '../support/builders.ts';
import { createTables } from '../support/dynamo-tables.ts';
import { emulated } from '../support/emulated.ts';

const { emulator } = emulated();

async function fresh() {
  const client = new DynamoDBClient({ ...clientSettings, ...emulator().client() });
  const { state } = await createTables(client);
  return { documents: DynamoDBDocumentClient.from(client), state, outbox: new DynamoOutbox(client, state) };
}

outboxSuite('DynamoDB on the emulator', async () => (await fresh()).outbox);

test('everything is in partitions that begin with notices, as the policies have it', async () => {
  const { documents, state, outbox } = await fresh();
  await outbox.takeLease('one', NOW, NOW + 1_000);
  await outbox.put('operators', [{ event: anEvent('key-replaced'), since: NOW }]);
  await outbox.put(parseOwnerId('payments'), [{ event: anEvent('key-replaced'), since: NOW }]);
  await outbox.keep(parseOwnerId('payments'), { channels: {} }, NOW + 1_500);
  const { Items = [] } = await documents.send(new ScanCommand({ TableName: state }));
  const { id } = anEvent('key-replaced');
  expect(Items.map(({ pk, sk }) => [pk, sk]).toSorted()).toEqual([
    ['notices#operators', id],
    ['notices#payments', id],
    ['notices', 'lease'],
    ['notices', 'news#operators'],
    ['notices', 'news#payments'],
    ['notices', 'standing#payments'],
  ]);
  const expiring = Items.filter(({ expiresAtSeconds }) => expiresAtSeconds !== undefined);
  expect(expiring.map(({ sk, expiresAtSeconds }) => [sk, expiresAtSeconds]).toSorted()).toEqual([
    ['lease', NOW / 1000 + 1],
    ['standing#payments', NOW / 1000 + 2],
  ]);
});

test('what cannot be read is named, and never passed over', async () => {
  const { documents, state, outbox } = await fresh();
  await documents.send(new PutCommand({ TableName: state, Item: { pk: 'notices#payments', sk: 'x', since: 'today' } }));
  await expect(outbox.waiting(parseOwnerId('payments'))).rejects.toThrow(
    /Item 'notices#payments', 'x' of table .* event/,
  );
});
