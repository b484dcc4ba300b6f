import { homedir } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { pause } from '../../lambda/adapters/pause.ts';
import { textArgument } from '../arguments.ts';
import * as help from '../help.ts';
import type { Cli } from '../perform.ts';
import type { PullTools, WhichKey } from '../verbs/pull.ts';
import { pullView } from '../views/pull.ts';

interface PullFlags extends WhichKey {
  readonly exec?: string;
  readonly print?: true;
  readonly yes?: true;
  readonly dryRun?: true;
  readonly json?: true;
}

/** The verb of whoever owns a key; it knows nothing of the deployment, and needs no right but to read the user's secret. */
export function addPull(program: Command, cli: Cli): void {
  program
    .command('pull')
    .description("fetch your user's new key with the old one, and put it in its place")
    .option('--secret <name>', "the secret's name or ARN, when it is not where it usually is", secretArgument)
    .option('--yes', 'do not ask before the file is changed')
    .option('--dry-run', 'fetch and prove the new key, change nothing')
    .addOption(
      new Option('--exec <command>', 'run this with the new key in its environment instead')
        .argParser(textArgument)
        .conflicts(['print', 'yes', 'dryRun']),
    )
    .addOption(new Option('--print', 'print the new key for credential_process instead').conflicts(['yes', 'dryRun']))
    .addHelpText('after', help.pull)
    .action(async (_: unknown, command: Command) => {
      const { exec, print, json, ...options } = command.optsWithGlobals<PullFlags>();
      // Loaded only now, as it brings the AWS SDK.
      const { pull, pullAsText, pullInto } = await import('../verbs/pull.ts');
      const tools = await realTools(cli);
      if (exec !== undefined) return pullInto(tools, options, exec);
      if (print) return cli.terminal.out(await pullAsText(tools, options));
      const report = await pull(tools, options);
      cli.terminal.out(json ? JSON.stringify(report, undefined, 2) : pullView(report, cli.terminal.screen));
    });
}

/** A secret's name, or its ARN. */
function secretArgument(text: string): string {
  const isArn = /^arn:[\w-]+:secretsmanager:[\w-]+:\d{12}:secret:[\w/+=.@-]+$/.test(text);
  if (isArn || /^[\w/+=.@-]{1,512}$/.test(text)) return text;
  throw new InvalidArgumentError(`'${text}' is neither the name nor the ARN of a secret.`);
}

async function realTools({ terminal, clock }: Cli): Promise<PullTools> {
  const [{ ownerAws }, { realFiles }, { runCommand }] = await Promise.all([
    import('./owner-aws.ts'),
    import('./files.ts'),
    import('./run-command.ts'),
  ]);
  const { env } = process;
  // The home directory that AWS's tools take.
  const place = { env, home: env.HOME || env.USERPROFILE || homedir(), cwd: process.cwd() };
  return { place, files: realFiles, aws: ownerAws, run: runCommand, pause, clock, terminal };
}
