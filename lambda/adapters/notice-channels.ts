import type { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { SESv2Client } from '@aws-sdk/client-sesv2';
import type { SNSClient } from '@aws-sdk/client-sns';
import type { EmailSettings } from '../contracts/email.ts';
import type { Channel, Clock, Log } from '../ports.ts';
import { SesEmail } from './ses.ts';
import { Slack } from './slack.ts';
import { SlackSecret } from './slack-secret.ts';
import { SnsNotices, SnsOperators } from './sns.ts';
import { SnsSubscribers } from './sns-subscribers.ts';
import { Webhook } from './webhook.ts';
import { WebhookSecret } from './webhook-secret.ts';

/** What the environment says about channels. */
export interface ChannelSettings {
  readonly noticesTopicArn: string;
  readonly operatorsTopicArn: string;
  readonly slackSecretName?: string;
  readonly webhooksSecretName?: string;
  readonly email?: EmailSettings;
  /** How people call Keyturn's command line. */
  readonly command: string;
}

export interface ChannelClients {
  readonly sns: SNSClient;
  readonly secretsManager: SecretsManagerClient;
  /** For the Region of the e-mail settings. */
  readonly ses: SESv2Client;
}

/** By the names that receipts have for them; what is absent is not set up in this deployment. */
export interface NoticeChannels {
  readonly sns: Channel;
  readonly 'operators-topic': Channel;
  readonly slack?: Channel;
  readonly email?: Channel;
  readonly webhook?: Channel;
}

/** Every channel that this deployment has; `wrap` is put around each, such as to count what it takes. */
export function noticeChannels(
  settings: ChannelSettings,
  { sns, secretsManager, ses }: ChannelClients,
  { clock, log }: { readonly clock: Clock; readonly log: Pick<Log, 'warn'> },
  wrap: (channel: Channel) => Channel = (channel) => channel,
): NoticeChannels {
  const { noticesTopicArn, operatorsTopicArn, slackSecretName, webhooksSecretName, email, command } = settings;
  const reach = { client: sns, subscribers: new SnsSubscribers(sns, clock), log, command };
  const isElsewhere = accountOf(operatorsTopicArn) !== accountOf(noticesTopicArn);
  const slack = slackSecretName && new Slack(new SlackSecret(secretsManager, slackSecretName, clock), clock);
  const webhook =
    webhooksSecretName && new Webhook(new WebhookSecret(secretsManager, webhooksSecretName, clock), clock);
  return {
    sns: wrap(new SnsNotices(reach, noticesTopicArn)),
    'operators-topic': wrap(new SnsOperators(reach, operatorsTopicArn, { isElsewhere })),
    ...(slack && { slack: wrap(slack) }),
    ...(email && { email: wrap(new SesEmail(ses, email)) }),
    ...(webhook && { webhook: wrap(webhook) }),
  };
}

const accountOf = (topicArn: string): string | undefined => topicArn.split(':')[4];
