import * as z from 'zod/mini';
import type { Pause } from './pause.ts';

export interface Post {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** Milliseconds after which an unanswered post is given up. */
  readonly timeout: number;
}

export type Reply =
  | {
      readonly kind: 'answered';
      readonly status: number;
      /** The first 64 K characters. */
      readonly text: string;
      /** Milliseconds until another try makes sense; absent when another try will be refused like this one. */
      readonly wait?: number;
    }
  /** It may have been taken all the same. */
  | { readonly kind: 'no-answer'; readonly why: string };

const MOST_TEXT = 65_536;

/** Posts once. Never throws, and never follows a redirect: a notice must not go on to wherever something else would have it. */
export async function post({ url, headers, body, timeout }: Post): Promise<Reply> {
  try {
    const signal = AbortSignal.timeout(timeout);
    const response = await fetch(url, { method: 'POST', headers, body, redirect: 'manual', signal });
    const text = await beginningOf(response);
    return { kind: 'answered', status: response.status, text, ...waitBefore(response) };
  } catch (error) {
    return { kind: 'no-answer', why: reasonOf(error) };
  }
}

async function beginningOf({ body }: Response): Promise<string> {
  if (body === null) return '';
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of body) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MOST_TEXT) break;
  }
  return text.slice(0, MOST_TEXT);
}

function waitBefore({ status, headers }: Response): { readonly wait?: number } {
  const asked = retryAfter(headers);
  if (status >= 500) return { wait: asked ?? 3_000 };
  return status === 429 ? { wait: asked ?? 2_000 } : {};
}

/** In milliseconds. A date is read against the date that came with it: the clocks may differ. */
function retryAfter(headers: Headers): number | undefined {
  const text = headers.get('retry-after') ?? '';
  if (/^\d+$/.test(text)) return Math.max(1, Number(text)) * 1_000;
  const milliseconds = Date.parse(text) - Date.parse(headers.get('date') ?? '');
  return Number.isNaN(milliseconds) ? undefined : Math.max(1_000, milliseconds);
}

/** What fetch throws: its name, and inside it the code of the network's fault. Messages may name the URL and are not used. */
const fetchFault = z.object({
  name: z.string(),
  cause: z.catch(z.optional(z.object({ code: z.string() })), undefined),
});

function reasonOf(error: unknown): string {
  const { name = 'unknown reason', cause } = fetchFault.safeParse(error).data ?? {};
  return name === 'TimeoutError' ? 'the time for it ran out' : (cause?.code ?? name);
}

/** What an answer says in a word or two; whatever is not plain text comes from something in between. */
export function gist(text: string): string {
  const line = text.trim().replaceAll(/\s+/g, ' ');
  if (line === '') return 'no text';
  return line.startsWith('<') ? 'an HTML page, so perhaps a proxy answered in its place' : line.slice(0, 100);
}

/** How one try went. `wait`: milliseconds until the next makes sense; absent: it would be refused like this one. */
export type Attempt =
  | { readonly kind: 'taken' }
  | { readonly kind: 'refused'; readonly why: string; readonly wait?: number };

/** Tries until it is taken, waiting in all no longer than `waitBound` milliseconds; answers with why it was not. */
export async function persist(
  attempt: () => Promise<Attempt>,
  { pause, waitBound }: { readonly pause: Pause; readonly waitBound: number },
): Promise<string | undefined> {
  let left = waitBound;
  for (;;) {
    const outcome = await attempt();
    if (outcome.kind === 'taken') return undefined;
    if (outcome.wait === undefined || outcome.wait > left) return outcome.why;
    left -= outcome.wait;
    await pause(outcome.wait);
  }
}
