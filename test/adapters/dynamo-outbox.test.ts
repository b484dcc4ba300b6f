import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient, PutCommand, ScanCommand } from '@aws-sdk/lib-dynamodb';
import { DynamoOutbox } from '../../lambda/adapters/dynamo-outbox.ts';
import { parseOwnerId } from '../../lambda/domain/ids.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import { outboxSuite } from '../contracts/outbox.suite.ts';
import { anEvent, eventId, NOW } from '../support/builders.ts';
import { createTables } from '../support/dynamo-tables.ts';
import { emulated } from '../support/emulated.ts';

const { emulator } = emulated();

async function fresh() {
  const client = new DynamoDBClient({ ...clientSettings, ...emulator().client() });
  const { state } = await createTables(client);
  return { client, documents: DynamoDBDocumentClient.from(client), state, outbox: new DynamoOutbox(client, state) };
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

/** Lets the function die at the batch write of that number, before it reaches DynamoDB. */
function dieAtBatch(client: DynamoDBClient, fatal: number): void {
  let batches = 0;
  client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        if (commandName === 'BatchWriteItemCommand') {
          batches += 1;
          if (batches === fatal) throw new Error('The power is gone.');
        }
        return next(args);
      },
    { step: 'initialize' },
  );
}

// Fails when news is written before the notices, or beside them: a tick between the two would see it, find nothing, and
// take the reader out of the directory; nobody would ever look at what comes after.
test.each([
  ['the only batch', 1, 1],
  ['the second of two batches', 30, 2],
])('nobody hears of notices that are not all there: it dies at %s', async (_, size, fatal) => {
  const { client, outbox } = await fresh();
  const reader = parseOwnerId('payments');
  const notices = Array.from({ length: size }, (__, n) => ({
    event: anEvent('key-replaced', { id: eventId(NOW, n) }),
    since: NOW,
  }));
  dieAtBatch(client, fatal);
  await expect(outbox.put(reader, notices)).rejects.toThrow('The power is gone.');
  expect(await outbox.readers()).toEqual([]);
  // The stream brings the events again.
  await outbox.put(reader, notices);
  expect((await outbox.readers()).map((each) => each.reader)).toEqual([reader]);
  expect(await outbox.waiting(reader)).toHaveLength(size);
});

test('what cannot be read is named, and never passed over', async () => {
  const { documents, state, outbox } = await fresh();
  await documents.send(new PutCommand({ TableName: state, Item: { pk: 'notices#payments', sk: 'x', since: 'today' } }));
  await expect(outbox.waiting(parseOwnerId('payments'))).rejects.toThrow(
    /Item 'notices#payments', 'x' of table .* event/,
  );
});
