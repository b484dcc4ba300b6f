import { hasUsableKey, type Invariant } from './evidence.ts';

/** A user that had an Active key keeps one that its owner holds or can fetch. */
export const ownersKeepAKey: Invariant = ({ before, after, heldByOwners }) =>
  before.users
    .filter(({ keys }) => keys.some(({ status }) => status === 'Active'))
    .flatMap(({ userName, userId }) => {
      const now = after.users.find((user) => user.userId === userId);
      if (now === undefined) return [`User ${userName} is gone after the run.`];
      if (hasUsableKey(now, heldByOwners)) return [];
      return [`User ${userName} had an Active key and has none now that its owner holds or can fetch.`];
    });
