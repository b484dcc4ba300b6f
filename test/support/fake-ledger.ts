import { decodeTime } from 'ulid';
import { cachedUserSchema } from '../../lambda/contracts/account-memory.ts';
import { historyEventSchema } from '../../lambda/contracts/history-event.ts';
import { userRecordSchema } from '../../lambda/contracts/user-record.ts';
import type { EventType, HistoryEvent } from '../../lambda/domain/events.ts';
import type { AccountId, EventId, UserName } from '../../lambda/domain/ids.ts';
import type { CachedUser } from '../../lambda/domain/inventory.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import type { UserRecord } from '../../lambda/domain/tracking.ts';
import {
  type AccountMemory,
  type Change,
  ConflictError,
  type FoundEvent,
  type FullSweep,
  type History,
  type HistoryQuery,
  type Journal,
  type State,
  type StoredHistory,
} from '../../lambda/ports.ts';
import { Calls } from './calls.ts';
import { FakeOwners } from './fake-owners.ts';

/** State, Journal and History over one memory, as the tables are under one transaction; requests are the owners'. */
export class FakeLedger implements State, Journal, History, StoredHistory {
  readonly calls: Calls;
  readonly #owners: FakeOwners;
  readonly #records = new Map<string, UserRecord>();
  readonly #cache = new Map<string, CachedUser>();
  readonly #fullSweeps = new Map<AccountId, FullSweep>();
  readonly #leases = new Map<AccountId, { readonly holder: string; readonly until: Instant }>();
  readonly #events = new Map<EventId, HistoryEvent>();
  /** Until something is added. */
  #inOrder: readonly HistoryEvent[] | undefined;

  constructor(calls: Calls = new Calls(), owners: FakeOwners = new FakeOwners()) {
    this.calls = calls;
    this.#owners = owners;
  }

  load(account: AccountId): Promise<AccountMemory> {
    return this.calls.run('state.load', [account], () => {
      const records = [...this.#records.values()].filter((record) => record.account === account).toSorted(byUserName);
      const cache = [...this.#cache.values()].filter((user) => user.account === account);
      const fullSweep = this.#fullSweeps.get(account);
      return {
        records: new Map(records.map((record) => [record.userName, record])),
        cache: new Map(cache.map((user) => [user.userName, user])),
        ...(fullSweep && { fullSweep }),
      };
    });
  }

  remember(account: AccountId, users: readonly CachedUser[]): Promise<void> {
    return this.calls.run('state.remember', [account, users], () => {
      for (const user of users) this.#cache.set(keyOf(account, user.userName), cachedUserSchema.parse(plain(user)));
    });
  }

  forget(account: AccountId, userNames: readonly UserName[]): Promise<void> {
    return this.calls.run('state.forget', [account, userNames], () => {
      for (const userName of userNames) this.#cache.delete(keyOf(account, userName));
    });
  }

  markFullSweep(account: AccountId, progress: FullSweep): Promise<void> {
    return this.calls.run('state.markFullSweep', [account, progress], () => {
      this.#fullSweeps.set(account, progress);
    });
  }

  record(account: AccountId, userName: UserName): Promise<UserRecord | undefined> {
    return this.calls.run('state.record', [account, userName], () => this.#records.get(keyOf(account, userName)));
  }

  takeLease(account: AccountId, holder: string, now: Instant, until: Instant): Promise<boolean> {
    return this.calls.run('state.takeLease', [account, holder, now, until], () => {
      const held = this.#leases.get(account);
      if (held && held.holder !== holder && held.until > now) return false;
      this.#leases.set(account, { holder, until });
      return true;
    });
  }

  releaseLease(account: AccountId, holder: string): Promise<void> {
    return this.calls.run('state.releaseLease', [account, holder], () => {
      if (this.#leases.get(account)?.holder === holder) this.#leases.delete(account);
    });
  }

  commit(change: Change): Promise<void> {
    return this.calls.run('journal.commit', [change], () => this.#commit(change));
  }

  append(events: readonly HistoryEvent[]): Promise<void> {
    return this.calls.run('history.append', [events], () => {
      for (const event of events) if (!this.#events.has(event.id)) this.#add(stored(event));
    });
  }

  query(query: HistoryQuery): AsyncIterable<HistoryEvent> {
    return this.calls.list('history.query', [query], () => {
      const found = this.events().filter((event) => isIn(query, event));
      return query.order === 'newest-first' ? found.toReversed() : found;
    });
  }

  /** As `query` finds them: what lies in the wrong place only a table can hold. */
  async *stored({ by, since, until }: Parameters<StoredHistory['stored']>[0]): AsyncIterable<FoundEvent> {
    const range = { ...(since !== undefined && { since }), ...(until !== undefined && { until }) };
    for (const event of this.events().filter((one) => isIn({ by, ...range }, one))) {
      yield { id: event.id, content: { ...event }, day: event.time.slice(0, 10) };
    }
  }

  /** Every event of every account, oldest first. */
  events(): readonly HistoryEvent[] {
    this.#inOrder ??= [...this.#events.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
    return this.#inOrder;
  }

  /** The events of one type, oldest first. */
  eventsOf<T extends EventType>(type: T): readonly Extract<HistoryEvent, { readonly type: T }>[] {
    return this.events().filter((event): event is Extract<HistoryEvent, { readonly type: T }> => event.type === type);
  }

  /** Puts a record there as it is, whatever was there. */
  seed(record: UserRecord): void {
    this.#records.set(keyOf(record.account, record.userName), userRecordSchema.parse(plain(record)));
  }

  #commit({ before, after, events, answers }: Change): void {
    const subject = after ?? before;
    if (subject) {
      const now = this.#records.get(keyOf(subject.account, subject.userName));
      if (now?.version !== before?.version || now?.userId !== before?.userId) {
        throw new ConflictError(`The record of ${keyOf(subject.account, subject.userName)} was changed meanwhile.`);
      }
    }
    const again = events.find((event) => this.#events.has(event.id));
    if (again) throw new ConflictError(`Event ${again.id} is in history already.`);
    // Parsed first and written last: a change that cannot be stored leaves nothing behind.
    const parsed = events.map(stored);
    if (answers && !this.#owners.takeRequest(answers)) {
      throw new ConflictError(`Request ${answers.id} is off the list already.`);
    }
    if (after) this.seed(after);
    else if (before) this.#records.delete(keyOf(before.account, before.userName));
    for (const event of parsed) this.#add(event);
  }

  #add(event: HistoryEvent): void {
    this.#events.set(event.id, event);
    this.#inOrder = undefined;
  }
}

const keyOf = (account: AccountId, userName: UserName): string => `${account}/${userName}`;
const byUserName = (a: UserRecord, b: UserRecord): number => (a.userName < b.userName ? -1 : 1);

/** Through JSON and the schema, as through the table: what cannot be stored and read again fails here too. */
const stored = (event: HistoryEvent): HistoryEvent => historyEventSchema.parse(plain(event));
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function isIn({ by, since, until, types }: HistoryQuery, event: HistoryEvent): boolean {
  if (!isOf(by, event)) return false;
  if (types && !types.includes(event.type)) return false;
  if (since !== undefined && decodeTime(event.id) < since) return false;
  return until === undefined || decodeTime(event.id) < until;
}

function isOf(by: HistoryQuery['by'], event: HistoryEvent): boolean {
  switch (by.kind) {
    case 'user':
      return event.account === by.account && event.userName === by.userName;
    case 'key':
      return event.keyId === by.keyId;
    case 'account':
      return event.account === by.account;
    case 'account-alone':
      return event.account === by.account && event.userName === undefined;
    case 'day':
      return event.time.slice(0, 10) === by.day;
    case 'run':
      return event.runId === by.runId;
  }
}
