import { Duration } from 'aws-cdk-lib';
import { FilterCriteria, FilterRule, StartingPosition } from 'aws-cdk-lib/aws-lambda';
import type { RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Construct } from 'constructs';
import { historyTable } from '../lambda/contracts/tables.ts';
import type { DeadLetters } from './dead-letters.ts';
import { KeyturnFunction } from './function.ts';
import { OperatorsAlarm } from './operators-alarm.ts';
import type { HistoryTable } from './tables.ts';

export interface NotifyProps {
  readonly history: HistoryTable;
  readonly operators: ITopic;
  readonly deadLetters: DeadLetters;
  readonly logRetentionDays: RetentionDays;
}

/** The function that follows the history and puts what is to be told into the outbox. */
export class Notify extends Construct {
  readonly function: KeyturnFunction;

  constructor(scope: Construct, id: string, { history, operators, deadLetters, logRetentionDays }: NotifyProps) {
    super(scope, id);
    this.function = new KeyturnFunction(this, 'Function', {
      handler: 'notify',
      description: 'Puts what the history says about keys into the outbox of owners and operators',
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
          dynamodb: { NewImage: { [historyTable.audience]: { S: FilterRule.or('owner', 'operators', 'both') } } },
        }),
      ],
      // What belongs together is gathered in the outbox; here it would only make urgent news wait.
      batchSize: 100,
      maxBatchingWindow: Duration.seconds(10),
      reportBatchItemFailures: true,
      bisectBatchOnError: true,
      // It fails only when the owners' table can't be read, or the outbox not written. Then only time helps: it is tried
      // for as long as the stream keeps a record, and the number of tries, the most that Lambda takes, is not what ends
      // it. What is given up is in history and the dead-letter queue, and no key is disabled or deleted before its notice
      // was delivered.
      maxRecordAge: Duration.hours(24),
      retryAttempts: 10_000,
      onFailure: deadLetters.ofLambda(this.function),
    });
    new OperatorsAlarm(this, 'Behind', {
      operators,
      what: 'Notices are more than an hour late; a stream keeps them for 24 hours.',
      runbook: 'notify-behind',
      metric: this.function.metric('IteratorAge', { period: Duration.minutes(15), statistic: 'Maximum' }),
      when: { reaches: Duration.hours(1).toMilliseconds() },
    });
  }
}
