import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { messagesFor } from '../../lambda/domain/notices/messages.ts';
import { anEvent, anOwner, keyId } from '../support/builders.ts';
import { sampleDetails } from '../support/sample-details.ts';
import { only } from './support/notices.ts';

/** Payments read their notices in Berlin. */
const payments = anOwner({ timeZone: 'Europe/Berlin' });

const time = '2026-03-08T06:00:00.000Z';
const disableAt = '2026-03-12T06:00:00.000Z';
const deleteAt = '2026-03-22T06:00:00.000Z';
const until = 'Thu 12 Mar 2026, 07:00 CET (06:00 UTC)';

function told<T extends HistoryEvent['type']>(type: T, details: HistoryEvent<T>['details']) {
  const event = anEvent<T>(type, { time, details });
  return only(messagesFor('sns', payments, [{ event }]));
}

test.each([
  [14, 'It helps to find out now where the present key is used.'],
  [8, 'It helps to find out now where the present key is used.'],
  [7, 'See to it that somebody who can install it is there'],
  [3, 'See to it that somebody who can install it is there'],
])('a rotation %s days ahead: what to do by then', (thresholdDays, words) => {
  expect(told('rotation-upcoming', { rotateAt: disableAt, thresholdDays }).text).toContain(words);
});

test.each([
  ['2026-03-08T06:00:00.001Z', 'within a day'],
  ['2026-03-09T05:59:59.999Z', 'within a day'],
  ['2026-03-09T06:00:00.000Z', 'in 1 day'],
  ['2026-03-21T18:00:00.000Z', 'in 14 days'],
])('a rotation at %s is %s', (rotateAt, words) => {
  expect(told('rotation-upcoming', { rotateAt, thresholdDays: 14 }).text).toContain(`, ${words}. From then on`);
});

describe('what people asked for', () => {
  const { requestId } = sampleDetails['key-restored'];

  test('a restored key: until when, and what to use by then', () => {
    const { subject, text } = told('key-restored', { requestId, until: disableAt, successorKeyId: keyId(2) });
    expect(subject).toBe('[Keyturn] Disabled key works again until 12 Mar 2026: ci-deploy');
    expect(text).toContain(`Use ${keyId(2)} instead everywhere by ${until}: then Keyturn disables it again`);
    expect(told('key-restored', { requestId, until: disableAt }).text).toContain(
      `On ${until} Keyturn disables it again`,
    );
  });

  test.each([
    ['disable', 'Old key keeps working until 12 Mar 2026', `it keeps working until ${until}, and is disabled then.`],
    ['delete', 'Disabled key is kept until 12 Mar 2026', `it stays disabled until ${until}, and is deleted for good`],
  ] as const)('a snoozed %s: the new date', (step, headline, words) => {
    const { subject, text } = told('key-snoozed', { requestId, step, until: disableAt });
    expect(subject).toBe(`[Keyturn] ${headline}: ci-deploy`);
    expect(text).toContain(words);
  });

  test.each([
    ['rotate', 'Keyturn did not make one: Not now.'],
    ['restore', 'Keyturn did not make it active: Not now.'],
    ['snooze', 'The dates stay as they were: Not now.'],
  ] as const)('a refused %s: what was not done and why', (request, words) => {
    expect(told('request-refused', { requestId, request, why: 'Not now.' }).text).toContain(words);
  });

  test('a restore that failed, to operators', () => {
    const event = anEvent('restore-failed');
    const { text } = only(messagesFor('operators-topic', 'operators', [{ event }]));
    expect(text).toContain('Somebody asked that it work again. Making it active failed: IAM answered 500.');
  });
});

test('a deletion to come: the date, that nothing brings it back, and both ways back until then', () => {
  const { subject, text } = told('deletion-upcoming', { deleteAt, why: 'rotated' });
  expect(subject).toBe('[Keyturn] Disabled key is deleted on 22 Mar 2026: ci-deploy');
  expect(text).toContain(
    'on Sun 22 Mar 2026, 07:00 CET (06:00 UTC) it is deleted for good: nothing brings it back then.',
  );
  expect(text).toContain(`keyturn restore --key ${keyId(1)} --for 48h`);
  expect(text).toContain('--status Active');
});

test('an exemption that has ended: keys are rotated again', () => {
  const { subject, text } = told('exemption-ended', sampleDetails['exemption-ended']);
  expect(subject).toBe('[Keyturn] Exemption has ended: ci-deploy');
  expect(text).toContain('these keys are rotated again like any others, and one that is overdue is replaced at once.');
});

test('a blocked user: its owner is told what operators are', () => {
  const { text } = told('user-blocked', { reason: 'too-many-keys', keys: 3 });
  expect(text).toContain('It has 3 access keys, more than the two that IAM allows.');
  expect(text).toContain("aws iam list-access-keys --user-name='ci-deploy'");
});

test('a run that somebody asked for and that could not begin: the request is not lost', () => {
  const event = anEvent('run-failed', { details: { error: 'No such account.', requested: true } });
  const { text } = only(messagesFor('operators-topic', 'operators', [{ event }]));
  expect(text).toContain('A run that somebody asked for could not begin: No such account.');
  expect(text).toContain('What was asked for is still on record');
});

describe('in observe mode', () => {
  test.each([
    ['key-adopted', 'Keyturn would disable the old key'],
    ['key-still-used', 'Keyturn would remind its owner, and disable it on'],
    ['deletion-upcoming', 'Keyturn would delete it on'],
    ['key-restored', 'Keyturn would make it active again until'],
    ['key-snoozed', 'Somebody asked for more time: its date would be'],
  ] as const)('%s says what would be done, that nothing was, and gives no command', (type, words) => {
    const event = anEvent(type, { mode: 'observe' });
    const { text } = only(messagesFor('operators-topic', 'operators', [{ event }]));
    expect(text).toContain(words);
    expect(text).toContain('Nothing was changed.');
    expect(text).not.toMatch(/aws |Get-SEC|keyturn (restore|snooze|pull)/);
  });

  test.each(['exemption-ended', 'request-refused', 'user-blocked'] as const)('%s is told as the fact it is', (type) => {
    const [enforced, observed] = (['enforce', 'observe'] as const).map((mode) =>
      only(messagesFor('operators-topic', 'operators', [{ event: anEvent(type, { mode }) }])),
    );
    expect(observed?.text).toBe(enforced?.text);
  });
});
