import type { NoticeChannel } from '../domain/events.ts';
import type { Owner } from '../domain/owners.ts';
import { type Channel, UnavailableError } from '../ports.ts';

/** What this deployment has of each channel, by the names that receipts have for them. */
export type Channels = { readonly [Name in NoticeChannel]?: Channel } & { readonly 'operators-topic': Channel };

/** What a channel is called in a sentence. */
export const channelInWords: { readonly [Name in NoticeChannel]: string } = {
  sns: 'SNS',
  slack: 'Slack',
  email: 'E-mail',
  webhook: 'Webhook',
  'operators-topic': "the operators' topic",
};

/** Every way to an owner. One that this deployment lacks refuses everything, so that operators hear of it. */
export function channelsTo(owner: Owner, channels: Channels): readonly Channel[] {
  const { email, slackChannel, slackUser, snsTopicArn, webhook } = owner;
  const way = (name: NoticeChannel): readonly Channel[] => [channels[name] ?? missing(name)];
  // Without e-mail of its own the deployment reaches an address as a subscriber of the notices topic.
  const bySns = snsTopicArn !== undefined || (email !== undefined && channels.email === undefined);
  return [
    ...(slackChannel === undefined && slackUser === undefined ? [] : way('slack')),
    ...(bySns ? way('sns') : []),
    ...(email !== undefined && channels.email !== undefined ? way('email') : []),
    ...(webhook === undefined ? [] : way('webhook')),
  ];
}

const missing = (name: NoticeChannel): Channel => ({
  name,
  send: () => Promise.reject(new UnavailableError(`${channelInWords[name]} is not set up in this deployment.`)),
});
