import { secretVersionOf } from '../../../lambda/domain/secret-name.ts';
import type { Invariant } from './evidence.ts';

/** An Active key that Keyturn made is in its user's secret. */
export const madeKeysAreStored: Invariant = ({ after, heldByOwners }) =>
  after.users.flatMap(({ userName, keys, secret }) =>
    keys
      .filter(({ keyId, status }) => status === 'Active' && !heldByOwners.has(keyId))
      .filter(({ keyId }) => !secret?.versions.has(secretVersionOf(keyId)))
      .map(
        ({ keyId }) => `Key ${keyId} of user ${userName} is Active, nobody made it by hand, and no secret holds it.`,
      ),
  );
