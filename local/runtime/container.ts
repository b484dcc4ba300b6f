import { fork } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { lineSplitter } from '../child-process.ts';
import { projectRoot } from '../project-root.ts';
import { endOfLogs, type FunctionError, type Invocation, type Result, result } from './messages.ts';

export type Outcome =
  | { readonly ok: true; readonly payload: string }
  | { readonly ok: false; readonly error: FunctionError };

/** One warm execution environment: a Node process that runs one invocation at a time. */
export interface Container {
  /** False once its process has ended; then it runs nothing any more. */
  readonly alive: boolean;
  invoke(call: Invocation): Promise<Outcome>;
  stop(): Promise<void>;
}

export interface ContainerOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly onLog: (line: string, requestId: string | undefined) => void;
}

interface Running {
  readonly call: Invocation;
  readonly settle: (outcome: Outcome) => void;
  readonly timer: NodeJS.Timeout;
  result?: Result;
  streamsRead: number;
  timedOut: boolean;
}

export function startContainer({ env, onLog }: ContainerOptions): Container {
  const child = fork(join(projectRoot, 'local', 'runtime', 'bootstrap.ts'), [], {
    execPath: lambdaNode(),
    execArgv: ['--disable-warning=ExperimentalWarning'],
    env,
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
  });
  let running: Running | undefined;
  let alive = true;

  const finish = (outcome: Outcome) => {
    const finished = running;
    running = undefined;
    if (finished === undefined) return;
    clearTimeout(finished.timer);
    finished.settle(outcome);
  };
  /** The result and the last log line travel separately; an invocation ends when all of them have arrived. */
  const finishIfWhole = () => {
    if (running?.result === undefined || running.streamsRead < 2) return;
    const { result: told } = running;
    finish(told.kind === 'returned' ? { ok: true, payload: told.payload } : { ok: false, error: told.error });
  };
  const onLine = (line: string) => {
    if (running !== undefined && line === endOfLogs(running.call.requestId)) {
      running.streamsRead += 1;
      finishIfWhole();
    } else {
      onLog(line, running?.call.requestId);
    }
  };

  for (const stream of [child.stdout, child.stderr]) {
    const lines = lineSplitter(onLine);
    stream?.setEncoding('utf8').on('data', lines.push).on('end', lines.end);
  }
  child.on('message', (message) => {
    const told = result.parse(message);
    if (running?.call.requestId !== told.requestId) return;
    running.result = told;
    finishIfWhole();
  });
  const ended = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      onLog(`The function's process failed: ${error.message}`, undefined);
    });
    child.once('close', (code, signal) => {
      alive = false;
      if (running !== undefined) finish({ ok: false, error: deathOf(running, code, signal) });
      resolve();
    });
  });

  return {
    get alive() {
      return alive;
    },
    invoke(call) {
      return new Promise((settle) => {
        const timer = setTimeout(() => {
          if (running?.call !== call) return;
          running.timedOut = true;
          child.kill('SIGKILL');
        }, call.timeoutMs);
        running = { call, settle, timer, streamsRead: 0, timedOut: false };
        child.send(call, (error) => {
          if (error !== null && running?.call === call && alive) child.kill('SIGKILL');
        });
      });
    },
    async stop() {
      if (alive) child.kill('SIGKILL');
      await ended;
    },
  };
}

function deathOf({ call, timedOut }: Running, code: number | null, signal: string | null): FunctionError {
  if (timedOut) {
    const seconds = (call.timeoutMs / 1000).toFixed(2);
    return { errorType: 'Sandbox.Timedout', errorMessage: `${call.requestId} Task timed out after ${seconds} seconds` };
  }
  const how = signal === null ? `exit status ${code}` : `signal: ${signal}`;
  return {
    errorType: 'Runtime.ExitError',
    errorMessage: `RequestId: ${call.requestId} Error: Runtime exited with error: ${how}`,
  };
}

/** The project's own Node, Lambda's version, if it is installed; else the one that runs this. */
function lambdaNode(): string {
  const installed = join(
    projectRoot,
    'node_modules',
    'node',
    'bin',
    process.platform === 'win32' ? 'node.exe' : 'node',
  );
  return existsSync(installed) ? installed : process.execPath;
}
