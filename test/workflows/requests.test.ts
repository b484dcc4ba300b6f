import { audienceOf } from '../../lambda/domain/events.ts';
import type { AccessKeyId, UserName } from '../../lambda/domain/ids.ts';
import { parseUserName } from '../../lambda/domain/ids.ts';
import type { Request, Wish } from '../../lambda/domain/requests.ts';
import { MINUTE, toIso } from '../../lambda/domain/time.ts';
import { KeyGoneError, NotCreatedError, UnavailableError } from '../../lambda/ports.ts';
import { refuseStray } from '../../lambda/workflows/take-off-requests.ts';
import { ACCOUNT, aRequest, keyId, requestId, requestMade } from '../support/builders.ts';
import { onDay, SweepStory } from './support/sweep-story.ts';

/** No key of any story. */
const KEY = keyId(77);
const HOUR = 60 * MINUTE;
let asked = 0;

/** Somebody asks for it on that day, before its run. */
async function ask(story: SweepStory, userName: UserName, day: number, wish: Wish): Promise<Request> {
  asked += 1;
  const request = aRequest(wish, { id: requestId(asked), userName, requestedAt: onDay(day) - HOUR });
  await story.ledger.append([requestMade(request)]);
  await story.owners.putRequest(request);
  return request;
}

const rotate = (wish: { readonly disableOldNow?: boolean; readonly keyId?: AccessKeyId } = {}): Wish => ({
  kind: 'rotate',
  disableOldNow: false,
  ...wish,
});

const onList = async (story: SweepStory) => (await story.owners.requests(ACCOUNT)).map(({ id }) => id);
const answeredOf = async (story: SweepStory, userName: UserName) =>
  (await story.ledger.record(ACCOUNT, userName))?.tracking.answered;
const whys = (story: SweepStory) => story.ledger.eventsOf('request-refused').map(({ details }) => details.why);

/** Whose key was replaced on day 0, is disabled on day 10 and deleted on day 20. */
async function aRetiring() {
  const story = new SweepStory();
  const { userName, keyId } = story.userWithKey('old-bot', 400);
  await story.sweepOn(0);
  return { story, userName, keyId };
}

describe('a rotation out of turn', () => {
  test('is done in the next sweep, on record with its request, and off the list', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('young', 5);
    await story.sweepOn(0);
    const { id } = await ask(story, userName, 1, rotate());
    await story.liveThrough(1, 3);
    expect(story.ledger.eventsOf('key-replaced').map((event) => [event.keyId, event.details.requestId])).toEqual([
      [keyId, id],
    ]);
    expect(story.daysOf('key-replaced', keyId)).toEqual([1]);
    expect(await onList(story)).toEqual([]);
    expect((await story.keysOf(userName)).map(({ status }) => status)).toEqual(['Active', 'Active']);
  });

  test('of a user too new for the credential report is done all the same: IAM is asked for it by name', async () => {
    const story = new SweepStory();
    story.userWithKey('other', 5);
    await story.sweepOn(0);
    story.iam.freezeReport();
    const { userName, keyId } = story.userWithKey('brand-new', 0);
    await ask(story, userName, 1, rotate());
    await story.sweepOn(1);
    expect(story.daysOf('key-replaced', keyId)).toEqual([1]);
    expect(whys(story)).toEqual([]);
  });

  test('is found although its name is written in other letters', async () => {
    const story = new SweepStory();
    const { keyId } = story.userWithKey('Build-Bot', 5);
    await ask(story, parseUserName('build-bot'), 0, rotate());
    await story.sweepOn(0);
    expect(story.daysOf('key-replaced', keyId)).toEqual([0]);
  });

  test('is not held back by the caps, but counts', async () => {
    const story = new SweepStory();
    story.settings = { ...story.settings, policy: { ...story.settings.policy, maxStepsPerSweep: 1 } };
    const young = story.userWithKey('young', 5);
    const older = story.userWithKey('older', 200);
    const oldest = story.userWithKey('oldest', 300);
    await ask(story, young.userName, 0, rotate());
    await story.sweepOn(0);
    expect(story.ledger.eventsOf('key-replaced').map(({ keyId }) => keyId)).toEqual([young.keyId]);
    await story.liveThrough(1, 2);
    expect([oldest, older].map(({ keyId }) => story.daysOf('key-replaced', keyId))).toEqual([[1], [2]]);
  });

  test('that failed is tried again by the next sweep, and answered by the one that succeeds', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('young', 5);
    await ask(story, userName, 0, rotate());
    story.calls.failOn('iam.createKey', { when: 'before', error: new NotCreatedError('denied') });
    await story.sweepOn(0);
    expect(await onList(story)).toHaveLength(1);
    await story.sweepOn(1);
    expect(story.daysOf('key-replaced', keyId)).toEqual([1]);
    expect(await onList(story)).toEqual([]);
  });

  test('whose worker died is completed by recovery, which answers the request too', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('young', 5);
    const { id } = await ask(story, userName, 0, rotate());
    story.calls.failOn('prover.prove', { when: 'before', error: new UnavailableError('STS is down') });
    await story.sweepOn(0);
    expect(await onList(story)).toEqual([id]);
    await story.liveThrough(1, 2);
    expect(story.ledger.eventsOf('key-replaced').map((event) => [event.keyId, event.details.requestId])).toEqual([
      [keyId, id],
    ]);
    expect(story.calls.of('iam.createKey')).toHaveLength(1);
    expect(await onList(story)).toEqual([]);
  });
});

describe('a leak', () => {
  test('the key is replaced and stops in the same sweep, before anybody is told', async () => {
    const story = new SweepStory();
    story.deliverNotices = false;
    const { userName, keyId } = story.userWithKey('leaky', 5);
    const { id } = await ask(story, userName, 0, rotate({ disableOldNow: true }));
    await story.sweepOn(0);
    expect(story.typesOf(userName)).toEqual([
      'request-made',
      'rotation-intended',
      'key-published',
      'key-replaced',
      'disable-intended',
      'key-disabled',
    ]);
    expect(story.iam.key(keyId)?.status).toBe('Inactive');
    const [disabled] = story.ledger.eventsOf('key-disabled');
    expect(disabled?.details).toMatchObject({ by: 'keyturn', requestId: id });
    expect(await onList(story)).toEqual([]);
    const [successor] = (await story.keysOf(userName)).filter(({ status }) => status === 'Active');
    expect(story.fetched(userName)).toBe(successor && story.iam.secretOf(successor.keyId));
  });

  test('when IAM does not list the new key in time, the next sweep stops the old one', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('leaky', 5);
    const before = await story.iam.keys(userName);
    story.iam.keysWith = async () => before;
    await ask(story, userName, 0, rotate({ disableOldNow: true }));
    await story.sweepOn(0);
    expect(story.iam.key(keyId)?.status).toBe('Active');
    expect(await onList(story)).toEqual([]);
    await story.sweepOn(1);
    expect(story.daysOf('key-disabled', keyId)).toEqual([1]);
  });

  test('of a key that was replaced already stops it at once', async () => {
    const { story, userName, keyId } = await aRetiring();
    const { id } = await ask(story, userName, 3, rotate({ disableOldNow: true, keyId }));
    await story.sweepOn(3);
    expect(story.daysOf('key-disabled', keyId)).toEqual([3]);
    expect(story.ledger.eventsOf('key-disabled')[0]?.details.requestId).toBe(id);
    expect(await onList(story)).toEqual([]);
    // Somebody makes it Active again: that is told, and then it goes its usual way.
    story.iam.reactivate(keyId);
    await story.liveThrough(4, 14);
    expect(story.daysOf('key-reactivated', keyId)).toEqual([4]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([3, 14]);
  });

  test('a disabling whose answer was lost is recorded as the request’s own', async () => {
    const { story, userName, keyId } = await aRetiring();
    const { id } = await ask(story, userName, 3, rotate({ disableOldNow: true, keyId }));
    story.calls.failOn('iam.disableKey', { when: 'after', error: new UnavailableError('timed out') });
    await story.sweepOn(3);
    expect(await onList(story)).toEqual([id]);
    await story.sweepOn(4);
    expect(story.ledger.eventsOf('key-disabled').map(({ details }) => details)).toEqual([
      expect.objectContaining({ by: 'keyturn', requestId: id }),
    ]);
    expect(whys(story)).toEqual([]);
    expect(await onList(story)).toEqual([]);
  });

  test('a rotation that recovery completes stops the old key as well', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('leaky', 5);
    await ask(story, userName, 0, rotate({ disableOldNow: true }));
    story.calls.failOn('secrets.publish', { when: 'after', error: new UnavailableError('timed out') });
    await story.sweepOn(0);
    expect(story.iam.key(keyId)?.status).toBe('Active');
    await story.sweepOn(1);
    expect(story.iam.key(keyId)?.status).toBe('Inactive');
    expect(story.daysOf('key-replaced', keyId)).toEqual([1]);
  });

  test('never leaves its user without an Active key: the successor is gone, so another is made first', async () => {
    const { story, userName, keyId } = await aRetiring();
    const successor = (await story.keysOf(userName)).find((key) => key.keyId !== keyId);
    story.iam.deleteKeyByHand(successor?.keyId ?? keyId);
    await ask(story, userName, 1, rotate({ disableOldNow: true, keyId }));
    await story.sweepOn(1);
    const types = story.typesOf(userName);
    expect(types.indexOf('key-disabled')).toBeGreaterThan(types.lastIndexOf('key-replaced'));
    expect((await story.keysOf(userName)).filter(({ status }) => status === 'Active')).toHaveLength(1);
  });
});

describe('a restore', () => {
  test('lets a disabled key work for two days; then it is disabled again, with its whole way to deletion', async () => {
    const { story, userName, keyId } = await aRetiring();
    await story.liveThrough(1, 12);
    const { id } = await ask(story, userName, 13, { kind: 'restore', keyId, hours: 48 });
    await story.sweepOn(13);
    expect(story.iam.key(keyId)?.status).toBe('Active');
    expect(story.ledger.eventsOf('key-restored').map(({ details }) => details)).toEqual([
      expect.objectContaining({ requestId: id, until: toIso(onDay(15)) }),
    ]);
    expect(await onList(story)).toEqual([]);
    story.iam.useKey(keyId);
    await story.liveThrough(14, 30);
    expect(story.daysOf('key-disabled', keyId)).toEqual([10, 15]);
    expect(story.daysOf('key-deleted', keyId)).toEqual([25]);
    expect(story.daysOf('key-reactivated', keyId)).toEqual([]);
  });

  test('of a key that was stopped before its time lasts no longer than was asked for', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('leaky', 5);
    await ask(story, userName, 0, rotate({ disableOldNow: true }));
    await story.sweepOn(0);
    await ask(story, userName, 1, { kind: 'restore', keyId, hours: 24 });
    await story.sweepOn(1);
    await ask(story, userName, 2, { kind: 'snooze', keyId, days: 2 });
    await story.liveThrough(2, 6);
    expect(story.daysOf('key-restored', keyId)).toEqual([1]);
    expect(story.daysOf('key-snoozed', keyId)).toEqual([2]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([0, 4]);
  });

  test.each(['before', 'after'] as const)(
    'whose worker died %s the call is taken up by the next sweep',
    async (when) => {
      const { story, userName, keyId } = await aRetiring();
      await story.liveThrough(1, 12);
      const { id } = await ask(story, userName, 13, { kind: 'restore', keyId, hours: 48 });
      story.calls.failOn('iam.enableKey', { when, error: new UnavailableError('timed out') });
      await story.sweepOn(13);
      expect(story.ledger.eventsOf('restore-failed')).toHaveLength(1);
      expect(await onList(story)).toEqual([id]);
      await story.sweepOn(14);
      expect(story.iam.key(keyId)?.status).toBe('Active');
      expect(story.ledger.eventsOf('key-restored').map(({ details }) => details.requestId)).toEqual([id]);
      expect(story.daysOf('key-reactivated', keyId)).toEqual([]);
      expect(await onList(story)).toEqual([]);
    },
  );

  test('of a key that somebody deletes at that moment is refused by the next sweep', async () => {
    const { story, userName, keyId } = await aRetiring();
    await story.liveThrough(1, 12);
    await ask(story, userName, 13, { kind: 'restore', keyId, hours: 48 });
    story.calls.failOn('iam.enableKey', { when: 'before', error: new KeyGoneError('gone') });
    await story.sweepOn(13);
    story.iam.deleteKeyByHand(keyId);
    await story.sweepOn(14);
    expect(story.daysOf('key-deleted', keyId)).toEqual([14]);
    expect(whys(story)).toEqual([expect.stringContaining('one that is deleted cannot be brought back')]);
    expect(await onList(story)).toEqual([]);
  });

  test('of a key that this very sweep finds disabled follows in it', async () => {
    const { story, userName, keyId } = await aRetiring();
    await story.liveThrough(1, 9);
    story.calls.failOn('iam.disableKey', { when: 'after', error: new UnavailableError('timed out') });
    await story.sweepOn(10);
    await ask(story, userName, 11, { kind: 'restore', keyId, hours: 24 });
    await story.sweepOn(11);
    // What was just recorded is settled only after minutes: the key is restored by what it is on record as.
    expect(story.iam.key(keyId)?.status).toBe('Active');
    expect(story.daysOf('key-restored', keyId)).toEqual([11]);
  });
});

describe('a snooze', () => {
  test('puts the disabling off, and what follows with it', async () => {
    const { story, userName, keyId } = await aRetiring();
    const { id } = await ask(story, userName, 4, { kind: 'snooze', keyId, days: 7 });
    await story.liveThrough(4, 30);
    expect(story.ledger.eventsOf('key-snoozed').map(({ details }) => details)).toEqual([
      expect.objectContaining({ requestId: id, step: 'disable', until: toIso(onDay(17)) }),
    ]);
    expect(story.daysOf('key-disabled', keyId)).toEqual([17]);
    expect(story.daysOf('key-deleted', keyId)).toEqual([27]);
    expect(await onList(story)).toEqual([]);
  });

  test('twice adds up to no more than maxHoldDays', async () => {
    const { story, userName, keyId } = await aRetiring();
    await ask(story, userName, 1, { kind: 'snooze', keyId, days: 20 });
    await story.sweepOn(1);
    await ask(story, userName, 2, { kind: 'snooze', keyId, days: 11 });
    await story.sweepOn(2);
    expect(whys(story)).toEqual([expect.stringContaining('10 days more are possible')]);
    await ask(story, userName, 3, { kind: 'snooze', keyId, days: 10 });
    await story.liveThrough(3, 41);
    expect(story.daysOf('key-disabled', keyId)).toEqual([40]);
  });
});

describe('a request counts by what its own user’s history holds', () => {
  const stop = (keyId?: AccessKeyId): Wish => ({ ...rotate({ disableOldNow: true }), ...(keyId && { keyId }) }) as Wish;

  test('one that nobody is on record for is refused, told to the operators, and never carried out', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('victim', 5);
    await story.owners.putRequest(aRequest(stop(keyId), { userName, requestedAt: onDay(0) - HOUR }));
    const { failed } = await story.sweepOn(0);
    expect(failed).toBe(0);
    expect(story.calls.of('iam.createKey')).toEqual([]);
    expect(story.iam.key(keyId)?.status).toBe('Active');
    const [refusal, ...others] = story.ledger.eventsOf('request-refused');
    expect(others).toEqual([]);
    expect(refusal).toMatchObject({
      userName,
      keyId,
      actor: 'keyturn',
      details: { requestId: requestId(1), unasked: true },
    });
    expect(refusal?.details.why).toMatch(/^Nobody is on record as having asked for it, though the list names arn:/);
    expect(refusal && audienceOf(refusal)).toBe('operators');
    expect(await onList(story)).toEqual([]);
  });

  test('of a user that IAM does not have, too', async () => {
    const story = new SweepStory();
    await story.owners.putRequest(
      aRequest(stop(), { userName: parseUserName('nobody'), requestedAt: onDay(0) - HOUR }),
    );
    await story.sweepOn(0);
    expect(whys(story)).toEqual([expect.stringContaining('Nobody is on record')]);
  });

  test.each<[string, (asked: Request) => Request]>([
    ['for another user, in whose history nobody asked', (asked) => ({ ...asked, userName: parseUserName('mine') })],
    ['under another ID', (asked) => ({ ...asked, id: requestId(999_999) })],
    [
      'for another kind',
      ({ id, account, userName, reason, requestedBy, requestedAt }) =>
        aRequest({ kind: 'snooze', keyId: KEY, days: 3 }, { id, account, userName, reason, requestedBy, requestedAt }),
    ],
    ['for a key that was not named', (asked) => ({ ...asked, keyId: KEY })],
    ['to stop the key at once', (asked) => ({ ...asked, disableOldNow: false }) as Request],
  ])('somebody who asked %s asked for something else', async (_, differently) => {
    const story = new SweepStory();
    const { userName } = story.userWithKey('victim', 5);
    story.userWithKey('mine', 5);
    const request = aRequest(stop(), { userName, requestedAt: onDay(0) - HOUR });
    await story.ledger.append([requestMade(differently(request))]);
    await story.owners.putRequest(request);
    await story.sweepOn(0);
    expect(whys(story)).toEqual([expect.stringContaining('Nobody is on record')]);
    expect(story.calls.of('iam.createKey')).toEqual([]);
  });

  test.each<Wish>([
    { kind: 'restore', keyId: KEY, hours: 48 },
    { kind: 'snooze', keyId: KEY, days: 20 },
  ])('one to $kind for longer than was asked for is refused', async (wish) => {
    const story = new SweepStory();
    const { userName } = story.userWithKey('victim', 5);
    const request = aRequest(wish, { userName, requestedAt: onDay(0) - HOUR });
    const less = { ...request, ...('hours' in wish ? { hours: 1 } : { days: 1 }) } as Request;
    await story.ledger.append([requestMade(less)]);
    await story.owners.putRequest(request);
    await story.sweepOn(0);
    expect(whys(story)).toEqual([expect.stringContaining('Nobody is on record')]);
  });

  test('one that was answered long ago is not carried out again, whoever puts it on the list once more', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('young', 5);
    const request = await ask(story, userName, 1, stop());
    await story.liveThrough(1, 8);
    expect(story.daysOf('key-disabled', keyId)).toEqual([1]);
    await story.owners.putRequest(request);
    await story.sweepOn(9);
    expect(story.ledger.eventsOf('key-replaced')).toHaveLength(1);
    expect(whys(story)).toEqual([]);
    expect(await onList(story)).toEqual([]);
    // Nor under another date: nobody asked then.
    await story.owners.putRequest({ ...request, requestedAt: onDay(10) - HOUR });
    await story.sweepOn(10);
    expect(story.ledger.eventsOf('key-replaced')).toHaveLength(1);
    expect(whys(story)).toEqual([expect.stringContaining('Nobody is on record')]);
  });

  test('nor is one that was made in other letters than IAM writes the name in', async () => {
    const story = new SweepStory();
    story.userWithKey('Build-Bot', 5);
    const request = await ask(story, parseUserName('build-bot'), 1, stop());
    await story.liveThrough(0, 2);
    await story.owners.putRequest(request);
    await story.sweepOn(3);
    expect(story.ledger.eventsOf('key-replaced')).toHaveLength(1);
    expect(await onList(story)).toEqual([]);
  });

  test('a history that cannot be read is not one in which nobody asked: the request waits, and its user', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('young', 5);
    const { id } = await ask(story, userName, 0, rotate());
    story.calls.failOn('history.query', { when: 'before', error: new UnavailableError('throttled') });
    const { failed, failures } = await story.sweepOn(0);
    expect({ failed, failures }).toEqual({
      failed: 1,
      failures: [{ userName, error: `history could not be read, so request ${id} waits: UnavailableError: throttled` }],
    });
    expect(await onList(story)).toEqual([id]);
    expect(whys(story)).toEqual([]);
    await story.sweepOn(1);
    expect(story.daysOf('key-replaced', keyId)).toEqual([1]);
  });

  test('nor is it nothing to do where IAM does not have the user', async () => {
    const story = new SweepStory();
    const { id } = await ask(story, parseUserName('nobody'), 0, rotate());
    story.calls.failOn('history.query', { when: 'before', error: new UnavailableError('throttled') });
    const { failed, failures } = await story.sweepOn(0);
    expect({ failed, failures }).toMatchObject({ failed: 1, failures: [{ userName: 'nobody' }] });
    expect(await onList(story)).toEqual([id]);
    await story.sweepOn(1);
    expect(whys(story)).toEqual([expect.stringContaining('There is no IAM user nobody')]);
  });

  test('history is asked only when there are requests, and once for each', async () => {
    const story = new SweepStory();
    const { userName } = story.userWithKey('young', 5);
    await story.sweepOn(0);
    const before = story.calls.of('history.query').length;
    await story.sweepOn(1);
    expect(story.calls.of('history.query')).toHaveLength(before);
    const { account, requestedAt } = await ask(story, userName, 2, { kind: 'snooze', keyId: KEY, days: 1 });
    await story.sweepOn(2);
    expect(story.calls.of('history.query').slice(before)).toMatchObject([
      { args: [{ by: { kind: 'user', account, userName }, since: requestedAt - 5 * MINUTE }] },
    ]);
  });
});

describe('every request is answered once, and none stays', () => {
  test('one whose rotation was interrupted is not refused because the account is observed meanwhile', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('young', 5);
    await ask(story, userName, 0, rotate());
    story.calls.failOn('secrets.publish', { when: 'after', error: new Error('the process died') });
    await story.sweepOn(0);
    const { mode } = story.settings;
    story.settings = { ...story.settings, mode: 'observe' };
    await story.sweepOn(1);
    expect(whys(story)).toEqual([]);
    story.settings = { ...story.settings, mode };
    await story.sweepOn(2);
    expect(story.daysOf('key-replaced', keyId)).toEqual([2]);
    expect(whys(story)).toEqual([]);
    expect(await onList(story)).toEqual([]);
  });

  test('a list that cannot be written is no reason to do it twice; the next sweep takes it off', async () => {
    const story = new SweepStory();
    const { userName } = story.userWithKey('young', 5);
    const { id } = await ask(story, userName, 0, rotate());
    story.calls.failOn('owners.deleteRequest', { when: 'before', error: new UnavailableError('down') });
    await story.sweepOn(0);
    expect(await onList(story)).toEqual([id]);
    expect(await answeredOf(story, userName)).toEqual([id]);
    await story.sweepOn(1);
    expect(await onList(story)).toEqual([]);
    expect(story.ledger.eventsOf('key-replaced')).toHaveLength(1);
    expect(whys(story)).toEqual([]);
  });

  test('an answer is forgotten with the next thing that is written of the user', async () => {
    const { story, userName, keyId } = await aRetiring();
    const { id } = await ask(story, userName, 1, { kind: 'snooze', keyId, days: 1 });
    await story.sweepOn(1);
    expect(await answeredOf(story, userName)).toEqual([id]);
    await story.liveThrough(2, 11);
    expect(story.daysOf('key-disabled', keyId)).toEqual([11]);
    expect(await answeredOf(story, userName)).toBeUndefined();
  });

  test('two requests for one user are both answered in one sweep', async () => {
    const { story, userName, keyId } = await aRetiring();
    await ask(story, userName, 1, { kind: 'snooze', keyId, days: 2 });
    await ask(story, userName, 1, { kind: 'snooze', keyId, days: 3 });
    await story.sweepOn(1);
    expect(story.ledger.eventsOf('key-snoozed').map(({ details }) => details.until)).toEqual([
      toIso(onDay(12)),
      toIso(onDay(15)),
    ]);
    expect(await onList(story)).toEqual([]);
  });

  test('a user that does not exist: refused, told, and off the list', async () => {
    const story = new SweepStory();
    await ask(story, parseUserName('nobody'), 0, rotate());
    await story.liveThrough(0, 1);
    expect(story.ledger.eventsOf('request-refused')).toEqual([
      expect.objectContaining({ userName: 'nobody', actor: 'keyturn' }),
    ]);
    expect(whys(story)).toEqual(['There is no IAM user nobody in account 111122223333.']);
    expect(await onList(story)).toEqual([]);
  });

  test('two workers at once refuse it once', async () => {
    const story = new SweepStory();
    const request = await ask(story, parseUserName('nobody'), 0, rotate());
    const { world } = story;
    await Promise.all([1, 2].map(() => refuseStray(world, story.message(onDay(0)), [request])));
    expect(whys(story)).toHaveLength(1);
    expect(await onList(story)).toEqual([]);
  });

  test('a user that went after its request was carried out: only taken off the list', async () => {
    const story = new SweepStory();
    const { userName } = story.userWithKey('leaver', 5);
    await ask(story, userName, 0, rotate());
    story.calls.failOn('owners.deleteRequest', { when: 'before', error: new UnavailableError('down') });
    await story.sweepOn(0);
    story.iam.deleteUser(userName);
    await story.liveThrough(1, 2);
    expect(whys(story)).toEqual([]);
    expect(await onList(story)).toEqual([]);
  });

  test('a user that cannot be read: unknown is not absent, so its request waits', async () => {
    const story = new SweepStory();
    const { userName, keyId } = story.userWithKey('young', 5);
    await story.sweepOn(0);
    const { id } = await ask(story, userName, 1, rotate());
    story.calls.failOn('iam.keys', { when: 'before', error: new UnavailableError('throttled') });
    await story.sweepOn(1);
    expect(await onList(story)).toEqual([id]);
    await story.sweepOn(2);
    expect(story.daysOf('key-replaced', keyId)).toEqual([2]);
  });

  test('in observe mode it is refused, and stays refused when the mode changes', async () => {
    const story = new SweepStory();
    story.settings = { ...story.settings, mode: 'observe' };
    const { userName } = story.userWithKey('young', 5);
    await ask(story, userName, 0, rotate({ disableOldNow: true }));
    story.calls.failOn('owners.deleteRequest', { when: 'before', error: new UnavailableError('down') });
    await story.sweepOn(0);
    story.settings = { ...story.settings, mode: 'enforce' };
    await story.sweepOn(1);
    expect(whys(story)).toEqual(['This account is observed only: Keyturn changes nothing in it.']);
    expect(story.calls.of('iam.createKey')).toEqual([]);
    expect(await onList(story)).toEqual([]);
  });

  test('the list is read once a sweep, and whoever asks is read afresh, whatever is cached', async () => {
    const { story, userName, keyId } = await aRetiring();
    story.userWithKey('bystander', 5);
    await story.liveThrough(1, 2);
    await ask(story, userName, 3, { kind: 'snooze', keyId, days: 1 });
    const before = { requests: story.calls.of('owners.requests').length, keys: story.calls.of('iam.keys').length };
    await story.sweepOn(3);
    expect(story.calls.of('owners.requests')).toHaveLength(before.requests + 1);
    const read = story.calls.of('iam.keys').slice(before.keys);
    expect(new Set(read.map(({ args }) => args[0]))).toEqual(new Set([userName]));
  });

  test('a list that cannot be read fails the sweep: a request is never overlooked', async () => {
    const story = new SweepStory();
    story.calls.failOn('owners.requests', { when: 'before', error: new UnavailableError('down') });
    await expect(story.sweepOn(0)).rejects.toThrow('down');
    expect(story.ledger.eventsOf('sweep-failed')).toHaveLength(1);
  });
});
