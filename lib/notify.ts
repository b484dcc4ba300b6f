import { ArnFormat, Duration, Stack } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Construct } from 'constructs';
import { environment } from '../lambda/contracts/environment.ts';
import { metric } from '../lambda/contracts/metrics.ts';
import { historyTable } from '../lambda/contracts/tables.ts';
import type { DeadLetters } from './dead-letters.ts';
import { KeyturnFunction } from './function.ts';
import { keyturnMetric } from './keyturn-metric.ts';
import { OperatorsAlarm } from './operators-alarm.ts';
import type { ResolvedProps } from './resolve-config.ts';
import type { HistoryTable } from './tables.ts';
import type { Topics } from './topics.ts';

export interface NotifyProps {
  readonly history: HistoryTable;
  readonly topics: Topics;
  readonly deadLetters: DeadLetters;
  /** The secret with the Slack webhooks; absent: no Slack. */
  readonly slack: ResolvedProps['notices']['slack'];
  readonly logRetentionDays: RetentionDays;
  /** How many refused notices within an hour are an alarm. */
  readonly failedNotices: number;
}

/** The function that follows the history and tells owners and operators what concerns them. */
export class Notify extends Construct {
  readonly function: KeyturnFunction;

  constructor(scope: Construct, id: string, props: NotifyProps) {
    super(scope, id);
    const { history, topics, deadLetters, slack, logRetentionDays } = props;
    this.function = new KeyturnFunction(this, 'Function', {
      handler: 'notify',
      description: 'Tells owners and operators what the history says about their keys',
      timeout: Duration.minutes(5),
      memoryMb: 256,
      logRetentionDays,
    });
    history.grantFollow(this.function);
    this.function.addEventSourceMapping('History', {
      eventSourceArn: history.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          dynamodb: { NewImage: { [historyTable.audience]: { S: FilterRule.or('owner', 'operators') } } },
        }),
      ],
      // What a sweep says about one owner within a minute becomes one message.
      batchSize: 100,
      maxBatchingWindow: Duration.minutes(1),
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // It fails only when not even operators can be told. Then only time helps: it is tried for as long as the stream
      // keeps a record, and the number of tries, the most that Lambda takes, is not what ends it. What is given up is in
      // history and the dead-letter queue, and no key is disabled or deleted before its notice was delivered.
      maxRecordAge: Duration.hours(24),
      retryAttempts: 10_000,
      onFailure: deadLetters.ofLambda(this.function),
    });
    topics.grantPublish(this.function);
    if (slack !== undefined) this.#grantSlack(slack.secretName);
    new OperatorsAlarm(this, 'Behind', {
      operators: topics.alarms,
      what: 'Notices are more than an hour late; a stream keeps them for 24 hours.',
      runbook: 'notify-behind',
      metric: this.function.metric('IteratorAge', { period: Duration.minutes(15), statistic: 'Maximum' }),
      when: { reaches: Duration.hours(1).toMilliseconds() },
    });
    new OperatorsAlarm(this, 'Undelivered', {
      operators: topics.alarms,
      what: 'Notices did not reach their owners: a channel refused them.',
      runbook: 'notices-undelivered',
      metric: keyturnMetric(metric.noticesFailed, { period: Duration.hours(1) }),
      when: { reaches: props.failedNotices },
    });
  }

  /** Lets the function, and no other, read the Slack webhooks. */
  #grantSlack(secretName: string): void {
    this.function.addEnvironment(environment.slackSecretName, secretName);
    // A secret's ARN ends in a hyphen and six characters of AWS's choice.
    const resource = { service: 'secretsmanager', resource: 'secret', resourceName: `${secretName}-??????` };
    const secretArn = Stack.of(this).formatArn({ ...resource, arnFormat: ArnFormat.COLON_RESOURCE_NAME });
    Grant.addToPrincipal({
      grantee: this.function,
      actions: ['secretsmanager:GetSecretValue'],
      resourceArns: [secretArn],
    });
  }
}
