import { createLog } from '../../lambda/platform/logger.ts';
import { UnavailableError } from '../../lambda/ports.ts';

/** Every line that the log writes, as parsed JSON. */
function captured(write: () => void): Record<string, unknown>[] {
  const lines: string[] = [];
  const keep = (line: unknown) => {
    lines.push(String(line));
  };
  const spies = [
    jest.spyOn(console, 'info').mockImplementation(keep),
    jest.spyOn(console, 'warn').mockImplementation(keep),
    jest.spyOn(console, 'error').mockImplementation(keep),
  ];
  // The logger then writes through the process's console, which the spies hold, instead of one of its own.
  const environment = jest.replaceProperty(process, 'env', { ...process.env, POWERTOOLS_DEV: 'true' });
  try {
    write();
  } finally {
    for (const spy of spies) spy.mockRestore();
    environment.restore();
  }
  return lines.map((line) => JSON.parse(line));
}

test('a line carries its level, its details and the context of its log', () => {
  const [line] = captured(() =>
    createLog('rotate-account').with({ runId: 'run-1', account: '111122223333' }).warn('throttled', { users: 3 }),
  );
  expect(line).toMatchObject({
    level: 'WARN',
    message: 'throttled',
    service: 'rotate-account',
    runId: 'run-1',
    account: '111122223333',
    users: 3,
  });
});

test('contexts add up, and one log does not write the context of another', () => {
  const [inner, outer] = captured(() => {
    const log = createLog('notify');
    log.with({ runId: 'run-1' }).with({ account: '111122223333' }).info('inner');
    log.info('outer');
  });
  expect(inner).toMatchObject({ runId: 'run-1', account: '111122223333' });
  expect(outer).not.toHaveProperty('runId');
});

test('of an error is written what went wrong and why, but not the answers that an SDK hangs on it', () => {
  const cause = Object.assign(new Error('Rate exceeded'), { $response: { body: 'fakeAnswer' } });
  const error = new UnavailableError('iam:ListUsers failed.', { cause });
  const [line] = captured(() => createLog('x').error('sweep failed', { error }));
  expect(line).toMatchObject({
    level: 'ERROR',
    error: { name: 'UnavailableError', message: 'iam:ListUsers failed.', cause: { message: 'Rate exceeded' } },
  });
  expect(JSON.stringify(line)).not.toContain('fakeAnswer');
});
