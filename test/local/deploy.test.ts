import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { deployApp } from '../../local/deploy.ts';
import { type Emulator, startEmulator } from '../../local/emulator.ts';
import { projectRoot } from '../../local/project-root.ts';
import { startRecorder } from '../../local/recorder.ts';
import { startRuntime } from '../../local/runtime/runtime.ts';

const app = `
  import { App, CfnOutput, Duration, Stack } from 'aws-cdk-lib';
  import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
  import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
  import { Code, Function, Runtime } from 'aws-cdk-lib/aws-lambda';
  import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
  import { Queue } from 'aws-cdk-lib/aws-sqs';

  const app = new App();
  if (app.node.tryGetContext('broken')) throw new Error('This app is broken on purpose.');
  const stack = new Stack(app, 'Throwaway');
  const queue = new Queue(stack, 'Work');
  const failures = new Queue(stack, 'Failures');
  const common = { runtime: Runtime.NODEJS_24_X, code: Code.fromAsset('code') };
  const dispatch = new Function(stack, 'Dispatch', {
    ...common,
    handler: 'dispatch.handler',
    environment: { QUEUE_URL: queue.queueUrl },
    deadLetterQueue: failures,
  });
  queue.grantSendMessages(dispatch);
  const work = new Function(stack, 'Work-Fn', { ...common, handler: 'work.handler' });
  work.addEventSource(new SqsEventSource(queue, { batchSize: 1, maxConcurrency: 2 }));
  new Rule(stack, 'Daily', { schedule: Schedule.rate(Duration.days(1)), targets: [new LambdaFunction(dispatch)] });
  new CfnOutput(stack, 'FailuresUrl', { value: failures.queueUrl });
`;
const dispatch = `
  import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
  const sqs = new SQSClient({});
  export const handler = async ({ time }) => {
    if (time.startsWith('2027-01-02')) throw new Error('No work on a second of January.');
    await sqs.send(new SendMessageCommand({ QueueUrl: process.env.QUEUE_URL, MessageBody: time }));
  };
`;
const work = `exports.handler = async ({ Records }) => console.log(Records.map((record) => record.body).join());`;

let emulator: Emulator;
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'keyturn-app-'));
  await mkdir(join(folder, 'code'));
  await Promise.all([
    writeFile(join(folder, 'app.mjs'), app),
    writeFile(join(folder, 'code', 'dispatch.mjs'), dispatch),
    writeFile(join(folder, 'code', 'work.js'), work),
    symlink(join(projectRoot, 'node_modules'), join(folder, 'node_modules')),
  ]);
  emulator = await startEmulator();
  await emulator.clock.set(new Date('2027-01-01T00:00:00Z'));
}, 600_000);
afterAll(async () => {
  await emulator?.stop();
  await rm(folder, { recursive: true, force: true });
});

const throwaway = () => ({ emulator, app: 'node app.mjs', cwd: folder, outputDir: join(folder, 'cdk.out') });

test('the real cdk deploys an app, and the runtime runs what was deployed', async () => {
  const progress: string[] = [];
  const { outputs } = await deployApp({ ...throwaway(), onProgress: (line) => progress.push(line) });
  expect(progress).toContain('deployed Throwaway');

  const recorder = await startRecorder({ target: emulator.url, now: emulator.clock.now });
  const runtime = await startRuntime({ emulator, recorder });
  try {
    await runtime.fireSchedules(emulator.clock.now());
    await runtime.drain();
    expect(runtime.logs('Work').map(({ line }) => line)).toEqual(['2027-01-01T00:00:'].map(expect.stringContaining));
    expect(recorder.calls().map(({ action, principalArn }) => [action, principalArn])).toEqual([
      ['SendMessage', expect.stringMatching(/:assumed-role\/Throwaway-DispatchServiceRole.*\/Throwaway-Dispatch/)],
    ]);
    // Nothing but what the function itself wrote: an SDK led to another host would have warned.
    expect(runtime.logs('Dispatch')).toEqual([]);

    await runtime.fireSchedules(new Date('2027-01-02T00:00:00Z'));
    const sqs = new SQSClient(emulator.client());
    const { pathname } = new URL(outputs.Throwaway?.FailuresUrl ?? '');
    const { Messages: [failure] = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl: emulator.url + pathname, MessageAttributeNames: ['All'] }),
    );
    expect(JSON.parse(failure?.Body ?? '{}')).toMatchObject({ source: 'aws.events', time: '2027-01-02T00:00:00Z' });
    expect(failure?.MessageAttributes?.ErrorMessage?.StringValue).toBe('No work on a second of January.');
  } finally {
    await runtime.stop();
    await recorder.stop();
  }
}, 60_000);

test('a deploy that fails says so with the end of cdk’s output', async () => {
  const broken = deployApp({ ...throwaway(), context: { broken: 'true' } });
  await expect(broken).rejects.toThrow(/cdk synth failed with exit code 1[\s\S]*This app is broken on purpose/);
}, 60_000);
