import type { MemberStackSetRecord } from '../lambda/contracts/deployment.ts';
import type { OrganizationTree } from '../lambda/domain/account-selection.ts';
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

/** The trust policy of a role. */
export interface RoleTrust {
  readonly statements: readonly TrustStatement[];
  /** Statements that are written otherwise than by naming whom and what: with NotPrincipal or NotAction, say. */
  readonly unread: number;
}

export interface TrustStatement {
  readonly effect: 'Allow' | 'Deny';
  readonly principals: readonly Principal[];
  readonly actions: readonly string[];
  /** All of them have to hold. */
  readonly conditions: readonly TrustCondition[];
}

export interface Principal {
  readonly kind: 'AWS' | 'Service' | 'Federated' | 'CanonicalUser';
  readonly name: string;
}

export interface TrustCondition {
  /** As IAM calls it: `StringEquals`, … */
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

export interface StackState {
  /** As CloudFormation calls it: `UPDATE_COMPLETE`, … */
  readonly status: string;
  readonly changedAt?: IsoTime;
}

/** A stack that a StackSet has, or should have, in an account. */
export interface StackInstance {
  readonly account: string;
  readonly region: string;
  /** As CloudFormation calls it: `CURRENT`, `OUTDATED` or `INOPERABLE`. */
  readonly status: string;
  /** What came of the last operation on it: `SUCCEEDED`, `FAILED`, `RUNNING`, … */
  readonly detail?: string;
  /** AWS's words for it. */
  readonly reason?: string;
}

export interface StackSetState {
  /** As CloudFormation calls it: `ACTIVE` or `DELETED`. */
  readonly status: string;
  /** Units, or the root, whose accounts get a stack. */
  readonly organizationalUnits: readonly string[];
  readonly instances: readonly StackInstance[];
}

/**
 * What of Keyturn is deployed, as AWS shows it. Undefined: there certainly is none of that name. Every method throws
 * UnavailableError when AWS does not answer or the caller may not ask.
 */
export interface Estate {
  stack(name: string): Promise<StackState | undefined>;
  /** Name of the stack that a resource is part of. */
  stackHolding(physicalId: string): Promise<string | undefined>;
  memberStackSet(record: MemberStackSetRecord): Promise<StackSetState | undefined>;
  table(name: string): Promise<TableState | undefined>;
  subscriptions(topicArn: string): Promise<Subscriptions | undefined>;
  queue(url: string): Promise<QueueDepth | undefined>;
  eventSources(functionName: string): Promise<readonly EventSource[]>;
  role(name: string): Promise<RoleTrust | undefined>;
  /** ID of the organisation that the caller's account is in. */
  organizationId(): Promise<string | undefined>;
  /** The whole organisation, as the caller may list it, or as this role may. */
  organizationTree(readerRoleArn?: string): Promise<OrganizationTree>;
}
