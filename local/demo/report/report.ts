import { fromIso } from '../../../lambda/domain/time.ts';
import { defaultAccount } from '../../emulator.ts';
import { dateOf, dayOf } from '../calendar.ts';
import { cast } from '../cast.ts';
import type { Delivery } from '../deliveries.ts';
import type { Story } from '../story.ts';
import { wouldBeLives } from '../would-be-days.ts';
import { mailNotice, slackNotice } from './notice.ts';
import type { Page } from './paint.ts';
import { timeline } from './timeline.ts';

/** The chart of all keys, with what people did on the way. */
export function keysReport(story: Story, lastDay: number, page: Page): string {
  const { paint } = page;
  const observed = story.stage.mode === 'observe';
  const lives = observed ? wouldBeLives(story.keys, story.history) : story.keys;
  const users = cast.map(({ userName, situation }) => {
    return { userName, situation, keys: lives.filter(({ user }) => user === userName) };
  });
  const title = observed
    ? 'What Keyturn would have done with every key (nothing was changed)'
    : 'What became of every key';
  return [
    heading(title, page),
    paint.dim(`  account ${defaultAccount}; day 0 is ${dateOf(0)}, day ${lastDay} is ${dateOf(lastDay)}`),
    '',
    timeline(users, { lastDay, warned: warnedDays(story) }, page),
    '',
    ...story.deeds.map(({ day, told }) => `  ${paint.dim(`day ${String(day).padStart(3)}`)}  ${told}`),
  ].join('\n');
}

function warnedDays({ history }: Story): ReadonlyMap<string, readonly number[]> {
  const warnings = history.filter((event) => event.type === 'rotation-upcoming');
  const byKey = Map.groupBy(warnings, ({ keyId }) => keyId ?? '');
  return new Map([...byKey].map(([key, events]) => [key, events.map(({ time }) => dayOf(fromIso(time)))]));
}

/** Two notices as their readers see them: one in Slack and one by mail; in observe mode the operators' last one. */
export function noticesReport({ deliveries, people }: Story, page: Page): string {
  const { keyId } = people.key('build-bot', 'only');
  const slack = deliveries.find(
    (delivery) => delivery.channel === 'slack' && isAbout(delivery, 'get-secret-value', keyId),
  );
  const mails = deliveries.filter(({ channel }) => channel === 'sns');
  const mail = mails.find((delivery) => typeOf(delivery) === 'key-disabled') ?? mails[0];
  const shown = [slack, mail].filter((delivery) => delivery !== undefined);
  const instead = shown.length > 0 ? [] : deliveries.filter((delivery) => isAbout(delivery, keyId)).slice(-1);
  if (shown.length + instead.length === 0) return '';
  return [heading('What people were told', page), ...[...shown, ...instead].map((each) => shownTo(each, page))].join(
    '\n\n',
  );
}

const isAbout = ({ text }: Delivery, ...words: readonly string[]): boolean =>
  words.every((word) => text.includes(word));

const typeOf = ({ message }: Delivery): string | undefined =>
  message.kind === 'mail' ? message.mail.attributes.type : undefined;

function shownTo({ message, to, at }: Delivery, page: Page): string {
  const day = page.paint.dim(`  day ${dayOf(at)}, to ${to === 'operators' ? 'the operators' : `owner ${to}`}`);
  const notice =
    message.kind === 'slack' ? slackNotice(message.post, page) : mailNotice(message.mail, `${to}@example.com`, page);
  return `${day}\n${notice}`;
}

export const heading = (text: string, { paint, width }: Page): string =>
  `${paint.bold(text)} ${paint.dim('─'.repeat(Math.max(3, width - text.length - 1)))}`;
