import type { NoticeChannel } from '../events.ts';
import type { Owner } from '../owners.ts';
import { type Block, lengthOf, renderBlocks } from './blocks.ts';
import { arranged, compose, type Notice } from './compose.ts';
import { renderHtml } from './html.ts';
import type { NoticeItem } from './item.ts';
import { renderText } from './text.ts';

/** One message, ready for its channel, and the items it tells. */
export interface Message {
  readonly items: readonly NoticeItem[];
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** Only for Slack; empty elsewhere. */
  readonly blocks: readonly Block[];
  readonly attributes: { readonly owner: string; readonly account: string; readonly type: string };
}

/** Slack takes 50 blocks and about 13,000 characters in all. */
const SLACK = { blocks: 50, characters: 12_000 };
/** SNS takes 256 KiB with subject and attributes. */
const SNS_BYTES = 240_000;

/**
 * What to send to one reader over one channel: one message, or, where the channel cannot take it, as few more as it needs.
 * Every item is in one of them: a notice never says "and 20 more".
 */
export function messagesFor(
  channel: NoticeChannel,
  to: Owner | 'operators',
  items: readonly NoticeItem[],
): readonly Message[] {
  const portions = divided(arranged(items), (some) => fits(channel, compose(to, some)));
  return portions.map((portion, at): Message => {
    const part = portions.length === 1 ? undefined : { number: at + 1, of: portions.length };
    const notice = compose(to, portion, part);
    return {
      items: portion,
      subject: notice.subject,
      text: renderText(notice),
      html: renderHtml(notice),
      blocks: channel === 'slack' ? renderBlocks(notice) : [],
      attributes: {
        owner: to === 'operators' ? to : to.id,
        account: oneOf(portion.map(({ event }) => event.account)),
        type: oneOf(portion.map(({ event }) => event.type)),
      },
    };
  });
}

function fits(channel: NoticeChannel, notice: Notice): boolean {
  if (channel !== 'slack') return new TextEncoder().encode(renderText(notice)).length <= SNS_BYTES;
  const blocks = renderBlocks(notice);
  return blocks.length <= SLACK.blocks && lengthOf(blocks) <= SLACK.characters;
}

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
