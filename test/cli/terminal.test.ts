import { Writable } from 'node:stream';
import { streamed } from '../../cli/terminal.ts';

test('a slow reader holds up what is read for it', async () => {
  let [produced, taken] = [0, 0];
  let most = 0;
  async function* lines() {
    for (; produced < 500; produced += 1) {
      most = Math.max(most, produced - taken);
      yield 'x'.repeat(99);
    }
  }
  const slow = new Writable({
    highWaterMark: 1_000,
    write: (_, __, done) => {
      taken += 1;
      setImmediate(done);
    },
  });
  await streamed(lines(), slow);
  slow.end();
  expect(produced).toBe(500);
  // Ten lines of a hundred characters fill it.
  expect(most).toBeLessThanOrEqual(11);
});
