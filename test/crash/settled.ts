import type { HistoryEvent } from '../../lambda/domain/events.ts';
import type { AccessKeyId } from '../../lambda/domain/ids.ts';
import { isStored, type Observation } from './observation.ts';

const outcomesOf = {
  'disable-intended': ['key-disabled', 'disable-failed', 'retirement-cancelled'],
  'delete-intended': ['key-deleted', 'orphan-removed', 'delete-failed', 'retirement-cancelled'],
  'restore-intended': ['key-restored', 'restore-failed', 'request-refused'],
} as const satisfies Partial<Record<HistoryEvent['type'], readonly HistoryEvent['type'][]>>;

/**
 * What is still open or untold once an undisturbed sweep has passed: every intent has its outcome on record, and of every
 * key that Keyturn ever made it is on record what became of it.
 *
 * @param made every key that was ever seen and that nobody made by hand.
 */
export function unsettled(now: Observation, made: ReadonlySet<AccessKeyId>): readonly string[] {
  return [...openIntents(now), ...untoldKeys(now, made), ...lostKeys(now, made)];
}

function openIntents({ history, records }: Observation): readonly string[] {
  const open = records.flatMap(({ userName, tracking }) => [
    ...(tracking.rotation === undefined ? [] : [`the rotation of ${userName} is still open`]),
    ...Object.values(tracking.retirements).flatMap(({ keyId, intent }) =>
      intent === undefined ? [] : [`the intent to ${intent.step} ${keyId} is still open`],
    ),
  ]);
  const withoutOutcome = history.flatMap((event, at) => {
    if (event.type !== 'disable-intended' && event.type !== 'delete-intended' && event.type !== 'restore-intended') {
      return [];
    }
    const outcomes: readonly HistoryEvent['type'][] = outcomesOf[event.type];
    const later = history.slice(at + 1);
    if (later.some(({ type, keyId }) => keyId === event.keyId && outcomes.includes(type))) return [];
    return [`${event.type} of ${event.keyId} has no outcome on record`];
  });
  return [...open, ...withoutOutcome, ...unendedRotations(history)];
}

function unendedRotations(history: readonly HistoryEvent[]): readonly string[] {
  // With its user everything else of a rotation is gone.
  const formerUsers = new Set(
    history.flatMap((event) => {
      if (event.type === 'user-replaced') return [event.details.formerUserId];
      return event.type === 'user-gone' ? [event.userId] : [];
    }),
  );
  const ended = new Set(
    history.flatMap((event) => {
      if (event.type === 'rotation-intended' || !('rotationId' in event.details)) return [];
      return [event.details.rotationId];
    }),
  );
  return history.flatMap((event) =>
    event.type === 'rotation-intended' && !ended.has(event.details.rotationId) && !formerUsers.has(event.userId)
      ? [`the rotation of ${event.keyId} has no outcome on record`]
      : [],
  );
}

function untoldKeys({ history }: Observation, made: ReadonlySet<AccessKeyId>): readonly string[] {
  const told = (keyId: AccessKeyId) =>
    history.some(({ type, ...event }) =>
      type === 'rotation-abandoned'
        ? JSON.stringify(event.details).includes(keyId)
        : (type === 'key-published' || type === 'orphan-removed') && event.keyId === keyId,
    );
  return [...made].filter((keyId) => !told(keyId)).map((keyId) => `history does not know of the key ${keyId}`);
}

function lostKeys({ users }: Observation, made: ReadonlySet<AccessKeyId>): readonly string[] {
  return users.flatMap((user) =>
    user.keys
      .filter(({ keyId, status }) => status === 'Active' && made.has(keyId) && !isStored(user, keyId))
      .map(({ keyId }) => `${keyId} of ${user.userName} is Active and in no secret`),
  );
}
