import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { BatchWriteCommand, DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { DynamoHistory } from '../../lambda/adapters/dynamo-history.ts';
import { historyItem } from '../../lambda/adapters/history-item.ts';
import type { HistoryEvent } from '../../lambda/domain/events.ts';
import type { HistoryQuery } from '../../lambda/ports.ts';
import { startEmulator } from '../../local/emulator.ts';
import { createTables } from '../../test/support/dynamo-tables.ts';
import { count, type Result, type Say, target } from '../benchmark.ts';
import type { BenchOptions } from '../options.ts';
import { eventNumber, USERS } from '../verify/numbered-events.ts';

const SMALL = 1_000;
const STORY = 40;
/** DynamoDB takes so many items in one batch. */
const BATCH = 25;
/** A strongly consistent read of so many bytes is one unit; of an index, which is eventually consistent, half a unit. */
const UNIT = 4_096;

interface Reading {
  readonly what: string;
  readonly table: number;
  readonly events: number;
  /** Items that DynamoDB read to answer. */
  readonly read: number;
  readonly units: number;
}

/** Whether the story of one user, or of one key, costs more to read in a larger table. On a local AWS. */
export async function story({ storyEvents: large }: BenchOptions, say: Say): Promise<Result> {
  const emulator = await startEmulator({ onProgress: say });
  try {
    const client = new DynamoDBClient(emulator.client());
    const readings: Reading[] = [];
    for (const size of [SMALL, large]) {
      const { history: table } = await createTables(client);
      await fill(client, table, size, say);
      const { account, userName, keyId } = eventNumber(0);
      if (userName === undefined || keyId === undefined) throw new Error('The event tells of no key.');
      readings.push(await read(client, table, size, 'a user', { kind: 'user', account, userName }));
      readings.push(await read(client, table, size, 'a key', { kind: 'key', keyId }));
    }
    return report(readings, large);
  } finally {
    await emulator.stop();
  }
}

/** What a year of one user's keys comes to, under one key ID. */
function theStory(): readonly HistoryEvent[] {
  const { keyId } = eventNumber(0);
  return Array.from({ length: STORY }, (_, n) => ({ ...eventNumber(n * USERS), ...(keyId && { keyId }) }));
}

/** The events of one user, and those of others up to that number. */
async function fill(client: DynamoDBClient, table: string, size: number, say: Say): Promise<void> {
  const documents = DynamoDBDocumentClient.from(client);
  const others = Array.from({ length: size }, (_, n) => eventNumber(n)).filter(
    ({ userName }) => userName !== eventNumber(0).userName,
  );
  const events = [...theStory(), ...others];
  for (let from = 0; from < size; from += BATCH) {
    if (from % 5_000 === 0) say(`a table of ${count(size)} events: ${count(from)}`);
    const puts = events.slice(from, from + BATCH).map((event) => ({ PutRequest: { Item: historyItem(event) } }));
    await documents.send(new BatchWriteCommand({ RequestItems: { [table]: puts } }));
  }
}

async function read(
  client: DynamoDBClient,
  table: string,
  size: number,
  what: string,
  by: HistoryQuery['by'],
): Promise<Reading> {
  let scanned = 0;
  const watching = 'watching';
  client.middlewareStack.add(
    (next) => async (request) => {
      const answer = await next(request);
      const { output } = answer;
      if ('ScannedCount' in output) scanned += output.ScannedCount ?? 0;
      return answer;
    },
    { step: 'initialize', name: watching },
  );
  try {
    const events: HistoryEvent[] = [];
    for await (const event of new DynamoHistory(client, table).query({ by })) events.push(event);
    const bytes = events.reduce((sum, event) => sum + JSON.stringify(historyItem(event)).length, 0);
    const units = Math.ceil(bytes / UNIT) * (by.kind === 'user' ? 1 : 0.5);
    return { what, table: size, events: events.length, read: scanned, units };
  } finally {
    client.middlewareStack.remove(watching);
  }
}

function report(readings: readonly Reading[], large: number): Result {
  const unitsOf = (what: string, table: number) =>
    readings.find((reading) => reading.what === what && reading.table === table)?.units ?? Number.NaN;
  return {
    tables: [
      {
        head: ['Story of', 'Events in the table', 'Events told', 'Items read', 'Read units'],
        rows: readings.map(({ what, table, events, read: items, units }) => [
          what,
          count(table),
          count(events),
          count(items),
          String(units),
        ]),
      },
    ],
    targets: ['a user', 'a key'].map((what) =>
      target(
        `read units for ${what}, table of ${count(large)} : ${count(SMALL)}`,
        unitsOf(what, large) / unitsOf(what, SMALL),
        { atMost: 1 },
        (ratio) => ratio.toFixed(2),
      ),
    ),
    notes: [
      'Items read is what DynamoDB itself says that it looked at (ScannedCount); read units follow from their size: 4 KB each, half of one in an index.',
    ],
    figures: { readings },
  };
}
