import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { z } from 'zod';
import cdkJson from '../cdk.json' with { type: 'json' };
import type { KeyturnConfig } from '../lib/config.ts';
import { resolveConfig } from '../lib/resolve-config.ts';
import { addStacks } from '../lib/stacks.ts';
import { defaultAccount, defaultRegion } from '../local/emulator.ts';

/** A function as it would be deployed. */
export interface BuiltFunction {
  /** Its handler's file, such as `rotate-account`. */
  readonly name: string;
  /** The bundle. */
  readonly file: string;
  readonly bytes: number;
  readonly memoryMb: number;
  /** Variables that are plain text in the template. */
  readonly variables: Readonly<Record<string, string>>;
}

export interface Built {
  readonly functions: readonly BuiltFunction[];
  /** Accounts that one invocation of the worker is handed at most. */
  readonly accountsPerInvocation: number;
  discard(): Promise<void>;
}

const lambdaFunction = z.object({
  Type: z.literal('AWS::Lambda::Function'),
  Metadata: z.object({ 'aws:asset:path': z.string() }),
  Properties: z.object({
    MemorySize: z.number(),
    Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }),
  }),
});
const mapping = z.object({
  Type: z.literal('AWS::Lambda::EventSourceMapping'),
  Properties: z.object({ BatchSize: z.number(), ScalingConfig: z.object({ MaximumConcurrency: z.number() }) }),
});

/** The names of their logical IDs in the template. */
const functionNames = {
  Dispatch: 'dispatch',
  RotateAccount: 'rotate-account',
  Notify: 'notify',
  Deliver: 'deliver',
  Seal: 'seal',
  Evidence: 'report',
};

/**
 * Synthesises the stacks, and with them the bundles, into a folder of its own.
 *
 * @param settings the default ones deploy no `report`: that takes `evidence`.
 */
export async function buildFunctions(settings: KeyturnConfig = {}): Promise<Built> {
  const outdir = await mkdtemp(join(tmpdir(), 'keyturn-bench-'));
  const discard = () => rm(outdir, { recursive: true, force: true });
  try {
    const context = { ...cdkJson.context, 'aws:cdk:enable-asset-metadata': true };
    const app = new App({ outdir, context });
    const { hub } = addStacks(app, resolveConfig(settings), { account: defaultAccount, region: defaultRegion });
    app.synth();
    const template: { Resources: Record<string, unknown> } = JSON.parse(
      await readFile(join(outdir, hub.templateFile), 'utf8'),
    );
    const resources = Object.entries(template.Resources);
    const deployed = Object.entries(functionNames).filter(
      ([id]) => id !== 'Evidence' || settings.evidence !== undefined,
    );
    const functions = deployed.map(async ([id, name]): Promise<BuiltFunction> => {
      const [, found] =
        resources.find(([key, resource]) => key.startsWith(`Keyturn${id}Function`) && isFunction(resource)) ?? [];
      const { Metadata, Properties } = lambdaFunction.parse(found);
      const file = join(outdir, Metadata['aws:asset:path'], 'index.js');
      const { size: bytes } = await stat(file);
      const variables = Object.fromEntries(
        Object.entries(Properties.Environment.Variables).filter(
          (pair): pair is [string, string] => typeof pair[1] === 'string',
        ),
      );
      return { name, file, bytes, memoryMb: Properties.MemorySize, variables };
    });
    const fromQueue = resources
      .map(([, resource]) => mapping.safeParse(resource).data)
      .find((found) => found !== undefined);
    return {
      functions: await Promise.all(functions),
      accountsPerInvocation: fromQueue?.Properties.BatchSize ?? 1,
      discard,
    };
  } catch (error) {
    await discard();
    throw error;
  }
}

const isFunction = (resource: unknown): boolean => lambdaFunction.safeParse(resource).success;
