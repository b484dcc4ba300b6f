import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { SNSClient } from '@aws-sdk/client-sns';
import { Slack } from '../../lambda/adapters/slack.ts';
import { SlackSecret } from '../../lambda/adapters/slack-secret.ts';
import { SnsNotices, SnsOperators } from '../../lambda/adapters/sns.ts';
import { SnsSubscribers } from '../../lambda/adapters/sns-subscribers.ts';
import { jsonAnswer, queryAnswer, queryError } from '../support/aws-answers.ts';
import { aNotice, anOwner } from '../support/builders.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeLog } from '../support/fake-log.ts';
import { passingPause } from '../support/fake-pause.ts';
import type { StubAnswer } from '../support/http-stub.ts';
import { stubbed } from '../support/stubbed.ts';
import { about, bob, ci, deployment, ids, payments, search } from '../workflows/support/deliver-story.ts';

const slackServer = stubbed();
const snsServer = stubbed();
const secretsServer = stubbed();

const html: StubAnswer = {
  status: 200,
  headers: { 'content-type': 'text/html' },
  body: '<html><body>Please sign in to the network</body></html>',
};
const taken: StubAnswer = { status: 200, body: 'ok' };
const published = queryAnswer('Publish', '<MessageId>00000000-0000-0000-0000-000000000001</MessageId>');

function slack(): Slack {
  const webhooks = JSON.stringify({ '#payments': `${slackServer.stub().url}/services/T0FAKE` });
  secretsServer.stub().prepare(jsonAnswer({ SecretString: webhooks }));
  const client = new SecretsManagerClient(secretsServer.clientConfig());
  const clock = new FakeClock();
  return new Slack(new SlackSecret(client, 'slack', clock), clock, {
    pause: passingPause(clock).pause,
    timeout: 1_000,
  });
}

const TOPIC = 'arn:aws:sns:eu-central-1:111122223333:notices';

function sns() {
  const client = new SNSClient(snsServer.clientConfig());
  const subscribers = new SnsSubscribers(client, new FakeClock());
  const reach = { client, subscribers, log: new FakeLog(), command: 'keyturn' };
  return {
    notices: new SnsNotices(reach, TOPIC),
    operators: new SnsOperators(reach, TOPIC, { isElsewhere: false }),
  };
}

const member = (endpoint: string) =>
  `<member><SubscriptionArn>${TOPIC}:1</SubscriptionArn><Protocol>email</Protocol><Endpoint>${endpoint}</Endpoint></member>`;
const listed = queryAnswer(
  'ListSubscriptionsByTopic',
  `<Subscriptions>${[payments, search].map(({ email = '' }) => member(email)).join('')}</Subscriptions>`,
);

/** What SNS says of who is subscribed, and what of a message. */
const snsAnswers = (toList: StubAnswer, toPublish: StubAnswer) => (request: { readonly body: string }) =>
  request.body.includes('Action=ListSubscriptionsByTopic') ? toList : toPublish;

/** What SNS answers, and what the error says of it. */
const snsFailures: readonly (readonly [string, StubAnswer, RegExp])[] = [
  ['429', { status: 429, headers: { 'content-type': 'text/xml' }, body: '' }, /sns:Publish/],
  ['429 with Retry-After', { status: 429, headers: { 'retry-after': '30' }, body: '' }, /sns:Publish/],
  ['a throttling error', queryError(400, 'Throttled', 'Rate exceeded'), /Throttled|Rate exceeded/],
  ['500', queryError(500, 'InternalError', 'We are sorry'), /InternalError|We are sorry/],
  ['503 without a body', { status: 503 }, /sns:Publish/],
  ['HTML instead of XML', html, /sns:Publish/],
  ['a broken connection', 'drop', /sns:Publish/],
  ['silence', 'hang', /sns:Publish/],
];

// Fails when an answer that is no confirmation counts as one (a gate would open although nobody was told), or when the
// error does not say which call it was.
describe('SNS, when it answers with', () => {
  test.each(snsFailures)('%s, has not told anybody', async (_what, answer, words) => {
    snsServer.stub().prepare(snsAnswers(listed, answer));
    await expect(sns().notices.send(aNotice())).rejects.toThrow(words);
    await expect(sns().notices.send(aNotice())).rejects.toThrow(TOPIC);
  });

  // Unknown is neither "somebody is there" nor "nobody is".
  test.each(snsFailures)('%s to who is subscribed, refuses for now', async (_what, answer) => {
    snsServer.stub().prepare(snsAnswers(answer, published));
    const refused = /sns:ListSubscriptionsByTopic of .*:notices (failed|was answered without a list)/;
    await expect(sns().notices.send(aNotice())).rejects.toThrow(refused);
    await expect(sns().operators.send(aNotice({ to: 'operators' }))).rejects.toThrow(refused);
  });
});

// Fails when Slack's word is not needed: whatever stands between, such as a proxy's sign-in page, may answer 200 too.
describe('Slack, when it answers 200 with', () => {
  test.each<[string, StubAnswer, string]>([
    ['an HTML page', html, 'Slack answered 200: an HTML page, so perhaps a proxy answered in its place (#payments).'],
    ['nothing', { status: 200 }, 'Slack answered 200: no text (#payments).'],
    ['an error in JSON', { status: 200, body: '{"ok":false,"error":"no_team"}' }, '"error":"no_team"'],
  ])('%s, has not told anybody', async (_what, answer, words) => {
    slackServer.stub().prepare(answer);
    const notice = aNotice({ to: anOwner({ slackChannel: '#payments' }) });
    await expect(slack().send(notice)).rejects.toThrow(words);
  });
});

describe('a channel that fails in any way', () => {
  const slackFailures: readonly (readonly [string, StubAnswer])[] = [
    ['429', { status: 429, body: 'rate_limited' }],
    ['429 with Retry-After', { status: 429, headers: { 'retry-after': '30' }, body: 'rate_limited' }],
    ['500', { status: 500, body: 'server_error' }],
    ['an HTML page', html],
    ['silence', 'hang'],
    ['a broken connection', 'drop'],
  ];

  // Fails when one channel's trouble keeps others from being told, is not on record, or leaves an owner untold in silence.
  test.each(slackFailures)(
    'Slack with %s: the owner hears by mail, others hear theirs, and the failure is on record',
    async (_what, answer) => {
      const { tell, ledger } = await deployment();
      slackServer.stub().prepare(answer);
      snsServer.stub().prepare(snsAnswers(listed, published));
      const channels = {
        sns: sns().notices,
        slack: slack(),
        'operators-topic': sns().operators,
      };
      const [replaced, upcoming] = [about(ci, 'key-replaced'), about(bob, 'rotation-upcoming')];
      expect(await tell([replaced, upcoming], { channels })).toEqual([]);
      const told = ledger
        .eventsOf('notice-delivered')
        .map(({ details }) => [details.channel, details.to, details.about]);
      expect(told).toEqual(
        expect.arrayContaining([
          ['sns', 'payments', ids(replaced)],
          ['sns', 'search', ids(upcoming)],
        ]),
      );
      expect(told).toHaveLength(2);
      const [failure, ...more] = ledger.eventsOf('notice-failed');
      expect(more).toEqual([]);
      expect(failure?.details).toMatchObject({ channel: 'slack', to: 'payments', about: ids(replaced) });
      expect(failure?.details.error).toMatch(/^Slack (answered|did not answer)/);
    },
  );

  // Fails when a notice that nobody took is passed over: its events must come again, and only those.
  test.each(snsFailures)(
    'SNS with %s: Slack tells whom it can, and what nobody took comes again',
    async (_what, answer) => {
      const { tell, ledger } = await deployment();
      slackServer.stub().prepare(taken);
      snsServer.stub().prepare(snsAnswers(listed, answer));
      const channels = {
        sns: sns().notices,
        slack: slack(),
        'operators-topic': sns().operators,
      };
      const [replaced, upcoming] = [about(ci, 'key-replaced'), about(bob, 'rotation-upcoming')];
      expect(await tell([replaced, upcoming], { channels })).toEqual([upcoming]);
      const told = ledger.eventsOf('notice-delivered').map(({ details }) => [details.channel, details.to]);
      expect(told).toEqual([['slack', 'payments']]);
    },
  );
});
