import { PublishCommand, type SNSClient } from '@aws-sdk/client-sns';
import type { OwnerId } from '../domain/ids.ts';
import { type Channel, type Log, type OutgoingNotice, UnavailableError } from '../ports.ts';
import { amazonQMessage } from './amazon-q.ts';
import { calling } from './aws-errors.ts';
import type { SnsSubscribers } from './sns-subscribers.ts';

/** What both channels work with. */
export interface SnsReach {
  readonly client: SNSClient;
  readonly subscribers: SnsSubscribers;
  readonly log: Pick<Log, 'warn'>;
  /** How people call Keyturn's command line. */
  readonly command: string;
}

/**
 * Owners' notices: to the owner's own topic, or to the shared one that their e-mail subscribes to with a filter. A notice
 * goes only where somebody gets it, because the gates of disabling and deleting open when it went.
 */
export class SnsNotices implements Channel {
  readonly name = 'sns';
  readonly #reach: SnsReach;
  readonly #noticesTopic: string;

  constructor(reach: SnsReach, noticesTopicArn: string) {
    this.#reach = reach;
    this.#noticesTopic = noticesTopicArn;
  }

  async send(notice: OutgoingNotice): Promise<void> {
    if (notice.to === 'operators')
      throw new UnavailableError('A notice to the operators does not go to owners by SNS.');
    const { id, email, snsTopicArn, snsFormat } = notice.to;
    if (snsTopicArn !== undefined) {
      await expectSomebody(this.#reach, snsTopicArn, 'sends-unseen');
      // The shared topic is for mail boxes: only a topic of the owner's own is read by Amazon Q.
      const message = snsFormat === 'amazon-q' ? amazonQMessage(notice) : notice.text;
      return publish(this.#reach, snsTopicArn, notice, message);
    }
    if (email === undefined) {
      throw new UnavailableError(`Owner '${id}' has neither an SNS topic nor an e-mail address.`);
    }
    await this.#expectReader(id, email);
    return publish(this.#reach, this.#noticesTopic, notice, notice.text);
  }

  /** Throws UnavailableError unless mail for the owner arrives; the address itself is in no error. */
  async #expectReader(owner: OwnerId, email: string): Promise<void> {
    const { subscribers, command } = this.#reach;
    const standing = (await subscribers.addressesAt(this.#noticesTopic)).get(email.toLowerCase());
    if (standing === 'confirmed') return;
    const anew = `run '${command} owners import' again to have it sent anew`;
    throw new UnavailableError(
      standing === 'pending'
        ? `Owner '${owner}' has not confirmed the subscription that AWS mailed: follow the link in that mail within two days, after that ${anew}.`
        : `Owner '${owner}' is not subscribed to the notices topic, or did not follow the link that AWS mailed within two days: ${anew}.`,
    );
  }
}

/** The operators' topic: what concerns them, and every notice that could not reach its owner. */
export class SnsOperators implements Channel {
  readonly name = 'operators-topic';
  readonly #reach: SnsReach;
  readonly #topic: string;
  readonly #whenUnseen: WhenUnseen;

  /** A topic of another account may let nobody see who is subscribed to it. */
  constructor(reach: SnsReach, operatorsTopicArn: string, { isElsewhere }: { readonly isElsewhere: boolean }) {
    this.#reach = reach;
    this.#topic = operatorsTopicArn;
    this.#whenUnseen = isElsewhere ? 'sends-unseen' : 'refuses';
  }

  async send(notice: OutgoingNotice): Promise<void> {
    await expectSomebody(this.#reach, this.#topic, this.#whenUnseen);
    await publish(this.#reach, this.#topic, notice, notice.text);
  }
}

/** What to do where SNS does not say who is subscribed: unknown is not absent. */
type WhenUnseen = 'sends-unseen' | 'refuses';

async function expectSomebody({ subscribers, log }: SnsReach, topic: string, whenUnseen: WhenUnseen): Promise<void> {
  let isSomebodyThere: boolean;
  try {
    isSomebodyThere = await subscribers.isAnybodyAt(topic);
  } catch (error) {
    if (whenUnseen === 'refuses') throw error;
    log.warn('who is subscribed to a topic is not known: notices go to it all the same', { topic, error });
    return;
  }
  if (!isSomebodyThere) {
    throw new UnavailableError(`Topic ${topic} has no confirmed subscription: subscribe whoever is to read it.`);
  }
}

async function publish(
  { client }: SnsReach,
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
