import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { CreateEmailIdentityCommand, SESv2Client } from '@aws-sdk/client-sesv2';
import { CreateTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { noticeChannels } from '../../lambda/adapters/notice-channels.ts';
import { clientSettings } from '../../lambda/platform/aws-clients.ts';
import type { Channel } from '../../lambda/ports.ts';
import { aNotice, anOwner } from '../support/builders.ts';
import { emulated } from '../support/emulated.ts';
import { FakeClock } from '../support/fake-clock.ts';
import { FakeLog } from '../support/fake-log.ts';
import { stubbed } from '../support/stubbed.ts';

const { emulator, freshAccount } = emulated();
const { stub } = stubbed();

const world = { clock: new FakeClock(), log: new FakeLog() };

async function freshClients() {
  const settings = { ...clientSettings, ...emulator().client(freshAccount()) };
  const sns = new SNSClient(settings);
  const topic = async (Name: string) => (await sns.send(new CreateTopicCommand({ Name }))).TopicArn ?? '';
  const topics = { noticesTopicArn: await topic('notices'), operatorsTopicArn: await topic('operators') };
  await sns.send(
    new SubscribeCommand({
      TopicArn: topics.noticesTopicArn,
      Protocol: 'email',
      Endpoint: 'payments@example.com',
      Attributes: { FilterPolicy: '{"owner":["payments"]}' },
    }),
  );
  await sns.send(
    new SubscribeCommand({ TopicArn: topics.operatorsTopicArn, Protocol: 'email', Endpoint: 'ops@example.com' }),
  );
  return {
    clients: { sns, secretsManager: new SecretsManagerClient(settings), ses: new SESv2Client(settings) },
    topics,
  };
}

test('what the deployment has is there under the name that receipts give it, and takes notices', async () => {
  const { clients, topics } = await freshClients();
  const email = { from: 'keys@example.com', region: 'us-east-1' };
  await clients.ses.send(new CreateEmailIdentityCommand({ EmailIdentity: email.from }));
  const secret = (Name: string, content: unknown) =>
    clients.secretsManager.send(new CreateSecretCommand({ Name, SecretString: JSON.stringify(content) }));
  await secret('slack', { botToken: 'xoxb-fake', botUrl: `${stub().url}/api` });
  await secret('hooks', { bot: { url: `${stub().url}/hook`, key: 'fake-key-of-a-test-0123456789abcdef' } });
  stub().prepare(({ path }) => ({ status: 200, body: path === '/hook' ? '' : '{"ok":true}' }));
  const sent: string[] = [];
  const counted = (channel: Channel): Channel => ({
    name: channel.name,
    send: async (notice) => {
      await channel.send(notice);
      sent.push(channel.name);
    },
  });
  const settings = { ...topics, command: 'keyturn', slackSecretName: 'slack', webhooksSecretName: 'hooks', email };
  const channels = noticeChannels(settings, clients, world, counted);
  const owner = anOwner({ slackUser: 'U024BE7LH', webhook: 'bot' });
  for (const [name, channel] of Object.entries(channels)) {
    expect(channel.name).toBe(name);
    await channel.send(aNotice({ to: name === 'operators-topic' ? 'operators' : owner }));
  }
  expect(sent.toSorted()).toEqual(['email', 'operators-topic', 'slack', 'sns', 'webhook']);
  expect(
    stub()
      .requests.map(({ path }) => path)
      .toSorted(),
  ).toEqual(['/api/chat.postMessage', '/hook']);
});

test('what it has not is not', async () => {
  const { clients, topics } = await freshClients();
  expect(Object.keys(noticeChannels({ ...topics, command: 'keyturn' }, clients, world))).toEqual([
    'sns',
    'operators-topic',
  ]);
});
