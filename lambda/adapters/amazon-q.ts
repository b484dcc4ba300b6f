import * as z from 'zod/mini';
import { escapeMrkdwn } from '../domain/escape.ts';
import type { OutgoingNotice } from '../ports.ts';
import { idOf } from './notice-id.ts';

/** Most characters that Amazon Q Developer takes; what is longer is not shown at all. */
const MOST = { title: 250, description: 8_000, keywords: 10, keyword: 75, summary: 300, related: 50 };

/**
 * The notice as a custom notification of Amazon Q Developer in chat (formerly AWS Chatbot), which shows nothing that is not
 * of this form. Its schema: "Custom notifications" in the administrator's guide.
 */
export function amazonQMessage(notice: OutgoingNotice): string {
  const { subject, events, attributes, to } = notice;
  const keys = [...new Set(events.flatMap(({ keyId }) => keyId ?? []))];
  const id = idOf(attributes.owner, events);
  return JSON.stringify({
    version: '1.0',
    source: 'custom',
    id,
    content: {
      textType: 'client-markdown',
      title: clipped(escapeMrkdwn(subject), MOST.title),
      description: described(notice),
      keywords: [...new Set(events.map(({ type }) => type))]
        .slice(0, MOST.keywords)
        .map((word) => clipped(word, MOST.keyword)),
    },
    metadata: {
      // Where a channel threads updates, all that is told of one key stays together.
      threadId: keys.length === 1 ? `keyturn-${keys[0]}` : `keyturn-${id}`,
      summary: clipped(subject, MOST.summary),
      eventType: 'keyturn-notice',
      relatedResources: keys.slice(0, MOST.related),
      additionalContext: { owner: to === 'operators' ? to : to.id, account: attributes.account, type: attributes.type },
    },
  });
}

const markdownBlock = z.union([
  z.object({ type: z.literal('section'), text: z.object({ type: z.literal('mrkdwn'), text: z.string() }) }),
  z.object({
    type: z.literal('context'),
    elements: z.array(z.object({ type: z.literal('mrkdwn'), text: z.string() })),
  }),
]);

/** The blocks' text, which is escaped already; where there are none the plain text, as it is. */
function described({ blocks, text }: OutgoingNotice): string {
  const paragraphs = blocks.flatMap((block) => {
    const known = markdownBlock.safeParse(block).data;
    if (known === undefined) return [];
    return known.type === 'section' ? [known.text.text] : known.elements.map((element) => element.text);
  });
  if (paragraphs.length > 0) return clipped(paragraphs.join('\n\n'), MOST.description);
  const fence = '```';
  // Nothing in it may end the fence.
  const plain = escapeMrkdwn(text).replaceAll(fence, "'''");
  return `${fence}\n${clipped(plain, MOST.description - 2 * fence.length - 2)}\n${fence}`;
}

/** Cut to length, not in the middle of a character. Only a safeguard: what is longer is split before it gets here. */
function clipped(text: string, most: number): string {
  if (text.length <= most) return text;
  const end = '…';
  return `${text.slice(0, most - end.length).replace(/[\uD800-\uDBFF]$/, '')}${end}`;
}
