import { alwaysTrue } from '../invariants/always-true.ts';
import type { Story } from '../story.ts';
import { type Page, wrapped } from './paint.ts';

export interface Ending {
  readonly lastDay: number;
  readonly disappointments: readonly string[];
  readonly seconds: number;
}

/** How it went, in numbers and in the end in one word. */
export function summary(story: Story, { lastDay, disappointments, seconds }: Ending, page: Page): string {
  const { paint } = page;
  const made = story.keys.filter(({ madeBy }) => madeBy === 'keyturn').length;
  const notices = Map.groupBy(story.deliveries, ({ channel }) => channel);
  const count = (channel: 'slack' | 'sns' | 'operators-topic') => notices.get(channel)?.length ?? 0;
  const users = new Set(story.keys.map(({ user }) => user)).size;
  const enforced = story.stage.mode === 'enforce';
  const facts = [
    `${lastDay + 1} days, ${users} users, ${story.keys.length} keys${enforced ? `, ${made} of them made by Keyturn` : ', none of them touched'}`,
    `${story.deliveries.length} notices: ${count('slack')} to Slack, ${count('sns')} by SNS, ${count('operators-topic')} to the operators`,
    `${story.history.length} events in history; ${story.stage.recorder.calls().length} AWS calls by the deployed functions`,
    `${alwaysTrue.size + 1} promises checked after each of the ${lastDay + 1} runs`,
  ];
  return [
    ...facts.map((fact) => `  ${fact}`),
    '',
    ...listed('violations', story.violations.map(({ day, what }) => `day ${day}: ${what}`), page),
    ...listed('expectations not met', disappointments, page),
    `  ${paint.dim(`took ${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`)}`,
  ].join('\n');
}

const MOST_SHOWN = 25;

function listed(what: string, sentences: readonly string[], { paint, width }: Page): string[] {
  if (sentences.length === 0) return [`  ${paint.green('✔')} ${what}: ${paint.green('none')}`];
  const shown = sentences.slice(0, MOST_SHOWN).flatMap((sentence) => wrapped(`- ${sentence}`, width - 4));
  const more = sentences.length - MOST_SHOWN;
  return [
    `  ${paint.red('✖')} ${what}: ${paint.red(String(sentences.length))}`,
    ...shown.map((line) => `    ${line}`),
    ...(more > 0 ? [`    … and ${more} more`] : []),
  ];
}

/** What a newcomer does next. */
export const whatNext = (mode: 'observe' | 'enforce', { paint }: Page): string => {
  const other = mode === 'enforce' ? 'observe' : 'enforce';
  const why = mode === 'enforce' ? 'the same days, changing nothing: how Keyturn begins in your account' : 'the same days for real';
  return [
    '  See it again:',
    `    ${paint.cyan(`npm run demo -- --mode ${other}`)}   ${why}`,
    `    ${paint.cyan('npm run demo -- --keep')}          leaves the local AWS running for you to ask the CLI`,
    '',
    '  Deploy for real (it starts in observe mode: nothing is changed until you say so):',
    `    ${paint.cyan('$EDITOR keyturn.config.ts')}       say who is told`,
    `    ${paint.cyan('npx cdk deploy --all')}            with the credentials of the account`,
    `    ${paint.cyan('npx keyturn plan')}                what the next run would do, and why`,
  ].join('\n');
};
