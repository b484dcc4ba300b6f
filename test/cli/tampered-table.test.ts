import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { encodeTime } from 'ulid';
import { longHistory } from '../../bench/report/long-history.ts';
import { statusAt } from '../../cli/verbs/status-at.ts';
import { DynamoHistory } from '../../lambda/adapters/dynamo-history.ts';
import { MalformedItemError } from '../../lambda/adapters/dynamo-items.ts';
import { DynamoSeals } from '../../lambda/adapters/dynamo-seals.ts';
import { DynamoStoredHistory } from '../../lambda/adapters/dynamo-stored-history.ts';
import { historyItem } from '../../lambda/adapters/history-item.ts';
import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { DAY, fromIso, type Instant, MINUTE, toIso } from '../../lambda/domain/time.ts';
import { sealHistory } from '../../lambda/workflows/seal-history.ts';
import type { Finding } from '../../lambda/workflows/verify-history.ts';
import { anEvent, OTHER_ACCOUNT, someSettings } from '../support/builders.ts';
import { collect } from '../support/collect.ts';
import { createTables } from '../support/dynamo-tables.ts';
import { emulated } from '../support/emulated.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeCli } from './fake-cli.ts';

const { emulator } = emulated();
const policy = { rotateAfterDays: 90, disableAfterDays: 100, deleteAfterDays: 110 };
const start = fromIso('2026-01-04T00:00:00.000Z');
const events = [...longHistory({ accounts: 1, usersPerAccount: 10, policy }, start, 25)];
const now = start + 60 * DAY;

/** The deployed tables' history, sealed, and the command line over it. */
async function aTable() {
  const client = new DynamoDBClient(emulator().client());
  const { history: table } = await createTables(client);
  const [history, seals] = [new DynamoHistory(client, table), new DynamoSeals(client, table)];
  await history.append(events);
  for (const [day, batch] of Map.groupBy(events, ({ time }) => time.slice(0, 10))) {
    await sealHistory({ seals, clock: new FakeClock(`${day}T23:59:00.000Z`) }, batch);
  }
  const documents = DynamoDBDocumentClient.from(client, { marshallOptions: { removeUndefinedValues: true } });
  const verified = async (at: Instant = now) => {
    const cli = new FakeCli();
    cli.settings = someSettings({ hub: disabled.account });
    const session = { ...cli.session, stored: new DynamoStoredHistory(client, table), seals, clock: { now: () => at } };
    Object.defineProperty(cli, 'session', { value: session });
    const { exitCode, out, err } = await cli.run('history', '--verify', '--json');
    if (out === '') throw new Error(err);
    const { findings }: { readonly findings: readonly Finding[] } = JSON.parse(out);
    return { exitCode, named: findings.map((one) => [one.kind, 'eventId' in one ? one.eventId : ''].join(' ').trim()) };
  };
  return {
    history,
    seals,
    verified,
    put: (Item: object) => documents.send(new PutCommand({ TableName: table, Item: { ...Item } })),
    remove: (pk: string, sk: string) => documents.send(new DeleteCommand({ TableName: table, Key: { pk, sk } })),
  };
}

const fail = (): never => {
  throw new Error('nothing was disabled in these days, or IAM was asked');
};
const disabled = events.find(({ type }) => type === 'key-disabled') ?? fail();
const keysOf = (event: HistoryEvent) => ({ pk: `${event.account}/${event.userName ?? ''}`, sk: event.id });
const forgedFrom = (event: HistoryEvent, at: Instant, more: object = {}) => {
  const id = encodeTime(at, 10) + 'F'.repeat(16);
  return { ...event, id, time: toIso(at), ...more } as HistoryEvent;
};

test('the untouched table has no findings', async () => {
  const { verified } = await aTable();
  expect(await verified()).toEqual({ exitCode: 0, named: [] });
});

test('an event that is in no day is found, and no command tells it', async () => {
  const { put, history, verified } = await aTable();
  const forged = forgedFrom(disabled, fromIso(disabled.time) + MINUTE);
  const { day: _, audience: __, ...item } = historyItem(forged);
  await put(item);
  expect(await verified()).toEqual({ exitCode: 1, named: [`unsealed ${forged.id}`] });
  const { account, userName = fail(), keyId = fail() } = disabled;
  for (const by of [{ kind: 'key', keyId } as const, { kind: 'user', account, userName } as const]) {
    await expect(collect(history.query({ by }))).rejects.toThrow(MalformedItemError);
  }
  const session = { history, deployment: { settings: { hub: account } }, member: { account, iam: fail } };
  await expect(statusAt(session as never, { at: now })).rejects.toThrow('is not where it belongs');
});

test('an event that was moved to another user is named, and neither user has it', async () => {
  const { put, remove, verified } = await aTable();
  const { pk, sk } = keysOf(disabled);
  await remove(pk, sk);
  await put({ ...historyItem(disabled), pk: `${disabled.account}/nobody` });
  expect(await verified()).toEqual({ exitCode: 1, named: [`misplaced ${disabled.id}`] });
});

test('an event that was moved to another day is named, whatever it is', async () => {
  const { put, verified } = await aTable();
  const days = ['2026-01-05', '1999-12-31', '2099-12-31', 'x'];
  const moved = events.filter(({ time }) => !time.startsWith('2026-01-05')).slice(0, days.length);
  for (const [place, event] of moved.entries()) await put({ ...historyItem(event), day: days[place] });
  expect((await verified()).named).toEqual(moved.map(({ id }) => `misplaced ${id}`));
});

test('a second one under another ID of the table is named', async () => {
  const { put, verified } = await aTable();
  const sk = `${disabled.id.slice(0, -1)}Z`;
  await put({ ...historyItem(disabled), sk });
  expect((await verified()).named).toEqual([`unsealed ${sk}`]);
});

test('exemptions that are dated before the first seal, years before it, or far in the future are named', async () => {
  const { put, verified } = await aTable();
  const forged = [start - 3000 * DAY, start - 10 * DAY, Date.UTC(2099, 0)].map((at) =>
    forgedFrom(anEvent('exemption-granted', { account: disabled.account }), at),
  );
  for (const event of forged) await put(historyItem(event));
  expect((await verified()).named).toEqual(forged.map(({ id }) => `unsealed ${id}`));
});

test('events that are dated back or ahead, also under an ID of today, are named although they were sealed', async () => {
  const { history, seals, verified } = await aTable();
  const dates: readonly { readonly at: Instant; readonly idAt: Instant }[] = [
    { at: start - 10 * DAY, idAt: start - 10 * DAY },
    { at: now - 10 * DAY, idAt: now },
    { at: now + 10 * DAY, idAt: now + 10 * DAY },
  ];
  const forged = dates.map(({ at, idAt }) => ({ ...forgedFrom(disabled, idAt), time: toIso(at) }));
  await history.append(forged);
  await sealHistory({ seals, clock: { now: () => now } }, forged);
  expect((await verified(now + 20 * DAY)).named).toEqual(forged.map(({ id }) => `misdated ${id}`));
});

test('an ID from the future does not hide an event of today', async () => {
  const { put, verified } = await aTable();
  const forged = { ...forgedFrom(disabled, Date.UTC(2099, 0)), time: toIso(now - MINUTE) };
  await put(historyItem(forged));
  expect((await verified()).named).toEqual([`unsealed ${forged.id}`]);
});

test('an event of an account that only a run names is named, wherever it lies', async () => {
  const { put, verified } = await aTable();
  const details = {
    part: { number: 1, of: 1 },
    expectedAccounts: [disabled.account],
    enforcingAccounts: [],
    skippedAccounts: [{ account: OTHER_ACCOUNT, why: 'excluded' }],
  };
  const run = forgedFrom(anEvent('run-started', { account: disabled.account }), now - MINUTE, { details });
  const forged = forgedFrom(anEvent('user-gone', { account: OTHER_ACCOUNT }), start - 3000 * DAY);
  await put(historyItem(run));
  await put(historyItem(forged));
  expect((await verified()).named).toEqual([`unsealed ${forged.id}`]);
});

test('events that say something else, something more, or what no command can read are named; the rest is checked', async () => {
  const { put, remove, verified } = await aTable();
  const [first = disabled, ...others] = events.filter(({ id }) => id !== disabled.id);
  const [second = disabled, third = disabled] = others;
  await put({ ...historyItem(second), actor: 'mallory' });
  await put({ ...historyItem(third), note: 'approved by Dana' });
  await put({ ...historyItem(disabled), details: { by: 'nobody' } });
  const { pk, sk } = keysOf(first);
  await remove(pk, sk);
  const { exitCode, named } = await verified();
  expect(exitCode).toBe(1);
  const altered = [second, third, disabled].map(({ id }) => `altered ${id}`);
  expect(named.toSorted()).toEqual([...altered, `missing ${first.id}`].toSorted());
});

test('without any seal nothing is right, also when sealing goes on afterwards', async () => {
  const { put, remove, history, seals, verified } = await aTable();
  for (const { number } of await collect(seals.all())) await remove('seals', String(number).padStart(12, '0'));
  await put(historyItem({ ...disabled, actor: 'mallory' }));
  const { exitCode, named } = await verified();
  expect(exitCode).toBe(1);
  expect(named[0]).toBe('no-seals');
  expect(named).toContain(`unsealed ${disabled.id}`);
  const next = forgedFrom(events[0] ?? disabled, now);
  await history.append([next]);
  await sealHistory({ seals, clock: { now: () => now } }, [next]);
  for (const later of [3 * 60 * MINUTE, 30 * DAY]) {
    const again = await verified(now + later);
    expect(again.exitCode).toBe(1);
    expect(again.named).toContain(`unsealed ${disabled.id}`);
    expect(again.named).not.toContain(`unsealed ${next.id}`);
  }
});
