import { spawn } from 'node:child_process';
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
  const stdio = ['pipe', 'inherit', 'inherit'] as const;
  // What a person sets may have options of its own. F: not for a single screen, R: with colours, X: what was shown stays.
  const pager = env.PAGER
    ? spawn(env.PAGER, { shell: true, stdio: [...stdio] })
    : spawn('less', ['-FRX'], { stdio: [...stdio] });
  // It may be closed before it has read everything.
  pager.stdin.on('error', () => undefined);
  pager.stdin.end(`${text}\n`);
  return new Promise((resolve) => {
    pager.on('error', () => resolve(false));
    pager.on('close', (code) => resolve(code !== NOT_FOUND));
  });
}

/** How a shell ends that does not find a program. */
const NOT_FOUND = 127;
