import { once } from 'node:events';
import { createInterface } from 'node:readline/promises';
import type { Writable } from 'node:stream';
import picocolors from 'picocolors';
import { CommandError } from './errors.ts';
import { paged } from './pager.ts';
import type { Screen } from './screen.ts';

/** Where a command writes and, rarely, asks. */
export interface Terminal {
  readonly screen: Screen;
  out(text: string): void;
  /** Writes lines as they come, and takes the next one only when whoever reads keeps up. */
  stream(lines: AsyncIterable<string>): Promise<void>;
  /** Like `out`, through a pager where a person would have to scroll back. */
  page(text: string): Promise<void>;
  err(text: string): void;
  /** Asks on stderr, so that what is piped elsewhere stays clean; throws CommandError when nobody can answer. */
  ask(question: string): Promise<string>;
}

/** The terminal this process runs in. */
export function processTerminal(): Terminal {
  const { stdout, stderr, stdin, env } = process;
  // `keyturn history | head` closes the pipe early; that is no fault.
  stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
  return {
    screen: {
      width: stdout.isTTY ? stdout.columns : undefined,
      paint: picocolors.createColors(hasColours(env, stdout.isTTY)),
    },
    out: (text) => stdout.write(`${text}\n`),
    stream: (lines) => streamed(lines, stdout),
    page: (text) => paged(text, stdout, env),
    err: (text) => stderr.write(`${text}\n`),
    async ask(question) {
      if (!stdin.isTTY) throw new CommandError(`${question} is needed, but there is no terminal to ask at.`);
      const reader = createInterface({ input: stdin, output: stderr });
      try {
        // Ctrl-C and Ctrl-D close it; older versions of Node then leave the question pending for ever.
        const closed = once(reader, 'close').then(() => Promise.reject(new Error('closed')));
        return (await Promise.race([reader.question(`${question}: `), closed])).trim();
      } catch {
        throw new CommandError(`No ${question} was given.`);
      } finally {
        reader.close();
      }
    },
  };
}

/** A slow reader holds up what is read for it: else all of it would wait in memory. */
export async function streamed(lines: AsyncIterable<string>, to: Writable): Promise<void> {
  for await (const line of lines) if (!to.write(`${line}\n`)) await once(to, 'drain');
}

/** NO_COLOR and FORCE_COLOR win; else colours only where a person looks. */
export function hasColours(env: Readonly<Record<string, string | undefined>>, isTTY: boolean): boolean {
  if (env.NO_COLOR) return false;
  if (env.FORCE_COLOR) return env.FORCE_COLOR !== '0';
  return isTTY && env.TERM !== 'dumb';
}
