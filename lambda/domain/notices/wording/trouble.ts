import type { HistoryEvent } from '../../events.ts';
import { quote, say } from '../phrase.ts';
import type { Wording } from './wording.ts';

/** What operators are told: faults of Keyturn's work, and what it found and will not touch. */

export const sweepFailed = ({ details }: HistoryEvent<'sweep-failed'>): Wording => ({
  heading: 'Account not swept',
  lines: [say`Keyturn could not work on this account, or not to the end: ${quote(details.error)}`],
  advice: [say`Keys there may miss their dates until this is repaired. The next run tries again.`],
});

export const runFailed = ({ details }: HistoryEvent<'run-failed'>): Wording => ({
  heading: 'Run could not begin',
  lines: [say`Keyturn could not find out which accounts to work on, so it worked on none: ${quote(details.error)}`],
  advice: [say`Keys may miss their dates until this is repaired. The next run tries again.`],
});

export const rootKeySeen = ({ details }: HistoryEvent<'root-key-seen'>): Wording => ({
  heading: 'Root user has an access key',
  lines: [say`Active access keys of the root user: ${details.activeKeys}. Keyturn never touches them.`],
  advice: [
    say`Nothing should work with a key of the root user. Give whatever uses it a role, then sign in as root and delete the key under Security credentials.`,
  ],
});

export const userBlocked = ({ details }: HistoryEvent<'user-blocked'>): Wording => ({
  heading: 'User with too many keys',
  lines: [say`It has ${details.keys} access keys, more than the two that IAM allows. Keyturn touches none of them.`],
  advice: [say`Find out which keys are used and delete the others; then Keyturn goes on by itself.`],
});

const stages = {
  'make-room': 'while preparing the secret, before any key was made',
  create: 'while making the new key',
  store: 'while storing the new key',
  verify: 'while checking that the new key works',
  publish: 'while publishing the new key',
} as const;

export const rotationFailed = ({ details }: HistoryEvent<'rotation-failed'>): Wording => ({
  heading: 'Rotation failed',
  lines: [say`It broke off ${stages[details.stage]}: ${quote(details.error)}`],
  advice: [say`The present key is untouched. The next sweep repairs what is unfinished and tries again.`],
});

export const rotationAbandoned = ({ details }: HistoryEvent<'rotation-abandoned'>): Wording => ({
  heading: 'Rotation given up',
  lines: [say`A rotation that was under way is not continued: ${quote(details.why)}`],
  advice: [say`Keyturn looks at the user afresh in the next sweep.`],
});

export const orphanRemoved = (): Wording => ({
  heading: 'Leftover key removed',
  lines: [
    say`A rotation broke off after this key was made and before it was stored. Nobody has it and it was never used, so Keyturn deleted it.`,
  ],
  advice: [say`Nothing to do: the rotation starts again. If it happens often, look at the errors before it.`],
});

export const disableFailed = ({ details }: HistoryEvent<'disable-failed'>): Wording => ({
  heading: 'Key could not be disabled',
  lines: [say`Disabling it failed: ${quote(details.error)}`],
  advice: [say`It may still work. The next sweep looks, and tries again.`],
});

export const deleteFailed = ({ details }: HistoryEvent<'delete-failed'>): Wording => ({
  heading: 'Key could not be deleted',
  lines: [say`Deleting it failed: ${quote(details.error)}`],
  advice: [say`It may still exist. The next sweep looks, and tries again.`],
});
