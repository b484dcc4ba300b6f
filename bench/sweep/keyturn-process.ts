/** One invocation of the worker's bundle, as Lambda would make it. */
import { createRequire } from 'node:module';
import { sweepOnce } from './measured.ts';

const FIFTEEN_MINUTES = 15 * 60_000;

sweepOnce(async ({ bundle, messages }) => {
  const { handler } = createRequire(import.meta.url)(bundle);
  // Its metrics and log lines are written as in Lambda; nobody reads them here.
  const started = performance.now();
  const context = { getRemainingTimeInMillis: () => FIFTEEN_MINUTES - (performance.now() - started) };
  return async () => {
    const records = messages.map((body, n) => ({ messageId: `m-${n}`, body }));
    const answer = await handler({ Records: records }, context);
    return answer.batchItemFailures.map(() => 'the message failed');
  };
});
