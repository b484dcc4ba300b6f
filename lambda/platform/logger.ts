import { Logger } from '@aws-lambda-powertools/logger';
import type { Log } from '../ports.ts';

/** A log whose lines all carry some context, such as the run and the account they are about. */
export interface ContextLog extends Log {
  with(context: Readonly<Record<string, string>>): ContextLog;
}

/** The function's log: one JSON object per line. `service` is the function's name. */
export const createLog = (service: string, logger = new Logger({ serviceName: service })): ContextLog => ({
  info: (message, details = {}) => logger.info(message, printable(details)),
  warn: (message, details = {}) => logger.warn(message, printable(details)),
  error: (message, details = {}) => logger.error(message, printable(details)),
  with(context) {
    const child = logger.createChild();
    child.appendKeys({ ...context });
    return createLog(service, child);
  },
});

const printable = (details: Readonly<Record<string, unknown>>) =>
  Object.fromEntries(Object.entries(details).map(([name, value]) => [name, outline(value)]));

/** An error from an SDK carries the whole answer, headers and body; of errors only what says what went wrong is logged. */
function outline(value: unknown, depth = 0): unknown {
  if (!(value instanceof Error)) return value;
  const { name, message, stack, cause } = value;
  return { name, message, stack, ...(cause !== undefined && depth < 5 && { cause: outline(cause, depth + 1) }) };
}
