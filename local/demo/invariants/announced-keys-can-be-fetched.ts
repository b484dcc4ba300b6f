import { type Invariant, recordedSince } from './evidence.ts';

/** Whoever is told to switch finds the new key in the secret, as its current version, and Active. */
export const announcedKeysCanBeFetched: Invariant = (evidence) =>
  recordedSince(evidence).flatMap((event) => {
    if (event.type !== 'key-replaced' || event.mode === 'observe') return [];
    const { incomingKeyId } = event.details;
    const user = evidence.after.users.find(({ userName }) => userName === event.userName);
    const incoming = user?.keys.find(({ keyId }) => keyId === incomingKeyId);
    if (user?.secret?.currentKeyId === incomingKeyId && incoming?.status === 'Active') return [];
    return [`User ${event.userName} is to switch to key ${incomingKeyId}, which cannot be fetched.`];
  });
