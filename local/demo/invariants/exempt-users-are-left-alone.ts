import type { HistoryEvent } from '../../../lambda/domain/events.ts';
import { fromIso, type Instant } from '../../../lambda/domain/time.ts';
import { type Invariant, keyChanges } from './evidence.ts';

/** No key of a user changes while an exemption of that user holds. */
export const exemptUsersAreLeftAlone: Invariant = (evidence) => {
  const exempt = exemptUsers(evidence.history, evidence.runAt);
  return keyChanges(evidence)
    .filter(({ user }) => exempt.has(user.userName) || exempt.has(user.userId))
    .map(({ user, key, kind }) => `User ${user.userName} is exempt, and its key ${key.keyId} was ${kind}.`);
};

function exemptUsers(history: readonly HistoryEvent[], now: Instant): ReadonlySet<string> {
  const revoked = new Set(
    history.flatMap((event) => (event.type === 'exemption-revoked' ? [event.details.exemptionId] : [])),
  );
  const users = history.flatMap((event) => {
    if (event.type !== 'exemption-granted' || event.userName === undefined) return [];
    const { exemptionId, expiresAt, covers } = event.details;
    // One that is for a certain user is not for another of the name.
    const who = covers?.userId ?? event.userName;
    return now < fromIso(expiresAt) && !revoked.has(exemptionId) ? [who] : [];
  });
  return new Set(users);
}
