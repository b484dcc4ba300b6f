/** A filter policy on message attributes; only `owner` is ours, the rest somebody may have added. */
export type FilterPolicy = Readonly<Record<string, readonly unknown[]>>;

/** An e-mail address at the notices topic. */
export type Subscription =
  /** Nobody has followed the link in AWS's mail yet; what it is filtered on cannot be seen. */
  | { readonly kind: 'pending'; readonly email: string }
  | { readonly kind: 'confirmed'; readonly email: string; readonly arn: string; readonly filter: FilterPolicy }
  /** Somebody subscribed it otherwise: to everything, or by another filter. */
  | { readonly kind: 'foreign'; readonly email: string };

export interface TopicSubscriptions {
  readonly emails: readonly Subscription[];
  /** How many filter policies the topic has, those of other protocols included. */
  readonly filters: number;
}

/** A topic takes no more filter policies. Certain: this one was not made. */
export class NoRoomError extends Error {
  override readonly name = 'NoRoomError';
}

/** Who is subscribed to the notices topic. Every method throws UnavailableError when AWS does not answer, or denies it. */
export interface Subscriptions {
  list(): Promise<TopicSubscriptions>;
  /** Has AWS send the address a mail with a link that confirms it. Throws NoRoomError. */
  subscribe(email: string, filter: FilterPolicy): Promise<void>;
  changeFilter(arn: string, filter: FilterPolicy): Promise<void>;
  unsubscribe(arn: string): Promise<void>;
}
