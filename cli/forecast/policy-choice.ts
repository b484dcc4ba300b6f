import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { type Policy, presets } from '../../lambda/domain/policy.ts';
import { policyErrors } from '../../lambda/domain/validate-policy.ts';
import { CommandError, UsageError } from '../errors.ts';

/** A policy, and what it is called in the output. */
export interface NamedPolicy {
  readonly name: string;
  readonly policy: Policy;
}

/** As the setting `policy` of keyturn.config.ts: laid over a preset. */
const policyFile = z.strictObject({
  preset: z.enum(['default', 'cis']).default('default'),
  rotateAfterDays: z.number().optional(),
  disableAfterDays: z.number().optional(),
  deleteAfterDays: z.number().optional(),
  warnBeforeDays: z.array(z.number()).readonly().optional(),
  neverUsed: z.enum(['rotate', 'retire']).optional(),
  disable: z.strictObject({ onlyWhenIdleDays: z.number().optional(), maxHoldDays: z.number().optional() }).prefault({}),
  maxStepsPerSweep: z.number().optional(),
  changeWindow: z
    .strictObject({
      weekdays: z.array(z.number()).readonly(),
      fromHour: z.number(),
      toHour: z.number(),
      timeZone: z.string(),
      freezeDates: z.array(z.string()).readonly().default([]),
    })
    .optional(),
});

/**
 * A preset by its name, `deployed` where there is a deployment, or a file: JSON, or settings such as keyturn.config.ts.
 * Throws an error that names every mistake.
 */
export async function policyNamed(name: string, deployed?: Policy): Promise<NamedPolicy> {
  if (name === 'default' || name === 'cis') return { name, policy: presets[name] };
  if (name === 'deployed') {
    if (deployed !== undefined) return { name, policy: deployed };
    throw new UsageError("The policy 'deployed' is known with --live alone: name default, cis or a file.");
  }
  return { name, policy: complete(name, await contentOf(name)) };
}

/** JSON as it is; of settings what they say under `policy`. */
async function contentOf(file: string): Promise<unknown> {
  try {
    if (extname(file) === '.json') return JSON.parse(await readFile(file, 'utf8'));
    if (!['.ts', '.mts', '.js', '.mjs', '.cjs'].includes(extname(file))) throw new Error('what it is');
    const settings: { readonly default?: unknown } = await import(pathToFileURL(resolve(file)).href);
    return z.looseObject({ policy: z.unknown() }).parse(settings.default).policy ?? {};
  } catch (error) {
    if (/ENOENT|Cannot find module|ERR_MODULE_NOT_FOUND|what it is/.test(String(error))) {
      throw new UsageError(
        `'${file}' is neither a preset (default, cis) nor a file that is there and ends in .json, .ts or .js.`,
      );
    }
    const why = error instanceof z.ZodError ? 'its default export is not an object' : String(error);
    throw new CommandError(`The policy in ${file} cannot be read: ${why}.`);
  }
}

function complete(file: string, content: unknown): Policy {
  const parsed = policyFile.safeParse(content);
  if (!parsed.success) {
    const mistakes = parsed.error.issues.map(({ path, message }) => `${['policy', ...path].join('.')}: ${message}`);
    throw new CommandError(`${file} holds no policy that can be gone by.`, { mistakes });
  }
  const { preset, disable, changeWindow, ...given } = parsed.data;
  const base = presets[preset];
  const said = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  const { onlyWhenIdleDays = base.disable.onlyWhenIdleDays, maxHoldDays = base.disable.maxHoldDays } = disable;
  const policy: Policy = {
    ...base,
    ...said,
    disable: { maxHoldDays, ...(onlyWhenIdleDays === undefined ? {} : { onlyWhenIdleDays }) },
    ...(changeWindow === undefined ? {} : { changeWindow }),
  };
  const mistakes = policyErrors(policy).map((error) => `policy.${error}`);
  if (mistakes.length > 0) throw new CommandError(`The policy in ${file} cannot work.`, { mistakes });
  return policy;
}
