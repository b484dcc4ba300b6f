import { Duration } from 'aws-cdk-lib';
import { Grant } from 'aws-cdk-lib/aws-iam';
import type { IDestination, IEventSourceDlq } from 'aws-cdk-lib/aws-lambda';
import type { ITopic } from 'aws-cdk-lib/aws-sns';
import { Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import { environment } from '../lambda/contracts/environment.ts';
import type { KeyturnFunction } from './function.ts';
import { OperatorsAlarm } from './operators-alarm.ts';

/**
 * Whatever could not be processed, from every source, for a person to read. One queue is enough: nothing in it is to be
 * fed back, because the next run sweeps every account again and history holds what was to be told.
 */
export class DeadLetters extends Construct {
  readonly queue: Queue;

  constructor(scope: Construct, id: string, props: { readonly operators: ITopic }) {
    super(scope, id);
    this.queue = new Queue(this, 'Queue', {
      retentionPeriod: Duration.days(14),
      encryption: QueueEncryption.SQS_MANAGED,
      enforceSSL: true,
    });
    new OperatorsAlarm(this, 'Arrived', {
      operators: props.operators,
      what: 'Keyturn could not process something and has put it into the dead-letter queue.',
      runbook: 'dead-letters',
      metric: this.queue.metricApproximateNumberOfMessagesVisible({
        period: Duration.minutes(5),
        statistic: 'Maximum',
      }),
      when: { reaches: 1 },
    });
  }

  /** Lets the function put here what can never be processed. */
  grantPark(fn: KeyturnFunction): void {
    fn.addEnvironment(environment.deadLetterQueueUrl, this.queue.queueUrl);
    // CDK's own grant would bring rights along that nothing here uses.
    Grant.addToPrincipal({ grantee: fn, actions: ['sqs:SendMessage'], resourceArns: [this.queue.queueArn] });
  }

  /** Lets Lambda put here, with the function's role, what it gives up. */
  ofLambda(fn: KeyturnFunction): IDestination & IEventSourceDlq {
    this.grantPark(fn);
    return { bind: () => ({ destination: this.queue.queueArn }) };
  }
}
