import { parseOwnerId, parseUserName } from '../../lambda/domain/ids.ts';
import { ACCOUNT, anOwner, at, eventId, exemptionId, keyId, OTHER_ACCOUNT } from '../support/builders.ts';
import { sampleDetails } from '../support/sample-details.ts';
import {
  deleteAt,
  disableAt,
  disabled,
  event,
  newKey,
  onEcr,
  onS3,
  operators,
  owner,
  replaced,
  type Sample,
  time,
  withoutKey,
  withoutUser,
} from './sample.ts';

/** Twenty keys of one owner: two stopped, fifteen were rotated in three accounts, three come up. */
const twenty = Array.from({ length: 20 }, (_, n) => {
  const userName = parseUserName(`${['build', 'deploy', 'report', 'backup'][n % 4]}-${n + 1}`);
  const account = n % 3 === 0 ? OTHER_ACCOUNT : ACCOUNT;
  const head = { userName, account, keyId: keyId(n + 1), id: eventId(at(time), n + 1) };
  if (n < 2) return event('key-disabled', { ...disabled, successorKeyId: keyId(n + 101), lastUse: onS3 }, head);
  if (n > 16) return event('rotation-upcoming', { rotateAt: '2026-03-16T06:17:00.000Z', thresholdDays: 14 }, head);
  const secretName = `keyturn/${account}/${userName}`;
  const lastUse = n % 4 === 0 ? onEcr : onS3;
  return event('key-replaced', { ...replaced, incomingKeyId: keyId(n + 101), secretName, lastUse }, head);
});

export const severalAtOnce: readonly Sample[] = [
  owner(
    'Twenty keys of one owner',
    'what is urgent, such as a key that stopped, goes at once; the rest of a day is one message, which takes along what is urgent then',
    ...twenty,
  ),
];

const pattern = {
  exemptionId: exemptionId(1),
  match: 'users named ci-*',
  covers: { account: '*', match: { kind: 'name', pattern: 'ci-*' } },
  reason: 'The vendor ships a fix in May.',
} as const;
const alice = { actor: `arn:aws:iam::${ACCOUNT}:user/alice` };

const notConfirmed =
  "SNS: Owner 'search' has not confirmed the subscription that AWS mailed: follow the link in that mail within two days, after that run 'keyturn owners import' again to have it sent anew.";
const unreached = { kind: 'unreachable', owner: anOwner({ id: parseOwnerId('search'), name: 'Search' }) } as const;

export const toOperators: readonly Sample[] = [
  operators('Account not swept', 'the sweep failed', withoutUser(event('sweep-failed', sampleDetails['sweep-failed']))),
  operators(
    'Run could not begin',
    'no accounts to be had',
    withoutUser(event('run-failed', { error: sampleDetails['run-failed'].error })),
  ),
  operators('Root user has a key', 'every run', withoutUser(event('root-key-seen', { activeKeys: 1 }))),
  operators(
    'Blocked (operators)',
    'more than two keys',
    withoutKey(event('user-blocked', { reason: 'too-many-keys', keys: 3 })),
  ),
  operators(
    'Held (operators)',
    'with `disable.onlyWhenIdleDays`: a key is used past its date',
    event('step-waiting', sampleDetails['step-waiting']),
  ),
  operators('Rotation failed', 'at one of its stages', event('rotation-failed', sampleDetails['rotation-failed'])),
  operators(
    'Rotation given up',
    'it is not continued',
    event('rotation-abandoned', sampleDetails['rotation-abandoned']),
  ),
  operators(
    'Leftover key removed',
    'after a rotation that broke off',
    event('orphan-removed', sampleDetails['orphan-removed']),
  ),
  operators('Key could not be disabled', 'IAM refused', event('disable-failed', sampleDetails['disable-failed'])),
  operators('Key could not be deleted', 'IAM refused', event('delete-failed', sampleDetails['delete-failed'])),
  operators('Key could not be restored', 'IAM refused', event('restore-failed', sampleDetails['restore-failed'])),
  operators(
    'Exemption granted (operators)',
    '`keyturn exempt add` with `--name-pattern` or `--path-pattern`: of whose users it is, nobody knows',
    withoutUser(event('exemption-granted', { ...pattern, approver: 'Ada Lovelace', expiresAt: deleteAt }, alice)),
  ),
  operators(
    'Exemption revoked (operators)',
    '`keyturn exempt revoke` of one that has a pattern',
    withoutUser(event('exemption-revoked', pattern, alice)),
  ),
  {
    title: 'Owner not reached',
    when: 'none of its channels took the notice',
    to: 'operators',
    items: [{ event: event('key-replaced', replaced), insteadOf: { ...unreached, why: notConfirmed } }],
  },
  {
    title: 'No owner',
    when: 'nobody is assigned',
    to: 'operators',
    items: [{ event: event('key-replaced', replaced), insteadOf: { kind: 'no-owner' } }],
  },
];

const observed = { mode: 'observe' } as const;

export const inObserve: readonly Sample[] = [
  operators(
    'Would soon be replaced',
    'observe mode',
    event('rotation-upcoming', { rotateAt: disableAt, thresholdDays: 14 }, observed),
  ),
  operators('Would be replaced', 'observe mode', event('key-replaced', replaced, observed)),
  operators(
    'Would be retired',
    'observe mode',
    event('retirement-started', { why: 'both-due', successorKeyId: newKey, disableAt, deleteAt }, observed),
  ),
  operators('Would stay', 'observe mode', event('retirement-cancelled', { why: 'successor-gone' }, observed)),
  operators(
    'Would be kept, as it is in use',
    'observe mode',
    event('step-waiting', { step: 'disable', reason: 'in-use', lastUse: onS3 }, observed),
  ),
  operators('Would be disabled', 'observe mode', event('key-disabled', disabled, observed)),
  operators(
    'Would soon be deleted',
    'observe mode',
    event('deletion-upcoming', { deleteAt, why: 'rotated' }, observed),
  ),
  operators('Would be deleted', 'observe mode', event('key-deleted', { by: 'keyturn' }, observed)),
  operators('Active again', 'observe mode', event('key-reactivated', { disableAt }, observed)),
];
