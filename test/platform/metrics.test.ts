import { METRIC_NAMESPACE } from '../../lambda/contracts/environment.ts';
import { createCounters } from '../../lambda/platform/metrics.ts';

/** What is written to the log for CloudWatch to read. */
function published(write: () => void): Record<string, unknown>[] {
  const lines: string[] = [];
  const environment = { POWERTOOLS_DEV: 'true', POWERTOOLS_METRICS_DISABLED: 'false' };
  const replaced = jest.replaceProperty(process, 'env', { ...process.env, ...environment });
  const spy = jest.spyOn(console, 'log').mockImplementation((line: unknown) => {
    lines.push(String(line));
  });
  try {
    write();
  } finally {
    spy.mockRestore();
    replaced.restore();
  }
  return lines.map((line) => JSON.parse(line));
}

test('counts are published in the namespace of Keyturn, zeros too', () => {
  const [line] = published(() => {
    const counters = createCounters('rotate-account');
    counters.add('StepsFailed', 0);
    counters.add('KeysRotated', 2);
    counters.publish();
  });
  expect(line).toMatchObject({ service: 'rotate-account', StepsFailed: 0, KeysRotated: 2 });
  expect(JSON.stringify(line)).toContain(`"Namespace":"${METRIC_NAMESPACE}"`);
});

test('what was published is not published again', () => {
  const lines = published(() => {
    const counters = createCounters('rotate-account');
    counters.add('KeysRotated', 2);
    counters.publish();
    counters.add('KeysRotated', 3);
    counters.publish();
  });
  expect(lines.map((line) => line.KeysRotated)).toEqual([2, 3]);
});
