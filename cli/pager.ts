import { spawn } from 'node:child_process';
import { once } from 'node:events';
import type { WriteStream } from 'node:tty';

/**
 * Shows a text through the person's pager ($PAGER, else less) when it is longer than their terminal; anywhere else, and
 * where there is no pager, it is simply written.
 */
export async function paged(
  text: string,
  stdout: Pick<WriteStream, 'isTTY' | 'rows' | 'write'>,
  env: Readonly<Record<string, string | undefined>>,
): Promise<void> {
  const lines = text.split('\n').length;
  if (!stdout.isTTY || lines < stdout.rows || !(await throughPager(text, env))) stdout.write(`${text}\n`);
}

/** False when there is no such program. */
async function throughPager(text: string, env: Readonly<Record<string, string | undefined>>): Promise<boolean> {
  // F: not for a single screen, R: with colours, X: what was shown stays.
  const pager = spawn(env.PAGER || 'less', {
    shell: true,
    stdio: ['pipe', 'inherit', 'inherit'],
    env: { ...process.env, LESS: env.LESS ?? 'FRX' },
  });
  // It may be closed before it has read everything.
  pager.stdin.on('error', () => undefined);
  pager.stdin.end(`${text}\n`);
  const [code] = await once(pager, 'close');
  const NOT_FOUND = 127;
  return code !== NOT_FOUND;
}
