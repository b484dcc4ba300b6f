import { Stack } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { SnsAction } from 'aws-cdk-lib/aws-cloudwatch-actions';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import type { Construct } from 'constructs';

export interface OperatorsAlarmProps {
  readonly operators: ITopic;
  /** What has happened, as a sentence for somebody who was just woken up. */
  readonly what: string;
  /** Heading in docs/runbook.md that says what to do, as its anchor. */
  readonly runbook: string;
  readonly metric: IMetric;
  /**
   * Rings when the metric reaches a value, in one period or in several on end; or when the metric, which is there only
   * while all is well, has been silent for a number of periods. `betweenRuns`: the metric is published by runs alone, so
   * an alarm stays as it is until the next one says otherwise.
   */
  readonly when:
    | { readonly reaches: number; readonly forPeriods?: number; readonly betweenRuns?: 'stays' | 'ends' }
    | { readonly silentForPeriods: number };
}

/** Tells the operators, and where to read what to do. */
export class OperatorsAlarm extends Alarm {
  /** Begins with the stack's name and ends with the heading in the runbook. */
  readonly title: string;

  constructor(scope: Construct, id: string, { operators, what, runbook, metric, when }: OperatorsAlarmProps) {
    const title = `${Stack.of(scope).stackName}-${runbook}`;
    const shared = {
      alarmName: title,
      alarmDescription: `${what} What to do: docs/runbook.md#${runbook}`,
      metric,
    };
    const tell = new SnsAction(operators);
    if ('reaches' in when) {
      super(scope, id, {
        ...shared,
        threshold: when.reaches,
        comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
        evaluationPeriods: when.forPeriods ?? 1,
        treatMissingData: when.betweenRuns === 'stays' ? TreatMissingData.IGNORE : TreatMissingData.NOT_BREACHING,
      });
      this.addAlarmAction(tell);
    } else {
      super(scope, id, {
        ...shared,
        threshold: 1,
        comparisonOperator: ComparisonOperator.LESS_THAN_THRESHOLD,
        evaluationPeriods: when.silentForPeriods,
        // Silence is then a state of its own, in which a new alarm is from the start: the first deploy wakes nobody.
        treatMissingData: TreatMissingData.MISSING,
      });
      this.addAlarmAction(tell);
      this.addInsufficientDataAction(tell);
    }
    this.title = title;
  }
}
