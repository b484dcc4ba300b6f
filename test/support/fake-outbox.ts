import { newsSchema, standingSchema, waitingNoticeSchema } from '../../lambda/contracts/outbox.ts';
import type { WaitingNotice } from '../../lambda/domain/delivery.ts';
import type { EventId } from '../../lambda/domain/ids.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import type { Outbox, Reader, ReaderStanding, WaitingReader } from '../../lambda/ports.ts';
import { Calls } from './calls.ts';

/** The outbox in memory. */
export class FakeOutbox implements Outbox {
  readonly calls: Calls;
  readonly #notices = new Map<Reader, Map<EventId, WaitingNotice>>();
  readonly #news = new Map<Reader, Omit<WaitingReader, 'standing'>>();
  readonly #standings = new Map<Reader, ReaderStanding>();
  #lease: { readonly holder: string; readonly until: Instant } | undefined;
  #puts = 0;

  constructor(calls: Calls = new Calls()) {
    this.calls = calls;
  }

  put(reader: Reader, notices: readonly WaitingNotice[]): Promise<void> {
    return this.calls.run('outbox.put', [reader, notices], () => {
      const last = notices.at(-1);
      if (last === undefined) return;
      const theirs = this.#notices.get(reader) ?? new Map<EventId, WaitingNotice>();
      for (const notice of notices) theirs.set(notice.event.id, waitingNoticeSchema.parse(plain(notice)));
      this.#notices.set(reader, theirs);
      this.#puts += 1;
      this.#news.set(reader, newsSchema.parse({ reader, news: `put ${this.#puts}`, newsAt: last.since }));
    });
  }

  readers(): Promise<readonly WaitingReader[]> {
    return this.calls.run('outbox.readers', [], () =>
      [...this.#news.values()].map((each) => ({
        ...each,
        standing: this.#standings.get(each.reader) ?? { channels: {} },
      })),
    );
  }

  waiting(reader: Reader): Promise<readonly WaitingNotice[]> {
    return this.calls.run('outbox.waiting', [reader], () => this.peek(reader));
  }

  keep(reader: Reader, standing: ReaderStanding, until: Instant): Promise<void> {
    return this.calls.run('outbox.keep', [reader, standing, until], () => {
      this.#standings.set(reader, standingSchema.parse(plain(standing)));
    });
  }

  remove(reader: Reader, events: readonly EventId[]): Promise<void> {
    return this.calls.run('outbox.remove', [reader, events], () => {
      for (const id of events) this.#notices.get(reader)?.delete(id);
    });
  }

  close(reader: Reader, news: string): Promise<void> {
    return this.calls.run('outbox.close', [reader, news], () => {
      if (this.#news.get(reader)?.news === news) this.#news.delete(reader);
    });
  }

  takeLease(holder: string, now: Instant, until: Instant): Promise<boolean> {
    return this.calls.run('outbox.takeLease', [holder, now, until], () => {
      if (this.#lease && this.#lease.holder !== holder && this.#lease.until > now) return false;
      this.#lease = { holder, until };
      return true;
    });
  }

  releaseLease(holder: string): Promise<void> {
    return this.calls.run('outbox.releaseLease', [holder], () => {
      if (this.#lease?.holder === holder) this.#lease = undefined;
    });
  }

  /** What waits for the reader, oldest event first, without a call. */
  peek(reader: Reader): readonly WaitingNotice[] {
    return [...(this.#notices.get(reader)?.values() ?? [])].toSorted((a, b) => (a.event.id < b.event.id ? -1 : 1));
  }

  /** All that is kept, for whoever it waits, without a call. */
  everything(): readonly object[] {
    const waiting = [...this.#notices.values()].flatMap((theirs) => [...theirs.values()]);
    return [...waiting, ...this.#news.values(), ...this.#standings.values()];
  }

  /** Whether nothing waits for anybody. */
  get isEmpty(): boolean {
    return [...this.#notices.values()].every((theirs) => theirs.size === 0);
  }
}

/** Through JSON and the schema, as through the table: what cannot be stored and read again fails here too. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
