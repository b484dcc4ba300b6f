import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { type Emulator, startEmulator } from '../../local/emulator.ts';
import { type Runtime, startRuntime } from '../../local/runtime/runtime.ts';
import { deployFunction } from './throwaway.ts';

let emulator: Emulator;
let runtime: Runtime;

beforeAll(async () => {
  emulator = await startEmulator();
  const source = 'export const handler = async (event) => { console.log(JSON.stringify(event)); };';
  await deployFunction(emulator, { name: 'asked', source });
  runtime = await startRuntime({ emulator });
}, 600_000);
afterAll(async () => {
  await runtime?.stop();
  await emulator?.stop();
});

test('an invocation that nobody waits for is answered at once, and run when the runtime works off what there is', async () => {
  const client = new LambdaClient(emulator.client());
  const Payload = Buffer.from('{"id":"1","accounts":["111122223333"]}');
  const command = new InvokeCommand({ FunctionName: 'asked', InvocationType: 'Event', Payload });
  expect((await client.send(command)).StatusCode).toBe(202);
  expect(runtime.logs('asked')).toEqual([]);
  await runtime.drain();
  expect(runtime.logs('asked').map(({ line }) => JSON.parse(line))).toEqual([{ id: '1', accounts: ['111122223333'] }]);
  await runtime.drain();
  expect(runtime.logs('asked')).toHaveLength(1);
});
