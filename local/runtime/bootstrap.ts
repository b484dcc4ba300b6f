/** Runs inside a container: loads the deployed handler and answers invocations, as Lambda's Node runtime does. */
import { createRequire, registerHooks } from 'node:module';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { endOfLogs, type FunctionError, type Invocation, invocation, type Result } from './messages.ts';
import { setDateAhead, simulateDate } from './simulated-date.ts';

type Handler = (event: unknown, context: unknown) => unknown;

simulateDate();
provideAwsSdk();
let handler: Promise<Handler> | undefined;

process.on('message', (message) => void answer(invocation.parse(message)));
// The channel closes when the runtime goes, however it goes.
process.on('disconnect', () => process.exit(0));

async function answer(call: Invocation): Promise<void> {
  setDateAhead(call.aheadMs);
  process.env._X_AMZN_TRACE_ID = `Root=1-00000000-${call.requestId.replaceAll('-', '').slice(0, 24)};Sampled=0`;
  const result = await runHandler(call);
  process.stdout.write(`${endOfLogs(call.requestId)}\n`);
  process.stderr.write(`${endOfLogs(call.requestId)}\n`);
  process.send?.(result);
}

async function runHandler(call: Invocation): Promise<Result> {
  const { requestId } = call;
  try {
    handler ??= loadHandler();
    const returned = await (await handler)(JSON.parse(call.event), contextOf(call));
    return { kind: 'returned', requestId, payload: JSON.stringify(returned) ?? 'null' };
  } catch (thrown) {
    return { kind: 'failed', requestId, error: describe(thrown) };
  }
}

function contextOf({ requestId, functionArn, timeoutMs }: Invocation): object {
  const deadline = performance.now() + timeoutMs;
  return {
    awsRequestId: requestId,
    invokedFunctionArn: functionArn,
    functionName: process.env.AWS_LAMBDA_FUNCTION_NAME,
    functionVersion: '$LATEST',
    memoryLimitInMB: process.env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: process.env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: process.env.AWS_LAMBDA_LOG_STREAM_NAME,
    callbackWaitsForEmptyEventLoop: true,
    getRemainingTimeInMillis: () => Math.max(0, Math.round(deadline - performance.now())),
  };
}

async function loadHandler(): Promise<Handler> {
  const root = process.env.LAMBDA_TASK_ROOT ?? '.';
  const named = process.env._HANDLER ?? '';
  const dot = named.lastIndexOf('.');
  const module = await loadModule(join(root, named.slice(0, dot)));
  const found = Reflect.get(module, named.slice(dot + 1));
  if (typeof found !== 'function') {
    throw Object.assign(new Error(`${named} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  }
  return (event, context) => found(event, context);
}

/** In Lambda's order: .js (CommonJS unless a package.json says otherwise), .mjs, .cjs. */
async function loadModule(path: string): Promise<object> {
  const require = createRequire(`${path}.js`);
  for (const extension of ['.js', '.mjs', '.cjs']) {
    try {
      require.resolve(path + extension);
    } catch {
      continue;
    }
    return extension === '.mjs' ? import(pathToFileURL(path + extension).href) : require(path + extension);
  }
  throw Object.assign(new Error(`Cannot find module '${path}'`), { name: 'Runtime.ImportModuleError' });
}

/** Lambda's Node runtime carries the AWS SDK, so bundles may leave it out. */
function provideAwsSdk(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const carried = specifier.startsWith('@aws-sdk/') || specifier.startsWith('@smithy/');
      return next(specifier, carried ? { ...context, parentURL: import.meta.url } : context);
    },
  });
}

function describe(thrown: unknown): FunctionError {
  if (!(thrown instanceof Error)) return { errorType: typeof thrown, errorMessage: String(thrown) };
  return { errorType: thrown.name, errorMessage: thrown.message, trace: (thrown.stack ?? '').split('\n') };
}
