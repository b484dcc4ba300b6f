import type { NoticeChannel } from '../events.ts';
import type { Owner } from '../owners.ts';
import { type Block, lengthOf, renderBlocks } from './blocks.ts';
import { arranged, compose, type Notice } from './compose.ts';
import type { HouseStyle } from './house-style.ts';
import { renderHtml } from './html.ts';
import type { NoticeItem } from './item.ts';
import { renderText } from './text.ts';

/** One message, ready for its channel, and the items it tells. */
export interface Message {
  readonly items: readonly NoticeItem[];
  readonly subject: string;
  readonly text: string;
  /** Only for e-mail; empty elsewhere. */
  readonly html: string;
  /** Only for chat; empty elsewhere. */
  readonly blocks: readonly Block[];
  readonly attributes: { readonly owner: string; readonly account: string; readonly type: string };
}

/** Slack takes 50 blocks and about 13,000 characters in all. */
const SLACK = { blocks: 50, characters: 12_000 };
/** Amazon Q Developer takes 8,000 characters, made of the same blocks. */
const AMAZON_Q = 7_500;
/** SNS takes 256 KiB with subject and attributes. */
const SNS_BYTES = 240_000;
/** Gmail hides what comes after 102 KB of an HTML message. */
const HTML_BYTES = 100_000;

/**
 * What to send to one reader over one channel: one message, or, where the channel cannot take it, as few more as it needs.
 * Every item is in one of them: a notice never says "and 20 more".
 */
export function messagesFor(
  channel: NoticeChannel,
  to: Owner | 'operators',
  items: readonly NoticeItem[],
  style: HouseStyle = {},
): readonly Message[] {
  const markup = markupOf(channel, to);
  const portions = divided(arranged(items), (some) => fits(markup, compose(to, some, undefined, style)));
  return portions.map((portion, at): Message => {
    const part = portions.length === 1 ? undefined : { number: at + 1, of: portions.length };
    const notice = compose(to, portion, part, style);
    return {
      items: portion,
      subject: notice.subject,
      text: renderText(notice),
      html: channel === 'email' ? renderHtml(notice) : '',
      blocks: markup === 'slack' || markup === 'amazon-q' ? renderBlocks(notice) : [],
      attributes: {
        owner: to === 'operators' ? to : to.id,
        account: oneOf(portion.map(({ event }) => event.account)),
        type: oneOf(portion.map(({ event }) => event.type)),
      },
    };
  });
}

type Markup = 'slack' | 'amazon-q' | 'html' | 'text';

function markupOf(channel: NoticeChannel, to: Owner | 'operators'): Markup {
  if (channel === 'slack') return channel;
  if (channel === 'email') return 'html';
  const isChat = to !== 'operators' && to.snsTopicArn !== undefined && to.snsFormat === 'amazon-q';
  return channel === 'sns' && isChat ? 'amazon-q' : 'text';
}

function fits(markup: Markup, notice: Notice): boolean {
  if (markup === 'html') return bytes(renderHtml(notice)) <= HTML_BYTES;
  if (markup === 'text') return bytes(renderText(notice)) <= SNS_BYTES;
  const blocks = renderBlocks(notice);
  if (markup === 'amazon-q') return lengthOf(blocks) + 2 * blocks.length <= AMAZON_Q;
  return blocks.length <= SLACK.blocks && lengthOf(blocks) <= SLACK.characters;
}

const bytes = (text: string): number => new TextEncoder().encode(text).length;

/** Halves until each piece fits. A single item always fits: everything that people write into it is cut to length. */
function divided(
  items: readonly NoticeItem[],
  fitsWhole: (items: readonly NoticeItem[]) => boolean,
): readonly (readonly NoticeItem[])[] {
  if (items.length <= 1 || fitsWhole(items)) return items.length === 0 ? [] : [items];
  const middle = Math.ceil(items.length / 2);
  return [...divided(items.slice(0, middle), fitsWhole), ...divided(items.slice(middle), fitsWhole)];
}

function oneOf(values: readonly string[]): string {
  const [first, ...rest] = new Set(values);
  return first !== undefined && rest.length === 0 ? first : 'several';
}
