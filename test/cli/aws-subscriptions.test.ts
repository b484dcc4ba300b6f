import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { awsSubscriptions } from '../../cli/aws-subscriptions.ts';
import { NoRoomError } from '../../cli/subscriptions.ts';
import { AccessDeniedError, UnavailableError } from '../../lambda/ports.ts';
import { denied, queryAnswer, queryError } from '../support/aws-answers.ts';
import { emulated } from '../support/emulated.ts';
import { useEndpoint } from '../support/endpoint.ts';
import { startHttpStub } from '../support/http-stub.ts';

const own = {
  region: 'eu-central-1',
  credentials: { accessKeyId: 'AKIAFAKE000000000000', secretAccessKey: 'fake' },
};

describe('on the local AWS', () => {
  const { emulator, freshAccount } = emulated();
  useEndpoint(() => emulator().url);

  async function freshTopic() {
    const settings = emulator().client(freshAccount());
    const sns = new SNSClient(settings);
    const { TopicArn = '' } = await sns.send(new CreateTopicCommand({ Name: 'notices' }));
    const { credentials, region } = settings;
    const subscribe = (Protocol: string, Endpoint: string, attributes: Record<string, string> = {}) =>
      sns.send(new SubscribeCommand({ TopicArn, Protocol, Endpoint, Attributes: attributes }));
    return { subscriptions: awsSubscriptions({ credentials, region }, TopicArn), subscribe };
  }

  test('an address is subscribed, filtered otherwise, and unsubscribed', async () => {
    const { subscriptions } = await freshTopic();
    expect(await subscriptions.list()).toEqual({ emails: [], filters: 0 });
    await subscriptions.subscribe('pay@example.com', { owner: ['payments'] });
    const { emails, filters } = await subscriptions.list();
    expect(filters).toBe(1);
    const [first] = emails;
    if (first?.kind !== 'confirmed') throw new Error('the emulator confirms by itself');
    expect(first).toMatchObject({ email: 'pay@example.com', filter: { owner: ['payments'] } });
    await subscriptions.changeFilter(first.arn, { owner: ['payments', 'search'] });
    expect((await subscriptions.list()).emails).toMatchObject([{ filter: { owner: ['payments', 'search'] } }]);
    await subscriptions.unsubscribe(first.arn);
    expect(await subscriptions.list()).toEqual({ emails: [], filters: 0 });
  });

  test('what people subscribed otherwise is told apart, and every filter counts', async () => {
    const { subscriptions, subscribe } = await freshTopic();
    await subscribe('email', 'all@example.com');
    await subscribe('email', 'some@example.com', { FilterPolicy: '{"account":["111122223333"]}' });
    await subscribe('email-json', 'json@example.com', { FilterPolicy: '{"owner":["payments"]}' });
    await subscribe('sqs', 'arn:aws:sqs:us-east-1:111122223333:queue', { FilterPolicy: '{"owner":["payments"]}' });
    const { emails, filters } = await subscriptions.list();
    expect(filters).toBe(3);
    expect(emails.toSorted((a, b) => (a.email < b.email ? -1 : 1))).toEqual([
      { kind: 'foreign', email: 'all@example.com' },
      { kind: 'foreign', email: 'some@example.com' },
    ]);
  });

  test('a long list is read to its end', async () => {
    const { subscriptions } = await freshTopic();
    for (let n = 0; n < 120; n += 1) await subscriptions.subscribe(`o${n}@example.com`, { owner: [`o${n}`] });
    expect((await subscriptions.list()).emails).toHaveLength(120);
  });
});

describe('what the local AWS does not do', () => {
  const topic = 'arn:aws:sns:eu-central-1:111122223333:notices';
  let stub: Awaited<ReturnType<typeof startHttpStub>>;
  beforeAll(async () => {
    stub = await startHttpStub();
  });
  afterAll(() => stub.stop());
  useEndpoint(() => stub.url);

  const member = (arn: string, endpoint: string) =>
    `<member><SubscriptionArn>${arn}</SubscriptionArn><Protocol>email</Protocol><Endpoint>${endpoint}</Endpoint></member>`;

  test('a subscription that waits to be confirmed counts as one with a filter, one that is gone not at all', async () => {
    const members = member('PendingConfirmation', 'new@example.com') + member('Deleted', 'old@example.com');
    stub.prepare(queryAnswer('ListSubscriptionsByTopic', `<Subscriptions>${members}</Subscriptions>`));
    expect(await awsSubscriptions(own, topic).list()).toEqual({
      emails: [{ kind: 'pending', email: 'new@example.com' }],
      filters: 1,
    });
    expect(stub.requests).toHaveLength(1);
  });

  test.each([['FilterPolicyLimitExceeded'], ['SubscriptionLimitExceeded']])('%s is certain', async (code) => {
    stub.prepare(queryError(403, code, 'Limit exceeded'));
    const subscribing = awsSubscriptions(own, topic).subscribe('pay@example.com', { owner: ['payments'] });
    await expect(subscribing).rejects.toThrow(NoRoomError);
  });

  test.each([
    ['list', 'sns:ListSubscriptionsByTopic', () => awsSubscriptions(own, topic).list()],
    ['subscribe', 'sns:Subscribe', () => awsSubscriptions(own, topic).subscribe('a@example.com', { owner: ['a'] })],
    ['unsubscribe', 'sns:Unsubscribe', () => awsSubscriptions(own, topic).unsubscribe(`${topic}:1`)],
    [
      'changeFilter',
      'sns:SetSubscriptionAttributes',
      () => awsSubscriptions(own, topic).changeFilter(`${topic}:1`, {}),
    ],
  ])('want of the right to %s is told as such', async (_name, action, call) => {
    stub.prepare(denied(action));
    const error = await call().catch((refusal: unknown) => refusal);
    expect(error).toBeInstanceOf(AccessDeniedError);
    expect(String(error)).toContain(`AWS denied ${action}`);
  });

  test('a filter that cannot be read is not taken for none', async () => {
    const answers = [
      queryAnswer(
        'ListSubscriptionsByTopic',
        `<Subscriptions>${member(`${topic}:1`, 'a@example.com')}</Subscriptions>`,
      ),
      queryError(400, 'InvalidParameter', 'no'),
    ];
    stub.prepare(...answers);
    await expect(awsSubscriptions(own, topic).list()).rejects.toThrow(UnavailableError);
  });
});
