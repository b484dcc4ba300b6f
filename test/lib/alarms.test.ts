import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Match, type Template } from 'aws-cdk-lib/assertions';
import { environment, METRIC_NAMESPACE } from '../../lambda/contracts/environment.ts';
import { functionNamed, synth } from './synth.ts';

const { hub } = synth({ evidence: {} });
const runbook = readFileSync(join(__dirname, '../../docs/runbook.md'), 'utf8');
/** The sections of the runbook, by the anchors of their headings. */
const sections = new Map(
  runbook
    .split(/^## /m)
    .slice(1)
    .map((section) => [section.slice(0, section.indexOf('\n')).toLowerCase().replaceAll(' ', '-'), section]),
);
const alarms = Object.values(hub.findResources('AWS::CloudWatch::Alarm')).map(({ Properties }) => Properties);

test.each([
  ['something is in the dead-letter queue', { MetricName: 'ApproximateNumberOfMessagesVisible', Threshold: 1 }],
  ['dispatch fails', { MetricName: 'Errors', Threshold: 1 }],
  ['a sweep waits for three hours', { MetricName: 'ApproximateAgeOfOldestMessage', Threshold: 3 * 3600 }],
  ['notices are an hour late', { MetricName: 'IteratorAge', Threshold: 3_600_000 }],
  ['a channel refuses a notice', { MetricName: 'NoticesFailed', Threshold: 1, Statistic: 'Sum' }],
  ['a notice is held up for a day', { MetricName: 'NoticesHeldUpHours', Threshold: 24, Statistic: 'Maximum' }],
  ['two ticks of a quarter fail', { MetricName: 'Errors', Threshold: 2, Period: 900 }],
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
    MetricName: 'AccountsExpected',
    Period: 3600,
    EvaluationPeriods: 26,
    TreatMissingData: 'missing',
    InsufficientDataActions: [{ Ref: Match.stringLikeRegexp('^KeyturnTopicsOperators') }],
  });
});

test('operators are told when nobody looks at what waits to be told, but not by the first deployment', () => {
  hub.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'Invocations',
    Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('^KeyturnDeliverFunction') } }],
    Period: 3600,
    EvaluationPeriods: 3,
    TreatMissingData: 'missing',
    InsufficientDataActions: [{ Ref: Match.stringLikeRegexp('^KeyturnTopicsOperators') }],
  });
});

test('operators are told when nothing is sealed any more, but not by the first deployment', () => {
  hub.hasResourceProperties('AWS::CloudWatch::Alarm', {
    MetricName: 'Invocations',
    Dimensions: [{ Name: 'FunctionName', Value: { Ref: Match.stringLikeRegexp('^KeyturnSealFunction') } }],
    Period: 3600,
    // A run a day is what there is to seal at least.
    EvaluationPeriods: 26,
    TreatMissingData: 'missing',
    InsufficientDataActions: [{ Ref: Match.stringLikeRegexp('^KeyturnTopicsOperators') }],
  });
});

test('a schedule without weekends is given the weekend, within the seven days that CloudWatch looks back', () => {
  const { hub: weekdays } = synth({ schedule: 'cron(0 6 ? * MON-FRI *)' });
  weekdays.hasResourceProperties('AWS::CloudWatch::Alarm', { MetricName: 'AccountsExpected', EvaluationPeriods: 74 });
  weekdays.hasResourceProperties('AWS::CloudWatch::Alarm', {
    AlarmDescription: Match.stringLikeRegexp('#seal-not-running$'),
    EvaluationPeriods: 74,
  });
});

test.each(['KeysOverdue', 'RootKeysSeen'])(
  'operators are told of %s in any account, until a run says otherwise',
  (name) => {
    hub.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: name,
      Namespace: METRIC_NAMESPACE,
      Dimensions: [{ Name: 'service', Value: 'rotate-account' }],
      Statistic: 'Maximum',
      Threshold: 1,
      TreatMissingData: 'ignore',
    });
  },
);

describe('accounts that fail', () => {
  const failing = (template: Template) =>
    Object.values(template.findResources('AWS::CloudWatch::Alarm'))
      .map(({ Properties }) => Properties)
      .find(({ AlarmDescription }) => AlarmDescription.endsWith('#accounts-failing'));

  test('are an alarm after two runs on end', () => {
    const { EvaluationPeriods, Threshold, Metrics, ...rest } = failing(hub);
    expect({ EvaluationPeriods, Threshold, ...rest }).toMatchObject({ EvaluationPeriods: 2, Threshold: 1 });
    const names = Metrics.flatMap(({ MetricStat }: { MetricStat?: { Metric: { MetricName: string } } }) =>
      MetricStat === undefined ? [] : MetricStat.Metric.MetricName,
    );
    expect(names.toSorted()).toEqual(['AccountsWithoutAccess', 'SweepsFailed']);
    expect(JSON.stringify(Metrics)).toContain('"Period":86400');
  });

  test('a period is one run, and never longer than CloudWatch takes', () => {
    const hourly = failing(synth({ schedule: 'rate(1 hour)' }).hub);
    expect(JSON.stringify(hourly.Metrics)).toContain('"Period":3600');
    const weekdays = failing(synth({ schedule: 'cron(0 6 ? * MON-FRI *)' }).hub);
    expect(JSON.stringify(weekdays.Metrics)).toContain('"Period":86400');
  });
});

describe('what could not be read', () => {
  test.each([
    ['ReadsFailed', 'users-unread', 'Maximum', 2],
    ['ReportsMissing', 'root-keys-unknown', 'Sum', 3],
  ])('%s is an alarm after runs on end, until a run says otherwise', (name, anchor, Statistic, EvaluationPeriods) => {
    const expected = (Period: number) => ({
      MetricName: name,
      AlarmDescription: Match.stringLikeRegexp(`#${anchor}$`),
      Dimensions: [{ Name: 'service', Value: 'rotate-account' }],
      Statistic,
      Period,
      EvaluationPeriods,
      Threshold: 1,
      TreatMissingData: 'ignore',
    });
    hub.hasResourceProperties('AWS::CloudWatch::Alarm', expected(86_400));
    synth({ schedule: 'rate(1 hour)' }).hub.hasResourceProperties('AWS::CloudWatch::Alarm', expected(3_600));
  });
});

describe('what is configured about alarms', () => {
  const topicArn = 'arn:aws:sns:eu-west-1:111122223333:pager';
  const alarmsOf = {
    topicArn,
    overdueKeys: 25,
    failingAccounts: 3,
    failedNotices: 7,
    unreadUsers: 5,
    missingReports: 2,
  };
  const { hub: configured } = synth({ operation: { alarms: alarmsOf } });

  test('they go to their own topic; notices without owner still go to the operators', () => {
    configured.allResourcesProperties('AWS::CloudWatch::Alarm', { AlarmActions: [topicArn] });
    const { Variables } = functionNamed(configured, 'Deliver').Environment;
    expect(Variables[environment.operatorsTopicArn]).toEqual({
      Ref: expect.stringMatching(/^KeyturnTopicsOperators/),
    });
  });

  test.each([
    ['keys-overdue', 25],
    ['accounts-failing', 3],
    ['notices-refused', 7],
    ['users-unread', 5],
    ['root-keys-unknown', 2],
    ['notices-undelivered', 24],
    ['root-key-seen', 1],
  ])('%s rings from %i', (anchor, threshold) => {
    configured.hasResourceProperties('AWS::CloudWatch::Alarm', {
      AlarmDescription: Match.stringLikeRegexp(`#${anchor}$`),
      Threshold: threshold,
    });
  });
});

// Fails when an alarm leads nowhere, or to a section that leaves whoever was woken up with a question.
describe('every alarm says where the runbook says what to do', () => {
  const anchors = alarms.map(({ AlarmDescription }) => /docs\/runbook\.md#([a-z-]+)$/.exec(AlarmDescription)?.[1]);

  test('there are eighteen, each with a section of its own', () => {
    expect(new Set(anchors).size).toBe(18);
    expect(alarms).toHaveLength(18);
  });

  test.each(anchors)('%s: what it means, how to look, how to fix it, how to know it is fixed', (anchor = '') => {
    const section = sections.get(anchor) ?? '';
    const parts = [...section.matchAll(/^\*\*(.+?)\.\*\*/gm)].map(([, title]) => title);
    expect(parts).toEqual(['What it means', 'How to look', 'How to fix it', 'How to know it is fixed']);
  });
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
