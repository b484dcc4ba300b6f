import type { Deployment } from '../lambda/contracts/deployment.ts';
import type { AccountId } from '../lambda/domain/ids.ts';
import type { Clock, History, Iam, Ids, Owners, State } from '../lambda/ports.ts';
import type { Estate } from './estate.ts';

/** The CLI looks at IAM; what changes it is not within its reach. */
export type ReadOnlyIam = Pick<Iam, 'users' | 'user' | 'keys' | 'lastUse' | 'credentialReport'>;

/** What a verb may need of a deployment and the AWS account it is in; made by connect, or by a test from fakes. */
export interface Session {
  readonly deployment: Deployment;
  readonly owners: Owners;
  readonly history: History;
  readonly state: State;
  /** The account whose IAM is read: the hub's with the caller's own credentials, or the one that --member-profile leads to. */
  readonly member: { readonly account: AccountId; readonly iam: ReadOnlyIam };
  /** What is deployed as AWS shows it, for doctor. */
  readonly estate: () => Promise<Estate>;
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
