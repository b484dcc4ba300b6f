import { type AsyncInvocation, defaultAccount, defaultRegion, type Emulator } from '../emulator.ts';
import type { Recorder } from '../recorder.ts';
import { invokeAsync } from './async-invocation.ts';
import type { Outcome } from './container.ts';
import { type DeployedFunction, readDeployed } from './deployed.ts';
import { connectDestinations } from './destinations.ts';
import { type LogLine, runFunctions } from './functions.ts';
import { queueSource } from './queue-source.ts';
import { scheduledEvent } from './schedule.ts';
import type { Source } from './source.ts';
import { streamSource } from './stream-source.ts';

/** Stands in for Lambda, its event source mappings and EventBridge's schedules on the local AWS. */
export interface Runtime {
  /**
   * Fires the enabled scheduled rules once, as of `at`: those of one function, named as in `invoke`, or all of them.
   * Resolves when their functions have run, retries included.
   */
  fireSchedules(at: Date, functionName?: string): Promise<void>;
  /**
   * Runs what was invoked without waiting, and feeds queues and streams to their functions, until nothing is left but
   * messages whose delay is not over by the local AWS's clock.
   */
  drain(): Promise<void>;
  /** Runs one function now. The name may be a part of the deployed one that fits no other function. */
  invoke(functionName: string, payload: unknown): Promise<Outcome>;
  /** What the functions printed, oldest first. */
  logs(functionName?: string): readonly LogLine[];
  stop(): Promise<void>;
}

export interface RuntimeOptions {
  readonly emulator: Emulator;
  /** If given, every call the functions make goes through it. */
  readonly recorder?: Recorder;
  readonly account?: string;
  readonly region?: string;
  /** How many invocations one `drain` may take before it gives up; a message that fails for ever takes them all. */
  readonly maxInvocationsPerDrain?: number;
}

/** Reads what is deployed and gets ready to run it; what is deployed later needs a new runtime. */
export async function startRuntime(options: RuntimeOptions): Promise<Runtime> {
  const { emulator, account = defaultAccount, region = defaultRegion, maxInvocationsPerDrain = 2000 } = options;
  const client = emulator.client(account, region);
  const now = emulator.clock.now;
  const deployed = await readDeployed(client);
  const functions = runFunctions({ ...options, account, region });
  const destinations = connectDestinations(client);
  let invocationsAllowed = Number.POSITIVE_INFINITY;

  const giveUpIfEndless = () => {
    if (functions.count < invocationsAllowed) return;
    const lastLines = functions.logs().slice(-20);
    throw new Error(
      `Draining took ${maxInvocationsPerDrain} invocations and was not done: something fails again and again.\n` +
        lastLines.map(({ functionName, line }) => `${functionName}: ${line}`).join('\n'),
    );
  };
  const sources = deployed.mappings.map((mapping): Source => {
    const target = functionByArn(deployed.functions, mapping.functionArn);
    const feeding = { client, functions, destinations, now, giveUpIfEndless };
    return mapping.kind === 'queue' ? queueSource(mapping, target, feeding) : streamSource(mapping, target, feeding);
  });

  const invocations: Source = {
    async pump() {
      const taken = await emulator.takeInvocations();
      const run = ({ functionArn, event }: AsyncInvocation) =>
        invokeAsync(functionByArn(deployed.functions, functionArn), event, { functions, destinations, now });
      await Promise.all(taken.map(run));
      return taken.length;
    },
  };

  return {
    async fireSchedules(at, functionName) {
      const only = functionName === undefined ? undefined : functionByName(deployed.functions, functionName).arn;
      const firings = deployed.schedules
        .flatMap((rule) => rule.targets.map((target) => ({ rule, target })))
        .filter(({ target }) => only === undefined || target.functionArn === only);
      if (firings.length === 0 && only !== undefined) throw new Error(`No enabled schedule calls ${functionName}.`);
      await Promise.all(
        firings.map(({ rule, target: { functionArn, input } }) =>
          invokeAsync(
            functionByArn(deployed.functions, functionArn),
            input ?? JSON.stringify(scheduledEvent(rule, at, account, region)),
            { functions, destinations, now },
          ),
        ),
      );
    },
    async drain() {
      invocationsAllowed = functions.count + maxInvocationsPerDrain;
      let taken: number;
      do {
        await Promise.allSettled(functions.inFlight);
        const each = await Promise.all([invocations, ...sources].map((source) => source.pump()));
        taken = each.reduce((sum, items) => sum + items, 0);
        // One source's function may have filled another source, so all must be seen empty in one round.
      } while (taken > 0 || functions.inFlight.size > 0);
    },
    async invoke(functionName, payload) {
      const target = functionByName(deployed.functions, functionName);
      return (await functions.invoke(target, JSON.stringify(payload))).outcome;
    },
    logs(functionName) {
      return functions.logs(
        functionName === undefined ? undefined : functionByName(deployed.functions, functionName).name,
      );
    },
    stop: () => functions.stop(),
  };
}

function functionByArn(functions: readonly DeployedFunction[], arn: string): DeployedFunction {
  const found = functions.find((each) => each.arn === arn);
  if (found === undefined) throw new Error(`${arn} is fed by a mapping or a rule, but no such function is deployed.`);
  return found;
}

function functionByName(functions: readonly DeployedFunction[], name: string): DeployedFunction {
  const exact = functions.find((each) => each.name === name);
  const alike = functions.filter((each) => each.name.toLowerCase().includes(name.toLowerCase()));
  const found = exact ?? (alike.length === 1 ? alike[0] : undefined);
  if (found !== undefined) return found;
  const deployed = functions.map((each) => each.name).join(', ') || 'none';
  throw new Error(`${name} names ${alike.length} deployed functions, not one. Deployed: ${deployed}.`);
}
