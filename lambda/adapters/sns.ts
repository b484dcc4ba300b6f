import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { Owner } from '../domain/owners.ts';
import { type Channel, type OutgoingNotice, UnavailableError } from '../ports.ts';
import { amazonQMessage } from './amazon-q.ts';
import { calling } from './aws-errors.ts';

/** Owners' notices: to the owner's own topic, or to the shared one that their e-mail subscribes to with a filter. */
export class SnsNotices implements Channel {
  readonly name = 'sns';
  readonly #client: SNSClient;
  readonly #noticesTopic: string;

  constructor(client: SNSClient, noticesTopicArn: string) {
    this.#client = client;
    this.#noticesTopic = noticesTopicArn;
  }

  async send(notice: OutgoingNotice): Promise<void> {
    if (notice.to === 'operators')
      throw new UnavailableError('A notice to the operators does not go to owners by SNS.');
    const { snsTopicArn, snsFormat } = notice.to;
    // The shared topic is for mail boxes: only a topic of the owner's own is read by Amazon Q.
    const inChat = snsTopicArn !== undefined && snsFormat === 'amazon-q';
    await publish(this.#client, this.#topicOf(notice.to), notice, inChat ? amazonQMessage(notice) : notice.text);
  }

  #topicOf(owner: Owner): string {
    if (owner.snsTopicArn !== undefined) return owner.snsTopicArn;
    if (owner.email !== undefined) return this.#noticesTopic;
    throw new UnavailableError(`Owner '${owner.id}' has neither an SNS topic nor an e-mail address.`);
  }
}

/** The operators' topic: what concerns them, and every notice that could not reach its owner. */
export class SnsOperators implements Channel {
  readonly name = 'operators-topic';
  readonly #client: SNSClient;
  readonly #topic: string;

  constructor(client: SNSClient, operatorsTopicArn: string) {
    this.#client = client;
    this.#topic = operatorsTopicArn;
  }

  async send(notice: OutgoingNotice): Promise<void> {
    await publish(this.#client, this.#topic, notice, notice.text);
  }
}

async function publish(
  client: SNSClient,
  topic: string,
  { subject, attributes }: OutgoingNotice,
  message: string,
): Promise<void> {
  // SNS refuses an attribute without a value.
  const present = Object.entries(attributes).filter(([, value]) => value !== '');
  const command = new PublishCommand({
    TopicArn: topic,
    Subject: subject,
    Message: message,
    MessageAttributes: Object.fromEntries(
      present.map(([name, value]) => [name, { DataType: 'String', StringValue: value }]),
    ),
  });
  const action = `sns:Publish to ${topic}`;
  const { MessageId } = await calling(action, () => client.send(command));
  // The SDK takes any page that says 200 for an answer, such as a proxy's.
  if (MessageId === undefined) throw new UnavailableError(`${action} was answered without a message ID.`);
}
