import type { HistoryEvent } from '../../../lambda/domain/events.ts';
import { runAt } from '../../../local/demo/calendar.ts';
import { alwaysTrue, breachesIn } from '../../../local/demo/invariants/always-true.ts';
import { announcedKeysCanBeFetched } from '../../../local/demo/invariants/announced-keys-can-be-fetched.ts';
import { changesAreOnRecord } from '../../../local/demo/invariants/changes-are-on-record.ts';
import { exemptUsersAreLeftAlone } from '../../../local/demo/invariants/exempt-users-are-left-alone.ts';
import { historyIsTrue } from '../../../local/demo/invariants/history-is-true.ts';
import { madeKeysAreStored } from '../../../local/demo/invariants/made-keys-are-stored.ts';
import { nobodyIsLeftOut } from '../../../local/demo/invariants/nobody-is-left-out.ts';
import { nobodyIsSurprised } from '../../../local/demo/invariants/nobody-is-surprised.ts';
import { nothingBeforeItsDeadline } from '../../../local/demo/invariants/nothing-before-its-deadline.ts';
import { observingChangesNothing } from '../../../local/demo/invariants/observing-changes-nothing.ts';
import { onlyTheWorkerTouchesKeys } from '../../../local/demo/invariants/only-the-worker-touches-keys.ts';
import { ownersKeepAKey } from '../../../local/demo/invariants/owners-keep-a-key.ts';
import { receiptsAreTrue } from '../../../local/demo/invariants/receipts-are-true.ts';
import { leaks } from '../../../local/demo/invariants/secrets-stay-secret.ts';
import { sampleDetails } from '../../support/sample-details.ts';
import { call, delivery, event, evidence, key, NEW, OLD, secretWith, snapshot, TODAY, user } from './evidence.ts';

const replaced = (day: number) =>
  event('key-replaced', day, {
    rotationId: '01FAKE00000000000000000009' as never,
    incomingKeyId: NEW,
    secretName: 'keyturn/111122223333/build-bot',
    secretRegion: 'us-east-1',
    disableAt: '',
    deleteAt: '',
  });
const disabledOn = (day: number) => event('key-disabled', day, { by: 'keyturn', why: 'rotated', deleteAt: '' });
const finished = (failures: { userName: string; error: string }[] = [], users = 1) =>
  event('sweep-finished', TODAY, {
    part: 1,
    users,
    keys: 1,
    steps: {},
    failed: failures.length,
    failures: failures as never,
  });

/** The old key is disabled today; its successor is in the secret. */
const disabling = {
  before: snapshot(user([key(OLD, 0), key(NEW, 90)], secretWith(NEW))),
  after: snapshot(user([key(OLD, 0, 'Inactive'), key(NEW, 90)], secretWith(NEW))),
};
const deleting = {
  before: snapshot(user([key(OLD, -20, 'Inactive'), key(NEW, 80)], secretWith(NEW))),
  after: snapshot(user([key(NEW, 80)], secretWith(NEW))),
};

test('a calm day with its one sweep breaks nothing', () => {
  const history = [event('run-started', TODAY, sampleDetails['run-started']), finished()];
  expect(breachesIn(evidence({ history }))).toEqual([]);
  expect(alwaysTrue.size).toBe(12);
});

describe('owners keep a key', () => {
  test('the successor that is in the secret counts', () => {
    expect(ownersKeepAKey(evidence(disabling))).toEqual([]);
  });
  test('one that is not published does not', () => {
    const after = snapshot(user([key(OLD, 0, 'Inactive'), key(NEW, 90)], { secret: { versions: new Set() } }));
    expect(ownersKeepAKey(evidence({ ...disabling, after }))).toEqual([expect.stringContaining('build-bot')]);
  });
  test('nor does one that is Inactive', () => {
    const after = snapshot(user([key(NEW, 90, 'Inactive')], secretWith(NEW)));
    expect(ownersKeepAKey(evidence({ ...disabling, after }))).toHaveLength(1);
  });
  test('whoever had only Inactive keys had nothing to lose', () => {
    const before = snapshot(user([key(OLD, 0, 'Inactive')]));
    expect(ownersKeepAKey(evidence({ before, after: snapshot(user([])) }))).toEqual([]);
  });
});

describe('keys made by Keyturn are in their secret', () => {
  test('an Active one that is stored nowhere is found', () => {
    const after = snapshot(user([key(OLD, 0), key(NEW, 90)], secretWith(OLD)));
    expect(madeKeysAreStored(evidence({ after }))).toEqual([expect.stringContaining(NEW)]);
  });
  test('an earlier version will do: its successor may be current', () => {
    const after = snapshot(user([key(NEW, 90)], secretWith(OLD, NEW)));
    expect(madeKeysAreStored(evidence({ after }))).toEqual([]);
  });
});

describe('announced keys can be fetched', () => {
  const history = [replaced(TODAY)];

  test.each([
    ['current and Active', [key(OLD, 10), key(NEW, TODAY)], NEW, 0],
    ['stored, but not current', [key(OLD, 10), key(NEW, TODAY)], OLD, 1],
    ['current, but Inactive', [key(OLD, 10), key(NEW, TODAY, 'Inactive')], NEW, 1],
    ['current, and gone', [key(OLD, 10)], NEW, 1],
  ])('%s', (_, keys, current, count) => {
    const after = snapshot(user(keys, secretWith(current, OLD, NEW)));
    expect(announcedKeysCanBeFetched(evidence({ after, history }))).toHaveLength(count);
  });
});

describe('nothing before its deadline', () => {
  test.each([
    [90, 'on the day', []],
    [91, 'a day too early', [expect.stringContaining('before its deadline 2027-04-15')]],
  ])('disabled on day 100 after a replacement on day %i: %s', (day, _, expected) => {
    expect(nothingBeforeItsDeadline(evidence({ ...disabling, history: [replaced(day)] }))).toEqual(expected);
  });
  test('a young key waits for its age', () => {
    const young = snapshot(user([key(OLD, 1), key(NEW, 90)]));
    const after = snapshot(user([key(OLD, 1, 'Inactive'), key(NEW, 90)]));
    const broken = nothingBeforeItsDeadline(evidence({ before: young, after, history: [replaced(50)] }));
    expect(broken).toEqual([expect.stringContaining('before its deadline')]);
  });
  test('what nothing announced must not happen at all', () => {
    expect(nothingBeforeItsDeadline(evidence(disabling))).toEqual([expect.stringContaining('nothing on record')]);
  });
  test.each([
    [90, 0],
    [91, 1],
  ])('deleted on day 100 after a disabling on day %i: %i violations', (day, count) => {
    expect(nothingBeforeItsDeadline(evidence({ ...deleting, history: [disabledOn(day)] }))).toHaveLength(count);
  });
  test.each([
    [90, 0],
    [91, 1],
  ])('deleted on day 100 after another date was announced on day %i: %i violations', (day, count) => {
    const again = event('retirement-started', day, { why: 'rotated', deleteAt: '', after: 'exemption' });
    expect(nothingBeforeItsDeadline(evidence({ ...deleting, history: [disabledOn(50), again] }))).toHaveLength(count);
  });
  test.each([
    [90, 0],
    [91, 1],
  ])('disabled on day 100 after another date was announced on day %i: %i violations', (day, count) => {
    const again = event('retirement-started', day, { why: 'rotated', deleteAt: '', after: 'exemption' });
    expect(nothingBeforeItsDeadline(evidence({ ...disabling, history: [replaced(10), again] }))).toHaveLength(count);
  });
  test('an Active key is never deleted', () => {
    const before = snapshot(user([key(OLD, -20), key(NEW, 80)]));
    const broken = nothingBeforeItsDeadline(evidence({ ...deleting, before, history: [disabledOn(50)] }));
    expect(broken).toHaveLength(1);
  });
});

describe('what somebody asked for', () => {
  const because = { requestId: '01FAKE00000000000000000008' as never, request: 'rotate', reason: 'a leak' } as const;
  const leak = event('request-made', TODAY, { ...because, disableOldNow: true });
  const restored = event('key-restored', 98, {
    requestId: because.requestId,
    until: new Date(runAt(100)).toISOString(),
  });
  const tooLong = event('key-restored', 98, {
    requestId: because.requestId,
    until: new Date(runAt(101)).toISOString(),
  });

  test('a key that shall stop at once stops without deadline and notice, but not because of a mere rotation', () => {
    const asked = evidence({ ...disabling, history: [leak, replaced(TODAY)] });
    expect([...nothingBeforeItsDeadline(asked), ...nobodyIsSurprised(asked)]).toEqual([]);
    const plain = evidence({ ...disabling, history: [event('request-made', TODAY, because), replaced(TODAY)] });
    expect(nothingBeforeItsDeadline(plain)).toHaveLength(1);
    expect(nobodyIsSurprised(plain)).not.toEqual([]);
  });
  test('a restored key is disabled again on its date and not before', () => {
    expect(nothingBeforeItsDeadline(evidence({ ...disabling, history: [replaced(50), restored] }))).toEqual([]);
    expect(nothingBeforeItsDeadline(evidence({ ...disabling, history: [replaced(50), tooLong] }))).toHaveLength(1);
  });
  test('a restore has an intent and an outcome of its own', () => {
    const update = call('UpdateAccessKey', { params: { UserName: 'build-bot', AccessKeyId: OLD, Status: 'Active' } });
    const { requestId } = because;
    const intended = event('restore-intended', TODAY, { requestId });
    const done = event('key-restored', TODAY, { requestId, until: '' });
    expect(changesAreOnRecord(evidence({ calls: [update], history: [intended, done] }))).toEqual([]);
    expect(changesAreOnRecord(evidence({ calls: [update], history: [done] }))).toHaveLength(1);
    expect(changesAreOnRecord(evidence({ calls: [update], history: [intended] }))).toHaveLength(1);
  });
  test('a restored key is Active in IAM', () => {
    const restoring = { before: disabling.after, after: disabling.before };
    const done = event('key-restored', TODAY, { requestId: because.requestId, until: '' });
    expect(historyIsTrue(evidence({ ...restoring, history: [done] }))).toEqual([]);
    expect(historyIsTrue(evidence(restoring))).toEqual([expect.stringContaining('In IAM, not in history')]);
  });
});

describe('nobody is surprised', () => {
  const announced = replaced(90);
  const receipt = event('notice-delivered', 90, { about: [announced.id], channel: 'sns', to: 'operators' });
  const notice = delivery(90, `Access key ${OLD} was replaced`);

  test('a notice that arrived and its receipt', () => {
    const told = evidence({ ...disabling, history: [announced, receipt], deliveries: [notice] });
    expect(nobodyIsSurprised(told)).toEqual([]);
  });
  test('a receipt without a notice', () => {
    const lied = evidence({ ...disabling, history: [announced, receipt] });
    expect(nobodyIsSurprised(lied)).toEqual([expect.stringContaining('no notice about it had arrived')]);
  });
  test('a notice without a receipt', () => {
    const forgot = evidence({ ...disabling, history: [announced], deliveries: [notice] });
    expect(nobodyIsSurprised(forgot)).toEqual([expect.stringContaining('without a receipt')]);
  });
  test('a notice that came with the run is too late', () => {
    const late = evidence({ ...disabling, history: [announced, receipt], deliveries: [delivery(TODAY, OLD)] });
    expect(nobodyIsSurprised(late)).toHaveLength(1);
  });
});

describe('changes are on record', () => {
  const intent = event('disable-intended', TODAY, {});
  const outcome = disabledOn(TODAY);

  test('with intent and outcome', () => {
    expect(changesAreOnRecord(evidence({ calls: [call('UpdateAccessKey')], history: [intent, outcome] }))).toEqual([]);
  });
  test.each([
    ['intent', [outcome]],
    ['outcome', [intent]],
  ])('without %s', (missing, history) => {
    const broken = changesAreOnRecord(evidence({ calls: [call('UpdateAccessKey')], history }));
    expect(broken).toEqual([expect.stringContaining(missing)]);
  });
  test('an intent that came after the act is none', () => {
    const calls = [call('UpdateAccessKey', { time: new Date(Date.parse(intent.time) - 5_000) })];
    expect(changesAreOnRecord(evidence({ calls, history: [intent, outcome] }))).toHaveLength(1);
  });
  test('that of another key is none', () => {
    const other = { ...intent, keyId: NEW };
    expect(changesAreOnRecord(evidence({ calls: [call('UpdateAccessKey')], history: [other, outcome] }))).toHaveLength(
      1,
    );
  });
});

describe('history is true', () => {
  test('both say the same', () => {
    expect(historyIsTrue(evidence({ ...disabling, history: [disabledOn(TODAY)] }))).toEqual([]);
  });
  test('IAM shows what history does not', () => {
    expect(historyIsTrue(evidence(disabling))).toEqual([`In IAM, not in history: key ${OLD} disabled.`]);
  });
  test('history says what IAM does not show', () => {
    expect(historyIsTrue(evidence({ history: [disabledOn(TODAY)] }))).toEqual([
      `In history, not in IAM: key ${OLD} disabled.`,
    ]);
  });
  test('what somebody else did is not Keyturn’s to show', () => {
    const gone = event('key-deleted', TODAY, { by: 'somebody' });
    expect(historyIsTrue(evidence({ history: [gone] }))).toEqual([]);
  });
});

describe('receipts are true', () => {
  const told = disabledOn(TODAY);
  const receipt = event('notice-delivered', TODAY, { about: [told.id], channel: 'slack', to: 'web' as never });

  test.each([
    ['it arrived there', delivery(TODAY, OLD, { channel: 'slack' }), 0],
    ['it arrived elsewhere', delivery(TODAY, OLD), 1],
    ['another owner got it', delivery(TODAY, OLD, { channel: 'slack', to: 'data' }), 1],
    ['it is about another key', delivery(TODAY, NEW, { channel: 'slack' }), 1],
    ['it came yesterday', delivery(TODAY - 1, OLD, { channel: 'slack' }), 1],
  ])('%s', (_, arrived, count) => {
    expect(receiptsAreTrue(evidence({ history: [told, receipt], deliveries: [arrived] }))).toHaveLength(count);
  });
});

describe('nobody is left out', () => {
  const started = event('run-started', TODAY, sampleDetails['run-started']);

  test.each([
    ['no run', [finished()], /0 runs/],
    ['no sweep', [started], /No sweep was finished/],
    ['a run twice', [started, started, finished()], /2 runs/],
    ['a user missing', [started, finished([], 0)], /0 users of 1/],
    ['a user failed', [started, finished([{ userName: 'build-bot', error: 'throttled' }])], /build-bot: throttled/],
    [
      'the sweep failed',
      [started, event('sweep-failed', TODAY, { ...sampleDetails['sweep-failed'], error: 'denied' }), finished()],
      /denied/,
    ],
  ])('%s', (_, history, expected) => {
    expect(nobodyIsLeftOut(evidence({ history }))).toEqual([expect.stringMatching(expected)]);
  });
});

describe('exempt users are left alone', () => {
  const granted = (expiresAt: string) =>
    event('exemption-granted', 0, { exemptionId: 'E' as never, match: '', reason: '', approver: '', expiresAt });

  test.each([
    ['2027-12-01T00:00:00.000Z', 1],
    ['2027-02-01T00:00:00.000Z', 0],
  ])('an exemption until %s: %i violations on 14 April', (expiresAt, count) => {
    expect(exemptUsersAreLeftAlone(evidence({ ...disabling, history: [granted(expiresAt)] }))).toHaveLength(count);
  });
  test.each([
    ['the user', disabling.before.users[0]?.userId, 1],
    ['a former user of the name', 'AIDAFAKE0000000000099' as never, 0],
  ])('one for %s: %s, %i violations', (_, userId, count) => {
    const match = { kind: 'user', userName: 'build-bot' as never } as const;
    const { details, ...head } = granted('2027-12-01T00:00:00.000Z') as HistoryEvent<'exemption-granted'>;
    const covers = { account: '*' as const, match, ...(userId && { userId }) };
    const history = [{ ...head, details: { ...details, covers } }];
    expect(exemptUsersAreLeftAlone(evidence({ ...disabling, history }))).toHaveLength(count);
  });
  test('a revoked one holds no more', () => {
    const revoked = event('exemption-revoked', 1, { exemptionId: 'E' as never, match: '', reason: '' });
    const history = [granted('2027-12-01T00:00:00.000Z'), revoked];
    expect(exemptUsersAreLeftAlone(evidence({ ...disabling, history }))).toEqual([]);
  });
});

describe('observing changes nothing', () => {
  const mode = 'observe';

  test('reading is allowed', () => {
    expect(observingChangesNothing(evidence({ mode, calls: [call('ListAccessKeys')] }))).toEqual([]);
  });
  test.each([
    ['a call', { calls: [call('CreateSecret', { service: 'secretsmanager' })] }],
    ['a key', disabling],
    [
      'a secret',
      { after: { ...snapshot(user([key(OLD, 50)])), secrets: new Map([['keyturn/x', new Set<string>()]]) } },
    ],
  ])('%s that changes something', (_, overrides) => {
    expect(observingChangesNothing(evidence({ mode, ...overrides }))).toHaveLength(1);
    expect(observingChangesNothing(evidence(overrides))).toEqual([]);
  });
});

describe('only the member role touches keys', () => {
  const worker = 'arn:aws:sts::111122223333:assumed-role/KeyturnWorker/function';

  test.each([
    ['as it should be', call('CreateAccessKey'), 0],
    ['the worker itself', call('CreateAccessKey', { principalArn: worker }), 1],
    ['denied', call('CreateAccessKey', { errorCode: 'AccessDenied' }), 1],
    ['reading a user’s secret', call('GetSecretValue', { params: { SecretId: 'keyturn/1/x' } }), 1],
    ['reading the Slack secret', call('GetSecretValue', { params: { SecretId: 'slack' } }), 0],
  ])('%s', (_, one, count) => {
    expect(onlyTheWorkerTouchesKeys(evidence({ calls: [one] }))).toHaveLength(count);
  });
});

test('a secret is found in a text, also encoded, and not repeated', () => {
  const secret = 'fake/secret+access+key';
  const texts = [
    { where: 'a log', text: `key ${secret}` },
    { where: 'a call', text: `Value=${encodeURIComponent(secret)}` },
    { where: 'a table', text: 'fake' },
  ];
  expect(leaks([secret], texts)).toEqual(['A secret is in a log.', 'A secret is in a call.']);
});
