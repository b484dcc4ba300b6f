import { createReadStream } from 'node:fs';
import { createInterface } from 'node:readline';
import type * as z from 'zod/mini';
import { historyEventSchema } from '../lambda/contracts/history-event.ts';
import { type Seal, sealSchema } from '../lambda/contracts/seal.ts';
import type { HistoryEvent } from '../lambda/domain/events.ts';
import { CommandError } from './errors.ts';

/** The events in a copy that `keyturn history --json` wrote, one on each line. Throws CommandError that names the line. */
export const eventLines = (file: string): AsyncIterable<HistoryEvent> => lines(file, historyEventSchema, 'event');

/** The seals in a copy that `keyturn history --verify --export-seals` wrote. Throws CommandError that names the line. */
export const sealLines = (file: string): AsyncIterable<Seal> => lines(file, sealSchema, 'seal');

async function* lines<T>(file: string, schema: z.ZodMiniType<T>, what: string): AsyncIterable<T> {
  let number = 0;
  for await (const line of textLines(file)) {
    number += 1;
    if (line.trim() === '') continue;
    const parsed = schema.safeParse(jsonOf(line, `${file}, line ${number}`));
    if (!parsed.success) {
      const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the line'}: ${message}`);
      throw new CommandError(`${file}, line ${number} holds no ${what} of Keyturn's: ${faults.join('; ')}.`);
    }
    yield parsed.data;
  }
}

async function* textLines(file: string): AsyncIterable<string> {
  try {
    yield* createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY });
  } catch (error) {
    const why = /ENOENT/.test(String(error)) ? 'there is no such file' : String(error);
    throw new CommandError(`Cannot read '${file}': ${why}.`);
  }
}

function jsonOf(line: string, where: string): unknown {
  try {
    return JSON.parse(line);
  } catch (error) {
    throw new CommandError(`${where} is no JSON, perhaps because the copy was cut off: ${String(error)}.`);
  }
}
