import { MalformedItemError } from '../../lambda/adapters/dynamo-items.ts';
import { UnavailableError } from '../../lambda/ports.ts';
import { explain } from '../explain.ts';

/** What came of one look. `unknown`: it could not be looked at, which never means that all is well. */
export interface Finding {
  readonly check: string;
  readonly verdict: 'ok' | 'warn' | 'fail' | 'unknown';
  readonly what: string;
  /** What to do; absent when there is nothing to. */
  readonly fix?: string;
}

export const ok = (check: string, what: string): Finding => ({ check, verdict: 'ok', what });
export const warn = (check: string, what: string, fix: string): Finding => ({ check, verdict: 'warn', what, fix });
export const fail = (check: string, what: string, fix: string): Finding => ({ check, verdict: 'fail', what, fix });

export const unknown = (check: string, what: string, fix?: string): Finding => ({
  check,
  verdict: 'unknown',
  what,
  ...(fix !== undefined && { fix }),
});

export const deployAgain = "deploy the stack again with 'npx cdk deploy'";

/** Looks, and tells what could not be seen as unknown. */
export async function look(check: string, see: () => Promise<readonly Finding[]>): Promise<readonly Finding[]> {
  try {
    return await see();
  } catch (error) {
    if (!(error instanceof UnavailableError || error instanceof MalformedItemError)) throw error;
    return [unknown(check, explain(error).sentence)];
  }
}

/** The first few of many, and how many more there are. */
export function some(all: readonly string[], most = 3): string {
  const more = all.length > most ? ` and ${all.length - most} more` : '';
  return `${all.slice(0, most).join(', ')}${more}`;
}
