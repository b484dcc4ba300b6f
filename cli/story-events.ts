import type { HistoryEvent } from '../lambda/domain/events.ts';
import type { RequestId } from '../lambda/domain/ids.ts';
import type { ExemptionPast } from '../lambda/domain/past/exemption-past.ts';
import type { KeyPast } from '../lambda/domain/past/key-past.ts';
import { fromIso, type Instant } from '../lambda/domain/time.ts';

/** From when to when a key was there, and what bore on it from outside. */
export interface Life {
  readonly key: KeyPast;
  readonly from: Instant;
  /** Infinite: it is there. */
  readonly to: Instant;
  /** Those that held for its user meanwhile. */
  readonly exemptions: readonly ExemptionPast[];
  /** That its own events answer. */
  readonly requests: ReadonlySet<RequestId>;
}

/** What befalls a user as a whole, and so each of its keys. */
const ofTheUser = new Set<HistoryEvent['type']>(['user-blocked', 'user-unblocked', 'user-gone']);

/** Says of an event that is not the key's own whether it belongs to its story all the same. */
export function partOfTheStory({ key, from, to, exemptions, requests }: Life): (event: HistoryEvent) => boolean {
  const ids = new Set(exemptions.map(({ id }) => id));
  return (event) => {
    const at = fromIso(event.time);
    switch (event.type) {
      // May be older than the key, and hold for it.
      case 'exemption-granted':
        return ids.has(event.details.exemptionId);
      case 'exemption-revoked':
      case 'exemption-ending':
      case 'exemption-ended':
        return ids.has(event.details.exemptionId) && at >= from && at <= to;
      case 'key-adopted':
        return event.details.replaces === key.keyId;
      case 'request-made':
      case 'request-refused':
        return requests.has(event.details.requestId);
      case 'user-replaced':
        return (
          isOf(key, event) &&
          at >= from &&
          at <= to &&
          event.details.formerUserId === (key.userId ?? event.details.formerUserId)
        );
      default:
        return ofTheUser.has(event.type) && isOf(key, event) && at >= from && at <= to;
    }
  };
}

const isOf = ({ account, userName }: KeyPast, event: HistoryEvent): boolean =>
  event.account === account && event.userName === userName;
