import { Duration } from 'aws-cdk-lib';
import { MathExpression } from 'aws-cdk-lib/aws-cloudwatch';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { metric } from '../lambda/contracts/metrics.ts';
import { keyturnMetric } from './keyturn-metric.ts';
import { OperatorsAlarm } from './operators-alarm.ts';
import type { ResolvedProps } from './resolve-config.ts';

export interface SweepAlarmsProps {
  readonly operators: ITopic;
  readonly alarms: ResolvedProps['operation']['alarms'];
  /** The longest that the schedule lets pass between two runs. */
  readonly longestGapHours: number;
}

/** A day is the longest period that an alarm may have. */
const MOST_HOURS = 24;

/** What sweeps find or fail at, and only a person can mend. */
export class SweepAlarms extends Construct {
  constructor(scope: Construct, id: string, { operators, alarms, longestGapHours }: SweepAlarmsProps) {
    super(scope, id);
    // Long enough for every account of a run, so that one that is well does not speak for one that is not.
    const run = Duration.hours(6);
    // One run falls into each.
    const eachRun = Duration.hours(Math.min(MOST_HOURS, Math.ceil(longestGapHours)));
    new OperatorsAlarm(this, 'AccountsFailing', {
      operators,
      what: 'For two runs on end an account could not be entered or swept.',
      runbook: 'accounts-failing',
      metric: new MathExpression({
        label: 'Accounts failing',
        expression: 'denied + failed',
        usingMetrics: {
          denied: keyturnMetric(metric.accountsWithoutAccess, { period: Duration.minutes(5) }),
          failed: keyturnMetric(metric.sweepsFailed, { period: Duration.minutes(5) }),
        },
        period: eachRun,
      }),
      when: { reaches: alarms.failingAccounts, forPeriods: 2, betweenRuns: 'stays' },
    });
    new OperatorsAlarm(this, 'UsersUnread', {
      operators,
      what: 'For two runs on end users of an account, or requests about them, could not be read: nobody knows how they stand.',
      runbook: 'users-unread',
      metric: keyturnMetric(metric.readsFailed, { period: eachRun, statistic: 'Maximum' }),
      when: { reaches: alarms.unreadUsers, forPeriods: 2, betweenRuns: 'stays' },
    });
    new OperatorsAlarm(this, 'KeysOverdue', {
      operators,
      what: 'Access keys should have been rotated, disabled or deleted two days ago or earlier, and were not.',
      runbook: 'keys-overdue',
      metric: keyturnMetric(metric.keysOverdue, { period: run, statistic: 'Maximum' }),
      when: { reaches: alarms.overdueKeys, betweenRuns: 'stays' },
    });
    new OperatorsAlarm(this, 'RootKeySeen', {
      operators,
      what: 'The root user of an account has an active access key.',
      runbook: 'root-key-seen',
      metric: keyturnMetric(metric.rootKeysSeen, { period: run, statistic: 'Maximum' }),
      when: { reaches: 1, betweenRuns: 'stays' },
    });
    new OperatorsAlarm(this, 'RootKeysUnknown', {
      operators,
      what: 'For three runs on end an account had no credential report: nobody knows whether its root user has a key.',
      runbook: 'root-keys-unknown',
      metric: keyturnMetric(metric.reportsMissing, { period: eachRun }),
      when: { reaches: alarms.missingReports, forPeriods: 3, betweenRuns: 'stays' },
    });
  }
}
