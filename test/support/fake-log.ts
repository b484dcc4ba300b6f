import type { Log } from '../../lambda/ports.ts';

export interface LogLine {
  readonly level: 'info' | 'warn' | 'error';
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** Keeps the lines, so that a test can look for what must, or must never, be logged. */
export class FakeLog implements Log {
  readonly lines: LogLine[] = [];

  info(message: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.lines.push({ level: 'info', message, details });
  }

  warn(message: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.lines.push({ level: 'warn', message, details });
  }

  error(message: string, details: Readonly<Record<string, unknown>> = {}): void {
    this.lines.push({ level: 'error', message, details });
  }

  /** Everything as one text, errors with their stacks and causes. */
  text(): string {
    return this.lines.map((line) => `${line.level} ${line.message} ${render(line.details)}`).join('\n');
  }
}

const render = (value: unknown): string =>
  JSON.stringify(value, (_key, inner) =>
    inner instanceof Error
      ? { name: inner.name, message: inner.message, stack: inner.stack, cause: inner.cause }
      : inner,
  );
