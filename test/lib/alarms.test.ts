import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match } from 'aws-cdk-lib/assertions';
import { synth } from './synth.ts';

const { hub } = synth();
const runbook = readFileSync(join(__dirname, '../../docs/runbook.md'), 'utf8');
const headings = [...runbook.matchAll(/^## (.+)$/gm)].map(([, title = '']) => title.toLowerCase().replaceAll(' ', '-'));
const alarms = Object.values(hub.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);

test.each([
  ['something is in the dead-letter queue', { MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 1 }],
  ['dispatch fails', { MetricName: 'Errors', Threshold: 1 }],
  ['a sweep waits for three hours', { MetricName: 'ApproximateAgeOfOldestMessage', Threshold: 3 * 3600 }],
  ['notices are an hour late', { MetricName: 'IteratorAge', Threshold: 3_600_000 }],
])('operators are told when %s', (_, metric) => {
  hub.hasResourceProperties('AWS::CloudWatch::Alarm', {
    ...metric,
    ComparisonOperator: 'GreaterThanOrEqualToThreshold',
    EvaluationPeriods: 1,
    TreatMissingData: 'notBreaching',
    AlarmActions: [{ Ref: Match.stringLikeRegexp('^KeyturnTopicsOperators') }],
  });
});

test('operators are told when no run begins, but not by the first deployment', () => {
  hub.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'Invocations',
    Period: 3600,
    EvaluationPeriods: 26,
    TreatMissingData: 'missing',
    InsufficientDataActions: [{ Ref: Match.stringLikeRegexp('^KeyturnTopicsOperators') }],
  });
});

test('a schedule without weekends is given the weekend, within the seven days that CloudWatch looks back', () => {
  const { hub: weekdays } = synth({ schedule: 'cron(0 6 ? * MON-FRI *)' });
  weekdays.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'Invocations', EvaluationPeriods: 74 });
});

test('every alarm says where the runbook says what to do', () => {
  expect(alarms).toHaveLength(5);
  for (const { AlarmDescription } of alarms) {
    const [, anchor] = /docs\/runbook\.md#([a-z-]+)$/.exec(AlarmDescription) ?? [];
    expect(headings).toContain(anchor);
  }
});

test('alarms reach the operators through the policy of their topic', () => {
  hub.hasResourceProperties('AWS::SNS::TopicPolicy', {
    PolicyDocument: {
      Statement: Match.arrayWith([
        Match.objectLike({
          Effect: 'Allow',
          Action: 'sns:Publish',
          Principal: { Service: 'cloudwatch.amazonaws.com' },
          Condition: { StringEquals: { 'aws:SourceAccount': '111122223333' } },
        }),
      ]),
    },
  });
});
