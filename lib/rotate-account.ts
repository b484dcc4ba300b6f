import { Duration, Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { environment } from '../lambda/contracts/environment.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { DeadLetters } from './dead-letters.ts';
import { KeyturnFunction } from './function.ts';
import { OperatorsAlarm } from './operators-alarm.ts';
import type { ResolvedProps } from './resolve-config.ts';
import { SweepAlarms } from './sweep-alarms.ts';

/**
 * Accounts that one invocation sweeps side by side. A sweep mostly waits, seconds for a credential report and for a new key
 * to work: in ten accounts as long as in one, and Lambda is paid by the second. Ten accounts of 5,000 users, as many as IAM
 * allows, fit into the function's memory: their first sweep, side by side, took 316 MB on a local AWS, hardly more than
 * that of one (`npm run bench -- sweep`).
 */
const ACCOUNTS_AT_ONCE = 10;

/** The longest that Lambda allows: a sweep goes on until it is done or its time is up. */
const TIMEOUT = Duration.minutes(15);

export interface RotateAccountProps {
  readonly access: ResolvedProps['access'];
  readonly accounts: ResolvedProps['accounts'];
  readonly operation: ResolvedProps['operation'];
  readonly deadLetters: DeadLetters;
  readonly operators: ITopic;
  /** The longest that the schedule lets pass between two runs. */
  readonly longestGapHours: number;
}

/** The sweep queue, and the function that sweeps an account for each message: the only one that may change keys. */
export class RotateAccount extends Construct {
  readonly function: KeyturnFunction;
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: RotateAccountProps) {
    super(scope, id);
    const { access, accounts, operation, deadLetters, operators } = props;
    this.queue = new Queue(this, 'Sweeps', {
      // Twice the function's time, not the six times that AWS advises: that is for messages that come back because the
      // function is throttled, which maxConcurrency prevents. So a sweep that died is tried again in half an hour, and a
      // third time within the hour, by when its predecessor's lease is over.
      visibilityTimeout: Duration.minutes(2 * TIMEOUT.toMinutes()),
      retentionPeriod: Duration.days(4),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
      deadLetterQueue: { queue: deadLetters.queue, maxReceiveCount: 3 },
    });
    this.function = new KeyturnFunction(this, 'Function', {
      handler: 'rotate-account',
      description: 'Sweeps accounts: rotates, disables and deletes access keys',
      timeout: TIMEOUT,
      memoryMb: operation.workerMemoryMb,
      logRetentionDays: operation.logRetentionDays,
      roleName: access.workerRoleName,
    });
    this.function.addEventSource(
      new SqsEventSource(this.queue, {
        batchSize: ACCOUNTS_AT_ONCE,
        maxBatchingWindow: Duration.seconds(5),
        reportBatchItemFailures: true,
        maxConcurrency: operation.maxConcurrentSweeps,
      }),
    );
    deadLetters.grantPark(this.function);
    this.#grantAccounts(access, accounts);
    // A sweep whose time is up asks for its own continuation, one that meets another at its account to come again.
    this.grantSend(this.function);
    new OperatorsAlarm(this, 'Waiting', {
      operators,
      what: 'An account has waited for its sweep for three hours.',
      runbook: 'sweeps-waiting',
      metric: this.queue.metricApproximateAgeOfOldestMessage({ period: Duration.minutes(15), statistic: 'Maximum' }),
      when: { reaches: Duration.hours(3).toSeconds() },
    });
    new SweepAlarms(this, 'Sweep', { operators, alarms: operation.alarms, longestGapHours: props.longestGapHours });
  }

  /** Lets the worker assume the member role, and tells it how. */
  #grantAccounts(access: ResolvedProps['access'], accounts: ResolvedProps['accounts']): void {
    const { memberRoleName, externalId, secretReaders, organizationId } = access;
    this.function.addEnvironment(environment.memberRoleName, memberRoleName);
    this.function.addEnvironment(environment.externalId, externalId);
    this.function.addEnvironment(environment.secretReaders, JSON.stringify(secretReaders));
    const role = { service: 'iam', region: '', resource: 'role', resourceName: memberRoleName };
    const grantee = this.function;
    const actions = ['sts:AssumeRole'];
    const named = namedAccounts(accounts, Stack.of(this).account);
    if (named !== undefined) {
      const resourceArns = named.map((account) => Stack.of(this).formatArn({ ...role, account }));
      Grant.addToPrincipal({ grantee, actions, resourceArns });
      return;
    }
    const anywhere = Stack.of(this).formatArn({ ...role, account: '*' });
    const conditions = { StringEquals: { 'aws:ResourceOrgID': organizationId } };
    Grant.addToPrincipal({
      grantee,
      actions,
      resourceArns: [anywhere],
      ...(organizationId !== undefined && { conditions }),
    });
    acknowledgeWildcard(
      this.function.role ?? this,
      anywhere,
      'The accounts are too many to name, or known only when a run begins; each trusts this role by its own member role.',
    );
  }

  /** Lets the function ask for sweeps. */
  grantSend(fn: KeyturnFunction): void {
    fn.addEnvironment(environment.sweepQueueUrl, this.queue.queueUrl);
    // CDK's own grant would bring rights along that nothing here uses.
    Grant.addToPrincipal({ grantee: fn, actions: ['sqs:SendMessage'], resourceArns: [this.queue.queueArn] });
  }
}

/** A policy of a role has room for the ARNs of about this many roles, beside what else it holds. */
const MOST_NAMED = 20;

/** The accounts that the policy names one by one; undefined when it can't. */
function namedAccounts(accounts: ResolvedProps['accounts'], hub: string): readonly string[] | undefined {
  if (accounts.kind === 'single') return [hub];
  return accounts.kind === 'list' && accounts.accounts.length <= MOST_NAMED ? accounts.accounts : undefined;
}
