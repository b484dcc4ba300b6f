import { DynamoDBClient, paginateScan } from '@aws-sdk/client-dynamodb';
import { IAMClient, paginateListRoles } from '@aws-sdk/client-iam';
import { LambdaClient, ListFunctionsCommand } from '@aws-sdk/client-lambda';
import { ListSecretsCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { METRIC_NAMESPACE } from '../../lambda/contracts/environment.ts';
import { DAY } from '../../lambda/domain/time.ts';
import { DAY_0, runAt } from '../../local/demo/calendar.ts';
import { type Stage, setTheStage, stacksOf } from '../../local/demo/stage.ts';
import { deployApp, destroyApp } from '../../local/deploy.ts';
import { runAndTell } from '../../local/runtime/daily-run.ts';
import { startRuntime } from '../../local/runtime/runtime.ts';
import { LIFETIME_MS } from './support/lived.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await setTheStage({ mode: 'enforce' });
  const { emulator, deployment } = stage;
  const createdAt = new Date(DAY_0 - 400 * DAY);
  await emulator.addUsers(deployment.settings.hub, [{ name: 'build-bot', createdAt, keys: [createdAt] }]);
  await runOn(0);
}, LIFETIME_MS);
afterAll(() => stage?.stop());

async function runOn(day: number, runtime = stage.runtime): Promise<void> {
  await runAndTell({ runtime, clock: stage.emulator.clock }, new Date(runAt(day)));
}

async function itemsOf(table: string): Promise<readonly string[]> {
  const client = new DynamoDBClient(stage.emulator.client());
  const items: string[] = [];
  for await (const { Items = [] } of paginateScan({ client }, { TableName: table })) {
    items.push(...Items.map((item) => JSON.stringify(item)));
  }
  return items.toSorted();
}

async function secretsOf(): Promise<readonly unknown[]> {
  const { SecretList = [] } = await new SecretsManagerClient(stage.emulator.client()).send(new ListSecretsCommand({}));
  return SecretList.map(({ ARN, SecretVersionsToStages }) => ({ ARN, SecretVersionsToStages }));
}

async function stored() {
  const { owners, state, history } = stage.deployment.tables;
  return {
    owners: await itemsOf(owners),
    state: await itemsOf(state),
    history: await itemsOf(history),
    secrets: await secretsOf(),
  };
}

async function typesInHistory(): Promise<readonly string[]> {
  const types: string[] = [];
  const { history, deployment } = stage;
  for await (const { type, userName } of history.query({ by: { kind: 'account', account: deployment.settings.hub } })) {
    if (userName !== undefined) types.push(type);
  }
  return types.filter((type) => type.startsWith('key-'));
}

/** Metrics by the function that published them, as CloudWatch reads them from its log. */
function publishedBy(service: string): readonly Record<string, unknown>[] {
  return stage.runtime
    .logs()
    .flatMap(({ line }) => line.split('\n'))
    .filter((line) => line.includes('"CloudWatchMetrics"'))
    .map((line) => JSON.parse(line))
    .filter((metrics) => metrics.service === service);
}

// Fails when a function's metrics do not leave it, or when a run or an account becomes a dimension.
test('each function publishes what it did, zeros too', () => {
  expect(publishedBy('dispatch')).toMatchObject([{ AccountsExpected: 1 }]);
  expect(publishedBy('rotate-account')).toMatchObject([
    { AccountsSwept: 1, SweepsFailed: 0, KeysRotated: 1, KeysOverdue: 0, OldestActiveKeyDays: 400, RootKeysSeen: 0 },
  ]);
  expect(publishedBy('notify').map(({ EventsUntold }) => EventsUntold)).toContain(0);
  expect(publishedBy('deliver')).toMatchObject([
    { NoticesDelivered: 1, NoticesFailed: 0, EventsUntold: 0, NoticesHeldUpHours: 0 },
  ]);
  for (const { _aws } of ['dispatch', 'rotate-account', 'notify', 'deliver'].flatMap(publishedBy)) {
    expect(_aws).toMatchObject({ CloudWatchMetrics: [{ Namespace: METRIC_NAMESPACE, Dimensions: [['service']] }] });
  }
});

// Fails when a deployment replaces or empties what holds data, or makes the worker forget what it began.
test('a second deployment over live state changes nothing, and the next runs go on where the last one was', async () => {
  const before = await stored();
  expect(await typesInHistory()).toEqual(['key-published', 'key-replaced']);
  await deployApp(stacksOf(stage));
  expect(await stored()).toEqual(before);
  const { emulator, recorder } = stage;
  const runtime = await startRuntime({ emulator, recorder });
  try {
    await runOn(1, runtime);
    expect(await typesInHistory()).toEqual(['key-published', 'key-replaced']);
    await runOn(10, runtime);
    expect(await typesInHistory()).toEqual(['key-published', 'key-replaced', 'key-disabled']);
  } finally {
    await runtime.stop();
  }
}, 600_000);

// Fails when a table or a secret goes with the stack; the last lines show that the stack is really gone.
test('removing the stacks keeps history, owners and secrets, and says so', async () => {
  const { owners, history } = stage.deployment.tables;
  const before = await stored();
  expect(before.history.length).toBeGreaterThan(5);
  const says = stage.outputs.KeyturnHub?.WhatStays;
  expect(says).toContain(history);
  expect(says).toContain(owners);
  expect(says).toContain('secrets');
  await destroyApp(stacksOf(stage));
  expect(await itemsOf(history)).toEqual(before.history);
  expect(await itemsOf(owners)).toEqual(before.owners);
  expect(await secretsOf()).toEqual(before.secrets);
  expect(before.secrets).toHaveLength(2);
  const client = stage.emulator.client();
  const { Functions = [] } = await new LambdaClient(client).send(new ListFunctionsCommand({}));
  expect(Functions).toEqual([]);
  for await (const { Roles = [] } of paginateListRoles({ client: new IAMClient(client) }, {})) {
    expect(Roles.map(({ RoleName }) => RoleName).filter((name) => name?.startsWith('Keyturn'))).toEqual([]);
  }
}, 600_000);
