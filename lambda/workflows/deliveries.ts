import type { AccountId, EventId, UserName } from '../domain/ids.ts';
import { MINUTE } from '../domain/time.ts';
import type { History } from '../ports.ts';
import { timeOf } from './event-time.ts';

/** The clock that dates receipts is another machine's. */
const CLOCK_SKEW = 5 * MINUTE;

/** Whether history holds a receipt for the notice about this event of this user. */
export async function wasDelivered(
  history: Pick<History, 'query'>,
  { account, userName }: { readonly account: AccountId; readonly userName: UserName },
  eventId: EventId,
): Promise<boolean> {
  const receipts = history.query({
    by: { kind: 'user', account, userName },
    since: timeOf(eventId) - CLOCK_SKEW,
    types: ['notice-delivered'],
  });
  for await (const receipt of receipts) {
    if (receipt.type === 'notice-delivered' && receipt.details.about.includes(eventId)) return true;
  }
  return false;
}
