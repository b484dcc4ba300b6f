import { SNSClient } from '@aws-sdk/client-sns';
import { SnsNotices, SnsOperators } from '../../lambda/adapters/sns.ts';
import { SnsSubscribers } from '../../lambda/adapters/sns-subscribers.ts';
import { queryAnswer } from '../support/aws-answers.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeLog } from '../support/fake-log.ts';
import { stubbed } from '../support/stubbed.ts';
import { about, bob, deployment, ids, search } from '../workflows/support/deliver-story.ts';

// `search` is reached by mail alone. A receipt opens the gates of disabling and deleting, and SNS takes every message.

const { stub, clientConfig } = stubbed();

const NOTICES = 'arn:aws:sns:eu-central-1:111122223333:notices';
const OPERATORS = 'arn:aws:sns:eu-central-1:111122223333:operators';
const mailBox = (subscriptionArn: string, address = '') =>
  `<member><SubscriptionArn>${subscriptionArn}</SubscriptionArn><Protocol>email</Protocol><Endpoint>${address}</Endpoint></member>`;
const confirmed = (address?: string) => mailBox(`${NOTICES}:1`, address);
const pending = (address?: string) => mailBox('PendingConfirmation', address);

/** Tells search of a rotation to come; `subscribed` is who is there, in XML. */
async function tellSearch(subscribed: { readonly notices: string; readonly operators: string }) {
  stub().prepare(({ body }) => {
    if (body.includes('Action=Publish')) return queryAnswer('Publish', '<MessageId>1</MessageId>');
    const members = new URLSearchParams(body).get('TopicArn') === NOTICES ? subscribed.notices : subscribed.operators;
    return queryAnswer('ListSubscriptionsByTopic', `<Subscriptions>${members}</Subscriptions>`);
  });
  const client = new SNSClient(clientConfig());
  const reach = {
    client,
    subscribers: new SnsSubscribers(client, new FakeClock()),
    log: new FakeLog(),
    command: 'keyturn',
  };
  const { tell, ledger } = await deployment();
  const upcoming = about(bob, 'rotation-upcoming');
  const channels = {
    sns: new SnsNotices(reach, NOTICES),
    'operators-topic': new SnsOperators(reach, OPERATORS, { isElsewhere: false }),
  };
  const untold = await tell([upcoming], { channels });
  const receipts = (type: 'notice-delivered' | 'notice-failed') =>
    ledger.eventsOf(type).map(({ details }) => [details.channel, details.to, details.about]);
  const [failure] = ledger.eventsOf('notice-failed');
  return {
    upcoming,
    untold,
    delivered: receipts('notice-delivered'),
    failed: receipts('notice-failed'),
    why: failure?.details.error,
  };
}

test('whose address has confirmed is told', async () => {
  const { upcoming, untold, delivered, failed } = await tellSearch({
    notices: confirmed(search.email),
    operators: confirmed(),
  });
  expect(untold).toEqual([]);
  expect(delivered).toEqual([['sns', 'search', ids(upcoming)]]);
  expect(failed).toEqual([]);
});

test.each([
  ['has not confirmed', pending(search.email), /has not confirmed the subscription/],
  ['is not there any more', confirmed('payments@example.com'), /is not subscribed to the notices topic/],
])('whose address %s is told by the operators, and has no receipt', async (_what, notices, reason) => {
  const { upcoming, untold, delivered, failed, why } = await tellSearch({ notices, operators: confirmed() });
  expect(untold).toEqual([]);
  expect(delivered).toEqual([['operators-topic', 'operators', ids(upcoming)]]);
  expect(failed).toEqual([['sns', 'search', ids(upcoming)]]);
  expect(why).toMatch(reason);
});

test('where the operators have not confirmed either, nobody was told, and the notice comes again', async () => {
  const { upcoming, untold, delivered } = await tellSearch({
    notices: pending(search.email),
    operators: pending('ops@example.com'),
  });
  expect(untold).toEqual([upcoming]);
  expect(delivered).toEqual([]);
});
