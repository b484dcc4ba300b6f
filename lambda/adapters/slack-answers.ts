import * as z from 'zod/mini';
import { type Attempt, gist, type Reply } from './http-post.ts';

/** What Slack said to one try. `mistrusted`: it did not accept who we say we are. */
export type SlackAnswer = Attempt & { readonly mistrusted?: true };

/** Of an incoming webhook. */
export function webhookAnswer(reply: Reply, place: string): SlackAnswer {
  if (reply.kind === 'no-answer') return noAnswer(reply.why, place);
  const { status, text, wait } = reply;
  // What stands between may answer 200 too, such as a proxy with its sign-in page; `ok` is Slack's own word.
  if (status === 200 && text.trim() === 'ok') return { kind: 'taken' };
  return {
    kind: 'refused',
    why: `Slack answered ${status}: ${gist(text)} (${place}).`,
    ...(wait !== undefined && { wait }),
    ...([401, 403, 404, 410].includes(status) && { mistrusted: true }),
  };
}

const botAnswerSchema = z.union([
  z.object({ ok: z.literal(true) }),
  z.object({ ok: z.literal(false), error: z.string().check(z.regex(/^[a-z_]{1,60}$/)) }),
]);

/** Of `chat.postMessage`, which says what is wrong with status 200 too. */
export function botAnswer(reply: Reply, place: string, secretName: string): SlackAnswer {
  if (reply.kind === 'no-answer') return noAnswer(reply.why, place);
  const { status, text, wait } = reply;
  const said = botAnswerSchema.safeParse(fromJson(text)).data;
  if (said?.ok && status === 200) return { kind: 'taken' };
  const word = said === undefined || said.ok ? undefined : said.error;
  if (word === undefined) {
    return {
      kind: 'refused',
      why: `Slack answered ${status}: ${gist(text)} (${place}).`,
      ...(wait !== undefined && { wait }),
    };
  }
  const again = wait ?? (busy.has(word) ? 2_000 : undefined);
  return {
    kind: 'refused',
    why: `Slack refused the notice (${place}): ${word}. ${adviceOn(word, secretName)}`,
    ...(again !== undefined && { wait: again }),
    ...(mistrust.has(word) && { mistrusted: true }),
  };
}

/** Not tried again at once: Slack may have taken it. */
const noAnswer = (why: string, place: string): SlackAnswer => ({
  kind: 'refused',
  why: `Slack did not answer (${place}): ${why}.`,
});

const busy: ReadonlySet<string> = new Set(['ratelimited', 'rate_limited']);
const mistrust: ReadonlySet<string> = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
  'missing_scope',
]);

const advice: Readonly<Record<string, string>> = {
  channel_not_found:
    'The bot sees no such channel: correct its name or use its ID (C…), and invite the bot when the channel is private.',
  not_in_channel: 'Invite the bot to the channel: /invite @ and its name.',
  is_archived: 'The channel is archived: name another one in the owners file.',
  user_not_found: 'There is no such member: slack_user is the member ID (U…) from the profile.',
  users_not_found: 'There is no such member: slack_user is the member ID (U…) from the profile.',
  cannot_dm_bot: 'This member is a bot: name a person.',
  user_disabled: 'This member was deactivated: name another one in the owners file.',
  messages_tab_disabled: 'Switch the Messages tab on under App Home of the Slack app.',
  missing_scope:
    'Give the Slack app the scope chat:write (chat:write.public for channels that it is not in), and install it again.',
  restricted_action: "The workspace's settings do not let the bot post there: ask an administrator of Slack.",
  ratelimited: 'Slack takes about a message a second for each channel.',
  rate_limited: 'Slack takes about a message a second for each channel.',
};

function adviceOn(word: string, secretName: string): string {
  if (word === 'missing_scope' || !mistrust.has(word)) {
    return advice[word] ?? "Slack's documentation of chat.postMessage explains it.";
  }
  return `The botToken in secret ${secretName} does not hold (any more): install the Slack app again, and put its token there.`;
}

function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
