import { UnavailableError } from '../../lambda/ports.ts';
import { about, bob, ci, cron, deployment, payments, search, stray, toldBy } from './support/deliver-story.ts';

describe('a channel that is down', () => {
  test('the other channel of the owner suffices; the refusal is on record', async () => {
    const { tell, sns, operators, ledger, down } = await deployment();
    down('slack');
    const event = about(ci, 'key-replaced');
    await tell([event]);
    expect(sns.sent).toHaveLength(1);
    expect(operators.sent).toEqual([]);
    expect(ledger.eventsOf('notice-failed').map(({ userName, details }) => [userName, details])).toEqual([
      [ci, { about: [event.id], channel: 'slack', to: 'payments', error: 'slack answered 503.' }],
    ]);
  });

  test('both down: operators get the notice, whose it is and why', async () => {
    const { tell, operators, ledger, down } = await deployment();
    down('slack');
    down('sns');
    const event = about(ci, 'key-replaced');
    await tell([event]);
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
    const { tell, owners, operators } = await deployment({ slack: false });
    const { email: _, ...slackOnly } = payments;
    await owners.putOwner(slackOnly);
    await tell([about(ci, 'key-replaced')]);
    expect(operators.sent[0]?.text).toContain('Slack: Slack is not set up in this deployment.');
  });

  test('everything down: exactly what nobody could be told is untold', async () => {
    const { tell, sns, calls, down } = await deployment();
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
    expect(await tell([mine, theirs, nobodys])).toEqual([mine, nobodys]);
    expect(sns.sent.map(({ to }) => to)).toEqual([search]);
  });

  test('up again, the retry tells the rest, and history holds one refusal for each channel', async () => {
    const { tell, operators, ledger, calls, down } = await deployment();
    down('operators');
    const event = about(stray, 'key-replaced');
    expect(await tell([event])).toEqual([event]);
    expect(await tell([event])).toEqual([event]);
    calls.heal();
    expect(await tell([event])).toEqual([]);
    expect(operators.sent).toHaveLength(1);
    expect(ledger.eventsOf('notice-failed')).toHaveLength(1);
    expect(ledger.eventsOf('notice-delivered')).toHaveLength(1);
  });

  test('a refusal that cannot be recorded does not stop the fallback', async () => {
    const { tell, operators, calls, down } = await deployment();
    down('sns');
    calls.failOn('history.append', { when: 'before', error: new UnavailableError('History is throttled.') });
    await tell([about(bob, 'key-replaced')]);
    expect(operators.sent).toHaveLength(1);
  });
});

describe('the owners’ table cannot be read', () => {
  test('that is not "no owner": the events are untold and operators are not bothered with them', async () => {
    const { tell, operators, calls } = await deployment();
    calls.failOn('owners.assignments', { when: 'before', error: new UnavailableError('Owners is throttled.') });
    const [keyEvent, rootEvent] = [about(ci, 'key-replaced'), about(undefined, 'root-key-seen')];
    expect(await tell([keyEvent, rootEvent])).toEqual([keyEvent]);
    expect(operators.sent[0]?.text).not.toContain(keyEvent.keyId);
  });

  test('one owner that cannot be read does not stop another', async () => {
    const { happens, tick, sns, calls } = await deployment();
    calls.failOn('owners.owner', {
      when: 'before',
      error: new UnavailableError('Owners is throttled.'),
      where: (id) => id === 'payments',
    });
    await happens(about(ci, 'key-replaced'), about(cron, 'key-replaced'), about(bob, 'key-replaced'));
    const { failed } = await tick(15);
    expect(failed.map(({ reader }) => reader)).toEqual([payments.id]);
    expect(toldBy(sns)).toEqual([search]);
    expect((await tick(5)).failed).toEqual([]);
    expect(toldBy(sns)).toEqual([search, payments]);
  });
});
