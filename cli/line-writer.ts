import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { CommandError } from './errors.ts';

/** Writes a file line by line, no faster than the disk takes it. */
export interface LineWriter {
  write(line: string): Promise<void>;
  close(): Promise<void>;
}

/** Makes the file, or empties it. Throws CommandError when it cannot be written. */
export async function lineWriter(file: string): Promise<LineWriter> {
  const stream = createWriteStream(file);
  // Told by whichever call comes next.
  let fault: Error | undefined;
  stream.on('error', (error) => {
    fault = error;
  });
  const orFault = async (event: 'open' | 'drain' | 'close') => {
    // An error ends the waiting; it is told below.
    if (fault === undefined) await once(stream, event).catch(() => undefined);
    if (fault !== undefined) throw new CommandError(`Cannot write '${file}': ${fault.message}.`);
  };
  await orFault('open');
  return {
    async write(line) {
      if (!stream.write(`${line}\n`)) await orFault('drain');
    },
    async close() {
      stream.end();
      await orFault('close');
    },
  };
}
