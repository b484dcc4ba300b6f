import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { z } from 'zod';
import { SnsNotices, SnsOperators } from '../../lambda/adapters/sns.ts';
import { SnsSubscribers } from '../../lambda/adapters/sns-subscribers.ts';
import { parseOwnerId } from '../../lambda/domain/ids.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { aNotice, anOwner } from '../support/builders.ts';
import { emulated } from '../support/emulated.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeLog } from '../support/fake-log.ts';

const { emulator, freshAccount } = emulated();
const here = { isElsewhere: false };
const deliveredSchema = z.object({
  Subject: z.string(),
  Message: z.string(),
  MessageAttributes: z.record(z.string(), z.object({ Type: z.literal('String'), Value: z.string() })),
});

function reachOf(client: SNSClient, clock = new FakeClock()) {
  return { client, subscribers: new SnsSubscribers(client, clock), log: new FakeLog(), command: 'keyturn' };
}

async function freshTopics() {
  const account = freshAccount();
  const sns = new SNSClient({ ...clientSettings, ...emulator().client(account) });
  const sqs = new SQSClient({ ...clientSettings, ...emulator().client(account) });
  const topic = async (name: string) => (await sns.send(new CreateTopicCommand({ Name: name }))).TopicArn ?? '';
  return {
    sns,
    reach: reachOf(sns),
    /** A mail box at the topic; the local AWS takes it for confirmed at once. */
    confirm: (TopicArn: string, Endpoint = 'payments@example.com') =>
      sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint })),
    notices: await topic('notices'),
    operators: await topic('operators'),
    own: await topic('own'),
    /** A queue that gets what the topic gets, as far as the filter lets it. */
    async subscribe(topicArn: string, filter?: Readonly<Record<string, readonly string[]>>) {
      const QueueName = `queue-${topicArn.split(':').pop()}-${JSON.stringify(filter ?? '').length}`;
      const { QueueUrl = '' } = await sqs.send(new CreateQueueCommand({ QueueName }));
      await sns.send(
        new SubscribeCommand({
          TopicArn: topicArn,
          Protocol: 'sqs',
          Endpoint: `arn:aws:sqs:us-east-1:${account}:${QueueName}`,
          ...(filter && { Attributes: { FilterPolicy: JSON.stringify(filter) } }),
        }),
      );
      return async () => {
        const { Messages = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }));
        return Messages.map(({ Body = '' }) => deliveredSchema.parse(JSON.parse(Body)));
      };
    },
  };
}

test('an owner with an e-mail address is told over the shared topic, where a filter finds it', async () => {
  const { reach, notices, subscribe, confirm } = await freshTopics();
  await confirm(notices);
  const forPayments = await subscribe(notices, { owner: ['payments'] });
  const forSearch = await subscribe(notices, { owner: ['search', 'search-2'] });
  const notice = aNotice();
  await new SnsNotices(reach, notices).send(notice);
  expect(await forPayments()).toEqual([
    {
      Subject: notice.subject,
      Message: notice.text,
      MessageAttributes: {
        owner: { Type: 'String', Value: 'payments' },
        account: { Type: 'String', Value: '111122223333' },
        type: { Type: 'String', Value: 'key-replaced' },
      },
    },
  ]);
  expect(await forSearch()).toEqual([]);
});

test('an owner with a topic of its own is told there and nowhere else', async () => {
  const { reach, notices, own, subscribe } = await freshTopics();
  const [shared, itsOwn] = [await subscribe(notices), await subscribe(own)];
  await new SnsNotices(reach, notices).send(aNotice({ to: anOwner({ snsTopicArn: own }) }));
  expect(await itsOwn()).toHaveLength(1);
  expect(await shared()).toEqual([]);
});

describe('a topic that Amazon Q Developer shows in chat', () => {
  test('gets custom notifications', async () => {
    const { reach, notices, own, subscribe } = await freshTopics();
    const received = await subscribe(own);
    const notice = aNotice({ to: anOwner({ snsTopicArn: own, snsFormat: 'amazon-q' }) });
    await new SnsNotices(reach, notices).send(notice);
    const [message] = await received();
    expect(JSON.parse(message?.Message ?? '')).toMatchObject({
      version: '1.0',
      source: 'custom',
      content: { textType: 'client-markdown', title: notice.subject },
    });
    expect(message?.Subject).toBe(notice.subject);
    expect(message?.MessageAttributes.owner?.Value).toBe('payments');
  });

  test('is the own one: mail boxes at the shared one get text', async () => {
    const { reach, notices, subscribe, confirm } = await freshTopics();
    await confirm(notices);
    const received = await subscribe(notices);
    const notice = aNotice({ to: anOwner({ snsFormat: 'amazon-q' }) });
    await new SnsNotices(reach, notices).send(notice);
    expect((await received())[0]?.Message).toBe(notice.text);
  });
});

test('operators are told over their topic, of what has no account too', async () => {
  const { reach, operators, subscribe } = await freshTopics();
  const received = await subscribe(operators);
  const channel = new SnsOperators(reach, operators, here);
  await channel.send(aNotice({ to: 'operators', attributes: { owner: 'operators', account: '', type: 'batch' } }));
  const [message] = await received();
  expect(Object.keys(message?.MessageAttributes ?? {}).toSorted()).toEqual(['owner', 'type']);
  expect(channel.name).toBe('operators-topic');
});

describe('what could not be sent is said so', () => {
  test('by a topic that was deleted since its subscribers were listed', async () => {
    const { sns, reach, notices, confirm } = await freshTopics();
    await confirm(notices);
    const channel = new SnsNotices(reach, notices);
    await channel.send(aNotice());
    await sns.send(new DeleteTopicCommand({ TopicArn: notices }));
    await expect(channel.send(aNotice())).rejects.toThrow(UnavailableError);
    await expect(channel.send(aNotice())).rejects.toThrow(`sns:Publish to ${notices}`);
  });

  test('to an owner that SNS cannot reach, and to operators over the owners’ channel', async () => {
    const { reach, notices } = await freshTopics();
    const unreachable = { id: parseOwnerId('search'), name: 'Search', slackChannel: '#search' };
    const channel = new SnsNotices(reach, notices);
    await expect(channel.send(aNotice({ to: unreachable }))).rejects.toThrow(/'search' has neither an SNS topic nor/);
    await expect(channel.send(aNotice({ to: 'operators' }))).rejects.toThrow(UnavailableError);
    expect(channel.name).toBe('sns');
  });
});
