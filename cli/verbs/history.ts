import type { EventType, HistoryEvent } from '../../lambda/domain/events.ts';
import type { AccessKeyId, AccountId, UserName } from '../../lambda/domain/ids.ts';
import type { Instant } from '../../lambda/domain/time.ts';
import type { HistoryQuery } from '../../lambda/ports.ts';
import { UsageError } from '../errors.ts';
import type { Session } from '../session.ts';

export interface HistoryOptions {
  readonly user?: UserName;
  readonly key?: AccessKeyId;
  readonly account?: AccountId;
  /** UTC day, `2026-11-20`. */
  readonly day?: string;
  readonly since?: Instant;
  readonly until?: Instant;
  readonly type?: readonly EventType[];
  readonly limit?: number;
  readonly newestFirst?: boolean;
}

export interface HistoryReport {
  readonly by: HistoryQuery['by'];
  readonly order: 'oldest-first' | 'newest-first';
  readonly events: readonly HistoryEvent[];
  /** True when the limit left events out. */
  readonly more: boolean;
}

/** Throws UsageError when no event could ever be between the two ends. */
export function checkRange({ since, until }: HistoryOptions): void {
  if (since === undefined || until === undefined || since < until) return;
  throw new UsageError('--since has to be earlier than --until.');
}

/** Reads history by user, key, account or day: each has its own way in, so the table is never scanned. */
export async function history(session: Session, options: HistoryOptions): Promise<HistoryReport> {
  const { since, until, type: types, limit = Number.POSITIVE_INFINITY } = options;
  const by = wayIn(options, session.deployment.settings.hub);
  const order = options.newestFirst ? 'newest-first' : 'oldest-first';
  const query: HistoryQuery = {
    by,
    order,
    ...(since === undefined ? {} : { since }),
    ...(until === undefined ? {} : { until }),
    ...(types === undefined ? {} : { types }),
  };
  const events: HistoryEvent[] = [];
  for await (const event of session.history.query(query)) {
    if (events.length >= limit) return { by, order, events, more: true };
    events.push(event);
  }
  return { by, order, events, more: false };
}

/** Which of the four ways in the options mean; the hub's account when they name none. */
function wayIn({ user, key, account, day }: HistoryOptions, hub: AccountId): HistoryQuery['by'] {
  if (key !== undefined) return { kind: 'key', keyId: key };
  if (day !== undefined) return { kind: 'day', day };
  if (user !== undefined) return { kind: 'user', account: account ?? hub, userName: user };
  return { kind: 'account', account: account ?? hub };
}
