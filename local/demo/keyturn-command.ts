import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { run } from '../child-process.ts';
import { defaultRegion, type Emulator } from '../emulator.ts';
import { projectRoot } from '../project-root.ts';

export interface CommandResult {
  /** As a person would type it: `keyturn history --user build-bot`. */
  readonly line: string;
  readonly exitCode: number | null;
  readonly stdout: string;
  /** Standard output and standard error as they came. */
  readonly output: string;
}

/** The command line, as people run it, against the local AWS at its simulated time. */
export interface KeyturnCommand {
  run(...args: readonly string[]): Promise<CommandResult>;
  /** Runs it as an owner does, who has nothing but the AWS profiles in that home directory. */
  runAtHome(home: string, ...args: readonly string[]): Promise<CommandResult>;
  /** Lets it write to this terminal itself, so that it fits its width and has colours. */
  show(...args: readonly string[]): Promise<void>;
}

export function keyturnCommand(emulator: Emulator): KeyturnCommand {
  const nodeArgs = (args: readonly string[]) => [join(projectRoot, 'cli', 'main.ts'), ...args];
  async function ran(args: readonly string[], env: NodeJS.ProcessEnv): Promise<CommandResult> {
    const { code, stdout, output } = await run(process.execPath, nodeArgs(args), { env });
    return { line: lineOf(args), exitCode: code, stdout, output };
  }
  return {
    run: async (...args) => ran(args, await environment(emulator)),
    async runAtHome(home, ...args) {
      const env = Object.entries(await environment(emulator)).filter(([name]) => !credentials.test(name));
      return ran(args, { ...Object.fromEntries(env), HOME: home, USERPROFILE: home });
    },
    async show(...args) {
      const child = spawn(process.execPath, nodeArgs(args), { env: await environment(emulator), stdio: 'inherit' });
      await once(child, 'close');
    },
  };
}

const credentials = /^AWS_(ACCESS_KEY_ID|SECRET_ACCESS_KEY|SESSION_TOKEN)$/;
const simulatedClock = pathToFileURL(join(projectRoot, 'local', 'demo', 'simulated-clock.ts')).href;

/** What a command needs in its environment to talk to the local AWS, and to share its time. */
export async function localEnvironment(emulator: Emulator): Promise<Readonly<Record<string, string>>> {
  const { accessKeyId, secretAccessKey, sessionToken } = await emulator.credentials();
  return {
    AWS_ENDPOINT_URL: emulator.url,
    AWS_REGION: defaultRegion,
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_SESSION_TOKEN: sessionToken,
    NODE_OPTIONS: `--import=${simulatedClock}`,
    KEYTURN_DEMO_AHEAD_MS: String(emulator.clock.now().getTime() - Date.now()),
  };
}

async function environment(emulator: Emulator): Promise<NodeJS.ProcessEnv> {
  const inherited = Object.entries(process.env).filter(([name]) => !name.startsWith('AWS_'));
  return { ...Object.fromEntries(inherited), ...(await localEnvironment(emulator)) };
}

const lineOf = (args: readonly string[]): string =>
  ['keyturn', ...args.map((arg) => (/^[\w./:=@,+-]+$/.test(arg) ? arg : `'${arg}'`))].join(' ');
