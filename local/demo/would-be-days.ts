import type { EventType, HistoryEvent } from '../../lambda/domain/events.ts';
import { fromIso } from '../../lambda/domain/time.ts';
import { dayOf } from './calendar.ts';
import type { KeyLife } from './key-lives.ts';

/** In `observe` mode: the same keys, with the days on which history says Keyturn would have acted. */
export function wouldBeLives(lives: readonly KeyLife[], history: readonly HistoryEvent[]): readonly KeyLife[] {
  return lives.map((life): KeyLife => {
    const events = history.filter(({ keyId }) => keyId === life.keyId);
    const replaced = events.find((event) => event.type === 'key-replaced');
    const disabledDay = dayOfFirst(events, 'key-disabled') ?? life.disabledDay;
    const deletedDay = dayOfFirst(events, 'key-deleted') ?? life.deletedDay;
    return {
      ...life,
      rotatedDay: dayOfFirst(events, 'key-replaced'),
      disabledDay,
      deletedDay,
      replacedBy: replaced?.details.incomingKeyId ?? null,
      statuses: [
        ...life.statuses,
        ...(disabledDay === null || disabledDay === life.disabledDay ? [] : [{ day: disabledDay, status: 'Inactive' }]),
      ],
    };
  });
}

function dayOfFirst(events: readonly HistoryEvent[], type: EventType): number | null {
  const first = events.find((event) => event.type === type);
  return first === undefined ? null : dayOf(fromIso(first.time));
}
