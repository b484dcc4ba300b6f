import type { HistoryEvent } from '../../../lambda/domain/events.ts';
import type { Delivery } from '../deliveries.ts';
import { type Invariant, recordedSince } from './evidence.ts';

/** A receipt is only on record for a notice that really arrived there and names the key. */
export const receiptsAreTrue: Invariant = (evidence) => {
  const events = new Map(evidence.history.map((event) => [event.id, event]));
  const arrived = evidence.deliveries.filter(({ at }) => at >= evidence.runAt);
  return recordedSince(evidence).flatMap((receipt) => {
    if (receipt.type !== 'notice-delivered') return [];
    const { about, channel, to } = receipt.details;
    return about.flatMap((id) => {
      const event = events.get(id);
      if (event === undefined) return [`A receipt is about event ${id}, which is not on record.`];
      if (arrived.some((delivery) => delivery.channel === channel && delivery.to === to && names(delivery, event)))
        return [];
      return [`History says that ${to} was told of ${event.type} (${id}) by ${channel}, but it did not arrive there.`];
    });
  });
};

const names = ({ text }: Delivery, { keyId, userName, account }: HistoryEvent): boolean =>
  text.includes(keyId ?? userName ?? account);
