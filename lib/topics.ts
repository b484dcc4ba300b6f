import { Annotations, Stack } from 'aws-cdk-lib';
import { Grant, PolicyStatement, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { type ITopic, Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import { Construct } from 'constructs';
import { environment } from '../lambda/contracts/environment.ts';
import type { KeyturnFunction } from './function.ts';
import type { ResolvedProps } from './resolve-config.ts';

export interface TopicsProps {
  readonly notices: ResolvedProps['notices'];
  readonly alarms: ResolvedProps['operation']['alarms'];
}

/**
 * Where notices and alarms go. Both topics refuse unencrypted connections. They are not encrypted with a KMS key: notices
 * hold no secret, CloudWatch can't publish alarms to a topic under the AWS-managed key, and a key of one's own costs more
 * a month than everything else here. Who must have one names a topic of their own as the operators'.
 */
export class Topics extends Construct {
  readonly notices: Topic;
  readonly operators: ITopic;
  /** The operators' topic, or another that alarms go to. */
  readonly alarms: ITopic;
  readonly #ownerTopicArns: readonly string[];

  constructor(scope: Construct, id: string, { notices, alarms }: TopicsProps) {
    super(scope, id);
    const { operators, ownerTopicArns } = notices;
    this.#ownerTopicArns = ownerTopicArns;
    this.notices = new Topic(this, 'Notices', { displayName: 'Access key notices', enforceSSL: true });
    this.operators =
      operators.topicArn === undefined
        ? this.#operatorsTopic(operators.emails)
        : Topic.fromTopicArn(this, 'Operators', operators.topicArn);
    this.alarms = alarms.topicArn === undefined ? this.operators : Topic.fromTopicArn(this, 'Alarms', alarms.topicArn);
  }

  #operatorsTopic(emails: readonly string[]): Topic {
    const topic = new Topic(this, 'Operators', { displayName: 'Keyturn operators', enforceSSL: true });
    // A topic with a policy of its own no longer lets alarms in by default.
    topic.addToResourcePolicy(
      new PolicyStatement({
        sid: 'AllowAlarms',
        principals: [new ServicePrincipal('cloudwatch.amazonaws.com')],
        actions: ['sns:Publish'],
        resources: [topic.topicArn],
        conditions: { StringEquals: { 'aws:SourceAccount': Stack.of(this).account } },
      }),
    );
    for (const email of emails) topic.addSubscription(new EmailSubscription(email));
    if (emails.length === 0) {
      Annotations.of(this).addWarningV2(
        'keyturn:operatorsUnreachable',
        "nobody is subscribed to the operators' topic: set notices.operators in keyturn.config.ts, or subscribe to it after the deployment",
      );
    }
    return topic;
  }

  /**
   * Lets the function tell owners and operators, and see whether anybody would hear it: SNS takes a message for nobody like
   * any other. An owner's topic of another account has to allow both itself.
   */
  grantPublish(fn: KeyturnFunction): void {
    fn.addEnvironment(environment.noticesTopicArn, this.notices.topicArn);
    fn.addEnvironment(environment.operatorsTopicArn, this.operators.topicArn);
    const resourceArns = [this.notices.topicArn, this.operators.topicArn, ...this.#ownerTopicArns];
    Grant.addToPrincipal({ grantee: fn, actions: ['sns:Publish', 'sns:ListSubscriptionsByTopic'], resourceArns });
  }
}
