import type { AccountId, ExemptionId, OwnerId, UserId, UserName } from './ids.ts';
import type { Instant } from './time.ts';

/** A person or team that is told about keys. At least one address makes it reachable. */
export interface Owner {
  readonly id: OwnerId;
  readonly name: string;
  /** Subscribed to the deployment's notices topic with a filter on `owner`. */
  readonly email?: string;
  /** Name of an incoming webhook in the Slack secret, or of a channel that the bot is in, such as `#payments`. */
  readonly slackChannel?: string;
  /** Slack member ID (`U…`): told in a direct message by the bot. */
  readonly slackUser?: string;
  /** Name of an endpoint in the secret of webhooks; what is posted there is signed. */
  readonly webhook?: string;
  /** A topic of the owner's own; must be among the configured owner topics. */
  readonly snsTopicArn?: string;
  /** How messages to that topic are written; `amazon-q`: as Amazon Q Developer in chat shows them. Default: text. */
  readonly snsFormat?: 'text' | 'amazon-q';
  /** IANA name; dates in notices are shown in it beside UTC. */
  readonly timeZone?: string;
}

/** Which users a rule is about. Patterns use `*` for any run of characters. */
export type UserMatch =
  | { readonly kind: 'user'; readonly userName: UserName }
  | { readonly kind: 'name'; readonly pattern: string }
  | { readonly kind: 'path'; readonly pattern: string }
  | { readonly kind: 'account' };

/** `account` is an account ID, or `*` for every account. */
export interface Assignment {
  readonly account: AccountId | '*';
  readonly match: UserMatch;
  readonly ownerId: OwnerId;
}

/** A recorded, reasoned, expiring permission not to rotate; at most 365 days. */
export interface Exemption {
  readonly id: ExemptionId;
  readonly account: AccountId | '*';
  readonly match: UserMatch;
  /** Of the one user that it names, where that was known: another user of the same name is not exempt. */
  readonly userId?: UserId;
  readonly reason: string;
  /** Who allowed it, as the granter named them. */
  readonly approver: string;
  /** ARN of the caller that recorded it. */
  readonly grantedBy: string;
  readonly grantedAt: Instant;
  /** From this instant on it no longer holds. */
  readonly expiresAt: Instant;
}
