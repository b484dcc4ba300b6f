import { setTimeout as pause } from 'node:timers/promises';
import type { HistoryEvent } from '../../lambda/domain/events.ts';
import type { AccountId, EventId, UserName } from '../../lambda/domain/ids.ts';
import type { History, HistoryQuery } from '../../lambda/ports.ts';
import { timeOf } from '../../lambda/workflows/event-time.ts';
import { type CallName, Calls } from '../../test/support/calls.ts';

/** What a call to DynamoDB takes, in milliseconds. */
const LATENCY = 5;

/** For the tables in memory: every call takes as long as one to DynamoDB. */
export class SlowCalls extends Calls {
  override async run<T>(name: CallName, args: readonly unknown[], effect: () => T | Promise<T>): Promise<T> {
    await pause(LATENCY);
    return super.run(name, args, effect);
  }
}

/** The history by its partitions, as far as receipts need it; an event is a call, as in the table. */
export class PartitionedHistory implements Pick<History, 'append' | 'query'> {
  readonly #partitions = new Map<string, Map<EventId, HistoryEvent>>();
  receipts = 0;

  async append(events: readonly HistoryEvent[]): Promise<void> {
    for (const event of events) {
      await pause(LATENCY);
      const name = nameOf(event.account, event.userName);
      const partition = this.#partitions.get(name) ?? new Map<EventId, HistoryEvent>();
      partition.set(event.id, event);
      this.#partitions.set(name, partition);
      this.receipts += 1;
    }
  }

  async *query({ by, since = 0, types }: HistoryQuery): AsyncIterable<HistoryEvent> {
    if (by.kind !== 'user') throw new Error(`Here history is not asked by ${by.kind}.`);
    await pause(LATENCY);
    for (const event of this.#partitions.get(nameOf(by.account, by.userName))?.values() ?? []) {
      if (timeOf(event.id) >= since && (types === undefined || types.includes(event.type))) yield event;
    }
  }
}

const nameOf = (account: AccountId, userName: UserName | undefined): string => `${account}/${userName ?? ''}`;
