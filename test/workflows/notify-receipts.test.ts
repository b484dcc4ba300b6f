import { UnavailableError } from '../../lambda/ports.ts';
import { notify } from '../../lambda/workflows/notify.ts';
import { ACCOUNT, userId } from '../support/builders.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { about, bob, ci, cron, deployment, ids, payments, stray } from './support/notify-story.ts';

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
    expect(await notify(world, [...events, ...events])).toEqual([]);
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
    expect(await notify(world, [event])).toEqual([event]);
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
    expect(await notify(world, [event, other])).toEqual([event]);
    expect(sns.sent.map(({ to }) => to)).toEqual([payments]);
  });
});
