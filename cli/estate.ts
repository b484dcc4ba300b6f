import type { IsoTime } from '../lambda/domain/time.ts';

export interface TableState {
  /** As DynamoDB calls it: `ACTIVE`, … */
  readonly status: string;
  readonly restorable: boolean;
  readonly protectedFromDeletion: boolean;
}

export interface Subscriptions {
  readonly confirmed: number;
  readonly pending: number;
}

export interface QueueDepth {
  readonly waiting: number;
  readonly inFlight: number;
}

export interface EventSource {
  readonly arn: string;
  /** As Lambda calls it: `Enabled`, `Disabled`, … */
  readonly state: string;
}

export interface RoleTrust {
  /** The AWS principals that its trust policy names. */
  readonly principals: readonly string[];
}

export interface StackState {
  /** As CloudFormation calls it: `UPDATE_COMPLETE`, … */
  readonly status: string;
  readonly changedAt?: IsoTime;
}

/**
 * What of Keyturn is deployed, as AWS shows it. Undefined: there certainly is none of that name. Every method throws
 * UnavailableError when AWS does not answer or the caller may not ask.
 */
export interface Estate {
  stack(name: string): Promise<StackState | undefined>;
  table(name: string): Promise<TableState | undefined>;
  subscriptions(topicArn: string): Promise<Subscriptions | undefined>;
  queue(url: string): Promise<QueueDepth | undefined>;
  eventSources(functionName: string): Promise<readonly EventSource[]>;
  role(name: string): Promise<RoleTrust | undefined>;
}
