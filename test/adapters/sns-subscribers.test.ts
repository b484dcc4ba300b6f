import { SNSClient } from '@aws-sdk/client-sns';
import { SnsNotices, SnsOperators } from '../../lambda/adapters/sns.ts';
import { SnsSubscribers } from '../../lambda/adapters/sns-subscribers.ts';
import { parseOwnerId } from '../../lambda/domain/ids.ts';
import { MINUTE } from '../../lambda/domain/time.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { denied, queryAnswer } from '../support/aws-answers.ts';
import { aNotice, anOwner } from '../support/builders.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeLog } from '../support/fake-log.ts';
import type { PreparedAnswer, StubAnswer } from '../support/http-stub.ts';
import { stubbed } from '../support/stubbed.ts';

// SNS takes a message for nobody like any other. A receipt opens the gates of disabling and deleting, so what nobody
// gets must be refused.

const { stub, clientConfig, asked } = stubbed();

const topic = (name: string, account = '111122223333') => `arn:aws:sns:eu-central-1:${account}:${name}`;
const NOTICES = topic('notices');
const OPERATORS = topic('operators');
const OWN = topic('payments-keys', '444455556666');
const toOwnTopic = aNotice({ to: anOwner({ snsTopicArn: OWN }) });
const toOperators = aNotice({ to: 'operators' });

const subscription = (arn: string, protocol: string, endpoint: string) =>
  `<member><SubscriptionArn>${arn}</SubscriptionArn><Protocol>${protocol}</Protocol><Endpoint>${endpoint}</Endpoint></member>`;
const confirmed = (protocol: string, endpoint: string) => subscription(`${NOTICES}:1`, protocol, endpoint);
const page = (subscriptions: string, next?: string) =>
  queryAnswer(
    'ListSubscriptionsByTopic',
    `<Subscriptions>${subscriptions}</Subscriptions>${next === undefined ? '' : `<NextToken>${next}</NextToken>`}`,
  );
const published = queryAnswer('Publish', '<MessageId>00000000-0000-0000-0000-000000000001</MessageId>');

/** Answers each listing with what is there; every message is taken. */
const listing =
  (answer: StubAnswer): PreparedAnswer =>
  ({ body }) =>
    body.includes('Action=Publish') ? published : answer;

const actions = () => asked('Action').filter((action) => action !== null);

function channels({ isElsewhere = false } = {}) {
  const client = new SNSClient(clientConfig());
  const clock = new FakeClock();
  const log = new FakeLog();
  const reach = { client, subscribers: new SnsSubscribers(client, clock), log, command: 'npx @acme/keyturn' };
  return {
    clock,
    log,
    notices: new SnsNotices(reach, NOTICES),
    operators: new SnsOperators(reach, OPERATORS, { isElsewhere }),
  };
}

const LIST = 'ListSubscriptionsByTopic';

describe('mail for an owner goes by the notices topic', () => {
  test.each([
    ['email', 'payments@example.com'],
    ['email-json', 'payments@example.com'],
    ['email', 'Payments@Example.com'],
  ])('when its address has confirmed (%s, %s)', async (protocol, address) => {
    stub().prepare(listing(page(confirmed(protocol, address))));
    await channels().notices.send(aNotice());
    expect(actions()).toEqual([LIST, 'Publish']);
  });

  test.each([
    [
      'has not followed the link',
      subscription('PendingConfirmation', 'email', 'payments@example.com'),
      "Owner 'payments' has not confirmed the subscription that AWS mailed: follow the link in that mail within two days, after that run 'npx @acme/keyturn owners import' again to have it sent anew.",
    ],
    [
      'is not subscribed, others are',
      confirmed('email', 'search@example.com') + confirmed('sqs', 'payments@example.com'),
      "Owner 'payments' is not subscribed to the notices topic, or did not follow the link that AWS mailed within two days: run 'npx @acme/keyturn owners import' again to have it sent anew.",
    ],
    ['was just unsubscribed', subscription('Deleted', 'email', 'payments@example.com'), 'is not subscribed'],
    ['is not subscribed, nobody is', '', 'is not subscribed'],
    ['is not subscribed, as AWS writes an empty list', undefined, 'is not subscribed'],
  ])('and is refused when it %s', async (_what, subscriptions, why) => {
    stub().prepare(listing(subscriptions === undefined ? queryAnswer(LIST, '<Subscriptions/>') : page(subscriptions)));
    const error = await channels()
      .notices.send(aNotice())
      .catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).toContain(why);
    expect(String(error)).not.toContain('@example.com');
    expect(actions()).not.toContain('Publish');
  });

  test('an address that waits at one place and has confirmed at another has confirmed', async () => {
    const pending = subscription('PendingConfirmation', 'email', 'payments@example.com');
    const both = [pending, confirmed('email-json', 'payments@example.com'), pending].join('');
    stub().prepare(listing(page(both)));
    await channels().notices.send(aNotice());
  });

  test('a listing that fails is a refusal for now, whatever it was', async () => {
    stub().prepare(listing(denied(`sns:${LIST}`)));
    await expect(channels().notices.send(aNotice())).rejects.toThrow(`AWS denied sns:${LIST} of ${NOTICES}`);
    expect(actions()).not.toContain('Publish');
  });

  test('a list that breaks off is none', async () => {
    const first = page(confirmed('email', 'search@example.com'), 'more');
    stub().prepare(({ body }) => (body.includes('NextToken') ? 'drop' : first));
    await expect(channels().notices.send(aNotice())).rejects.toThrow(UnavailableError);
  });
});

describe('the topic is listed', () => {
  const all = [
    page(confirmed('email', 'search@example.com'), 'more'),
    page(confirmed('email', 'payments@example.com')),
  ];

  test('to its end, and once for an invocation, however many owners it is for', async () => {
    stub().prepare(...all, published);
    const { notices } = channels();
    const search = aNotice({ to: anOwner({ id: parseOwnerId('search'), email: 'search@example.com' }) });
    await Promise.all([notices.send(aNotice()), notices.send(search)]);
    await notices.send(aNotice());
    expect(actions()).toEqual([LIST, LIST, 'Publish', 'Publish', 'Publish']);
    expect(asked('NextToken').slice(0, 2)).toEqual([null, 'more']);
  });

  test('once too when that fails', async () => {
    stub().prepare(listing(denied(`sns:${LIST}`)));
    const { notices } = channels();
    for (let n = 0; n < 3; n += 1) await expect(notices.send(aNotice())).rejects.toThrow(UnavailableError);
    expect(actions()).toEqual([LIST]);
  });

  test('anew five minutes later, so that who confirms is reached', async () => {
    const { notices, clock } = channels();
    stub().prepare(listing(page('')));
    await expect(notices.send(aNotice())).rejects.toThrow('is not subscribed');
    stub().prepare(listing(page(confirmed('email', 'payments@example.com'))));
    clock.advance(4 * MINUTE);
    await expect(notices.send(aNotice())).rejects.toThrow('is not subscribed');
    clock.advance(MINUTE);
    await notices.send(aNotice());
  });
});

describe('a topic of the owner’s own', () => {
  test.each([
    ['https', 'https://global.sns-api.chatbot.amazonaws.com'],
    ['sqs', 'queue'],
    ['email', 'x@example.com'],
  ])('is told when somebody has confirmed (%s)', async (protocol, endpoint) => {
    stub().prepare(listing(page(confirmed(protocol, endpoint))));
    await channels().notices.send(toOwnTopic);
    expect(asked('TopicArn')).toEqual([OWN, OWN]);
  });

  test.each([
    ['nobody is', ''],
    ['only somebody who has not confirmed is', subscription('PendingConfirmation', 'email', 'x@example.com')],
  ])('is not told when %s subscribed', async (_what, subscriptions) => {
    stub().prepare(listing(page(subscriptions)));
    await expect(channels().notices.send(toOwnTopic)).rejects.toThrow(`Topic ${OWN} has no confirmed subscription`);
    expect(actions()).toEqual([LIST]);
  });

  test('is listed no further than to the first who has confirmed', async () => {
    stub().prepare(page(confirmed('sqs', 'queue'), 'more'), published);
    await channels().notices.send(toOwnTopic);
    expect(actions()).toEqual([LIST, 'Publish']);
  });

  // It may be in another account, which need not let anybody see who is subscribed: unknown is not absent.
  test.each<[string, StubAnswer]>([
    ['denied', denied(`sns:${LIST}`)],
    ['answered by a proxy', { status: 200, headers: { 'content-type': 'text/html' }, body: '<html></html>' }],
    ['not answered', 'drop'],
  ])('is told, with a warning in the log, when listing is %s', async (_what, answer) => {
    stub().prepare(listing(answer));
    const { notices, log } = channels();
    await notices.send(toOwnTopic);
    expect(actions()).toEqual([LIST, 'Publish']);
    expect(log.lines).toMatchObject([{ level: 'warn', details: { topic: OWN } }]);
  });
});

describe('the operators’ topic', () => {
  test('takes nothing when nobody has confirmed', async () => {
    stub().prepare(listing(page(subscription('PendingConfirmation', 'email', 'ops@example.com'))));
    await expect(channels().operators.send(toOperators)).rejects.toThrow(
      `Topic ${OPERATORS} has no confirmed subscription: subscribe whoever is to read it.`,
    );
    expect(actions()).toEqual([LIST]);
  });

  test('in this account: a failed listing is a refusal for now', async () => {
    stub().prepare(listing(denied(`sns:${LIST}`)));
    await expect(channels().operators.send(toOperators)).rejects.toThrow(UnavailableError);
  });

  test('in another account, which lets nobody look: it is told, with a warning', async () => {
    stub().prepare(listing(denied(`sns:${LIST}`)));
    const { operators, log } = channels({ isElsewhere: true });
    await operators.send(toOperators);
    expect(log.lines).toHaveLength(1);
  });
});
