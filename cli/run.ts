import { CommanderError } from 'commander';
import { CommandEnded } from './errors.ts';
import { type Explanation, explain } from './explain.ts';
import type { Cli } from './perform.ts';
import { makeProgram } from './program.ts';
import { printable } from './table.ts';

/** Runs one command line (without node and script name); answers with the exit code. Throws nothing. */
export async function run(argv: readonly string[], cli: Cli, debug = false): Promise<number> {
  try {
    await makeProgram(cli).parseAsync(argv, { from: 'user' });
    return 0;
  } catch (error) {
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    if (error instanceof CommandEnded) return error.exitCode;
    const told = error instanceof CommanderError ? wrongCommandLine(error, argv) : explain(error);
    cli.terminal.err(argv.includes('--json') ? asJson(told) : asText(told));
    if (debug) cli.terminal.err(stackOf(error));
    return told.exitCode;
  }
}

/** Commander's message in our form: `error: unknown option '--usr'` and, in brackets, what may have been meant. */
function wrongCommandLine({ code, message }: CommanderError, argv: readonly string[]): Explanation {
  const command = [
    'keyturn',
    ...argv.filter((word) =>
      /^(plan|forecast|status|history|explain|reconcile|report|pull|rotate|restore|snooze|runs|doctor|owners|exempt|import|list|who|add|revoke)$/.test(
        word,
      ),
    ),
  ];
  const hint = `'${command.slice(0, 3).join(' ')} --help' shows how.`;
  // Commander has shown the help already.
  if (code === 'commander.help') return { sentence: `What is to be done? ${hint}`, mistakes: [], exitCode: 2 };
  const what = message
    .replace(/^error: /, '')
    .replace(/ argument '.*?' is invalid\. /s, ': ')
    .replace(/\n\(Did you mean (.+?)\?\)$/s, '; did you mean $1?')
    .replace(/[.?]?$/, (end) => (end === '?' ? end : '.'));
  return { sentence: `${what[0]?.toUpperCase()}${what.slice(1)} ${hint}`, mistakes: [], exitCode: 2 };
}

const asText = ({ sentence, mistakes }: Explanation): string =>
  [`keyturn: ${printable(sentence)}`, ...mistakes.map((each) => `  ${printable(each)}`)].join('\n');

const asJson = ({ sentence, mistakes }: Explanation): string =>
  JSON.stringify(mistakes.length === 0 ? { error: sentence } : { error: sentence, mistakes });

/** Where it came from, causes included; never the errors' other fields, which may hold answers of AWS. */
function stackOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const stack = error.stack ?? error.message;
  return error.cause === undefined ? stack : `${stack}\nCaused by: ${stackOf(error.cause)}`;
}
