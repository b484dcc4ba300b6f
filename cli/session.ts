import type { Deployment } from '../lambda/contracts/deployment.ts';
import type { ScheduleEvent } from '../lambda/contracts/messages.ts';
import type { AccountId } from '../lambda/domain/ids.ts';
import type { Owner } from '../lambda/domain/owners.ts';
import type { Clock, History, Iam, Ids, Outbox, Owners, Seals, State, StoredHistory } from '../lambda/ports.ts';
import type { Anchors } from '../lambda/workflows/verify-seals.ts';
import type { Estate } from './estate.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { Trail } from './trail.ts';

/** An owner without contact data. */
export type OwnerName = Pick<Owner, 'id' | 'name'>;

/** The CLI looks at IAM; what changes it is not within its reach. */
export type ReadOnlyIam = Pick<Iam, 'users' | 'user' | 'keys' | 'lastUse' | 'credentialReport'>;

/** What a verb may need of a deployment and the AWS account it is in; made by connect, or by a test from fakes. */
export interface Session {
  readonly deployment: Deployment;
  readonly owners: Owners;
  /** Who there is, without how they are reached: auditors may read no more. */
  readonly ownerNames: () => Promise<readonly OwnerName[]>;
  readonly history: History;
  /** The same, read for checking. */
  readonly stored: StoredHistory;
  /** The chain over the history. */
  readonly seals: Pick<Seals, 'all' | 'last'>;
  /** Seals that were noted down in the evidence bucket; undefined: there is none. */
  readonly anchors: () => Promise<Anchors | undefined>;
  /** AWS's own record of changes of keys, in the account whose IAM is read. */
  readonly trail: () => Promise<Trail>;
  readonly state: State;
  /** Who waits to be told. */
  readonly outbox: Pick<Outbox, 'readers'>;
  /** The account whose IAM is read: the hub's with the caller's own credentials, or the one that --member-profile leads to. */
  readonly member: { readonly account: AccountId; readonly iam: ReadOnlyIam };
  /** What is deployed as AWS shows it, for doctor. */
  readonly estate: () => Promise<Estate>;
  /** Of the notices topic, for importing owners. */
  readonly subscriptions: () => Promise<Subscriptions>;
  /** Begins a run over single accounts, and does not wait for it. */
  readonly startRun: (event: ScheduleEvent) => Promise<void>;
  readonly pause: (milliseconds: number) => Promise<void>;
  readonly clock: Clock;
  readonly ids: Ids;
  /** ARN of whoever runs the command. */
  readonly callerArn: string;
}

/** The flags that say which deployment is meant and who asks. */
export interface ConnectionOptions {
  readonly profile?: string;
  readonly region?: string;
  /** Profile whose credentials read IAM of another account than the hub. */
  readonly memberProfile?: string;
  /** Name of the SSM parameter that tells what is deployed. */
  readonly deployment: string;
}

export type Connect = (options: ConnectionOptions) => Promise<Session>;
