import type { HistoryEvent } from '../../../lambda/domain/events.ts';
import { type Invariant, keyChanges, recordedSince } from './evidence.ts';

/** What history says Keyturn did is what IAM shows, and the other way round. */
export const historyIsTrue: Invariant = (evidence) => {
  const seen = keyChanges(evidence).map(({ key, kind }) => `${key.keyId} ${kind}`);
  const told = evidence.mode === 'observe' ? [] : recordedSince(evidence).flatMap(changeIn);
  return [
    ...seen.filter((change) => !told.includes(change)).map((change) => `In IAM, not in history: key ${change}.`),
    ...told.filter((change) => !seen.includes(change)).map((change) => `In history, not in IAM: key ${change}.`),
  ];
};

function changeIn(event: HistoryEvent): string[] {
  switch (event.type) {
    case 'key-published':
      return [`${event.keyId} created`];
    case 'key-disabled':
      return event.details.by === 'keyturn' ? [`${event.keyId} disabled`] : [];
    case 'key-restored':
      return [`${event.keyId} reactivated`];
    case 'key-deleted':
      return event.details.by === 'keyturn' ? [`${event.keyId} deleted`] : [];
    default:
      return [];
  }
}
