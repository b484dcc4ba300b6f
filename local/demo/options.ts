import { Command, InvalidArgumentError, Option } from 'commander';
import type { Mode } from '../../lambda/domain/events.ts';
import { LAST_DAY } from './cast.ts';

export interface DemoOptions {
  readonly mode: Mode;
  /** How many days after day 0 the story goes on. */
  readonly days: number;
  /** File to write the machine-readable record to. */
  readonly json?: string;
  /** Leave the local AWS running. */
  readonly keep?: true;
}

/** Reads the command line; prints help, or what is wrong, and ends the process if that is all there is to do. */
export function demoOptions(argv: readonly string[]): DemoOptions {
  return new Command('npm run demo --')
    .description(
      `Shows Keyturn at work, on this machine alone: deploys it to a local AWS with the real cdk, then lives through
${LAST_DAY} simulated days of an account with users as old accounts have them, and checks after every day that all
promises are kept. Needs no AWS account, no Docker, and Python 3.10 or newer. Ends with exit code 1 if a promise
was broken.`,
    )
    .addOption(
      new Option('--mode <mode>', 'observe: only say what would be done')
        .choices(['enforce', 'observe'] satisfies Mode[])
        .default('enforce'),
    )
    .option('--days <n>', `stop after that many days, 0 to ${LAST_DAY}`, wholeDays, LAST_DAY)
    .option('--json <file>', 'also write what happened to that file, as JSON')
    .option('--keep', 'leave the local AWS running at the end, until Ctrl-C, and say how to ask it')
    .helpOption('-h, --help', 'show this')
    .parse([...argv], { from: 'user' })
    .opts<DemoOptions>();
}

function wholeDays(text: string): number {
  const days = Number(text);
  if (/^\d+$/.test(text) && days <= LAST_DAY) return days;
  throw new InvalidArgumentError(`It must be a whole number from 0 to ${LAST_DAY}.`);
}
