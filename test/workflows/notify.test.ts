import type { HistoryEvent } from '../../lambda/domain/events.ts';
import { parseOwnerId, parseUserName, type UserName } from '../../lambda/domain/ids.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { type NotifyWorld, notify, UntoldError } from '../../lambda/workflows/notify.ts';
import {
  ACCOUNT,
  anAssignment,
  anEvent,
  anOwner,
  at,
  eventId,
  keyId,
  OTHER_ACCOUNT,
  userId,
} from '../support/builders.ts';
import { Calls } from '../support/calls.ts';
import { FakeChannel } from '../support/fake-channel.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeIds } from '../support/fake-ids.ts';
import { FakeLedger } from '../support/fake-ledger.ts';
import { FakeLog } from '../support/fake-log.ts';
import { FakeOwners } from '../support/fake-owners.ts';

const ci = parseUserName('ci-deploy');
const cron = parseUserName('cron');
const bob = parseUserName('bob');
const stray = parseUserName('stray');
const payments = anOwner({ slackChannel: '#payments' });
const search = anOwner({ id: parseOwnerId('search'), name: 'Search', email: 'search@example.com' });

let made = 0;
beforeEach(() => {
  made = 0;
});

/** An event of its own ID about the user, one minute before the clock's noon. */
function about<T extends HistoryEvent['type']>(
  userName: UserName | undefined,
  type: T,
  overrides: Parameters<typeof anEvent<T>>[1] = {},
): HistoryEvent {
  made += 1;
  const time = '2026-01-01T11:59:00.000Z';
  const event = anEvent(type, { id: eventId(at(time), made), time, keyId: keyId(made), ...overrides });
  const { userName: _, userId: __, userPath: ___, keyId: ____, ...head } = event as HistoryEvent & { keyId?: unknown };
  return userName === undefined ? (head as HistoryEvent) : { ...event, userName };
}

/** Payments (Slack and mail) owns ci-deploy and cron, Search (mail) owns bob; nobody owns stray. */
async function deployment({ slack = true }: { readonly slack?: boolean } = {}) {
  const calls = new Calls();
  const owners = new FakeOwners(calls);
  const ledger = new FakeLedger(calls);
  const log = new FakeLog();
  const channels = {
    sns: new FakeChannel('sns', calls),
    slack: new FakeChannel('slack', calls),
    operators: new FakeChannel('operators-topic', calls),
  };
  for (const owner of [payments, search]) await owners.putOwner(owner);
  await owners.putAssignment(anAssignment({ match: { kind: 'user', userName: ci } }));
  await owners.putAssignment(anAssignment({ match: { kind: 'name', pattern: 'cron*' } }));
  await owners.putAssignment(anAssignment({ match: { kind: 'user', userName: bob }, ownerId: search.id }));
  const { slack: withSlack, ...others } = channels;
  const world: NotifyWorld = {
    owners,
    history: ledger,
    ids: new FakeIds(),
    clock: new FakeClock('2026-01-01T12:00:00.000Z'),
    log,
    channels: slack ? { ...others, slack: withSlack } : others,
  };
  const down = (channel: keyof typeof channels, times = 99) =>
    calls.failOn(`channel.${channels[channel].name}`, {
      when: 'before',
      error: new UnavailableError(`${channel} answered 503.`),
      times,
    });
  return { world, calls, owners, ledger, log, down, ...channels };
}

/** Which of the events the call left to be retried. */
async function untoldBy(call: Promise<void>): Promise<readonly string[]> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof UntoldError)) throw new Error('nothing was left to be retried', { cause: error });
  return [...error.events];
}

const ids = (...events: readonly HistoryEvent[]) => events.map(({ id }) => id);

describe('one message per owner and channel', () => {
  test('an owner with several keys gets one message in Slack and one by SNS, another owner their own', async () => {
    const { world, slack, sns, operators } = await deployment();
    await notify(world, [
      about(ci, 'key-replaced'),
      about(bob, 'key-disabled'),
      about(cron, 'key-replaced'),
      about(ci, 'key-deleted'),
    ]);
    expect(slack.sent.map(({ to }) => to)).toEqual([payments]);
    expect(sns.sent.map(({ to }) => to)).toEqual([payments, search]);
    expect(operators.sent).toEqual([]);
    for (const { text } of [slack.sent[0], sns.sent[0]].flatMap((notice) => notice ?? [])) {
      expect(text).toContain(keyId(1));
      expect(text).toContain(keyId(3));
      expect(text).toContain(keyId(4));
      expect(text).not.toContain(keyId(2));
    }
  });

  test('attributes name the owner, the account and the type, or say that there are several', async () => {
    const { world, owners, sns, operators } = await deployment();
    await owners.putAssignment(anAssignment({ account: OTHER_ACCOUNT, match: { kind: 'account' } }));
    await notify(world, [
      about(ci, 'key-replaced'),
      about(ci, 'key-deleted', { account: OTHER_ACCOUNT }),
      about(bob, 'key-disabled'),
      about(undefined, 'root-key-seen'),
    ]);
    expect(sns.sent.map(({ attributes }) => attributes)).toEqual([
      { owner: 'payments', account: 'several', type: 'several' },
      { owner: 'search', account: ACCOUNT, type: 'key-disabled' },
    ]);
    expect(operators.sent.map(({ attributes }) => attributes)).toEqual([
      { owner: 'operators', account: ACCOUNT, type: 'root-key-seen' },
    ]);
  });

  test('only Slack gets blocks', async () => {
    const { world, slack, sns } = await deployment();
    await notify(world, [about(ci, 'key-replaced')]);
    expect(slack.sent[0]?.blocks.length).toBeGreaterThan(2);
    expect(sns.sent[0]?.blocks).toEqual([]);
  });

  test('what is for nobody is told to nobody', async () => {
    const { world, calls } = await deployment();
    await notify(world, [
      about(ci, 'rotation-intended'),
      about(undefined, 'run-started'),
      about(ci, 'notice-delivered'),
    ]);
    expect(calls.log.filter(({ name }) => name.startsWith('channel.'))).toEqual([]);
  });

  test('the path of the user decides when a rule about paths does', async () => {
    const { world, owners, sns } = await deployment();
    await owners.putAssignment(anAssignment({ match: { kind: 'path', pattern: '/search/*' }, ownerId: search.id }));
    await notify(world, [about(stray, 'key-replaced', { userPath: '/search/indexers/' })]);
    expect(sns.sent.map(({ to }) => to)).toEqual([search]);
  });

  test('more than Slack can take goes there in several messages, each with its own receipts, and by SNS in one', async () => {
    const { world, slack, sns, ledger } = await deployment();
    const events = Array.from({ length: 100 }, () => about(ci, 'key-replaced'));
    await notify(world, events);
    expect(sns.sent).toHaveLength(1);
    expect(slack.sent.length).toBeGreaterThan(1);
    const receipts = ledger.eventsOf('notice-delivered').filter(({ details }) => details.channel === 'slack');
    expect(receipts).toHaveLength(slack.sent.length);
    expect(receipts.flatMap(({ details }) => details.about).toSorted()).toEqual(ids(...events));
  });
});

describe('operators', () => {
  test('get their own news in one message, and in observe mode what owners would have been told', async () => {
    const { world, operators, sns, slack } = await deployment();
    await notify(world, [
      about(undefined, 'sweep-failed'),
      about(ci, 'rotation-failed'),
      about(bob, 'key-replaced', { mode: 'observe' }),
    ]);
    expect(operators.sent).toHaveLength(1);
    expect(operators.sent[0]?.to).toBe('operators');
    expect(operators.sent[0]?.text).toMatch(/Account not swept.*Rotation failed.*Would be replaced/s);
    expect([...sns.sent, ...slack.sent]).toEqual([]);
  });

  test('get what has no owner, and are told so', async () => {
    const { world, operators, ledger } = await deployment();
    const event = about(stray, 'key-replaced');
    await notify(world, [event]);
    expect(operators.sent[0]?.subject).toMatch(/^\[Keyturn\] No owner: /);
    expect(operators.sent[0]?.text).toContain('Users without an owner.');
    expect(ledger.eventsOf('notice-delivered').map(({ details }) => details)).toEqual([
      { about: [event.id], channel: 'operators-topic', to: 'operators' },
    ]);
  });

  test('get what is assigned to an owner of whom there is no record', async () => {
    const { world, owners, operators } = await deployment();
    await owners.deleteOwner(search.id);
    await notify(world, [about(bob, 'key-replaced')]);
    expect(operators.sent[0]?.text).toContain('belongs to the owner search, who is not in the owners');
  });

  test('get what is for an owner without any channel', async () => {
    const { world, owners, operators } = await deployment();
    const { email: _, ...unreachable } = search;
    await owners.putOwner(unreachable);
    await notify(world, [about(bob, 'key-replaced')]);
    expect(operators.sent[0]?.text).toContain('who could not be told: no e-mail address');
  });
});

describe('receipts', () => {
  test('one per user and channel, in the history of that user, listing its events', async () => {
    const { world, ledger } = await deployment();
    const [first, second, third] = [about(ci, 'key-replaced'), about(ci, 'key-deleted'), about(cron, 'key-replaced')];
    await notify(world, [first, second, third]);
    const receipts = ledger.eventsOf('notice-delivered');
    const seen = receipts.map(({ userName, details }) => [userName, details.channel, details.to, details.about]);
    expect(seen.toSorted()).toEqual([
      [ci, 'slack', 'payments', ids(first, second).toSorted()],
      [ci, 'sns', 'payments', ids(first, second).toSorted()],
      [cron, 'slack', 'payments', ids(third)],
      [cron, 'sns', 'payments', ids(third)],
    ]);
  });

  test('a receipt about one key is found by that key; its head is that of the events', async () => {
    const { world, ledger } = await deployment();
    const event = about(bob, 'key-replaced', { userPath: '/people/', userId: userId(7) });
    await notify(world, [event]);
    expect(ledger.eventsOf('notice-delivered')).toMatchObject([
      {
        time: '2026-01-01T12:00:00.000Z',
        account: ACCOUNT,
        userName: bob,
        userId: userId(7),
        userPath: '/people/',
        keyId: event.keyId,
        runId: event.runId,
        actor: 'keyturn',
        mode: 'enforce',
      },
    ]);
  });

  test('what concerns the account alone has its receipt in the account’s own history', async () => {
    const { world, ledger } = await deployment();
    await notify(world, [about(undefined, 'root-key-seen')]);
    const [receipt] = ledger.eventsOf('notice-delivered');
    expect(receipt).toMatchObject({ account: ACCOUNT, details: { to: 'operators' } });
    expect(receipt).not.toHaveProperty('userName');
  });

  test('a re-created user does not share a receipt with its namesake', async () => {
    const { world, ledger } = await deployment();
    await notify(world, [
      about(bob, 'key-deleted', { userId: userId(1) }),
      about(bob, 'key-replaced', { userId: userId(2) }),
    ]);
    const receipts = ledger.eventsOf('notice-delivered').map((receipt) => receipt.userId);
    expect(receipts.toSorted()).toEqual([userId(1), userId(2)]);
  });

  test('a receipt is never dated before its event, even when this machine’s clock is behind', async () => {
    const { world, ledger } = await deployment();
    await notify({ ...world, clock: new FakeClock('2026-01-01T11:58:00.000Z') }, [about(bob, 'key-replaced')]);
    expect(ledger.eventsOf('notice-delivered').map(({ time }) => time)).toEqual(['2026-01-01T11:59:00.000Z']);
  });
});

describe('delivered again', () => {
  test('nothing is sent twice', async () => {
    const { world, slack, sns, operators, ledger } = await deployment();
    const events = [about(ci, 'key-replaced'), about(stray, 'key-deleted'), about(undefined, 'root-key-seen')];
    await notify(world, events);
    const recorded = ledger.events().length;
    await notify(world, [...events, ...events]);
    expect([slack, sns, operators].map(({ sent }) => sent.length)).toEqual([1, 1, 1]);
    expect(ledger.events()).toHaveLength(recorded);
  });

  test('of a batch that grew, only what is new is sent', async () => {
    const { world, sns } = await deployment();
    const [old, recent] = [about(bob, 'key-replaced'), about(bob, 'key-deleted')];
    await notify(world, [old]);
    await notify(world, [old, recent]);
    expect(sns.sent).toHaveLength(2);
    expect(sns.sent[1]?.text).toContain(recent.keyId);
    expect(sns.sent[1]?.text).not.toContain(old.keyId);
  });

  test('what one channel took and the other refused goes only to the other', async () => {
    const { world, slack, sns, down } = await deployment();
    down('slack', 1);
    const event = about(ci, 'key-replaced');
    await notify(world, [event]);
    await notify(world, [event]);
    expect([slack.sent.length, sns.sent.length]).toEqual([1, 1]);
  });

  test('an event twice in one batch is told once', async () => {
    const { world, sns } = await deployment();
    const event = about(bob, 'key-replaced');
    await notify(world, [event, event]);
    expect(sns.sent[0]?.text.split(`Access key ${event.keyId} `)).toHaveLength(2);
  });

  test('a message whose receipt could not be written counts as untold, and is sent again', async () => {
    const { world, sns, calls } = await deployment();
    calls.failOn('history.append', { when: 'before', error: new UnavailableError('History is throttled.') });
    const event = about(bob, 'key-replaced');
    expect(await untoldBy(notify(world, [event]))).toEqual(ids(event));
    await notify(world, [event]);
    expect(sns.sent).toHaveLength(2);
  });

  test('without a look at the receipts nothing is sent: the events are untold', async () => {
    const { world, sns, calls } = await deployment();
    calls.failOn('history.query', {
      when: 'before',
      error: new UnavailableError('History is throttled.'),
      where: (query) => JSON.stringify(query).includes('"bob"'),
    });
    const [event, other] = [about(bob, 'key-replaced'), about(ci, 'key-replaced')];
    expect(await untoldBy(notify(world, [event, other]))).toEqual(ids(event));
    expect(sns.sent.map(({ to }) => to)).toEqual([payments]);
  });
});

describe('a channel that is down', () => {
  test('the other channel of the owner suffices; the refusal is on record', async () => {
    const { world, sns, operators, ledger, down } = await deployment();
    down('slack');
    const event = about(ci, 'key-replaced');
    await notify(world, [event]);
    expect(sns.sent).toHaveLength(1);
    expect(operators.sent).toEqual([]);
    expect(ledger.eventsOf('notice-failed').map(({ userName, details }) => [userName, details])).toEqual([
      [ci, { about: [event.id], channel: 'slack', to: 'payments', error: 'slack answered 503.' }],
    ]);
  });

  test('both down: operators get the notice, whose it is and why', async () => {
    const { world, operators, ledger, down } = await deployment();
    down('slack');
    down('sns');
    const event = about(ci, 'key-replaced');
    await notify(world, [event]);
    expect(operators.sent).toHaveLength(1);
    expect(operators.sent[0]?.subject).toMatch(/^\[Keyturn\] For payments: /);
    expect(operators.sent[0]?.text).toContain(
      'What follows is for Payments (owner payments), who could not be told: Slack: slack answered 503.; SNS: sns answered 503.',
    );
    expect(ledger.eventsOf('notice-delivered').map(({ details }) => details)).toEqual([
      { about: [event.id], channel: 'operators-topic', to: 'operators' },
    ]);
  });

  test('a deployment without Slack reaches Slack-only owners through the operators', async () => {
    const { world, owners, operators } = await deployment({ slack: false });
    const { email: _, ...slackOnly } = payments;
    await owners.putOwner(slackOnly);
    await notify(world, [about(ci, 'key-replaced')]);
    expect(operators.sent[0]?.text).toContain('Slack: Slack is not set up in this deployment.');
  });

  test('everything down: exactly what nobody could be told is untold', async () => {
    const { world, sns, calls, down } = await deployment();
    down('operators');
    down('slack');
    calls.failOn('channel.sns', {
      when: 'before',
      error: new UnavailableError('sns answered 503.'),
      times: 99,
      where: (notice) => JSON.stringify(notice).includes('"payments"'),
    });
    const [mine, theirs, nobodys] = [
      about(ci, 'key-replaced'),
      about(bob, 'key-replaced'),
      about(stray, 'key-deleted'),
    ];
    expect((await untoldBy(notify(world, [mine, theirs, nobodys]))).toSorted()).toEqual(ids(mine, nobodys));
    expect(sns.sent.map(({ to }) => to)).toEqual([search]);
  });

  test('up again, the retry tells the rest, and history holds one refusal for each channel', async () => {
    const { world, operators, ledger, calls, down } = await deployment();
    down('operators');
    const event = about(stray, 'key-replaced');
    await untoldBy(notify(world, [event]));
    await untoldBy(notify(world, [event]));
    calls.heal();
    await notify(world, [event]);
    expect(operators.sent).toHaveLength(1);
    expect(ledger.eventsOf('notice-failed')).toHaveLength(1);
    expect(ledger.eventsOf('notice-delivered')).toHaveLength(1);
  });

  test('a refusal that cannot be recorded does not stop the fallback', async () => {
    const { world, operators, calls, down } = await deployment();
    down('sns');
    calls.failOn('history.append', { when: 'before', error: new UnavailableError('History is throttled.') });
    await notify(world, [about(bob, 'key-replaced')]);
    expect(operators.sent).toHaveLength(1);
  });
});

describe('the owners’ table cannot be read', () => {
  test('that is not "no owner": the events are untold and operators are not bothered with them', async () => {
    const { world, operators, calls } = await deployment();
    calls.failOn('owners.assignments', { when: 'before', error: new UnavailableError('Owners is throttled.') });
    const [keyEvent, rootEvent] = [about(ci, 'key-replaced'), about(undefined, 'root-key-seen')];
    expect(await untoldBy(notify(world, [keyEvent, rootEvent]))).toEqual(ids(keyEvent));
    expect(operators.sent[0]?.text).not.toContain(keyEvent.keyId);
  });

  test('one owner that cannot be read does not stop another', async () => {
    const { world, sns, calls } = await deployment();
    calls.failOn('owners.owner', {
      when: 'before',
      error: new UnavailableError('Owners is throttled.'),
      where: (id) => id === 'payments',
    });
    const [first, second, other] = [about(ci, 'key-replaced'), about(cron, 'key-replaced'), about(bob, 'key-replaced')];
    expect(await untoldBy(notify(world, [first, second, other]))).toEqual(ids(first, second));
    expect(sns.sent.map(({ to }) => to)).toEqual([search]);
  });
});

test('the error says how many events are untold and why, and keeps the cause', async () => {
  const { world, calls } = await deployment();
  const cause = new UnavailableError('Owners is throttled.');
  calls.failOn('owners.assignments', { when: 'before', error: cause });
  await expect(notify(world, [about(ci, 'key-replaced')])).rejects.toMatchObject({
    name: 'UntoldError',
    message: '1 event could not be told, first because: UnavailableError: Owners is throttled.',
    cause,
  });
});
