import { alwaysTrue, OBSERVING_CHANGES_NOTHING, SECRETS_STAY_SECRET } from '../invariants/always-true.ts';
import { COMMANDS_WORK, NOTHING_LOST, OWNERS_CAN_ACT, type Story } from '../story.ts';
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
    `${lastDay + 1} days, ${users} users, ${story.keys.length} keys${enforced ? `, ${made} of them made by Keyturn` : ', none of them touched by Keyturn'}`,
    `${story.deliveries.length} notices: ${count('slack')} to Slack, ${count('sns')} by SNS, ${count('operators-topic')} to the operators`,
    `${story.history.length} events in history; ${story.stage.recorder.calls().length} AWS calls by the deployed functions`,
  ];
  return [
    ...facts.map((fact) => `  ${fact}`),
    '',
    paint.dim('  Checked after every run and at the end, against IAM, Secrets Manager, every call and every notice:'),
    ...promisesIn(story).map(
      (promise) => `  ${mark(!story.violations.some((each) => each.promise === promise), page)} ${promise}`,
    ),
    '',
    ...listed(
      'violations',
      story.violations.map(({ day, what }) => `day ${day}: ${what}`),
      page,
    ),
    ...listed('expectations not met', disappointments, page),
    `  ${paint.dim(`took ${duration(seconds)}, the deployment included`)}`,
  ].join('\n');
}

/** Those that this mode can break. */
const promisesIn = ({ stage }: Story): readonly string[] =>
  [...alwaysTrue.keys(), SECRETS_STAY_SECRET, NOTHING_LOST, OWNERS_CAN_ACT, COMMANDS_WORK].filter(
    (promise) => stage.mode === 'observe' || promise !== OBSERVING_CHANGES_NOTHING,
  );

const mark = (kept: boolean, { paint }: Page): string => (kept ? paint.green('✔') : paint.red('✖'));

const duration = (seconds: number): string =>
  seconds < 60 ? `${Math.round(seconds)} s` : `${Math.floor(seconds / 60)} min ${Math.floor(seconds % 60)} s`;

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
export function whatNext(mode: 'observe' | 'enforce', { paint }: Page): string {
  const command = (line: string, why: string) => `    ${paint.cyan(line.padEnd(36))} ${why}`;
  const again =
    mode === 'enforce'
      ? command('npm run demo -- --mode observe', 'the same days, nothing changed: how Keyturn begins')
      : command('npm run demo', 'the same days for real');
  return [
    '  See more of it:',
    again,
    command('npm run demo -- --keep', 'leaves the local AWS running, for you to ask the command line'),
    '',
    '  Deploy it to an account, where it begins in observe mode and changes nothing until you say so:',
    command('$EDITOR keyturn.config.ts', 'say who is told'),
    command('npx cdk bootstrap', 'once in an account and Region that has no CDK yet'),
    command('npx cdk deploy --all', "with the account's credentials"),
    command('npx keyturn plan', 'what the next run would do, and why'),
  ].join('\n');
}
