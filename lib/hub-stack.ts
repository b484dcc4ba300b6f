import { CfnOutput, Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { KeyturnProps } from './config.ts';
import { Keyturn } from './keyturn.ts';

/** Keyturn in a stack of its own, with what people need to know of it as outputs. */
export class HubStack extends Stack {
  readonly keyturn: Keyturn;

  constructor(scope: Construct, id: string, props: StackProps & { readonly keyturn: KeyturnProps }) {
    const { keyturn, ...stackProps } = props;
    super(scope, id, { description: 'Keyturn: rotates the access keys of IAM users', ...stackProps });
    this.keyturn = new Keyturn(this, 'Keyturn', keyturn);
    const { owners, history, noticesTopic, operatorsTopic, deadLetters } = this.keyturn;
    this.#tell(
      'NoticesTopicArn',
      noticesTopic.topicArn,
      "Owners' notices; subscribe with a filter on owner, account or type",
    );
    this.#tell('OperatorsTopicArn', operatorsTopic.topicArn, 'Alarms, and notices that reach no owner');
    this.#tell('DeadLetterQueueUrl', deadLetters.queue.queueUrl, 'What could not be processed; empty when all is well');
    this.#tell('OwnersTableName', owners.table.tableName, 'Owners, assignments and exemptions');
    this.#tell('HistoryTableName', history.table.tableName, 'The append-only record');
  }

  #tell(name: string, value: string, description: string): void {
    new CfnOutput(this, name, { value, description });
  }
}
