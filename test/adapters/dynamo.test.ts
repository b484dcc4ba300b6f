import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoHistory } from '../../lambda/adapters/dynamo-history.ts';
import { DynamoJournal } from '../../lambda/adapters/dynamo-journal.ts';
import { DynamoOwners } from '../../lambda/adapters/dynamo-owners.ts';
import { DynamoSeals } from '../../lambda/adapters/dynamo-seals.ts';
import { DynamoState } from '../../lambda/adapters/dynamo-state.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import { historySuite } from '../contracts/history.suite.ts';
import { ledgerSuite } from '../contracts/ledger.suite.ts';
import { ownersSuite } from '../contracts/owners.suite.ts';
import { sealsSuite } from '../contracts/seals.suite.ts';
import { createTables } from '../support/dynamo-tables.ts';
import { emulated } from '../support/emulated.ts';

const { emulator } = emulated();

async function freshTables() {
  const client = new DynamoDBClient({ ...clientSettings, ...emulator().client() });
  return { client, tables: await createTables(client) };
}

ledgerSuite('DynamoDB on the emulator', async () => {
  const { client, tables } = await freshTables();
  return {
    state: new DynamoState(client, tables.state),
    journal: new DynamoJournal(client, tables),
    history: new DynamoHistory(client, tables.history),
    owners: new DynamoOwners(client, tables.owners),
  };
});

historySuite('DynamoDB on the emulator', async () => {
  const { client, tables } = await freshTables();
  return new DynamoHistory(client, tables.history);
});

ownersSuite('DynamoDB on the emulator', async () => {
  const { client, tables } = await freshTables();
  return new DynamoOwners(client, tables.owners);
});

sealsSuite('DynamoDB on the emulator', async () => {
  const { client, tables } = await freshTables();
  return new DynamoSeals(client, tables.history);
});
