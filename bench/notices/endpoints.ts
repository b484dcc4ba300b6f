import { createHmac } from 'node:crypto';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

/** What arrived at one kind of endpoint. */
export interface Traffic {
  /** The text of each message that was taken. */
  readonly taken: string[];
  /** Answers 429: too early after the last message, or the place was busy with somebody else's. */
  refused: number;
  /** Posts that came although Retry-After was not over. */
  impatient: number;
  /** Posts that are not as the service takes them. */
  malformed: number;
}

/** Slack (webhooks and bot) and owners' signed webhooks, on the loopback interface. */
export interface Endpoints {
  readonly slack: Traffic;
  readonly webhooks: Traffic;
  slackWebhook(place: string): string;
  readonly slackApi: string;
  webhook(owner: string): { readonly url: string; readonly key: string };
  stop(): Promise<void>;
}

/** Slack takes a message a second in each channel; a little less, as timers and clocks are not exact. */
const INTERVAL = 950;
/** A place that somebody else is writing to is free again after so many seconds. */
const BUSY_SECONDS = 2;
/** A busy place is found so before its first message, and again after so many. */
const BUSY_EVERY = 5;

const section = z.object({ text: z.string().max(3_000) });
const block = z.union([
  z.object({ type: z.enum(['header', 'section']), text: section }),
  z.object({ type: z.literal('context'), elements: z.array(section).min(1) }),
  z.object({ type: z.literal('divider') }),
]);
/** As Slack checks it. */
const slackMessage = z
  .object({ channel: z.string().optional(), text: z.string().min(1), blocks: z.array(block).max(50) })
  .refine(({ blocks }) => JSON.stringify(blocks).length < 30_000);
const signedMessage = z.object({ owner: z.string(), text: z.string(), events: z.array(z.unknown()).min(1) });

/** `busy`: places that others write to as well, so that Retry-After is put to the test. */
export async function startEndpoints(busy: ReadonlySet<string>): Promise<Endpoints> {
  const slack = noTraffic();
  const webhooks = noTraffic();
  const key = 'fake-key-of-the-benchmark'.padEnd(40, '.');
  const pace = slackPace(slack, busy);
  const server = createServer(async (request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
    const body = await text(request);
    if (pathname === '/api/chat.postMessage' || pathname === '/services/hook') {
      takeSlack(response, body, searchParams.get('place') ?? undefined, slack, pace);
    } else {
      takeSigned(request, response, body, key, webhooks);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The endpoints have no port.');
  const base = `http://localhost:${address.port}`;
  return {
    slack,
    webhooks,
    slackWebhook: (place) => `${base}/services/hook?place=${encodeURIComponent(place)}`,
    slackApi: `${base}/api/`,
    webhook: (owner) => ({ url: `${base}/owners/${owner}`, key }),
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

const noTraffic = (): Traffic => ({ taken: [], refused: 0, impatient: 0, malformed: 0 });

/** Says of each post to a place whether it may come now, or after how many seconds. */
export function slackPace(traffic: Pick<Traffic, 'refused' | 'impatient'>, busy: ReadonlySet<string>) {
  const places = new Map<string, { lastAt: number; closedUntil: number; taken: number; busyAt: number }>();
  return (place: string, now: number): { readonly retryAfter: number } | undefined => {
    const busyAt = busy.has(place) ? 0 : Number.POSITIVE_INFINITY;
    const state = places.get(place) ?? { lastAt: Number.NEGATIVE_INFINITY, closedUntil: 0, taken: 0, busyAt };
    places.set(place, state);
    const refuse = (seconds: number) => {
      traffic.refused += 1;
      state.closedUntil = now + seconds * INTERVAL;
      return { retryAfter: seconds };
    };
    if (now < state.closedUntil) {
      traffic.impatient += 1;
      return refuse(1);
    }
    if (state.taken >= state.busyAt) {
      state.busyAt += BUSY_EVERY;
      return refuse(BUSY_SECONDS);
    }
    if (now - state.lastAt < INTERVAL) return refuse(1);
    state.lastAt = now;
    state.taken += 1;
    return undefined;
  };
}

function takeSlack(
  response: ServerResponse,
  body: string,
  hook: string | undefined,
  traffic: Traffic,
  pace: ReturnType<typeof slackPace>,
): void {
  const parsed = slackMessage.safeParse(jsonOf(body));
  const place = hook ?? parsed.data?.channel;
  const answer = (status: number, error: string, headers = {}) => {
    const ok = error === 'ok';
    response.writeHead(status, headers).end(hook === undefined ? JSON.stringify(ok ? { ok } : { ok, error }) : error);
  };
  if (!parsed.success || place === undefined) {
    traffic.malformed += 1;
    answer(hook === undefined ? 200 : 400, 'invalid_blocks');
    return;
  }
  const refusal = pace(place, performance.now());
  if (refusal !== undefined) {
    answer(429, 'ratelimited', { 'retry-after': String(refusal.retryAfter) });
    return;
  }
  traffic.taken.push(body);
  answer(200, 'ok');
}

function takeSigned({ headers }: IncomingMessage, response: ServerResponse, body: string, key: string, to: Traffic) {
  const timestamp = headers['keyturn-timestamp'];
  const signature = `v1=${createHmac('sha256', key).update(`${timestamp}.${body}`).digest('hex')}`;
  const parsed = signedMessage.safeParse(jsonOf(body));
  if (!parsed.success || headers['keyturn-signature'] !== signature) {
    to.malformed += 1;
    response.writeHead(400).end();
    return;
  }
  to.taken.push(parsed.data.text);
  response.writeHead(204).end();
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
