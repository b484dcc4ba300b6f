import { UnavailableError } from '../../lambda/ports.ts';
import { ACCOUNT, userId } from '../support/builders.ts';
import { about, bob, ci, cron, deployment, ids, payments, stray } from './support/deliver-story.ts';

describe('receipts', () => {
  test('one per user and channel, in the history of that user, listing its events', async () => {
    const { tell, ledger } = await deployment();
    const [first, second, third] = [about(ci, 'key-replaced'), about(ci, 'key-deleted'), about(cron, 'key-replaced')];
    await tell([first, second, third]);
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
    const { tell, ledger } = await deployment();
    const event = about(bob, 'key-replaced', { userPath: '/people/', userId: userId(7) });
    await tell([event]);
    expect(ledger.eventsOf('notice-delivered')).toMatchObject([
      {
        time: '2026-01-01T12:15:00.000Z',
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
    const { tell, ledger } = await deployment();
    await tell([about(undefined, 'root-key-seen')]);
    const [receipt] = ledger.eventsOf('notice-delivered');
    expect(receipt).toMatchObject({ account: ACCOUNT, details: { to: 'operators' } });
    expect(receipt).not.toHaveProperty('userName');
  });

  test('a re-created user does not share a receipt with its namesake', async () => {
    const { tell, ledger } = await deployment();
    await tell([about(bob, 'key-deleted', { userId: userId(1) }), about(bob, 'key-replaced', { userId: userId(2) })]);
    const receipts = ledger.eventsOf('notice-delivered').map((receipt) => receipt.userId);
    expect(receipts.toSorted()).toEqual([userId(1), userId(2)]);
  });

  test('a receipt is never dated before its event, even when this machine’s clock is behind', async () => {
    const { happens, tick, clock, ledger } = await deployment();
    await happens(about(bob, 'key-disabled'));
    clock.set('2026-01-01T11:58:00.000Z');
    await tick();
    expect(ledger.eventsOf('notice-delivered').map(({ time }) => time)).toEqual(['2026-01-01T11:59:00.000Z']);
  });
});

describe('delivered again', () => {
  test('nothing is sent twice', async () => {
    const { tell, slack, sns, operators, ledger } = await deployment();
    const events = [about(ci, 'key-replaced'), about(stray, 'key-deleted'), about(undefined, 'root-key-seen')];
    await tell(events);
    const recorded = ledger.events().length;
    expect(await tell([...events, ...events])).toEqual([]);
    expect([slack, sns, operators].map(({ sent }) => sent.length)).toEqual([1, 1, 1]);
    expect(ledger.events()).toHaveLength(recorded);
  });

  test('of a batch that grew, only what is new is sent', async () => {
    const { tell, clock, sns } = await deployment();
    const [old, recent] = [about(bob, 'key-replaced'), about(bob, 'key-deleted')];
    await tell([old]);
    clock.advanceDays(1);
    await tell([old, recent]);
    expect(sns.sent).toHaveLength(2);
    expect(sns.sent[1]?.text).toContain(recent.keyId);
    expect(sns.sent[1]?.text).not.toContain(old.keyId);
  });

  test('what one channel took and the other refused goes only to the other', async () => {
    const { tell, slack, sns, down } = await deployment();
    down('slack', 1);
    const event = about(ci, 'key-replaced');
    await tell([event]);
    await tell([event]);
    expect([slack.sent.length, sns.sent.length]).toEqual([1, 1]);
  });

  test('an event twice in one batch is told once', async () => {
    const { tell, sns } = await deployment();
    const event = about(bob, 'key-replaced');
    await tell([event, event]);
    expect(sns.sent[0]?.text.split(`Access key ${event.keyId} `)).toHaveLength(2);
  });

  test('a message whose receipt could not be written counts as untold, and is sent again', async () => {
    const { tell, sns, calls } = await deployment();
    calls.failOn('history.append', { when: 'before', error: new UnavailableError('History is throttled.') });
    const event = about(bob, 'key-replaced');
    expect(await tell([event])).toEqual([event]);
    await tell([event]);
    expect(sns.sent).toHaveLength(2);
  });

  test('without a look at the receipts nothing is sent: the events are untold', async () => {
    const { tell, sns, calls } = await deployment();
    calls.failOn('history.query', {
      when: 'before',
      error: new UnavailableError('History is throttled.'),
      where: (query) => JSON.stringify(query).includes('"bob"'),
    });
    const [event, other] = [about(bob, 'key-replaced'), about(ci, 'key-replaced')];
    expect(await tell([event, other])).toEqual([event]);
    expect(sns.sent.map(({ to }) => to)).toEqual([payments]);
  });
});
