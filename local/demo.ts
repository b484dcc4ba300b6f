/** `npm run demo`: Keyturn at work in a local AWS, from its deployment to day 125. */
import { writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { dateOf } from './demo/calendar.ts';
import { disappointments } from './demo/expectations.ts';
import { localEnvironment } from './demo/keyturn-command.ts';
import { demoOptions } from './demo/options.ts';
import { showProgress } from './demo/progress-list.ts';
import { recordOf } from './demo/record.ts';
import { type Page, pageOf } from './demo/report/paint.ts';
import { heading, keysReport, noticesReport } from './demo/report/report.ts';
import { storiesReport } from './demo/report/stories.ts';
import { summary, whatNext } from './demo/report/summary.ts';
import { type Stage, setTheStage } from './demo/stage.ts';
import { Story } from './demo/story.ts';
import { projectRoot } from './project-root.ts';

const started = performance.now();
const options = demoOptions(process.argv.slice(2));
const page = pageOf(process.stdout);
const print = (...blocks: readonly string[]) => console.log(`\n${blocks.filter((block) => block !== '').join('\n\n')}`);

let stage: Stage | undefined;
// Ctrl-C ends what was started; the local AWS also ends by itself with this process.
process.once('SIGINT', () => {
  if (process.stdout.isTTY) process.stdout.write('\u001b[?25h');
  void stop().then(() => process.exit(130));
});

try {
  print(introduction(page));
  const story = await tellStory();
  await showReport(story, page);
  const missed = disappointments(story, options.days);
  const seconds = (performance.now() - started) / 1000;
  print(heading('In short', page), summary(story, { lastDay: options.days, disappointments: missed, seconds }, page));
  if (options.json !== undefined) {
    await writeFile(options.json, `${JSON.stringify(recordOf(story), null, 2)}\n`);
    console.log(`  written to ${options.json}`);
  }
  print(whatNext(options.mode, page));
  process.exitCode = story.violations.length + missed.length === 0 ? 0 : 1;
  if (options.keep) await keepRunning(story.stage);
} catch (error) {
  console.error(
    `\n${page.paint.red('The demo could not go on.')} ${error instanceof Error ? error.message : String(error)}`,
  );
  if (process.env.KEYTURN_DEBUG === '1') console.error(error);
  process.exitCode = 1;
} finally {
  await stop();
}

function introduction({ paint }: Page): string {
  return [
    `${paint.bold('Keyturn')} rotates the access keys of IAM users. All of what follows happens on this machine: a local AWS,`,
    `the real cdk, and the deployed functions run as Lambda would, with a clock that is turned forward day by day.`,
  ].join('\n');
}

async function tellStory(): Promise<Story> {
  const { mode, days } = options;
  const ownersFile = relative(process.cwd(), join(projectRoot, 'local', 'demo', 'owners.csv'));
  let story: Story | undefined;
  const told = (): Story => {
    if (story === undefined) throw new Error('The stage was not set.');
    return story;
  };
  await showProgress([
    {
      title: 'A local AWS, and Keyturn in it: the real cdk bootstrap and cdk deploy',
      async work(say) {
        stage = await setTheStage({ mode, onProgress: say });
        story = new Story(stage);
      },
    },
    {
      title: 'Twelve IAM users with keys up to 400 days old, their owners from a CSV file, an exemption',
      work: () => told().begin(ownersFile),
    },
    {
      title: `${days + 1} days from ${dateOf(0)} on, in ${mode} mode, everything checked after each`,
      async work(say) {
        const { deliveries, violations } = told();
        for (let day = 0; day <= days; day += 1) {
          await told().live(day);
          const news = `${deliveries.length} notices, ${violations.length} violations so far`;
          say(`day ${day}  ${dateOf(day)}  ${news}`, day % 10 === 0 || day === days);
        }
        await told().end(days);
      },
    },
  ]);
  return told();
}

async function showReport(story: Story, page: Page): Promise<void> {
  const asked = ['history', '--user', 'build-bot'];
  const answer = await story.keyturn(...asked);
  print(keysReport(story, options.days, page), noticesReport(story, page));
  if (options.mode === 'enforce') print(storiesReport(story, page));
  print(heading('What an auditor asks', page), `  ${page.paint.cyan(`$ npx ${answer.line}`)}`);
  // In a terminal it writes by itself, fitted to its width; in a log what it wrote is enough.
  if (process.stdout.isTTY) await story.stage.keyturn.show(...asked);
  else console.log(answer.output.trimEnd());
}

async function keepRunning({ emulator }: Stage): Promise<void> {
  const variables = Object.entries(await localEnvironment(emulator));
  const date = emulator.clock.now().toISOString().slice(0, 10);
  print(
    heading('The local AWS is still running', page),
    `  In another terminal, to talk to it as its administrator on ${date}:`,
    variables.map(([name, value]) => `export ${name}='${value}'`).join('\n'),
    `  Then for example ${page.paint.cyan('npx keyturn status')}. Ctrl-C here ends it.`,
  );
  await new Promise(() => setInterval(() => {}, 60_000));
}

async function stop(): Promise<void> {
  const ending = stage;
  stage = undefined;
  await ending?.stop();
}
