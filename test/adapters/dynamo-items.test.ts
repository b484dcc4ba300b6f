import { DynamoDBClient, GetItemCommand, UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import { DynamoHistory } from '../../lambda/adapters/dynamo-history.ts';
import { MalformedItemError } from '../../lambda/adapters/dynamo-items.ts';
import { DynamoJournal } from '../../lambda/adapters/dynamo-journal.ts';
import { DynamoOwners } from '../../lambda/adapters/dynamo-owners.ts';
import { DynamoState } from '../../lambda/adapters/dynamo-state.ts';
import { eventOfImage } from '../../lambda/adapters/history-stream.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import { ConflictError, UnavailableError } from '../../lambda/ports.ts';
import { jsonAnswer, jsonError } from '../support/aws-answers.ts';
import {
  ACCOUNT,
  AWKWARD_USER,
  anAccountEvent,
  anAssignment,
  anEvent,
  anOwner,
  aRecord,
  NOW,
  USER,
} from '../support/builders.ts';
import { collect } from '../support/collect.ts';
import { createTables } from '../support/dynamo-tables.ts';
import { emulated } from '../support/emulated.ts';
import type { StubAnswer } from '../support/http-stub.ts';
import { stubbed } from '../support/stubbed.ts';

const { emulator } = emulated();
const { stub, clientConfig } = stubbed();

async function freshTables() {
  const client = new DynamoDBClient({ ...clientSettings, ...emulator().client() });
  const tables = await createTables(client);
  const item = async (table: string, pk: string, sk: string) =>
    (await client.send(new GetItemCommand({ TableName: table, Key: { pk: { S: pk }, sk: { S: sk } } }))).Item;
  const spoil = (table: string, pk: string, sk: string, field: string) =>
    client.send(
      new UpdateItemCommand({
        TableName: table,
        Key: { pk: { S: pk }, sk: { S: sk } },
        UpdateExpression: 'set #field = :value',
        ExpressionAttributeNames: { '#field': field },
        ExpressionAttributeValues: { ':value': { N: '99' } },
      }),
    );
  return { client, tables, item, spoil };
}

describe('an item is where the contract says, with what indexes and filters look at', () => {
  test('a record and a lease', async () => {
    const { client, tables, item } = await freshTables();
    const record = aRecord({ userName: AWKWARD_USER });
    await new DynamoJournal(client, tables).commit({ before: undefined, after: record, events: [] });
    expect(await item(tables.state, ACCOUNT, `user#${AWKWARD_USER}`)).toMatchObject({ version: { N: '1' } });
    await new DynamoState(client, tables.state).takeLease(ACCOUNT, 'one', NOW, NOW + 1_500);
    expect(await item(tables.state, ACCOUNT, 'lease')).toMatchObject({
      // Seconds, rounded up: a lease must not expire from the table before it ends.
      expiresAtSeconds: { N: String(NOW / 1000 + 2) },
    });
  });

  test.each([
    ['key-disabled', 'enforce', 'owner'],
    ['key-disabled', 'observe', 'operators'],
    ['rotation-intended', 'enforce', 'nobody'],
  ] as const)('%s in %s is for %s', async (type, mode, audience) => {
    const { client, tables, item } = await freshTables();
    const event = anEvent(type, { mode, time: '2026-03-01T23:59:59.999Z' });
    await new DynamoHistory(client, tables.history).append([event]);
    expect(await item(tables.history, `${ACCOUNT}/${USER}`, event.id)).toMatchObject({
      audience: { S: audience },
      day: { S: '2026-03-01' },
      account: { S: ACCOUNT },
    });
  });

  test('what concerns the account only', async () => {
    const { client, tables, item } = await freshTables();
    const event = anAccountEvent('run-started');
    await new DynamoHistory(client, tables.history).append([event]);
    const stored = await item(tables.history, `${ACCOUNT}/`, event.id);
    expect(stored).toMatchObject({ account: { S: ACCOUNT }, day: { S: '2026-01-01' } });
    expect(Object.keys(stored ?? {})).not.toContain('keyId');
  });

  test('an assignment', async () => {
    const { client, tables, item } = await freshTables();
    await new DynamoOwners(client, tables.owners).putAssignment(
      anAssignment({ account: '*', match: { kind: 'path', pattern: '/team/*' } }),
    );
    expect(await item(tables.owners, 'ASSIGNMENT', '*#path#/team/*')).toBeDefined();
  });
});

describe('an item that is not as it should be is refused, and item and field named', () => {
  test('a record, read alone or among all', async () => {
    const { client, tables, spoil } = await freshTables();
    await new DynamoJournal(client, tables).commit({ before: undefined, after: aRecord(), events: [] });
    await spoil(tables.state, ACCOUNT, `user#${USER}`, 'tracking');
    const state = new DynamoState(client, tables.state);
    const message = new RegExp(`Item '${ACCOUNT}', 'user#${USER}' of table ${tables.state} cannot be read: tracking: `);
    await expect(state.record(ACCOUNT, USER)).rejects.toThrow(message);
    await expect(state.load(ACCOUNT)).rejects.toThrow(MalformedItemError);
  });

  test('a record of a newer version of Keyturn', async () => {
    const { client, tables, spoil } = await freshTables();
    await new DynamoJournal(client, tables).commit({ before: undefined, after: aRecord(), events: [] });
    await spoil(tables.state, ACCOUNT, `user#${USER}`, 'schema');
    await expect(new DynamoState(client, tables.state).load(ACCOUNT)).rejects.toThrow(
      /schema: was written by another version of Keyturn \(record schema 99, this one knows 1\)/,
    );
  });

  test('an event', async () => {
    const { client, tables, spoil } = await freshTables();
    const history = new DynamoHistory(client, tables.history);
    await history.append([anEvent('user-gone')]);
    await spoil(tables.history, `${ACCOUNT}/${USER}`, anEvent('user-gone').id, 'mode');
    await expect(collect(history.query({ by: { kind: 'account', account: ACCOUNT } }))).rejects.toThrow(
      /cannot be read: mode: /,
    );
  });

  test('an owner', async () => {
    const { client, tables, spoil } = await freshTables();
    const owners = new DynamoOwners(client, tables.owners);
    await owners.putOwner(anOwner());
    await spoil(tables.owners, 'OWNER', anOwner().id, 'name');
    await expect(owners.owner(anOwner().id)).rejects.toThrow(/Item 'OWNER', 'payments' of table .*: name: /);
  });
});

test('the image that a stream brings of an event is that event', async () => {
  const { client, tables, item } = await freshTables();
  const event = anEvent('sweep-finished');
  await new DynamoHistory(client, tables.history).append([event]);
  const image = await item(tables.history, `${ACCOUNT}/${USER}`, event.id);
  expect(eventOfImage(JSON.parse(JSON.stringify(image)))).toEqual(event);
});

describe('failures', () => {
  const change = { before: undefined, after: aRecord(), events: [anEvent('user-gone')] };
  const commit = (answer: StubAnswer, ...more: StubAnswer[]) => {
    stub().prepare(answer, ...more);
    const attempts = { maxAttempts: 1 + more.length };
    const client = new DynamoDBClient({ ...clientConfig(), ...attempts });
    return new DynamoJournal(client, { state: 's', history: 'h', owners: 'o' })
      .commit(change)
      .catch((error: unknown) => error);
  };
  const cancelled = (...codes: string[]) =>
    jsonError(
      400,
      'com.amazonaws.dynamodb.v20120810#TransactionCanceledException',
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes.join(', ')}]`,
      { CancellationReasons: codes.map((Code) => ({ Code })) },
    );

  test.each([['ConditionalCheckFailed'], ['TransactionConflict']])(
    'a change refused for %s is a conflict',
    async (code) => {
      expect(await commit(cancelled('None', code))).toBeInstanceOf(ConflictError);
    },
  );

  test.each<[string, StubAnswer]>([
    ['cancelled for throttling', cancelled('ThrottlingError', 'None')],
    ['cancelled for capacity', cancelled('None', 'ProvisionedThroughputExceeded')],
    ['throttled', jsonError(400, 'com.amazonaws.dynamodb.v20120810#ThrottlingException', 'Rate exceeded')],
    ['denied', jsonError(400, 'com.amazon.coral.service#AccessDeniedException', 'is not authorized to perform')],
    ['failing inside AWS', jsonError(500, 'com.amazonaws.dynamodb.v20120810#InternalServerError', 'Oops')],
    ['unanswered', 'drop'],
  ])('a change that is %s is no conflict: whether it was written is unknown', async (_name, answer) => {
    const error = await commit(answer);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(error).not.toBeInstanceOf(ConflictError);
  });

  test('a change whose first answer is lost is repeated under the same token, so that it is written once', async () => {
    expect(await commit('drop', jsonAnswer({}))).toBeUndefined();
    const tokens = stub().requests.map(({ body }) => JSON.parse(body).ClientRequestToken);
    expect(tokens).toHaveLength(2);
    expect(tokens[0]).toBe(tokens[1]);
  });

  test('a query that breaks off does not pass for a whole one', async () => {
    const page = jsonAnswer({
      Items: [],
      Count: 0,
      ScannedCount: 0,
      LastEvaluatedKey: { pk: { S: 'a' }, sk: { S: 'b' } },
    });
    stub().prepare(page, jsonError(500, 'com.amazonaws.dynamodb.v20120810#InternalServerError', 'Oops'));
    const state = new DynamoState(new DynamoDBClient(clientConfig()), 's');
    await expect(state.load(ACCOUNT)).rejects.toThrow(/dynamodb:Query failed: InternalServerError/);
    expect(stub().requests).toHaveLength(2);
  });

  test('a lease that could not be asked for is not a lease that is held', async () => {
    stub().prepare(jsonError(400, 'com.amazonaws.dynamodb.v20120810#ThrottlingException', 'Rate exceeded'));
    const state = new DynamoState(new DynamoDBClient(clientConfig()), 's');
    await expect(state.takeLease(ACCOUNT, 'one', NOW, NOW + 1)).rejects.toThrow(UnavailableError);
  });
});
