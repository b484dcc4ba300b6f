import { readFile } from 'node:fs/promises';
import { extname, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { z } from 'zod';
import { policySetting } from '../../lambda/contracts/policy-setting.ts';
import { type Policy, presets } from '../../lambda/domain/policy.ts';
import { CommandError, UsageError } from '../errors.ts';

/** A policy, and what it is called in the output. */
export interface NamedPolicy {
  readonly name: string;
  readonly policy: Policy;
}

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
  const parsed = policySetting.safeParse(content);
  if (parsed.success) return parsed.data;
  const mistakes = parsed.error.issues.map(({ code, path, message }) =>
    code === 'custom' && path.length === 0 ? message : `${['policy', ...path].join('.')}: ${message}`,
  );
  throw new CommandError(`The policy in ${file} cannot work.`, { mistakes });
}
