import { Match } from 'aws-cdk-lib/assertions';
import { synth } from './synth.ts';

const { hub } = synth();
const refTo = (pattern: string) => ({ Ref: Match.stringLikeRegexp(pattern) });
const arnOf = (pattern: string) => ({ 'Fn::GetAtt': [Match.stringLikeRegexp(pattern), 'Arn'] });
const deadLetterQueue = arnOf('^KeyturnDeadLettersQueue');
const MINUTE = 60;
const DAY = 24 * 60 * MINUTE;

describe('the schedule', () => {
  test('begins a run daily', () => {
    hub.hasResourceProperties('AWS::Events::Rule', { ScheduleExpression: 'cron(17 6 * * ? *)', State: 'ENABLED' });
  });

  test('is the configured one', () => {
    synth({ schedule: 'rate(12 hours)' }).hub.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(12 hours)',
    });
  });

  test('calls dispatch with the event as it is, and keeps what never reaches it', () => {
    hub.hasResourceProperties('AWS::Events::Rule', {
      Targets: [
        {
          Id: Match.anyValue(),
          Arn: arnOf('^KeyturnDispatchFunction'),
          DeadLetterConfig: { Arn: deadLetterQueue },
          RetryPolicy: { MaximumEventAgeInSeconds: 120 * MINUTE },
        },
      ],
    });
  });

  test('dispatch is tried three times, then its event is kept', () => {
    hub.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: refTo('^KeyturnDispatchFunction'),
      MaximumRetryAttempts: 2,
      DestinationConfig: { OnFailure: { Destination: deadLetterQueue } },
    });
  });

  test('only this rule may call dispatch', () => {
    const permissions = Object.values(hub.findResources('AWS::Lambda::Permission'));
    const onDispatch = permissions.filter(({ Properties }) =>
      JSON.stringify(Properties.FunctionName).includes('Dispatch'),
    );
    expect(onDispatch).toHaveLength(1);
    hub.hasResourceProperties('AWS::Lambda::Permission', {
      Principal: 'events.amazonaws.com',
      FunctionName: arnOf('^KeyturnDispatchFunction'),
      SourceArn: arnOf('^KeyturnDispatchSchedule'),
    });
  });
});

describe('what waits to be told', () => {
  test('is looked at every five minutes', () => {
    hub.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'rate(5 minutes)',
      State: 'ENABLED',
      Targets: [
        {
          Id: Match.anyValue(),
          Arn: arnOf('^KeyturnDeliverFunction'),
          DeadLetterConfig: { Arn: deadLetterQueue },
          RetryPolicy: { MaximumEventAgeInSeconds: 120 * MINUTE },
        },
      ],
    });
  });

  test('a look ends before the next one begins, and is not repeated: the next one does it', () => {
    hub.hasResourceProperties('AWS::Lambda::Function', {
      Timeout: 270,
      Description: Match.stringLikeRegexp('^Sends owners and operators'),
    });
    hub.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
      FunctionName: refTo('^KeyturnDeliverFunction'),
      MaximumRetryAttempts: 0,
      MaximumEventAgeInSeconds: 5 * MINUTE,
    });
  });
});

describe('the sweep queue', () => {
  const sweeps = arnOf('^KeyturnRotateAccountSweeps');

  test('hands over ten accounts, to a bounded number of workers at once, and takes back the failed', () => {
    hub.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: sweeps,
      FunctionName: refTo('^KeyturnRotateAccountFunction'),
      BatchSize: 10,
      MaximumBatchingWindowInSeconds: 5,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: 10 },
    });
  });

  test('hides a message for longer than its sweep can last', () => {
    hub.hasResourceProperties('AWS::SQS::Queue', { VisibilityTimeout: 30 * MINUTE });
    hub.hasResourceProperties('AWS::Lambda::Function', {
      Timeout: 15 * MINUTE,
      Description: Match.stringLikeRegexp('^Sweeps accounts'),
    });
  });

  test('gives up after three tries, into the dead-letter queue', () => {
    hub.hasResourceProperties('AWS::SQS::Queue', {
      RedrivePolicy: { deadLetterTargetArn: deadLetterQueue, maxReceiveCount: 3 },
      MessageRetentionPeriod: 4 * DAY,
    });
  });
});

describe('every queue', () => {
  test('there are two', () => {
    hub.resourceCountIs('AWS::SQS::Queue', 2);
  });

  test('is encrypted', () => {
    hub.allResourcesProperties('AWS::SQS::Queue', { SqsManagedSseEnabled: true });
  });

  test('refuses unencrypted connections', () => {
    hub.allResourcesProperties('AWS::SQS::QueuePolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
        ]),
      },
    });
    hub.resourceCountIs('AWS::SQS::QueuePolicy', 2);
  });

  test('dead letters are kept as long as SQS can', () => {
    hub.hasResourceProperties('AWS::SQS::Queue', { MessageRetentionPeriod: 14 * DAY, RedrivePolicy: Match.absent() });
  });
});

describe('the history stream', () => {
  const mapping = (properties: object) =>
    hub.hasResourceProperties('AWS::Lambda::EventSourceMapping', {
      EventSourceArn: { 'Fn::GetAtt': [Match.stringLikeRegexp('^KeyturnHistoryTable'), 'StreamArn'] },
      FunctionName: refTo('^KeyturnNotifyFunction'),
      ...properties,
    });

  test('passes on only new events that somebody is to be told', () => {
    const pattern = {
      eventName: ['INSERT'],
      dynamodb: { NewImage: { audience: { S: ['owner', 'operators', 'both'] } } },
    };
    mapping({ FilterCriteria: { Filters: [{ Pattern: JSON.stringify(pattern) }] } });
  });

  test('from its beginning', () => {
    mapping({ StartingPosition: 'TRIM_HORIZON' });
  });

  test('gathers ten seconds, up to 100 events: a run’s news is gathered in the outbox', () => {
    mapping({ BatchSize: 100, MaximumBatchingWindowInSeconds: 10 });
  });

  test('repeats only what failed, for as long as the stream keeps it, then keeps where it was', () => {
    mapping({
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      BisectBatchOnFunctionError: true,
      MaximumRecordAgeInSeconds: DAY,
      MaximumRetryAttempts: 10_000,
      DestinationConfig: { OnFailure: { Destination: deadLetterQueue } },
    });
  });
});
