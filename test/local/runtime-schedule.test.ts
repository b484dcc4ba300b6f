import { CloudFormationClient, CreateStackCommand } from '@aws-sdk/client-cloudformation';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { type Emulator, startEmulator } from '../../local/emulator.ts';
import { type Runtime, startRuntime } from '../../local/runtime/runtime.ts';
import { createQueue, deployFunction, type ThrowawayQueue } from './throwaway.ts';

let emulator: Emulator;
let runtime: Runtime;
let failedSchedules: ThrowawayQueue;

beforeAll(async () => {
  emulator = await startEmulator();
  await deployScheduled();
  runtime = await startRuntime({ emulator });
}, 600_000);
afterAll(async () => {
  await runtime?.stop();
  await emulator?.stop();
});

/** What a function printed as JSON, one value a line. */
const printed = (functionName: string): unknown[] => runtime.logs(functionName).map(({ line }) => JSON.parse(line));

async function deployScheduled(): Promise<void> {
  failedSchedules = await createQueue(emulator, 'failed-schedules');
  const source = `
    export const handler = async (event) => {
      console.log(JSON.stringify(event));
      if (event.id || event.fail) throw new Error('not today');
    };`;
  const [scheduled, constant, off] = await Promise.all(
    ['scheduled', 'constant', 'switched-off'].map((name) => deployFunction(emulator, { name, source })),
  );
  const events = new EventBridgeClient(emulator.client());
  await putRule(events, 'nightly', scheduled, 'ENABLED');
  await putRule(events, 'with-input', constant, 'ENABLED', '{"fail":false,"mode":"full"}');
  await putRule(events, 'off', off, 'DISABLED');
  // moto keeps no async settings made by CloudFormation, so the runtime reads them from the template.
  const Template = {
    Resources: {
      Config: {
        Type: 'AWS::Lambda::EventInvokeConfig',
        Properties: {
          FunctionName: 'scheduled',
          Qualifier: '$LATEST',
          MaximumRetryAttempts: 1,
          DestinationConfig: { OnFailure: { Destination: failedSchedules.arn } },
        },
      },
    },
  };
  const cloudFormation = new CloudFormationClient(emulator.client());
  await cloudFormation.send(new CreateStackCommand({ StackName: 'async', TemplateBody: JSON.stringify(Template) }));
}

async function putRule(
  events: EventBridgeClient,
  name: string,
  arn = '',
  state: 'ENABLED' | 'DISABLED',
  input?: string,
) {
  await events.send(new PutRuleCommand({ Name: name, ScheduleExpression: 'rate(1 day)', State: state }));
  await events.send(new PutTargetsCommand({ Rule: name, Targets: [{ Id: '1', Arn: arn, Input: input }] }));
}

test('a schedule fires enabled rules with EventBridge’s event; a failing function is retried and then told of', async () => {
  await runtime.fireSchedules(new Date('2027-06-01T03:00:00.250Z'));

  const event = {
    version: '0',
    id: expect.any(String),
    'detail-type': 'Scheduled Event',
    source: 'aws.events',
    account: '123456789012',
    time: '2027-06-01T03:00:00Z',
    region: 'us-east-1',
    resources: ['arn:aws:events:us-east-1:123456789012:rule/nightly'],
    detail: {},
  };
  expect(printed('scheduled')).toEqual([event, event]);
  expect(printed('constant')).toEqual([{ fail: false, mode: 'full' }]);
  expect(runtime.logs('switched-off')).toEqual([]);

  const [failure] = await failedSchedules.receive();
  expect(JSON.parse(failure?.body ?? '{}')).toMatchObject({
    requestContext: { condition: 'RetriesExhausted', approximateInvokeCount: 2 },
    requestPayload: event,
    responseContext: { functionError: 'Unhandled' },
    responsePayload: { errorType: 'Error', errorMessage: 'not today' },
  });
});

test('the schedules of one function are fired alone; a function without one is named', async () => {
  const before = printed('scheduled').length;
  await runtime.fireSchedules(new Date('2027-06-02T03:00:00Z'), 'constant');
  expect(printed('constant')).toHaveLength(2);
  expect(printed('scheduled')).toHaveLength(before);
  const off = runtime.fireSchedules(new Date('2027-06-02T03:00:00Z'), 'switched-off');
  await expect(off).rejects.toThrow('No enabled schedule calls switched-off.');
});
