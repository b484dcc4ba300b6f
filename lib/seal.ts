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

export interface SealProps {
  readonly history: HistoryTable;
  readonly deadLetters: DeadLetters;
  readonly operators: ITopic;
  readonly logRetentionDays: RetentionDays;
  /** The longest that the schedule lets pass between two runs, each of which is in the history. */
  readonly longestGapHours: number;
}

/** The function that follows the history and adds what is written there to the chain of seals. */
export class Seal extends Construct {
  readonly function: KeyturnFunction;

  constructor(scope: Construct, id: string, props: SealProps) {
    super(scope, id);
    const { history, deadLetters, logRetentionDays } = props;
    this.function = new KeyturnFunction(this, 'Function', {
      handler: 'seal',
      description: 'Seals what is added to the history, so that a later change can be proved',
      timeout: Duration.minutes(1),
      memoryMb: 256,
      logRetentionDays,
    });
    history.grantFollow(this.function);
    history.grantSeal(this.function);
    this.function.addEventSourceMapping('History', {
      eventSourceArn: history.streamArn,
      startingPosition: StartingPosition.TRIM_HORIZON,
      filters: [
        FilterCriteria.filter({
          eventName: FilterRule.isEqual('INSERT'),
          // Every event has one; a seal has none, and must not be sealed itself.
          dynamodb: { NewImage: { [historyTable.audience]: { S: FilterRule.exists() } } },
        }),
      ],
      batchSize: 500,
      maxBatchingWindow: Duration.minutes(1),
      reportBatchItemFailures: true,
      maxRecordAge: Duration.hours(24),
      retryAttempts: 10_000,
      onFailure: deadLetters.ofLambda(this.function),
    });
    this.#addAlarms(props);
  }

  #addAlarms({ operators, longestGapHours }: SealProps): void {
    new OperatorsAlarm(this, 'Behind', {
      operators,
      what: 'The history is sealed more than an hour late; a stream keeps what is to be sealed for 24 hours.',
      runbook: 'seal-behind',
      metric: this.function.metric('IteratorAge', { period: Duration.minutes(15), statistic: 'Maximum' }),
      when: { reaches: Duration.hours(1).toMilliseconds() },
    });
    // Without its event source the function is not late: it is not called at all, and nothing has an age.
    new OperatorsAlarm(this, 'NotRunning', {
      operators,
      what: 'Nothing is sealed any more, although every run writes to the history.',
      runbook: 'seal-not-running',
      metric: this.function.metricInvocations({ period: Duration.hours(1), statistic: 'Sum' }),
      // Two hours of grace, as for the run itself.
      when: { silentForPeriods: Math.ceil(longestGapHours) + 2 },
    });
  }
}
