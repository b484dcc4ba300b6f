import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';

/** What came in at one of the incoming webhooks. */
export interface SlackPost {
  readonly channel: string;
  /** What a phone's lock screen shows. */
  readonly summary: string;
  /** The texts of the blocks, in Slack's own markup. */
  readonly blocks: readonly SlackBlock[];
}

export interface SlackBlock {
  readonly type: 'header' | 'section' | 'context' | 'divider';
  readonly text: string;
}

/** Stands in for hooks.slack.com on the loopback interface. */
export interface SlackEndpoint {
  /** The webhook's URL for a channel; as in Slack, whoever knows it can post there. */
  webhook(channel: string): string;
  /** What was posted since the last call. */
  take(): readonly SlackPost[];
  stop(): Promise<void>;
}

const words = z.object({ type: z.enum(['plain_text', 'mrkdwn']), text: z.string().min(1).max(3000) });
const block = z.discriminatedUnion('type', [
  z.object({ type: z.literal('header'), text: words.refine(({ text: title }) => title.length <= 150) }),
  z.object({ type: z.literal('section'), text: words }),
  z.object({ type: z.literal('context'), elements: z.array(words).min(1).max(10) }),
  z.object({ type: z.literal('divider') }),
]);
/** As Slack checks it. */
const message = z.object({ text: z.string().min(1), blocks: z.array(block).min(1).max(50) });

export async function startSlackEndpoint(): Promise<SlackEndpoint> {
  const channels = new Map<string, string>();
  let posts: SlackPost[] = [];

  const server = createServer(async (request, response) => {
    const channel = channels.get(request.url ?? '');
    const refuse = (status: number, why: string) => response.writeHead(status).end(why);
    if (request.method !== 'POST' || channel === undefined) return refuse(404, 'no_service');
    const body = await text(request);
    const parsed = message.safeParse(jsonOrNothing(body));
    if (!parsed.success) return refuse(400, 'invalid_blocks');
    const { text: summary, blocks } = parsed.data;
    posts.push({ channel, summary, blocks: blocks.map((each) => ({ type: each.type, text: textOf(each) })) });
    return response.writeHead(200).end('ok');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The Slack endpoint has no port.');

  return {
    webhook(channel) {
      const path = `/services/TDEMO/B${channels.size + 1}/fake${channel.replaceAll(/\W/g, '')}webhook`;
      channels.set(path, channel);
      return `http://localhost:${address.port}${path}`;
    },
    take() {
      const taken = posts;
      posts = [];
      return taken;
    },
    async stop() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

function textOf(each: z.infer<typeof block>): string {
  switch (each.type) {
    case 'header':
    case 'section':
      return each.text.text;
    case 'context':
      return each.elements.map((element) => element.text).join('\n');
    case 'divider':
      return '';
  }
}

function jsonOrNothing(body: string): unknown {
  try {
    return JSON.parse(body);
  } catch {
    return undefined;
  }
}
