import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { messagesFor } from '../../lambda/domain/notices/messages.ts';
import { anEvent, anOwner, exemptionId, keyId, rotationId } from '../support/builders.ts';

/** Payments read their notices in Berlin. */
const payments = anOwner({ timeZone: 'Europe/Berlin' });

const disableAt = '2026-03-12T06:00:00.000Z';
const deleteAt = '2026-03-22T06:00:00.000Z';

const replaced = { rotationId: rotationId(1), incomingKeyId: keyId(2), disableAt, deleteAt };
const failed = { rotationId: rotationId(1) };
const granted = { exemptionId: exemptionId(1) };

function told<T extends HistoryEvent['type']>(
  type: T,
  details: HistoryEvent<T>['details'],
  overrides: Parameters<typeof anEvent<T>>[1] = {},
) {
  const event = anEvent<T>(type, { time: '2026-03-02T06:00:00.000Z', ...overrides, details });
  const [message] = messagesFor('sns', event.mode === 'observe' ? 'operators' : payments, [{ event }]);
  if (message === undefined) throw new Error('nothing is told');
  return message;
}

const inSecret = { secretName: 'keyturn/111122223333/ci-deploy', secretRegion: 'eu-central-1' };

describe('to an owner', () => {
  test('a replaced key: what, by when, and how to fetch the new one', () => {
    const { subject, text } = told('key-replaced', {
      ...replaced,
      secretName: 'keyturn/111122223333/ci=2Ddeploy',
      secretRegion: 'eu-central-1',
    });
    expect(subject).toBe('[Keyturn] Switch to the new key by 12 Mar 2026: ci-deploy');
    expect(text).toBe(`Hello Payments,

New key ready: switch to it
---------------------------

Access key AKIAFAKE000000000001 of user ci-deploy, account 111122223333
  The new key AKIAFAKE000000000002 is ready. For now both keys work.
  Use the new one everywhere by Thu 12 Mar 2026, 07:00 CET (06:00 UTC): then the old one is disabled and stops working. It is deleted for good on Sun 22 Mar 2026, 07:00 CET (06:00 UTC), at the earliest.
  The first command puts the new key in the place of the old one; the other two only show it:

  keyturn:
    keyturn pull --profile NAME --region eu-central-1

  AWS CLI:
    aws secretsmanager get-secret-value --secret-id 'keyturn/111122223333/ci=2Ddeploy' --version-stage AWSCURRENT --region eu-central-1 --query SecretString --output text

  PowerShell:
    (Get-SECSecretValue -SecretId 'keyturn/111122223333/ci=2Ddeploy' -VersionStage AWSCURRENT -Region eu-central-1).SecretString | ConvertFrom-Json

NAME is the profile that holds the old key, which may fetch the new one until it is disabled. To the AWS CLI add --profile NAME for that, to PowerShell -ProfileName NAME. keyturn pull comes from your platform team and needs Node.js 22 or newer.
What may take the place of such a key for good depends on who uses it: see "Which way is yours" in the guide "Leaving long-lived access keys" (your platform team has it).

--
You get this because you are on record as the owner of these users (payments). If that is wrong, tell your platform team.
No notice of Keyturn holds a secret or asks for one.`);
  });

  test('a key whose secret is in another account is fetched by ARN, and says what the user needs for that', () => {
    const secretArn = 'arn:aws:secretsmanager:eu-central-1:999900009999:secret:keyturn/111122223333/ci-deploy-AbCdEf';
    const { text } = told('key-replaced', { ...replaced, ...inSecret, secretArn });
    expect(text).toContain(`--secret-id '${secretArn}' --version-stage`);
    expect(text).toContain('The secret is in account 999900009999.');
    expect(text).toContain('have the managed policy KeyturnReadSecrets attached to it');
  });

  test('a key whose secret is in the account itself is fetched by name', () => {
    const secretArn = 'arn:aws:secretsmanager:eu-central-1:111122223333:secret:keyturn/111122223333/ci-deploy-AbCdEf';
    const { text } = told('key-replaced', { ...replaced, ...inSecret, secretArn });
    expect(text).toContain(`--secret-id '${inSecret.secretName}' --version-stage`);
    expect(text).not.toContain('KeyturnReadSecrets');
  });

  test('a rotation to come: when, and how long there will be to switch', () => {
    const { subject, text } = told('rotation-upcoming', { rotateAt: disableAt, thresholdDays: 14 });
    expect(subject).toBe('[Keyturn] Key rotation on 12 Mar 2026: ci-deploy');
    expect(text).toContain(
      'Keyturn makes its successor on Thu 12 Mar 2026, 07:00 CET (06:00 UTC), in 10 days. From then on you have 10 days to switch; this key keeps working meanwhile.',
    );
  });

  test.each([
    ['rotated', 'It has been replaced by a new key.'],
    ['replaced-by-hand', 'There is a newer key that Keyturn did not make.'],
    ['both-due', 'Both keys of this user are older than 90 days.'],
  ] as const)('a retirement because of %s: why, and which key to use instead by when', (why, because) => {
    const { subject, text } = told('retirement-started', { why, successorKeyId: keyId(2), disableAt, deleteAt });
    expect(subject).toBe('[Keyturn] Key to be disabled on 12 Mar 2026: ci-deploy');
    expect(text).toContain(because);
    expect(text).toContain(
      `Use ${keyId(2)} instead everywhere by Thu 12 Mar 2026, 07:00 CET (06:00 UTC): then this key is disabled and stops working.`,
    );
  });

  test('a retirement of a key that was never used: using it keeps it', () => {
    const { text } = told('retirement-started', { why: 'never-used', disableAt, deleteAt });
    expect(text).toContain('It is older than 90 days and was never used. It goes without a successor.');
    expect(text).toContain('use it before Thu 12 Mar 2026, 07:00 CET (06:00 UTC) and it stays.');
  });

  test.each([
    ['blocks-slot', 'its place is needed for the successor'],
    ['inactive-only', 'the user has no active key. Keyturn makes no new key for such a user.'],
  ] as const)('a retirement of an inactive key because of %s: it is only deleted', (why, because) => {
    const { subject, text } = told('retirement-started', { why, deleteAt });
    expect(subject).toBe('[Keyturn] Inactive key to be deleted on 22 Mar 2026: ci-deploy');
    expect(text).toContain(because);
    expect(text).toContain('If it is still needed, make it active again before then.');
    expect(text).not.toContain('disabled');
  });

  test.each([
    ['successor-gone', 'The key that was to take over is gone or inactive.'],
    ['used-after-all', 'It was used after all.'],
    ['slot-free', 'Its place is no longer needed.'],
    ['not-alone', 'The user has an active key again.'],
    ['active-again', 'It is active again.'],
    ['a reason of tomorrow', 'Reason: a reason of tomorrow'],
  ])('a retirement called off because of %s', (why, because) => {
    const { text } = told('retirement-cancelled', { why });
    expect(text).toContain('that is called off.');
    expect(text).toContain(because);
  });

  test('a disabled key: where its successor is, and the way back when something broke', () => {
    const { subject, text } = told('key-disabled', {
      by: 'keyturn',
      why: 'rotated',
      deleteAt,
      successorKeyId: keyId(2),
    });
    expect(subject).toBe('[Keyturn] Key disabled: ci-deploy');
    expect(text).toContain('Keyturn disabled it on Mon 2 Mar 2026, 07:00 CET (06:00 UTC). It no longer works.');
    expect(text).toContain(`Use ${keyId(2)} instead, which is in the secret keyturn/111122223333/ci=2Ddeploy.`);
    expect(text).toContain('through Keyturn for 48 hours, or through IAM for 10 days:');
    expect(text).toContain(
      "update-access-key --user-name='ci-deploy' --access-key-id AKIAFAKE000000000001 --status Active",
    );
  });

  test('a disabled key whose successor its owner made: no secret is named', () => {
    const { text } = told('key-disabled', { by: 'keyturn', why: 'both-due', deleteAt, successorKeyId: keyId(2) });
    expect(text).toContain(`Use ${keyId(2)} instead.`);
    expect(text).not.toContain('secret keyturn/');
  });

  test('a key that somebody else disabled, or deleted: it was not Keyturn', () => {
    expect(told('key-disabled', { by: 'somebody', why: 'rotated', deleteAt }).text).toContain(
      'Keyturn found it inactive on Mon 2 Mar 2026, 07:00 CET (06:00 UTC): somebody else disabled it.',
    );
    expect(told('key-deleted', { by: 'somebody' }).text).toContain('somebody else deleted it.');
  });

  test('a deleted key: it cannot be restored, and nothing is to be done', () => {
    const { text } = told('key-deleted', { by: 'keyturn', why: 'rotated' });
    expect(text).toMatch(/Keyturn deleted it on Mon 2 Mar 2026.*It cannot be restored\.\n\nNothing to do\./s);
  });

  test('a disabled key that is active again: until when, and what if nobody knows why', () => {
    const { subject, text } = told('key-reactivated', { disableAt, successorKeyId: keyId(2) });
    expect(subject).toBe('[Keyturn] Disabled key is active again until 12 Mar 2026: ci-deploy');
    expect(text).toContain(`Use ${keyId(2)} instead everywhere by Thu 12 Mar 2026`);
    expect(text).toContain('CloudTrail records it as UpdateAccessKey');
  });

  test('a key that is kept because it is in use: which service in which Region, and until when', () => {
    const lastUse = { at: '2026-03-01T06:00:00.000Z', service: 's3', region: 'eu-west-1' };
    const { text } = told('step-waiting', { step: 'disable', reason: 'in-use', until: disableAt, lastUse });
    expect(text).toContain('last used on Sun 1 Mar 2026, 07:00 CET (06:00 UTC) for s3 in eu-west-1.');
    expect(text).toContain(
      'If it is not used until Thu 12 Mar 2026, 07:00 CET (06:00 UTC), it is disabled then; each use puts that off.',
    );
  });

  test('an exemption: granted by whom and why, ending when, revoked why', () => {
    const exemption = { exemptionId: granted.exemptionId, match: 'users named ci-*', reason: 'Vendor freeze.' };
    const actor = 'arn:aws:iam::111122223333:user/alice';
    const grant = told('exemption-granted', { ...exemption, approver: 'Ada', expiresAt: deleteAt }, { actor });
    expect(grant.text).toContain(
      'Until Sun 22 Mar 2026, 07:00 CET (06:00 UTC) Keyturn leaves the keys of users named ci-*',
    );
    expect(grant.text).toContain(`Reason: Vendor freeze.\n  Approved by Ada, recorded by ${actor}.`);
    const ending = told('exemption-ending', { exemptionId: granted.exemptionId, expiresAt: deleteAt });
    expect(ending.subject).toBe('[Keyturn] Exemption ends on 22 Mar 2026: ci-deploy');
    expect(told('exemption-revoked', exemption, { actor }).text).toContain(`Revoked by ${actor}.`);
  });
});

describe('to operators', () => {
  test('a failed rotation: at which stage, and that the present key is untouched', () => {
    const { text } = told('rotation-failed', { ...failed, stage: 'verify', error: 'STS does not know the key.' });
    expect(text).toContain('It broke off while checking that the new key works: STS does not know the key.');
    expect(text).toContain('The present key is untouched.');
  });

  test.each([
    ['root-key-seen', 'Active access keys of the root user: 1. Keyturn never touches them.'],
    ['sweep-failed', 'Keyturn could not work on this account, or not to the end: The member role cannot be assumed.'],
    ['user-blocked', 'It has 3 access keys, more than the two that IAM allows. Keyturn touches none of them: until'],
    ['rotation-abandoned', 'A rotation that was under way is not continued: The user is gone.'],
    ['orphan-removed', 'Nobody has it and it was never used, so Keyturn deleted it.'],
    ['disable-failed', 'Disabling it failed: IAM answered 500.'],
    ['delete-failed', 'Deleting it failed: IAM answered 500.'],
  ] as const)('%s', (type, words) => {
    const [message] = messagesFor('operators-topic', 'operators', [{ event: anEvent(type) }]);
    expect(message?.text).toContain(words);
  });
});

describe('in observe mode', () => {
  test.each([
    ['rotation-upcoming', 'Keyturn would replace it on'],
    ['key-replaced', 'Keyturn would make a new key now, disable this one on'],
    ['retirement-started', 'Keyturn would disable it on'],
    ['retirement-cancelled', 'Keyturn would no longer retire it.'],
    ['key-disabled', 'Keyturn would disable it now and delete it on'],
    ['key-deleted', 'Keyturn would delete it now.'],
    ['key-reactivated', 'Keyturn would disable it again on'],
    ['step-waiting', 'It is time to disable it, and Keyturn would wait.'],
  ] as const)('%s says what would be done, that nothing was, and gives no command', (type, words) => {
    const [message] = messagesFor('operators-topic', 'operators', [{ event: anEvent(type, { mode: 'observe' }) }]);
    expect(message?.text).toContain(words);
    expect(message?.text).toContain('Nothing was changed.');
    expect(message?.text).not.toMatch(/aws |Get-SEC/);
  });

  test('an inactive key would only be deleted', () => {
    const { text } = told('retirement-started', { why: 'blocks-slot', deleteAt }, { mode: 'observe' });
    expect(text).toContain('Keyturn would delete it on Sun 22 Mar 2026, 06:00 UTC.');
  });

  test('what somebody else did is told as it is', () => {
    const disabled = told('key-disabled', { by: 'somebody', why: 'rotated', deleteAt }, { mode: 'observe' });
    expect(disabled.text).toContain('somebody else disabled it.');
    expect(disabled.text).toContain('Nothing was changed by Keyturn.');
    expect(told('key-deleted', { by: 'somebody' }, { mode: 'observe' }).text).toContain('somebody else deleted it.');
  });
});
