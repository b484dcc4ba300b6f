import type { Instant } from '../../lambda/domain/time.ts';
import type { Inbox, Mail } from './inbox.ts';
import type { SlackEndpoint, SlackPost } from './slack-endpoint.ts';

/** A notice as it arrived where its owner, or the operators, would see it. */
export interface Delivery {
  readonly at: Instant;
  readonly channel: 'slack' | 'sns' | 'operators-topic';
  /** Owner ID, or `operators`. */
  readonly to: string;
  readonly subject: string;
  /** Everything it says. */
  readonly text: string;
  readonly message:
    | { readonly kind: 'slack'; readonly post: SlackPost }
    | { readonly kind: 'mail'; readonly mail: Mail };
}

/** Every place where notices of the demo arrive. */
export interface Mailboxes {
  readonly slack: SlackEndpoint;
  /** Owner of each Slack channel. */
  readonly channels: ReadonlyMap<string, string>;
  readonly owners: ReadonlyMap<string, Inbox>;
  readonly operators: Inbox;
}

/** Takes whatever has arrived out of all of them. */
export async function collect({ slack, channels, owners, operators }: Mailboxes, at: Instant): Promise<Delivery[]> {
  const posts = slack.take().map((post): Delivery => {
    const text = [post.summary, ...post.blocks.map((block) => asRead(block.text))].join('\n');
    const to = channels.get(post.channel) ?? post.channel;
    return { at, channel: 'slack', to, subject: post.summary, text, message: { kind: 'slack', post } };
  });
  const inboxes = [...owners].map(async ([to, inbox]) =>
    (await inbox.take()).map((mail): Delivery => ({ at, channel: 'sns', to, ...mailParts(mail) })),
  );
  const forOperators = (await operators.take()).map(
    (mail): Delivery => ({ at, channel: 'operators-topic', to: 'operators', ...mailParts(mail) }),
  );
  return [...posts, ...(await Promise.all(inboxes)).flat(), ...forOperators];
}

const mailParts = (mail: Mail) =>
  ({ subject: mail.subject, text: mail.text, message: { kind: 'mail', mail } }) as const;

/** Slack's markup as its reader sees it. */
export const asRead = (mrkdwn: string): string =>
  mrkdwn.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&');
