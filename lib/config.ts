import type { Mode } from '../lambda/domain/events.ts';
import type { AccountsProps, EnforceInProps } from './config-accounts.ts';
import type { EvidenceProps } from './config-evidence.ts';
import type { NoticesProps } from './config-notices.ts';
import type { PolicyProps } from './config-policy.ts';
import type { SecretsProps } from './config-secrets.ts';

/** What Keyturn does, to which accounts, and whom it tells: the props of the `Keyturn` construct. */
export interface KeyturnProps {
  /**
   * `observe` plans, records and tells operators what would be done, and changes nothing in IAM or Secrets Manager.
   * `enforce` does it.
   * @default 'observe'
   */
  readonly mode?: Mode | undefined;
  /**
   * When keys are rotated, disabled and deleted. What is left out comes from the preset.
   * @default - the preset `default`: 90, 100 and 110 days
   */
  readonly policy?: PolicyProps | undefined;
  /**
   * When the accounts are swept: an EventBridge expression, `cron(…)` in UTC or `rate(…)`; at most hourly, and with at
   * most three days between two runs. The default is daily because deadlines are days, early in the European and late
   * in the Asian working day so that somebody is there when a key changes, and off the full hour, when every other
   * scheduled job calls IAM too.
   * @default 'cron(17 6 * * ? *)' - daily at 06:17 UTC
   */
  readonly schedule?: string | undefined;
  /**
   * Which accounts are swept. `single`: the account that Keyturn is deployed to. `list`: these. `organization`: the
   * accounts of an organisation, all or by unit.
   * @default { kind: 'single' }
   */
  readonly accounts?: AccountsProps | undefined;
  /**
   * Accounts and organisational units that enforce while `mode` is `observe`: a rollout in waves.
   * @default - none
   */
  readonly enforceIn?: EnforceInProps | undefined;
  /**
   * Where the users' secrets are kept, under which key, and in which other Regions.
   * @default - in each user's own account
   */
  readonly secrets?: SecretsProps | undefined;
  /** The roles, and who may read the secrets. */
  readonly access?: AccessProps | undefined;
  /** Who is told, and how. */
  readonly notices?: NoticesProps | undefined;
  /**
   * A bucket that nothing can be removed from, with a report for auditors every month, and who may read it.
   * @default - none of it exists, and nothing of it costs anything
   */
  readonly evidence?: EvidenceProps | undefined;
  /** Sizes and names of what runs. */
  readonly operation?: OperationProps | undefined;
  /**
   * What becomes of the owners' and the history table when the stack is deleted. `retain` keeps them and protects them
   * from deletion; `destroy` is for trials only: the evidence is gone with the stack.
   * @default 'retain'
   */
  readonly removal?: 'retain' | 'destroy' | undefined;
}

/** Everything about one deployment: what `keyturn.config.ts` exports. */
export interface KeyturnConfig extends KeyturnProps {
  /**
   * Account to deploy to, 12 digits.
   * @default - the account of the credentials that `cdk` runs with
   */
  readonly account?: string | undefined;
  /**
   * Region to deploy to; the secrets live there too.
   * @default - the Region of the credentials that `cdk` runs with
   */
  readonly region?: string | undefined;
  /**
   * Prefix of the stacks' names: `<prefix>Hub` and `<prefix>Member`.
   * @default 'Keyturn'
   */
  readonly stackName?: string | undefined;
  /**
   * Tags on every resource that can have tags.
   * @default - none
   */
  readonly tags?: Readonly<Record<string, string>> | undefined;
}

export interface AccessProps {
  /**
   * Name of the role that Keyturn assumes in every account, its own included.
   * @default 'KeyturnMember'
   */
  readonly memberRoleName?: string | undefined;
  /**
   * Name of the role of the function that rotates. It is fixed because the member roles name it in their trust policy.
   * @default 'KeyturnWorker'
   */
  readonly workerRoleName?: string | undefined;
  /**
   * Name of the role of the function that begins runs. It is fixed because the role that reads the organisation names it
   * in its trust policy.
   * @default 'KeyturnDispatch'
   */
  readonly dispatchRoleName?: string | undefined;
  /**
   * External ID that the worker presents and the member roles ask for.
   * @default 'keyturn'
   */
  readonly externalId?: string | undefined;
  /**
   * ID of your organisation (`o-…`); the member roles then trust the worker only as a principal of that organisation.
   * @default - not asked for
   */
  readonly organizationId?: string | undefined;
  /**
   * ARNs of roles and users that may read every secret, beside the user it belongs to: say, the role of a pipeline that
   * distributes keys. At most 20.
   * @default - nobody else
   */
  readonly secretReaders?: readonly string[] | undefined;
}

export interface OperationProps {
  /**
   * How long logs are kept, in days; one of the values that CloudWatch Logs knows.
   * @default 365
   */
  readonly logRetentionDays?: number | undefined;
  /**
   * Memory of the function that sweeps accounts, in MB. More memory is also more CPU.
   * @default 512
   */
  readonly workerMemoryMb?: number | undefined;
  /**
   * How many workers sweep at the same time, 2 to 1000; each sweeps up to ten accounts side by side.
   * @default 10
   */
  readonly maxConcurrentSweeps?: number | undefined;
  /**
   * Name of the SSM parameter from which the CLI learns what is deployed (`keyturn --deployment NAME`).
   * @default '/keyturn/deployment'
   */
  readonly deploymentParameter?: string | undefined;
  /**
   * Where alarms go, and how much trouble is enough for one.
   * @default - to the operators, about every key, account and notice
   */
  readonly alarms?: AlarmsProps | undefined;
}

export interface AlarmsProps {
  /**
   * ARN of the topic that alarms go to, such as one that pages; its policy must let cloudwatch.amazonaws.com publish.
   * @default - the operators' topic
   */
  readonly topicArn?: string | undefined;
  /**
   * Rings when in one account so many keys are overdue: their step should have been taken two days ago or earlier, and
   * neither an exemption nor the policy holds it up.
   * @default 1
   */
  readonly overdueKeys?: number | undefined;
  /**
   * Rings when in two runs on end so many accounts could not be entered or swept. A sweep that is tried again and fails
   * again counts again.
   * @default 1
   */
  readonly failingAccounts?: number | undefined;
  /**
   * Rings when channels refuse so many notices within an hour; the operators are told instead of the owners.
   * @default 1
   */
  readonly failedNotices?: number | undefined;
  /**
   * Rings when in two runs on end so many users of one account could not be read, or requests about them: nobody knows
   * how their keys stand.
   * @default 1
   */
  readonly unreadUsers?: number | undefined;
  /**
   * Rings when in three runs on end so many accounts had no credential report: nobody knows of their root keys.
   * @default 1
   */
  readonly missingReports?: number | undefined;
}

/** Gives `keyturn.config.ts` its type. The settings are checked when the app is synthesised. */
export const defineConfig = (config: KeyturnConfig): KeyturnConfig => config;
