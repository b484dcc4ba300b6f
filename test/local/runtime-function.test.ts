import { type Emulator, startEmulator } from '../../local/emulator.ts';
import { type Recorder, startRecorder } from '../../local/recorder.ts';
import { type Runtime, startRuntime } from '../../local/runtime/runtime.ts';
import { deployFunction } from './throwaway.ts';

let emulator: Emulator;
let recorder: Recorder;
let runtime: Runtime;

beforeAll(async () => {
  emulator = await startEmulator();
  recorder = await startRecorder({ target: emulator.url, now: emulator.clock.now });
  await deployPlain();
  runtime = await startRuntime({ emulator, recorder });
}, 600_000);
afterAll(async () => {
  await runtime?.stop();
  await recorder?.stop();
  await emulator?.stop();
});

async function deployPlain(): Promise<void> {
  await deployFunction(emulator, {
    name: 'plain',
    environment: { GREETING: 'hello' },
    timeoutSeconds: 3,
    source: `
      import { GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
      let warm = 0;
      export const handler = async (event, context) => {
        warm += 1;
        if (event.print) { console.log('out ' + event.print); console.error('err ' + event.print); }
        if (event.throw) throw new TypeError(event.throw);
        if (event.exit) process.exit(event.exit);
        if (event.hang) await new Promise((resolve) => setTimeout(resolve, 60_000));
        if (event.whoami) return (await new STSClient({}).send(new GetCallerIdentityCommand({}))).Arn;
        return {
          warm,
          greeting: process.env.GREETING,
          leaked: process.env.HOME,
          name: context.functionName,
          arn: context.invokedFunctionArn,
          remaining: context.getRemainingTimeInMillis(),
          date: new Date().toISOString(),
          now: Date.now(),
          given: new Date(0).toISOString(),
          isDate: new Date() instanceof Date,
        };
      };`,
  });
}

async function call(payload: unknown): Promise<Record<string, unknown>> {
  const outcome = await runtime.invoke('plain', payload);
  if (!outcome.ok) throw new Error(outcome.error.errorMessage);
  return JSON.parse(outcome.payload);
}

describe('a function', () => {
  test('runs with its deployed environment and nothing of ours, warm from the second time on', async () => {
    const first = await call({});
    const second = await call({});
    expect(first).toMatchObject({
      greeting: 'hello',
      name: 'plain',
      arn: 'arn:aws:lambda:us-east-1:123456789012:function:plain',
    });
    expect(first).not.toHaveProperty('leaked');
    expect(first.remaining).toBeGreaterThan(1_500);
    expect(first.remaining).toBeLessThanOrEqual(3_000);
    expect(second.warm).toBe(Number(first.warm) + 1);
  });

  test('sees the local AWS’s time, also after it has moved', async () => {
    await emulator.clock.set(new Date('2027-05-05T00:00:00Z'));
    const before = await call({});
    expect(before.date).toMatch(/^2027-05-05T00:00:/);
    expect(before).toMatchObject({ isDate: true, given: '1970-01-01T00:00:00.000Z' });
    expect(before.now).toBeGreaterThanOrEqual(Date.parse('2027-05-05T00:00:00Z'));

    await emulator.clock.advance(10 * 86_400_000);
    expect((await call({})).date).toMatch(/^2027-05-15T00:00:/);
  });

  test('calls AWS as its own role, through the recorder', async () => {
    recorder.clear();
    const arn = 'arn:aws:sts::123456789012:assumed-role/plain-role/plain';
    expect(await call({ whoami: true })).toBe(arn);
    expect(recorder.calls()).toMatchObject([{ service: 'sts', action: 'GetCallerIdentity', principalArn: arn }]);
  });

  test('has its printed lines kept, also those of its last moment', async () => {
    await call({ print: 'one' });
    await runtime.invoke('plain', { print: 'two', exit: 3 });
    const lines = runtime.logs('plain').filter(({ line }) => /^(out|err) /.test(line));
    expect(lines.map(({ line }) => line).sort()).toEqual(['err one', 'err two', 'out one', 'out two']);
    expect(lines.every(({ requestId }) => requestId !== undefined)).toBe(true);
  });

  test('that throws, exits or hangs fails as in Lambda, and the next invocation works', async () => {
    expect(await runtime.invoke('plain', { throw: 'bad input' })).toMatchObject({
      ok: false,
      error: { errorType: 'TypeError', errorMessage: 'bad input' },
    });
    expect(await runtime.invoke('plain', { exit: 7 })).toMatchObject({
      ok: false,
      error: { errorType: 'Runtime.ExitError', errorMessage: expect.stringContaining('exit status 7') },
    });
    expect(await runtime.invoke('plain', { hang: true })).toMatchObject({
      ok: false,
      error: { errorType: 'Sandbox.Timedout', errorMessage: expect.stringContaining('timed out after 3.00 seconds') },
    });
    expect((await call({})).warm).toBe(1);
  });

  test('that is not there is named, with those that are', async () => {
    await expect(runtime.invoke('nobody', {})).rejects.toThrow(/nobody.*Deployed: .*plain/);
  });
});
