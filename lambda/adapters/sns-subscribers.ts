import { ListSubscriptionsByTopicCommand, type SNSClient, type Subscription } from '@aws-sdk/client-sns';
import { DELIVER_LONGEST_SECONDS } from '../contracts/outbox.ts';
import type { Instant } from '../domain/time.ts';
import { type Clock, UnavailableError } from '../ports.ts';
import { calling } from './aws-errors.ts';

/** How an e-mail address stands at a topic. */
export type Standing = 'confirmed' | 'pending';

/** For so long, in milliseconds, a topic is not listed again: an invocation lists each topic once at most. */
const KEPT = DELIVER_LONGEST_SECONDS * 1000;

/** Who is subscribed to topics: SNS takes a message for nobody like any other. */
export class SnsSubscribers {
  readonly #client: SNSClient;
  readonly #anybody: Kept<boolean>;
  readonly #addresses: Kept<ReadonlyMap<string, Standing>>;

  constructor(client: SNSClient, clock: Clock) {
    this.#client = client;
    this.#anybody = new Kept(clock);
    this.#addresses = new Kept(clock);
  }

  /** Whether anybody has a confirmed subscription to the topic. Throws UnavailableError when SNS does not say. */
  isAnybodyAt(topicArn: string): Promise<boolean> {
    return this.#anybody.of(topicArn, async () => {
      for await (const { SubscriptionArn } of this.#subscriptionsTo(topicArn)) {
        if (standingOf(SubscriptionArn) === 'confirmed') return true;
      }
      return false;
    });
  }

  /** Of every e-mail address that is subscribed to the topic, in lower case. Throws UnavailableError when SNS does not say. */
  addressesAt(topicArn: string): Promise<ReadonlyMap<string, Standing>> {
    return this.#addresses.of(topicArn, async () => {
      const addresses = new Map<string, Standing>();
      for await (const { SubscriptionArn, Protocol, Endpoint = '' } of this.#subscriptionsTo(topicArn)) {
        const standing = standingOf(SubscriptionArn);
        const address = Endpoint.toLowerCase();
        if (standing === undefined || !Protocol?.startsWith('email') || addresses.get(address) === 'confirmed')
          continue;
        addresses.set(address, standing);
      }
      return addresses;
    });
  }

  async *#subscriptionsTo(TopicArn: string): AsyncIterable<Subscription> {
    const action = `sns:ListSubscriptionsByTopic of ${TopicArn}`;
    let NextToken: string | undefined;
    do {
      const command = new ListSubscriptionsByTopicCommand({ TopicArn, ...(NextToken && { NextToken }) });
      const page = await calling(action, () => this.#client.send(command));
      // The SDK takes any page that says 200 for an answer: a proxy's would mean that nobody is there.
      if (page.Subscriptions === undefined) throw new UnavailableError(`${action} was answered without a list.`);
      yield* page.Subscriptions;
      NextToken = page.NextToken;
    } while (NextToken);
  }
}

/** What was just deleted is listed for a while too. */
function standingOf(subscriptionArn: string | undefined): Standing | undefined {
  if (subscriptionArn === 'PendingConfirmation') return 'pending';
  return subscriptionArn?.startsWith('arn:') ? 'confirmed' : undefined;
}

/** Answers by topic. Failures are kept as well: what is refused is offered again after minutes, not at once. */
class Kept<Answer> {
  readonly #clock: Clock;
  readonly #answers = new Map<string, { readonly at: Instant; readonly answer: Promise<Answer> }>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  of(topicArn: string, ask: () => Promise<Answer>): Promise<Answer> {
    const known = this.#answers.get(topicArn);
    const at = this.#clock.now();
    if (known !== undefined && at - known.at < KEPT) return known.answer;
    const answer = ask();
    this.#answers.set(topicArn, { at, answer });
    return answer;
  }
}
