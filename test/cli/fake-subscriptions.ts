import {
  type FilterPolicy,
  NoRoomError,
  type Subscription,
  type Subscriptions,
  type TopicSubscriptions,
} from '../../cli/subscriptions.ts';

interface Stored {
  readonly email: string;
  readonly arn: string;
  filter: FilterPolicy | undefined;
  confirmed: boolean;
}

/** The subscriptions of a topic in memory; tests confirm them in the place of whoever reads the mail. */
export class FakeSubscriptions implements Subscriptions {
  readonly stored: Stored[] = [];
  /** Filter policies that other protocols have. */
  others = 0;
  /** Most filter policies; the real topic takes 200. */
  most = 200;
  lists = 0;
  /** Fails each call that is made from now on. */
  refused: Error | undefined;

  async list(): Promise<TopicSubscriptions> {
    this.#check();
    this.lists += 1;
    return { emails: this.stored.map(seen), filters: this.#filters() };
  }

  async subscribe(email: string, filter: FilterPolicy): Promise<void> {
    this.#check();
    if (this.#filters() >= this.most) throw new NoRoomError('the topic takes no more filter policies.');
    this.stored.push({
      email,
      filter,
      arn: `arn:aws:sns:eu-central-1:111122223333:notices:${email}`,
      confirmed: false,
    });
  }

  async changeFilter(arn: string, filter: FilterPolicy): Promise<void> {
    this.#check();
    this.#of(arn).filter = filter;
  }

  async unsubscribe(arn: string): Promise<void> {
    this.#check();
    this.stored.splice(this.stored.indexOf(this.#of(arn)), 1);
  }

  /** Somebody follows the link in each mail. */
  confirmAll(): void {
    for (const one of this.stored) one.confirmed = true;
  }

  /** As somebody subscribed it by hand. */
  add(email: string, filter: FilterPolicy | undefined): void {
    this.stored.push({ email, filter, arn: `arn:aws:sns:eu-central-1:111122223333:notices:${email}`, confirmed: true });
  }

  /** Whom each address hears of. */
  get heard(): Readonly<Record<string, unknown>> {
    return Object.fromEntries(this.stored.map(({ email, filter }) => [email, filter]));
  }

  #filters(): number {
    return this.others + this.stored.filter(({ filter }) => filter !== undefined).length;
  }

  #of(arn: string): Stored {
    const found = this.stored.find((one) => one.confirmed && one.arn === arn);
    if (found === undefined) throw new Error(`${arn} is not a confirmed subscription`);
    return found;
  }

  #check(): void {
    if (this.refused !== undefined) throw this.refused;
  }
}

function seen({ email, arn, filter, confirmed }: Stored): Subscription {
  if (!confirmed) return { kind: 'pending', email };
  return filter?.owner === undefined ? { kind: 'foreign', email } : { kind: 'confirmed', email, arn, filter };
}
