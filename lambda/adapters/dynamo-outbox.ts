import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { newsSchema, standingSchema, waitingNoticeSchema } from '../contracts/outbox.ts';
import { stateTable } from '../contracts/tables.ts';
import type { WaitingNotice } from '../domain/delivery.ts';
import type { EventId } from '../domain/ids.ts';
import type { Instant } from '../domain/time.ts';
import type { Outbox, Reader, ReaderStanding, WaitingReader } from '../ports.ts';
import { calling } from './aws-errors.ts';
import { writeInBatches } from './dynamo-batch.ts';
import { documents, queried, readItem } from './dynamo-items.ts';
import { DynamoLeases, ifConditionHolds } from './dynamo-lease.ts';

const { partitionKey, sortKey, expiry, outbox } = stateTable;
const NEWS = 'news#';
const STANDING = 'standing#';

/** The outbox, in partitions of its own of the State table. Every read is strongly consistent. */
export class DynamoOutbox implements Outbox {
  readonly #client: DynamoDBDocumentClient;
  readonly #table: string;
  readonly #leases: DynamoLeases;

  constructor(client: DynamoDBClient, table: string) {
    this.#client = documents(client);
    this.#table = table;
    this.#leases = new DynamoLeases(this.#client, table);
  }

  async put(reader: Reader, notices: readonly WaitingNotice[]): Promise<void> {
    const last = notices.at(-1);
    if (last === undefined) return;
    const puts = notices.map((notice) => ({
      PutRequest: { Item: { ...notice, ...noticeKey(reader, notice.event.id) } },
    }));
    await writeInBatches(this.#client, this.#table, puts);
    // After the notices: whoever sees this news also sees them. If it is not reached, the stream brings them again.
    const news = `${last.since} ${last.event.id} ${notices.length}`;
    await this.#put({ ...directoryKey(NEWS, reader), reader, news, newsAt: last.since });
  }

  async readers(): Promise<readonly WaitingReader[]> {
    const waiting: Omit<WaitingReader, 'standing'>[] = [];
    const standings = new Map<string, ReaderStanding>();
    for await (const item of this.#query(outbox.directory)) {
      const place = String(item[sortKey]);
      if (place.startsWith(NEWS)) waiting.push(this.#read(newsSchema, item));
      else if (place.startsWith(STANDING))
        standings.set(place.slice(STANDING.length), this.#read(standingSchema, item));
    }
    return waiting.map((each) => ({ ...each, standing: standings.get(each.reader) ?? { channels: {} } }));
  }

  async waiting(reader: Reader): Promise<readonly WaitingNotice[]> {
    const found: WaitingNotice[] = [];
    for await (const item of this.#query(partitionOf(reader))) found.push(this.#read(waitingNoticeSchema, item));
    return found;
  }

  keep(reader: Reader, standing: ReaderStanding, until: Instant): Promise<void> {
    return this.#put({ ...standing, ...directoryKey(STANDING, reader), [expiry]: Math.ceil(until / 1000) });
  }

  remove(reader: Reader, events: readonly EventId[]): Promise<void> {
    const deletes = events.map((id) => ({ DeleteRequest: { Key: noticeKey(reader, id) } }));
    return writeInBatches(this.#client, this.#table, deletes);
  }

  async close(reader: Reader, news: string): Promise<void> {
    const command = new DeleteCommand({
      TableName: this.#table,
      Key: directoryKey(NEWS, reader),
      ConditionExpression: '#news = :news',
      ExpressionAttributeNames: { '#news': 'news' },
      ExpressionAttributeValues: { ':news': news },
    });
    await ifConditionHolds('dynamodb:DeleteItem', () => this.#client.send(command));
  }

  takeLease(holder: string, now: Instant, until: Instant): Promise<boolean> {
    return this.#leases.take(outbox.directory, holder, now, until);
  }

  releaseLease(holder: string): Promise<void> {
    return this.#leases.release(outbox.directory, holder);
  }

  #query(partition: string): AsyncGenerator<Record<string, unknown>> {
    const input: QueryCommandInput = {
      TableName: this.#table,
      ConsistentRead: true,
      KeyConditionExpression: '#pk = :partition',
      ExpressionAttributeNames: { '#pk': partitionKey },
      ExpressionAttributeValues: { ':partition': partition },
    };
    return queried(this.#client, input);
  }

  async #put(Item: Record<string, unknown>): Promise<void> {
    await calling('dynamodb:PutItem', () => this.#client.send(new PutCommand({ TableName: this.#table, Item })));
  }

  #read<T>(schema: Parameters<typeof readItem<T>>[0], item: Record<string, unknown>): T {
    return readItem(schema, item, `table ${this.#table}`);
  }
}

const partitionOf = (reader: Reader): string => `${outbox.readerPrefix}${reader}`;
const noticeKey = (reader: Reader, id: EventId) => ({ [partitionKey]: partitionOf(reader), [sortKey]: id });
const directoryKey = (kind: string, reader: Reader) => ({
  [partitionKey]: outbox.directory,
  [sortKey]: `${kind}${reader}`,
});
