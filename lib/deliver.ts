import { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { metric } from '../lambda/contracts/metrics.ts';
import { DELIVER_EVERY_MINUTES, DELIVER_LONGEST_SECONDS } from '../lambda/contracts/outbox.ts';
import type { DeadLetters } from './dead-letters.ts';
import { KeyturnFunction } from './function.ts';
import { keyturnMetric } from './keyturn-metric.ts';
import { NoticeChannels } from './notice-channels.ts';
import { OperatorsAlarm } from './operators-alarm.ts';
import type { ResolvedProps } from './resolve-config.ts';
import type { Topics } from './topics.ts';

export interface DeliverProps {
  readonly topics: Topics;
  readonly deadLetters: DeadLetters;
  readonly notices: ResolvedProps['notices'];
  readonly logRetentionDays: RetentionDays;
  /** How many refused messages within an hour are an alarm. */
  readonly failedNotices: number;
}

/** The function that sends what waits in the outbox: each owner's news in one message per channel and day. */
export class Deliver extends Construct {
  readonly function: KeyturnFunction;

  constructor(scope: Construct, id: string, props: DeliverProps) {
    super(scope, id);
    const { topics, deadLetters, notices, logRetentionDays } = props;
    const channels = new NoticeChannels(topics, notices);
    this.function = new KeyturnFunction(this, 'Function', {
      handler: 'deliver',
      description: 'Sends owners and operators what waits in the outbox',
      timeout: Duration.seconds(DELIVER_LONGEST_SECONDS),
      // Writing a message takes a few hundredths of a second of a whole processor; Lambda gives it by memory.
      memoryMb: 512,
      logRetentionDays,
      builtIn: channels.builtIn,
    });
    // A tick that fails leaves nothing behind that the next one does not do: neither is it repeated, nor its event kept.
    this.function.configureAsyncInvoke({
      retryAttempts: 0,
      maxEventAge: Duration.minutes(DELIVER_EVERY_MINUTES),
    });
    deadLetters.grantPark(this.function);
    new Rule(this, 'Schedule', {
      description: 'Sends what waits to be told by Keyturn',
      schedule: Schedule.rate(Duration.minutes(DELIVER_EVERY_MINUTES)),
      targets: [
        new LambdaFunction(this.function, { maxEventAge: Duration.hours(2), deadLetterQueue: deadLetters.queue }),
      ],
    });
    channels.grantSend(this.function);
    this.#addAlarms(props);
  }

  #addAlarms({ topics: { alarms: operators }, failedNotices }: DeliverProps): void {
    const period = Duration.hours(1);
    new OperatorsAlarm(this, 'Refused', {
      operators,
      what: 'A channel refused notices. They are tried again, and operators get what no channel takes.',
      runbook: 'notices-refused',
      metric: keyturnMetric(metric.noticesFailed, { period }),
      when: { reaches: failedNotices },
    });
    new OperatorsAlarm(this, 'Undelivered', {
      operators,
      what: 'For a day notices could not be delivered over a channel; after seven days they are given up.',
      runbook: 'notices-undelivered',
      metric: keyturnMetric(metric.noticesHeldUpHours, { period, statistic: 'Maximum' }),
      when: { reaches: 24 },
    });
    new OperatorsAlarm(this, 'Failing', {
      operators,
      what: 'The sending of notices fails again and again, for another reason than a channel that refuses them.',
      runbook: 'deliver-failing',
      metric: this.function.metricErrors({ period: Duration.minutes(15), statistic: 'Sum' }),
      when: { reaches: 2 },
    });
    new OperatorsAlarm(this, 'NotRunning', {
      operators,
      what: 'Nobody looks at the notices that wait: deliver is not called, although it should be every five minutes.',
      runbook: 'deliver-not-running',
      metric: this.function.metricInvocations({ period, statistic: 'Sum' }),
      when: { silentForPeriods: 3 },
    });
  }
}
