import { MINUTE } from '../../lambda/domain/time.ts';
import { anAssignment, OTHER_ACCOUNT } from '../support/builders.ts';
import {
  about,
  bob,
  ci,
  cron,
  deployment,
  ids,
  payments,
  search,
  stray,
  timeOf,
  toldBy,
} from './support/deliver-story.ts';

describe('an owner’s news of a run', () => {
  test('of several accounts and batches is one message, once it is quiet for ten minutes', async () => {
    const { happens, tick, owners, sns, slack } = await deployment();
    await owners.putAssignment(anAssignment({ account: OTHER_ACCOUNT, match: { kind: 'account' } }));
    await happens(about(ci, 'key-replaced'));
    await tick(5);
    await happens(about(cron, 'key-replaced', { account: OTHER_ACCOUNT }), about(ci, 'key-deleted'));
    await tick(5);
    expect(sns.sent).toEqual([]);
    await tick(5);
    expect(toldBy(sns)).toEqual([payments]);
    expect(toldBy(slack)).toEqual([payments]);
    expect(sns.sent[0]?.events).toHaveLength(3);
  });

  test('that comes too late for the day’s message waits for the next day’s, and is in it', async () => {
    const { happens, tell, tick, clock, slack } = await deployment();
    await tell([about(ci, 'key-replaced')]);
    await happens(about(cron, 'key-replaced'));
    for (let hour = 0; hour < 12; hour += 1) await tick(60);
    expect(timeOf(clock)).toBe('2026-01-02T00:15:00.000Z');
    expect(slack.sent).toHaveLength(1);
    clock.set('2026-01-02T12:00:00.000Z');
    await tell([about(ci, 'key-deleted', { time: '2026-01-02T11:59:00.000Z' })]);
    expect(slack.sent.map(({ events }) => events.length)).toEqual([1, 2]);
  });

  test('the day after is never told a day late because of what was left over', async () => {
    const { happens, tick, clock, sns } = await deployment();
    const days: string[] = [];
    for (let day = 1; day <= 5; day += 1) {
      clock.set(`2026-01-0${day}T06:17:00.000Z`);
      await happens(about(bob, 'key-replaced', { time: `2026-01-0${day}T06:17:00.000Z` }));
      for (let n = 0; n < 44; n += 1) {
        if (n === 8) await happens(about(bob, 'key-snoozed', { time: `2026-01-0${day}T10:00:00.000Z` }));
        const before = sns.sent.length;
        await tick(n < 6 ? 5 : 25);
        if (sns.sent.length > before) days.push(timeOf(clock).slice(8, 16));
      }
    }
    expect(days).toEqual(['01T06:27', '02T06:27', '03T06:27', '04T06:27', '05T06:27']);
  });

  test('a key that stopped working is told at once, although the day’s message went', async () => {
    const { happens, tell, tick, slack, sns } = await deployment();
    await tell([about(ci, 'key-replaced')]);
    await happens(about(cron, 'key-disabled'), about(ci, 'key-deleted'));
    await tick();
    expect([slack, sns].map(({ sent }) => sent.length)).toEqual([2, 2]);
    expect(sns.sent[1]?.events.map(({ type }) => type)).toEqual(['key-disabled']);
  });

  test('what is told at once does not count as the day’s message', async () => {
    const { happens, tick, sns } = await deployment();
    await happens(about(bob, 'key-disabled'), about(bob, 'key-replaced'));
    await tick();
    await tick(15);
    expect(sns.sent.map(({ events }) => events.map(({ type }) => type))).toEqual([['key-disabled'], ['key-replaced']]);
  });

  test('in a message that died after its receipts counts all the same', async () => {
    const { happens, tell, tick, calls, sns, outbox } = await deployment();
    calls.failOn('outbox.keep', { when: 'before', error: new Error('died'), times: 2 });
    await tell([about(bob, 'key-replaced')]);
    await tick(5);
    expect(outbox.isEmpty).toBe(true);
    await happens(about(bob, 'key-deleted'));
    await tick(60);
    expect(sns.sent).toHaveLength(1);
  });

  test('that takes several messages, one of which is refused, goes on the same day', async () => {
    const { happens, tick, calls, down, slack, ledger } = await deployment();
    down('sns');
    calls.failOn('channel.slack', { when: 'before', error: new Error('slow down'), after: 1 });
    const events = Array.from({ length: 100 }, () => about(ci, 'key-replaced'));
    await happens(...events);
    await tick(15);
    const partly = slack.sent.flatMap((notice) => notice.events).length;
    expect(partly).toBeGreaterThan(0);
    expect(partly).toBeLessThan(100);
    await tick(5);
    const receipts = ledger.eventsOf('notice-delivered').filter(({ details }) => details.channel === 'slack');
    expect(receipts.flatMap(({ details }) => details.about).toSorted()).toEqual(ids(...events));
    // From then on the day's message counts.
    await happens(about(ci, 'key-deleted'));
    const before = slack.sent.length;
    await tick(60);
    expect(slack.sent).toHaveLength(before);
  });

  test('a blocked user is told to its owner and to the operators, at once', async () => {
    const { happens, tick, sns, operators } = await deployment();
    await happens(about(bob, 'user-blocked'));
    await tick();
    expect([toldBy(sns), toldBy(operators)]).toEqual([[search], ['operators']]);
  });
});

describe('operators', () => {
  test('hear of trouble at once, and of the rest when it is quiet, as often as it takes', async () => {
    const { happens, tick, operators } = await deployment();
    for (let n = 0; n < 2; n += 1) {
      await happens(about(undefined, 'sweep-failed'), about(stray, 'key-replaced'));
      await tick();
      await tick(15);
    }
    expect(operators.sent.map(({ events }) => events.map(({ type }) => type))).toEqual([
      ['sweep-failed'],
      ['key-replaced'],
      ['sweep-failed'],
      ['key-replaced'],
    ]);
  });
});

describe('a channel that is down for three days', () => {
  const DAYS = 3 * 24 * 60;

  test('loses nothing and sends nothing twice when it returns; the other channel was told at once', async () => {
    const { happens, tell, tick, calls, down, slack, sns, operators, ledger, outbox } = await deployment();
    down('slack');
    const event = about(ci, 'key-replaced');
    await tell([event]);
    for (let passed = 0; passed < DAYS; passed += 60) {
      if (passed === 24 * 60) await happens(about(cron, 'key-disabled'));
      await tick(60);
    }
    expect(toldBy(sns)).toEqual([payments, payments]);
    expect(operators.sent).toEqual([]);
    calls.heal();
    for (let n = 0; n < 30; n += 1) await tick(60);
    expect(slack.sent.map(({ events }) => events.map(({ type }) => type))).toEqual([['key-disabled', 'key-replaced']]);
    expect(sns.sent).toHaveLength(2);
    expect(outbox.isEmpty).toBe(true);
    // One refusal on record for each event, not one for each try.
    expect(ledger.eventsOf('notice-failed')).toHaveLength(2);
  });

  test('as the only one: operators are told once, at once, and the owner when it returns', async () => {
    const { tell, tick, calls, down, sns, operators, ledger, outbox } = await deployment();
    down('sns');
    const event = about(bob, 'key-replaced');
    await tell([event]);
    expect(operators.sent[0]?.subject).toMatch(/^\[Keyturn\] For search: /);
    for (let passed = 0; passed < DAYS; passed += 30) await tick(30);
    expect(operators.sent).toHaveLength(1);
    calls.heal();
    await tick(60);
    expect(toldBy(sns)).toEqual([search]);
    expect(outbox.isEmpty).toBe(true);
    expect(ledger.eventsOf('notice-delivered').map(({ details }) => [details.to, details.about])).toEqual([
      ['operators', ids(event)],
      ['search', ids(event)],
    ]);
  });

  test('is tried with growing pauses', async () => {
    const { tell, tick, calls, down } = await deployment();
    down('sns');
    await tell([about(bob, 'key-replaced')]);
    const tries: number[] = [];
    for (let minute = 5; minute <= 240; minute += 5) {
      const before = calls.of('channel.sns').length;
      await tick(5);
      if (calls.of('channel.sns').length > before) tries.push(minute);
    }
    expect(tries).toEqual([5, 15, 35, 75, 135, 195]);
  });

  test('does not keep new news from being offered, nor the operators from hearing of it', async () => {
    const { happens, tell, tick, down, operators } = await deployment();
    down('sns');
    await tell([about(bob, 'key-replaced')]);
    for (let n = 0; n < 8; n += 1) await tick(30);
    await happens(about(bob, 'key-disabled'));
    await tick(1);
    expect(operators.sent.map(({ events }) => events.map(({ type }) => type))).toEqual([
      ['key-replaced'],
      ['key-disabled'],
    ]);
  });

  test('with the operators’ as well: nobody is told, nothing is given up, and it comes when they return', async () => {
    const { tell, tick, calls, down, sns, operators, clock, outbox } = await deployment();
    down('sns');
    down('operators');
    const event = about(bob, 'key-replaced');
    expect(await tell([event])).toEqual([event]);
    for (let day = 0; day < 9; day += 1) await tick(24 * 60);
    calls.heal();
    await tick(24 * 60);
    expect([toldBy(sns), toldBy(operators)]).toEqual([[search], ['operators']]);
    clock.advance(MINUTE);
    await tick();
    expect(outbox.isEmpty).toBe(true);
  });

  test('and for longer than a week is given up for what somebody was told of', async () => {
    const { tell, tick, down, outbox, log, sns } = await deployment();
    down('slack');
    const event = about(ci, 'key-replaced');
    await tell([event]);
    for (let day = 0; day < 6; day += 1) await tick(24 * 60);
    expect(outbox.isEmpty).toBe(false);
    await tick(24 * 60);
    expect(outbox.isEmpty).toBe(true);
    expect(sns.sent).toHaveLength(1);
    expect(log.lines.filter(({ message }) => message === 'notice given up')).toMatchObject([
      { level: 'warn', details: { to: 'payments', events: [event.id] } },
    ]);
  });

  test('is told as held up, from the first refusal until it takes everything', async () => {
    const { tell, tick, calls, down } = await deployment();
    down('slack');
    await tell([about(ci, 'key-replaced')]);
    expect((await tick(24 * 60)).heldUpFor).toBe(24 * 60 * MINUTE);
    // Also while its pause is not over and it is not even looked at.
    expect((await tick(5)).heldUpFor).toBe((24 * 60 + 5) * MINUTE);
    calls.heal();
    await tick(60);
    expect((await tick(5)).heldUpFor).toBe(0);
  });
});

describe('an owner who changes', () => {
  test('is told by the address on record when the message goes', async () => {
    const { happens, tick, owners, slack, sns } = await deployment();
    await happens(about(bob, 'key-replaced'));
    const { email: _, ...moved } = { ...search, slackChannel: '#search' };
    await owners.putOwner(moved);
    await tick(15);
    expect([toldBy(slack), toldBy(sns)]).toEqual([[moved], []]);
  });

  test('and is gone meanwhile: operators get what nobody was told of, and nothing else', async () => {
    const { happens, tell, tick, owners, down, operators, outbox } = await deployment();
    down('slack');
    await tell([about(ci, 'key-replaced')]);
    await happens(about(ci, 'key-deleted'));
    await owners.deleteOwner(payments.id);
    await tick(15);
    expect(operators.sent.map(({ events }) => events.map(({ type }) => type))).toEqual([['key-deleted']]);
    expect(operators.sent[0]?.text).toContain('belongs to the owner payments, who is not in the owners');
    expect(outbox.isEmpty).toBe(true);
  });
});
