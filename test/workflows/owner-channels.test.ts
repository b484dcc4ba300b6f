import type { NoticeChannel } from '../../lambda/domain/events.ts';
import type { Owner } from '../../lambda/domain/owners.ts';
import { type Channels, channelsTo } from '../../lambda/workflows/owner-channels.ts';
import { aNotice, anOwner } from '../support/builders.ts';
import { FakeChannel } from '../support/fake-channel.ts';

const every: readonly NoticeChannel[] = ['sns', 'slack', 'email', 'webhook', 'operators-topic'];
const having = (...names: readonly NoticeChannel[]): Channels => ({
  'operators-topic': new FakeChannel('operators-topic'),
  ...Object.fromEntries(names.map((name) => [name, new FakeChannel(name)])),
});
const namesOf = (owner: Owner, channels: Channels) => channelsTo(owner, channels).map(({ name }) => name);

const { email: _, ...nobody } = anOwner();
const topic = { snsTopicArn: 'arn:aws:sns:eu-west-1:111122223333:own' };

test.each<[string, Owner, readonly NoticeChannel[]]>([
  ['an e-mail address', anOwner(), ['email']],
  ['a topic', { ...nobody, ...topic }, ['sns']],
  ['a topic and an e-mail address', anOwner(topic), ['sns', 'email']],
  ['a Slack channel', { ...nobody, slackChannel: '#payments' }, ['slack']],
  ['a Slack member', { ...nobody, slackUser: 'U024BE7LH' }, ['slack']],
  ['a webhook', { ...nobody, webhook: 'payments-bot' }, ['webhook']],
  ['all of them', anOwner({ ...topic, slackChannel: '#p', webhook: 'p' }), ['slack', 'sns', 'email', 'webhook']],
  ['nothing', nobody, []],
])('where every channel is set up, an owner with %s is reached so', (_name, owner, names) => {
  expect(namesOf(owner, having(...every))).toEqual(names);
});

test('without SES an e-mail address is reached by the notices topic, and a topic of its own stands for it', () => {
  expect(namesOf(anOwner(), having('sns'))).toEqual(['sns']);
  expect(namesOf(anOwner(topic), having('sns'))).toEqual(['sns']);
});

test.each<[Partial<Owner>, string]>([
  [{ slackUser: 'U024BE7LH' }, 'Slack is not set up in this deployment.'],
  [{ webhook: 'payments-bot' }, 'Webhook is not set up in this deployment.'],
])('a way that the deployment lacks refuses, so that operators hear of it: %j', async (way, why) => {
  const [channel] = channelsTo({ ...nobody, ...way }, having('sns'));
  await expect(channel?.send(aNotice())).rejects.toThrow(why);
});
