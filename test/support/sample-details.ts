import type { EventDetails, EventType } from '../../lambda/domain/events.ts';
import {
  parseAccessKeyId,
  parseAccountId,
  parseEventId,
  parseExemptionId,
  parseOwnerId,
  parseRequestId,
  parseRotationId,
  parseUserId,
  parseUserName,
} from '../../lambda/domain/ids.ts';

const keyId = parseAccessKeyId('AKIAFAKE000000000009');
const rotationId = parseRotationId('01FAKE0000R0TAT10N00000001');
const exemptionId = parseExemptionId('01FAKE0000EXEMPT10N0000001');
const requestId = parseRequestId('01FAKE0000REQUEST100000001');
const at = '2026-04-11T00:00:00.000Z';
const lastUse = { at: '2026-04-10T09:00:00.000Z', service: 's3', region: 'eu-central-1' } as const;
const later = '2026-04-21T00:00:00.000Z';
const receipt = {
  about: [parseEventId('01FAKE0000EVENT00000000001')],
  channel: 'slack',
  to: parseOwnerId('payments'),
} as const;

const tally = {
  part: 1,
  users: 3,
  keys: 4,
  rootKeys: 0,
  reportMissing: 'AWS denied iam:GenerateCredentialReport.',
  unreadRequests: 1,
  steps: { rotate: 1 },
  failed: 1,
  failures: [{ userName: parseUserName('ci-deploy'), error: 'IAM throttled the call.' }],
} as const;

/** Details of every type of event with every field set: `Required` makes a new field fail to compile until it is here. */
export const sampleDetails: { readonly [K in EventType]: Required<EventDetails[K]> } = {
  'run-started': {
    part: { number: 1, of: 1 },
    expectedAccounts: [parseAccountId('111122223333')],
    enforcingAccounts: [parseAccountId('111122223333')],
    skippedAccounts: [{ account: parseAccountId('444455556666'), why: 'suspended' }],
    requested: true,
    nextWithinHours: 72,
  },
  'run-failed': { error: 'Organizations throttled the listing.', requested: true },
  'sweep-finished': tally,
  'sweep-continued': { ...tally, part: 2 },
  'sweep-failed': { reason: 'no-access', error: 'The member role cannot be assumed.' },
  'root-key-seen': { activeKeys: 1 },
  'inventory-taken': {
    part: { number: 1, of: 1 },
    startedAt: at,
    users: [
      {
        userName: parseUserName('ci-deploy'),
        userId: parseUserId('AIDAFAKE0000000000009'),
        path: '/team/',
        keys: [{ keyId, createdAt: at, status: 'Active' }],
      },
    ],
    unread: [parseUserName('web')],
  },
  'rotation-upcoming': { rotateAt: at, thresholdDays: 14 },
  'rotation-intended': { rotationId },
  'rotation-failed': { rotationId, stage: 'store', error: 'Secrets Manager answered 500.' },
  'rotation-abandoned': { rotationId, why: 'The user is gone.' },
  'orphan-removed': { rotationId },
  'key-published': {
    rotationId,
    replaces: keyId,
    secretName: 'keyturn/111122223333/ci-deploy',
    alone: { secretRegion: 'eu-central-1', requestId },
  },
  'key-replaced': {
    rotationId,
    incomingKeyId: keyId,
    secretName: 'keyturn/111122223333/ci-deploy',
    secretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keyturn/111122223333/ci-deploy-FaKeId',
    secretRegion: 'eu-central-1',
    disableAt: at,
    deleteAt: later,
    lastUse,
    requestId,
  },
  'key-adopted': { replaces: keyId, lastUse, outgoingLastUse: lastUse, disableAt: at },
  'key-still-used': {
    reminder: 'half-way',
    lastUse,
    successorKeyId: keyId,
    adopted: false,
    disableAt: at,
    held: true,
    secretRegion: 'eu-central-1',
    secretArn: 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keyturn/111122223333/ci=2Ddeploy-AbCdEf',
  },
  'retirement-started': { why: 'both-due', successorKeyId: keyId, disableAt: at, deleteAt: later, after: 'exemption' },
  'retirement-cancelled': { why: 'successor-gone' },
  'disable-intended': {},
  'disable-failed': { error: 'IAM answered 500.' },
  'key-disabled': {
    by: 'keyturn',
    why: 'rotated',
    deleteAt: later,
    successorKeyId: keyId,
    adopted: false,
    lastUse,
    requestId,
  },
  'deletion-upcoming': { deleteAt: later, why: 'rotated' },
  'delete-intended': {},
  'delete-failed': { error: 'IAM answered 500.' },
  'key-deleted': { by: 'keyturn', why: 'rotated' },
  'request-made': {
    requestId,
    request: 'rotate',
    reason: 'Found in a public repository.',
    disableOldNow: true,
    hours: 48,
    days: 7,
  },
  'request-refused': { requestId, request: 'restore', why: 'The key is not disabled.', unasked: true },
  'restore-intended': { requestId },
  'restore-failed': { requestId, error: 'IAM answered 500.' },
  'key-restored': { requestId, until: later, successorKeyId: keyId },
  'key-snoozed': { requestId, step: 'disable', until: later, successorKeyId: keyId },
  'key-reactivated': { disableAt: at, successorKeyId: keyId },
  'step-waiting': {
    step: 'disable',
    reason: 'in-use',
    until: later,
    lastUse: { at, service: 's3', region: 'eu-central-1' },
    requestId,
    behind: keyId,
    heldUntil: '2026-05-11T00:00:00.000Z',
  },
  'user-blocked': { reason: 'too-many-keys', keys: 3 },
  'user-unblocked': {},
  'user-gone': {},
  'user-replaced': { formerUserId: parseUserId('AIDAFAKE0000000000009') },
  'exemption-ending': { exemptionId, expiresAt: later, retiring: [{ keyId, step: 'disable', at: later }] },
  'exemption-ended': { exemptionId },
  'exemption-granted': {
    exemptionId,
    match: 'user ci-deploy',
    covers: { account: '*', match: { kind: 'user', userName: parseUserName('ci-deploy') } },
    reason: 'Vendor freeze.',
    approver: 'Ada',
    expiresAt: later,
  },
  'exemption-revoked': {
    exemptionId,
    match: 'user ci-deploy',
    covers: { account: '*', match: { kind: 'user', userName: parseUserName('ci-deploy') } },
    reason: 'No longer needed.',
  },
  'owners-imported': { owners: 2, assignments: 3, changes: ['added owner payments'] },
  'notice-delivered': receipt,
  'notice-failed': { ...receipt, error: 'Slack answered 500.' },
};
