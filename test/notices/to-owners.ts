import { ACCOUNT, exemptionId, keyId } from '../support/builders.ts';
import {
  deleteAt,
  disableAt,
  disabled,
  event,
  newKey,
  onEcr,
  onS3,
  onS3At,
  owner,
  replaced,
  requestId,
  type Sample,
  time,
  withoutKey,
} from './sample.ts';

const hubArn = 'arn:aws:secretsmanager:eu-central-1:999900009999:secret:keyturn/111122223333/ci=2Ddeploy-AbCdEf';
const stillUsed = { successorKeyId: newKey, disableAt, secretRegion: replaced.secretRegion } as const;
const adoptedAt = '2026-03-03T06:17:00.000Z';
const disabledTime = { time: '2026-03-12T06:17:00.000Z' };
const exemption = { exemptionId: exemptionId(1), match: 'user ci-deploy', reason: 'The vendor ships a fix in May.' };
const alice = { actor: `arn:aws:iam::${ACCOUNT}:user/alice` };

export const toOwners: readonly Sample[] = [
  owner(
    'Rotation coming up, two weeks ahead',
    'each of `warnBeforeDays`; this is the first',
    event('rotation-upcoming', { rotateAt: '2026-03-16T06:17:00.000Z', thresholdDays: 14 }),
  ),
  owner(
    'Rotation coming up, three days ahead',
    'the last of `warnBeforeDays`',
    event('rotation-upcoming', { rotateAt: '2026-03-05T06:17:00.000Z', thresholdDays: 3 }),
  ),
  owner('Rotated', 'the new key is in its secret', event('key-replaced', { ...replaced, lastUse: onS3 })),
  owner(
    'Rotated, secret in another account',
    'where secrets are kept in the hub',
    event('key-replaced', { ...replaced, secretArn: hubArn, lastUse: onEcr }),
  ),
  owner(
    'Rotated on request, the old key stops at once',
    '`keyturn rotate --disable-old-now`',
    event('key-replaced', { ...replaced, disableAt: time, deleteAt: disableAt, requestId, lastUse: onS3 }),
  ),
  owner(
    'Rotated, the old key is gone',
    'somebody deleted the old key while it was being replaced',
    event(
      'key-published',
      {
        rotationId: replaced.rotationId,
        replaces: keyId(1),
        secretName: replaced.secretName,
        alone: { secretRegion: replaced.secretRegion },
      },
      { keyId: newKey },
    ),
  ),
  owner(
    'Adopted',
    'the new key was used, the old one was not since',
    event(
      'key-adopted',
      { replaces: keyId(1), lastUse: onS3At('2026-03-03'), disableAt },
      { keyId: newKey, time: adoptedAt },
    ),
  ),
  owner(
    'Adopted, the old key last used before',
    'the new key was used, the old one only before that',
    event(
      'key-adopted',
      { replaces: keyId(1), lastUse: onS3At('2026-03-03'), outgoingLastUse: onS3, disableAt },
      { keyId: newKey, time: adoptedAt },
    ),
  ),
  owner(
    'Adopted in part',
    'the old key was used after the new one',
    event(
      'key-adopted',
      {
        replaces: keyId(1),
        lastUse: { ...onEcr, at: '2026-03-02T22:40:00.000Z' },
        outgoingLastUse: onS3At('2026-03-03'),
        disableAt,
      },
      { keyId: newKey, time: adoptedAt },
    ),
  ),
  owner(
    'Still in use, half-way',
    'half of the time to switch is over, and the old key is used',
    event(
      'key-still-used',
      { ...stillUsed, reminder: 'half-way', adopted: false, lastUse: onS3At('2026-03-07') },
      { time: '2026-03-07T06:17:00.000Z' },
    ),
  ),
  owner(
    'Still in use, the day before',
    'the old key stops within a day, and is used; the new one is, too',
    event(
      'key-still-used',
      { ...stillUsed, reminder: 'day-before', adopted: true, lastUse: onS3At('2026-03-11') },
      { time: '2026-03-11T06:17:00.000Z' },
    ),
  ),
  owner(
    'Held',
    'with `disable.onlyWhenIdleDays`: the old key would be disabled, were it not used',
    event(
      'step-waiting',
      {
        step: 'disable',
        reason: 'in-use',
        until: '2026-03-19T03:05:00.000Z',
        lastUse: onS3At('2026-03-12'),
        heldUntil: '2026-04-11T06:17:00.000Z',
      },
      disabledTime,
    ),
  ),
  owner(
    'Held, the day before it ends',
    'the old key has been held for `maxHoldDays`, and is used still',
    event(
      'key-still-used',
      {
        ...stillUsed,
        reminder: 'day-before',
        adopted: true,
        lastUse: onS3At('2026-04-10'),
        disableAt: '2026-04-11T06:17:00.000Z',
        held: true,
      },
      { time: '2026-04-10T06:17:00.000Z' },
    ),
  ),
  owner(
    'Disabled, the new key is in use',
    'the owner moved in time',
    event('key-disabled', { ...disabled, adopted: true, lastUse: onEcr }, disabledTime),
  ),
  owner(
    'Disabled, the old key was still used',
    'the owner did nothing',
    event('key-disabled', { ...disabled, adopted: false, lastUse: onS3At('2026-03-12') }, disabledTime),
  ),
  owner(
    'Disabled, nothing known of its use',
    'no credential report was to be had',
    event('key-disabled', disabled, disabledTime),
  ),
  owner(
    'Disabled on request',
    '`keyturn rotate --disable-old-now`',
    event('key-disabled', { ...disabled, requestId, adopted: false }, disabledTime),
  ),
  owner(
    'Disabled by somebody else',
    'found inactive',
    event('key-disabled', { ...disabled, by: 'somebody' }, disabledTime),
  ),
  owner(
    'Deletion coming',
    'three days before',
    event('deletion-upcoming', { deleteAt, why: 'rotated' }, { time: '2026-03-19T06:17:00.000Z' }),
  ),
  owner('Deleted', 'by Keyturn', event('key-deleted', { by: 'keyturn', why: 'rotated' }, { time: deleteAt })),
  owner(
    'Deleted by somebody else',
    'found gone',
    event('key-deleted', { by: 'somebody', why: 'rotated' }, { time: deleteAt }),
  ),
  owner(
    'To be disabled: replaced by hand',
    'the owner made a newer key',
    event('retirement-started', { why: 'replaced-by-hand', successorKeyId: newKey, disableAt, deleteAt }),
  ),
  owner(
    'To be disabled: both keys old',
    'the one used less recently goes',
    event('retirement-started', { why: 'both-due', successorKeyId: newKey, disableAt, deleteAt }),
  ),
  owner(
    'To be disabled: never used',
    "with `neverUsed: 'retire'`",
    event('retirement-started', { why: 'never-used', disableAt, deleteAt }),
  ),
  owner(
    'Inactive key to be deleted',
    'its place is needed',
    event('retirement-started', { why: 'blocks-slot', deleteAt }),
  ),
  owner(
    'To be disabled after an exemption',
    'its date passed while an exemption held',
    event('retirement-started', { why: 'rotated', successorKeyId: newKey, disableAt, deleteAt, after: 'exemption' }),
  ),
  owner('Stays', 'its successor is gone, say', event('retirement-cancelled', { why: 'successor-gone' })),
  owner(
    'Reactivated',
    'a disabled key was found active',
    event(
      'key-reactivated',
      { disableAt: '2026-03-24T06:17:00.000Z', successorKeyId: newKey },
      { time: '2026-03-14T06:17:00.000Z' },
    ),
  ),
  owner(
    'Restored',
    '`keyturn restore`',
    event(
      'key-restored',
      { requestId, until: '2026-03-15T09:02:00.000Z', successorKeyId: newKey },
      { time: '2026-03-13T09:02:00.000Z' },
    ),
  ),
  owner(
    'Snoozed',
    '`keyturn snooze` of a key that works',
    event('key-snoozed', { requestId, step: 'disable', until: '2026-03-15T06:17:00.000Z', successorKeyId: newKey }),
  ),
  owner(
    'Snoozed deletion',
    '`keyturn snooze` of a disabled key',
    event('key-snoozed', { requestId, step: 'delete', until: '2026-03-25T06:17:00.000Z', successorKeyId: newKey }),
  ),
  owner(
    'Request refused',
    'what `keyturn rotate`, `restore` or `snooze` asked for was not done',
    event('request-refused', { requestId, request: 'restore', why: 'The key is not disabled.' }),
  ),
  owner('Blocked', 'more than two keys; operators are told too', {
    ...withoutKey(event('user-blocked', { reason: 'too-many-keys', keys: 3 })),
  }),
  owner(
    'Exemption granted',
    '`keyturn exempt add`',
    withoutKey(event('exemption-granted', { ...exemption, approver: 'Ada Lovelace', expiresAt: deleteAt }, alice)),
  ),
  owner('Exemption revoked', '`keyturn exempt revoke`', withoutKey(event('exemption-revoked', exemption, alice))),
  owner(
    'Exemption ending',
    'two weeks before',
    withoutKey(
      event('exemption-ending', {
        exemptionId: exemptionId(1),
        expiresAt: deleteAt,
        retiring: [{ keyId: keyId(1), step: 'disable', at: '2026-04-01T06:17:00.000Z' }],
      }),
    ),
  ),
  owner('Exemption ended', 'once', withoutKey(event('exemption-ended', { exemptionId: exemptionId(1) }))),
];
