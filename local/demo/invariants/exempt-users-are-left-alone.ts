import type { HistoryEvent } from '../../../lambda/domain/events.ts';
import { fromIso, type Instant } from '../../../lambda/domain/time.ts';
import { type Invariant, keyChanges } from './evidence.ts';

/** No key of a user changes while an exemption of that user holds. */
export const exemptUsersAreLeftAlone: Invariant = (evidence) => {
  const exempt = exemptUsers(evidence.history, evidence.runAt);
  return keyChanges(evidence)
    .filter(({ user }) => exempt.has(user.userName))
    .map(({ user, key, kind }) => `User ${user.userName} is exempt, and its key ${key.keyId} was ${kind}.`);
};

function exemptUsers(history: readonly HistoryEvent[], now: Instant): ReadonlySet<string> {
  const revoked = new Set(
    history.flatMap((event) => (event.type === 'exemption-revoked' ? [event.details.exemptionId] : [])),
  );
  const names = history.flatMap((event) => {
    if (event.type !== 'exemption-granted' || event.userName === undefined) return [];
    const { exemptionId, expiresAt } = event.details;
    return now < fromIso(expiresAt) && !revoked.has(exemptionId) ? [event.userName] : [];
  });
  return new Set(names);
}
