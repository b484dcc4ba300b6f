import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { metric } from '../lambda/contracts/metrics.ts';
import { acknowledgeWildcard } from './acknowledge.ts';
import type { DeadLetters } from './dead-letters.ts';
import { KeyturnFunction } from './function.ts';
import { keyturnMetric } from './keyturn-metric.ts';
import { OperatorsAlarm } from './operators-alarm.ts';
import { readOrganization, WHY_ALL_UNITS } from './organization-reader-stack.ts';
import type { ResolvedProps } from './resolve-config.ts';
import { readSchedule } from './schedule.ts';

export interface DispatchProps {
  /** EventBridge expression that readSchedule takes. */
  readonly schedule: string;
  readonly deadLetters: DeadLetters;
  readonly operators: ITopic;
  readonly logRetentionDays: RetentionDays;
  readonly accounts: ResolvedProps['accounts'];
  /** Name of its role: the role that reads the organisation names it in its trust policy. */
  readonly roleName: string;
}

/** The schedule, and the function that begins a run by putting one message per account on the sweep queue. */
export class Dispatch extends Construct {
  readonly function: KeyturnFunction;
  /** The longest that the schedule lets pass between two runs. */
  readonly longestGapHours: number;

  constructor(scope: Construct, id: string, props: DispatchProps) {
    super(scope, id);
    const { schedule, deadLetters, operators, logRetentionDays, accounts, roleName } = props;
    const read = readSchedule(schedule);
    if (read.kind === 'mistake') throw new Error(read.mistake);
    this.longestGapHours = read.longestGapHours;
    this.function = new KeyturnFunction(this, 'Function', {
      handler: 'dispatch',
      description: 'Begins a run: one sweep per account',
      // Organizations lets nobody hurry: reading thousands of accounts takes minutes.
      timeout: Duration.minutes(15),
      memoryMb: 256,
      logRetentionDays,
      roleName,
    });
    if (accounts.kind === 'organization') this.#grantOrganization(accounts.readerRoleArn);
    // A run that fails is tried again twice, then its event is kept for people. A late event does no harm: `now` is its
    // own time. After two hours it is too late to be worth more than a person's look.
    this.function.configureAsyncInvoke({
      retryAttempts: 2,
      maxEventAge: Duration.hours(2),
      onFailure: deadLetters.ofLambda(this.function),
    });
    new Rule(this, 'Schedule', {
      description: 'Begins a run of Keyturn',
      schedule: Schedule.expression(schedule),
      targets: [
        // For events that never reach the function at all.
        new LambdaFunction(this.function, { maxEventAge: Duration.hours(2), deadLetterQueue: deadLetters.queue }),
      ],
    });
    this.#addAlarms(schedule, operators);
  }

  /** Lets the function list the organisation: itself, or as a role of the management account. */
  #grantOrganization(readerRoleArn: string | undefined): void {
    if (readerRoleArn === undefined) {
      this.function.addToRolePolicy(readOrganization());
      acknowledgeWildcard(this.function.role ?? this.function, '*', WHY_ALL_UNITS);
    } else {
      Grant.addToPrincipal({ grantee: this.function, actions: ['sts:AssumeRole'], resourceArns: [readerRoleArn] });
    }
  }

  #addAlarms(schedule: string, operators: ITopic): void {
    const period = Duration.hours(1);
    new OperatorsAlarm(this, 'Failing', {
      operators,
      what: 'A run of Keyturn could not begin: dispatch failed.',
      runbook: 'dispatch-failing',
      metric: this.function.metricErrors({ period, statistic: 'Sum' }),
      when: { reaches: 1 },
    });
    new OperatorsAlarm(this, 'NotRunning', {
      operators,
      what: `Keyturn has not begun a run, although it should have: its schedule is ${schedule}.`,
      runbook: 'dispatch-not-running',
      // Only the schedule's runs tell it: the function is also invoked for single accounts.
      metric: keyturnMetric(metric.accountsExpected, { period }),
      // Two hours of grace for retries and for metrics that come late.
      when: { silentForPeriods: Math.ceil(this.longestGapHours) + 2 },
    });
  }
}
