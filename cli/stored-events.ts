import { historyEventSchema } from '../lambda/contracts/history-event.ts';
import { accountId } from '../lambda/contracts/identifiers.ts';
import type { AccountId } from '../lambda/domain/ids.ts';
import { DAY, type Instant, toIso } from '../lambda/domain/time.ts';
import type { FoundEvent, StoredHistory } from '../lambda/ports.ts';
import { dayOf } from './dates.ts';

export interface StoredRange {
  /** The first and the last day that are read. */
  readonly from: Instant;
  readonly to: Instant;
  /** By event ID; without them whatever lies in those days. */
  readonly since?: Instant | undefined;
  readonly until?: Instant | undefined;
}

/**
 * Everything in the history table, once each: day by day, then account by account what lies in none of these days. What a
 * command reads lies where it says it does, or is refused; what lies there is in its day, and every event has an account.
 */
export async function* storedEvents(
  history: StoredHistory,
  hub: AccountId,
  { from, to, since, until }: StoredRange,
): AsyncIterable<FoundEvent> {
  const accounts = new Set<AccountId>([hub]);
  const days = new Set<string>();
  for (let at = Math.floor(from / DAY) * DAY; at <= to; at += DAY) days.add(dayOf(toIso(at)));
  for (const day of days) {
    for await (const event of history.stored({ by: { kind: 'day', day }, since, until })) {
      for (const account of accountsIn(event.content)) accounts.add(account);
      yield event;
    }
  }
  // Those that turn up on the way are read as well.
  for (const account of accounts) {
    for await (const event of history.stored({ by: { kind: 'account', account }, since, until })) {
      for (const other of accountsIn(event.content)) accounts.add(other);
      if (event.day === undefined || !days.has(event.day)) yield event;
    }
  }
}

/** Its own account, and those that a run set out for or left out. */
function accountsIn(content: FoundEvent['content']): readonly AccountId[] {
  const own = accountId.safeParse(content.account);
  const { data: run } = content.type === 'run-started' ? historyEventSchema.safeParse(content) : {};
  if (run?.type !== 'run-started') return own.success ? [own.data] : [];
  const { expectedAccounts, skippedAccounts } = run.details;
  return [run.account, ...expectedAccounts, ...skippedAccounts.map(({ account }) => account)];
}
