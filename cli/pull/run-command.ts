import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import type { KeyPair } from './key-pair.ts';

/** Runs a line of the shell with that environment; answers with its exit code. */
export type RunCommand = (line: string, env: Readonly<Record<string, string | undefined>>) => Promise<number>;

/** It talks to this terminal itself. One that a signal ended counts as shells count it: 128 and the signal's number. */
export const runCommand: RunCommand = (line, env) =>
  new Promise((resolve, reject) => {
    const child = spawn(line, { shell: true, stdio: 'inherit', env });
    child.once('error', reject);
    child.once('close', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])));
  });

/** What would come before the key, or belong to another one. */
const inTheWay = [
  'AWS_PROFILE',
  'AWS_DEFAULT_PROFILE',
  'AWS_SESSION_TOKEN',
  'AWS_SECURITY_TOKEN',
  'AWS_CREDENTIAL_EXPIRATION',
];

/** The environment with the key in it, so that it is the one that any tool of AWS takes. */
export function environmentWith(env: Readonly<Record<string, string | undefined>>, { keyId, secret }: KeyPair) {
  const kept = Object.entries(env).filter(([name]) => !inTheWay.includes(name));
  return { ...Object.fromEntries(kept), AWS_ACCESS_KEY_ID: keyId, AWS_SECRET_ACCESS_KEY: secret.reveal() };
}
