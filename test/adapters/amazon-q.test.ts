import * as z from 'zod';
import { amazonQMessage } from '../../lambda/adapters/amazon-q.ts';
import type { EventType, HistoryEvent } from '../../lambda/domain/events.ts';
import { messagesFor } from '../../lambda/domain/notices/messages.ts';
import { aNotice, anEvent, anOwner, keyId } from '../support/builders.ts';
import { sampleDetails } from '../support/sample-details.ts';

const eventTypes = Object.keys(sampleDetails) as EventType[];

/** The schema of Amazon Q Developer's custom notifications; what is not of it is not shown. */
const schema = z.strictObject({
  version: z.literal('1.0'),
  source: z.literal('custom'),
  id: z.string(),
  content: z.strictObject({
    textType: z.literal('client-markdown'),
    title: z.string().min(1).max(250),
    description: z.string().min(1).max(8_000),
    nextSteps: z.array(z.string()).optional(),
    keywords: z.array(z.string().max(75)).max(10).optional(),
  }),
  metadata: z.strictObject({
    threadId: z.string(),
    summary: z.string().max(300),
    eventType: z.string(),
    relatedResources: z.array(z.string()).max(50),
    additionalContext: z.record(z.string(), z.string()),
  }),
});

const to = anOwner({ snsTopicArn: 'arn:aws:sns:eu-west-1:111122223333:payments-keys', snsFormat: 'amazon-q' });
const read = (...args: Parameters<typeof amazonQMessage>) => schema.parse(JSON.parse(amazonQMessage(...args)));

test('a notice is a custom notification, threaded by its key', () => {
  const notice = aNotice({ to });
  expect(read(notice)).toMatchObject({
    content: {
      title: notice.subject,
      description: 'A new access key is waiting.',
      keywords: ['key-replaced'],
    },
    metadata: {
      threadId: 'keyturn-AKIAFAKE000000000001',
      summary: notice.subject,
      relatedResources: ['AKIAFAKE000000000001'],
      additionalContext: { owner: 'payments', account: '111122223333', type: 'key-replaced' },
    },
  });
});

test('the same notice has the same ID and thread, one about several keys a thread of its own', () => {
  const events = [anEvent('key-replaced'), anEvent('key-disabled', { keyId: keyId(2) })];
  const [a, b] = [read(aNotice({ to, events })), read(aNotice({ to, events: events.toReversed() }))];
  expect(a.id).toBe(b.id);
  expect(a.metadata.threadId).toBe(`keyturn-${a.id}`);
});

test('headers, dividers and what is unknown are left out, small print is not', () => {
  const markdown = (text: string) => ({ type: 'mrkdwn', text, verbatim: true });
  const blocks = [
    { type: 'header', text: { type: 'plain_text', text: 'Title' } },
    { type: 'section', text: markdown('*Switch to the new key*') },
    { type: 'divider' },
    { type: 'context', elements: [markdown('You own these users.'), markdown('No secret.')] },
    { type: 'image', image_url: 'https://example.com/' },
  ];
  expect(read(aNotice({ to, blocks })).content.description).toBe(
    '*Switch to the new key*\n\nYou own these users.\n\nNo secret.',
  );
});

test('plain text stays as it is, without a way out into markup', () => {
  const { description } = read(aNotice({ to, blocks: [], text: 'Reason: <!channel> ```\n@here & *you*' })).content;
  expect(description).toBe("```\nReason: &lt;!channel&gt; '''\n@here &amp; *you*\n```");
});

test('whatever its length, a message keeps to the limits, and to whole characters', () => {
  const long = '😀'.repeat(10_000);
  const events = Array.from({ length: 80 }, (_, at) => anEvent('key-replaced', { keyId: keyId(at + 1) }));
  for (const notice of [
    aNotice({ to, blocks: [], text: long, subject: long, events }),
    aNotice({ to, blocks: [{ type: 'section', text: { type: 'mrkdwn', text: long } }], events }),
  ]) {
    const { content, metadata } = read(notice);
    expect(content.description.isWellFormed()).toBe(true);
    expect(content.title.isWellFormed()).toBe(true);
    expect(metadata.summary.isWellFormed()).toBe(true);
  }
});

describe('what is composed for such a topic', () => {
  const told = (events: readonly HistoryEvent[]) =>
    messagesFor(
      'sns',
      to,
      events.map((event) => ({ event })),
    ).map((message) => read({ ...message, to, events: message.items.map(({ event }) => event) }));

  test.each(eventTypes)('%s fits into one message, uncut', (type) => {
    const [message, ...more] = told([anEvent(type)]);
    expect(more).toEqual([]);
    expect(message?.content.description).not.toMatch(/…$/);
    expect(message?.content.description).not.toContain('```\n[');
  });

  test('many keys become several messages, none of them cut, and every key is in one', () => {
    const events = Array.from({ length: 40 }, (_, at) => anEvent('key-disabled', { keyId: keyId(at + 1) }));
    const messages = told(events);
    expect(messages.length).toBeGreaterThan(1);
    const all = messages.map(({ content }) => content.description).join();
    for (const { content } of messages) expect(content.description).not.toMatch(/…$/);
    for (let n = 1; n <= 40; n += 1) expect(all).toContain(keyId(n));
  });

  test('is text for mail boxes and other topics', () => {
    const { snsFormat: _, ...plain } = to;
    const items = [{ event: anEvent('key-disabled') }];
    for (const reader of [plain, anOwner({ snsFormat: 'amazon-q' }), 'operators' as const]) {
      expect(messagesFor('sns', reader, items)[0]?.blocks).toEqual([]);
    }
  });
});
