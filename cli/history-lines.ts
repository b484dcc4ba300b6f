import { createReadStream } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { type Seal, sealSchema } from '../lambda/contracts/seal.ts';
import type { FoundEvent } from '../lambda/ports.ts';
import { CommandError } from './errors.ts';
import { strictJson } from './strict-json.ts';

/**
 * The events in a copy that `keyturn history --json` wrote, one on each line, as they stand there: who checks them judges
 * what they say. Throws CommandError that names the line when it is no JSON object with an ID, or can be read in two ways.
 */
export async function* eventLines(file: string): AsyncIterable<FoundEvent> {
  for await (const { value, line } of lines(file)) {
    const id = isObject(value) ? value.id : undefined;
    if (!isObject(value) || typeof id !== 'string') {
      throw new CommandError(`${file}, line ${line} holds no event of Keyturn's: it has no ID.`);
    }
    yield { id, content: value, line };
  }
}

/** The seals in a copy that `keyturn history --verify --export-seals` wrote. Throws CommandError that names the line. */
export async function* sealLines(file: string): AsyncIterable<Seal> {
  for await (const { value, line } of lines(file)) {
    const parsed = sealSchema.safeParse(value);
    if (!parsed.success) {
      const faults = parsed.error.issues.map(({ path, message }) => `${path.join('.') || 'the line'}: ${message}`);
      throw new CommandError(`${file}, line ${line} holds no seal of Keyturn's: ${faults.join('; ')}.`);
    }
    if (!isDeepStrictEqual(parsed.data, value)) {
      throw new CommandError(`${file}, line ${line} holds more than a seal of Keyturn's does.`);
    }
    yield parsed.data;
  }
}

async function* lines(file: string): AsyncIterable<{ readonly value: unknown; readonly line: number }> {
  let line = 0;
  for await (const text of textLines(file)) {
    line += 1;
    if (text.trim() === '') continue;
    yield { value: jsonOf(text, `${file}, line ${line}`), line };
  }
}

/**
 * Lines end where a line feed stands, and nowhere else: Node's own reader of lines also ends them at U+2028, which may stand
 * in a text of JSON.
 */
async function* textLines(file: string): AsyncIterable<string> {
  let begun = '';
  try {
    for await (const piece of createReadStream(file, 'utf8')) {
      const [first = '', ...others] = String(piece).split('\n');
      begun += first;
      for (const next of others) {
        yield begun;
        begun = next;
      }
    }
  } catch (error) {
    const why = /ENOENT/.test(String(error)) ? 'there is no such file' : String(error);
    throw new CommandError(`Cannot read '${file}': ${why}.`);
  }
  yield begun;
}

function jsonOf(text: string, where: string): unknown {
  try {
    return strictJson(text);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new CommandError(`${where} cannot be relied on: ${why}. It was cut off, or altered by hand.`);
  }
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
