import * as z from 'zod/mini';
import { singleEvent } from '../../lambda/platform/single-event.ts';
import { FakeDeadLetters } from '../support/fake-dead-letters.ts';
import { FakeLog } from '../support/fake-log.ts';

const schema = z.object({ id: z.string() });

function handling(work: () => Promise<void>, isFutile?: (error: unknown) => boolean) {
  const deadLetters = new FakeDeadLetters();
  const log = new FakeLog();
  const handler = singleEvent({ source: 'schedule', schema, deadLetters, log, work, ...(isFutile && { isFutile }) });
  return { handler, deadLetters };
}

const invocation = { getRemainingTimeInMillis: () => 60_000 };
const failing = () => Promise.reject(new RangeError('no run sweeps it'));

test('a failure is thrown, so that Lambda tries again', async () => {
  const { handler, deadLetters } = handling(failing);
  await expect(handler({ id: '1' }, invocation)).rejects.toThrow('no run sweeps it');
  expect(deadLetters.parked).toEqual([]);
});

test('one that would only repeat itself is parked with its reason, once', async () => {
  const { handler, deadLetters } = handling(failing, (error) => error instanceof RangeError);
  await handler({ id: '1' }, invocation);
  expect(deadLetters.parked).toEqual([{ source: 'schedule', error: 'no run sweeps it', body: '{"id":"1"}' }]);
});

test('other failures are thrown all the same', async () => {
  const { handler } = handling(failing, (error) => error instanceof TypeError);
  await expect(handler({ id: '1' }, invocation)).rejects.toThrow(RangeError);
});
